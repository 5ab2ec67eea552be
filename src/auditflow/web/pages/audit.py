"""One audit: what comes next, what is owed, what stops it, how it came here."""

from typing import Any, Final

from flask import Blueprint, render_template
from markupsafe import Markup

from auditflow.guidance.tool import ELEMENTS, INDICATORS, RECORD_POINTS
from auditflow.queries import AuditDetail, audit_detail
from auditflow.queries.chart_counts import place
from auditflow.web import chart_overlay
from auditflow.web.components import as_written
from auditflow.web.filters import day
from auditflow.web.request_context import asking

PAGE: Final = Blueprint("audit", __name__)

_PLACES: Final = {
    "auditor": "Auditor",
    "key_worker": "Key worker",
    "responsible_manager": "Responsible manager",
}
_ASKS: Final = {q.key: q.asks for q in (*RECORD_POINTS, *INDICATORS)}
_PARTS: Final = {
    "next": "What happens next",
    "escalations": "Escalations",
    "actions": "Actions",
    "found": "What the audit found",
    "place": "Where it is on the flow chart",
    "timeline": "What happened",
}


@PAGE.get("/audits/<reference>")
def one(reference: str) -> str:
    """One audit; that it was read goes to the access log."""
    shown = audit_detail(asking(), reference)
    return render_template(
        "audit.html",
        audit=shown,
        people=[
            (title, shown.people.get(place) or "Nobody yet") for place, title in _PLACES.items()
        ],
        parts=_PARTS,
        last={e.element: e for e in shown.earlier.elements} if shown.earlier else {},
        found={e.element: e for e in shown.content.parts.elements},
        elements=[(e.key, e.title) for e in ELEMENTS],
        record=[(_ASKS[key], as_written(says)) for key, says in shown.content.parts.record_quality],
        indicators=[(_ASKS[key], says.title) for key, says in shown.content.parts.indicators],
        dates=list(_dates(shown)),
        events=list(reversed(shown.timeline)),
        # The drawing escapes what it is given.
        chart=Markup(chart_overlay.here("audit", place(asking(), reference))),  # noqa: S704
    )


def _dates(shown: AuditDetail) -> Any:
    for title, value in (
        ("To be held by", shown.hold_by),
        ("Meeting", shown.meeting_on),
        ("File checked", shown.file_checked_on),
        ("Held", shown.held_on),
        ("Reviewed in supervision", shown.supervised_on),
    ):
        if value is not None:
            yield title, day(value)
