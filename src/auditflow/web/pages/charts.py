"""The flow charts as they are drawn from the code, with the same as tables, and as files."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from flask import Blueprint, Response, render_template, request, send_from_directory
from markupsafe import Markup

from auditflow.audits import Role
from auditflow.machines.drawing.document import document
from auditflow.machines.drawing.facts import FILES, STAMP, sheet
from auditflow.machines.engine import words
from auditflow.queries.lists import checked
from auditflow.web import drawings

PAGE: Final = Blueprint("charts", __name__)

#: The charts in the order of the framework.
ORDER: Final = ("audit", "escalation", "action")

_KINDS: Final = {
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "png": "image/png",
    "dot": "text/vnd.graphviz; charset=utf-8",
    "mmd": "text/plain; charset=utf-8",
}
_TITLES: Final = {"svg": "SVG", "pdf": "PDF", "png": "PNG", "dot": "DOT", "mmd": "Mermaid"}
_ZOOMS: Final = {"100": "Usual size", "150": "Half as large again", "200": "Twice as large"}
_CHART: Final = "<any(audit, escalation, action):name>"


@PAGE.get("/charts")
def index() -> str:
    """All charts, each with what it is about."""
    charts = [(name, sheet(name).title, document(name)) for name in ORDER]
    return render_template("charts.html", charts=charts, stamp=STAMP, endings=_TITLES)


@PAGE.get(f"/charts/{_CHART}")
def one(name: str) -> str:
    """One chart, with its states, arrows and duties as tables."""
    zoom = checked(request.args.get("zoom", "100"), _ZOOMS, "zoom")
    return render_template(
        "chart.html",
        name=name,
        title=sheet(name).title,
        # The drawing is ours.
        drawn=Markup(drawings.plain(name)),  # noqa: S704
        facts=_facts(name),
        stamp=STAMP,
        endings=_TITLES,
        zoom=zoom,
        zooms=_ZOOMS,
    )


@cache
def _facts(name: str) -> dict[str, Any]:
    """What the chart shows, in words; it never changes while the program runs."""
    said = document(name)
    titles = {s["name"]: s["title"] for s in said["states"]}
    roles = {role.value: role.title for role in Role}
    for arrow in said["arrows"]:
        arrow |= {
            "from": titles[arrow["from"]],
            "to": titles[arrow["to"]],
            "event": words(arrow["event"]),
            "by": " or ".join(roles[r] for r in arrow["by"]),
        }
    for state in said["states"]:
        state["holder"] = roles[state["holder"]]
    return said


@PAGE.get(f"/charts/{_CHART}.<any(svg, pdf, png, dot, mmd):ending>")
def download(name: str, ending: str) -> Response:
    """A chart as the file that came with the package."""
    file = f"{FILES[name]}.{ending}"
    made = send_from_directory(
        drawings.folder(), file, mimetype=_KINDS[ending], as_attachment=True, download_name=file
    )
    made.headers["Cache-Control"] = "max-age=3600"
    return made
