"""The flow charts as they are drawn from the code, with the same as tables, and as files."""

from functools import cache
from typing import Any, Final

from flask import Blueprint, Response, render_template, request, send_from_directory
from markupsafe import Markup

from auditflow.drawing.model import FILES, STAMP, sheet
from auditflow.drawing.overlay import marks
from auditflow.guidance.citation import Kind
from auditflow.handbook import merged
from auditflow.handbook.sources import behind, references
from auditflow.queries.lists import checked
from auditflow.web import chart_svg

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
_ZOOMS: Final = {"fit": "Fit the screen", "100": "100 %", "150": "150 %", "200": "200 %"}
#: What a chart rests on, each kind with its heading.
_SOURCES: Final[dict[Kind, str]] = {
    "guidance": "What the guidance says",
    "inferred": "What is inferred",
    "chosen": "What was chosen",
}
_CHART: Final = "<any(audit, escalation, action):name>"


@PAGE.get("/charts")
def index() -> str:
    """All charts, each with what it is about."""
    charts = [(name, sheet(name), {k: len(v) for k, v in behind(sheet(name)).items()})
              for name in ORDER]  # fmt: skip
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
        drawn=Markup(chart_svg.plain(name)),  # noqa: S704
        facts=_facts(name),
        headings={"arrows": merged.ARROWS, "duties": merged.DUTIES},
        stamp=STAMP,
        endings=_TITLES,
        zoom=zoom,
        zooms=_ZOOMS,
    )


@cache
def _facts(name: str) -> dict[str, Any]:
    """What the chart shows, in words; it never changes while the program runs."""
    drawn = sheet(name)
    page = merged.Page(drawn, marks(name, None), references())
    return {
        "states": [
            (s.title, s.holder.title, _drawn(guidance=drawn.arrived_by_guidance(s.name)))
            for s in drawn.states.values()
            if not s.initial
        ],
        "arrows": list(merged.arrows(page)),
        "duties": list(merged.duties(page)),
        "sources": [(title, behind(drawn)[kind]) for kind, title in _SOURCES.items()],
    }


def _drawn(*, guidance: bool) -> str:
    return "Solid: the guidance leads here" if guidance else "Dashed: inferred or chosen"


@PAGE.get(f"/charts/{_CHART}.<any(svg, pdf, png, dot, mmd):ending>")
def download(name: str, ending: str) -> Response:
    """A chart as the file that came with the package."""
    file = f"{FILES[name]}.{ending}"
    made = send_from_directory(
        chart_svg.folder(), file, mimetype=_KINDS[ending], as_attachment=True, download_name=file
    )
    made.headers["Cache-Control"] = "max-age=3600"
    return made
