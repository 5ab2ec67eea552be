"""One audit: what comes next, what is owed, what stops it, how it came here."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, render_template
from markupsafe import Markup

from auditflow.calendar import plain_date
from auditflow.guidance.tool import ELEMENTS, INDICATORS, RECORD_POINTS
from auditflow.machines.audit import AuditProcess
from auditflow.machines.drawing.overlay import OneAudit
from auditflow.queries import AuditDetail, audit_detail
from auditflow.queries.chart_counts import place
from auditflow.web import drawings
from auditflow.web.request_context import asking

PAGE: Final = Blueprint("audit", __name__)

_PLACES: Final = {
    "auditor": "Auditor",
    "key_worker": "Key worker",
    "responsible_manager": "Responsible manager",
}
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
        people=[(title, shown.people.get(place, "")) for place, title in _PLACES.items()],
        parts=_PARTS,
        last={e.element: e for e in shown.earlier.elements} if shown.earlier else {},
        found={e.element: e for e in shown.content.parts.elements},
        elements=[(e.key, e.title) for e in ELEMENTS],
        points={q.key: q.asks for q in RECORD_POINTS},
        indicators={q.key: q.asks for q in INDICATORS},
        dates=list(_dates(shown)),
        events=list(reversed(shown.timeline)),
        chart=_chart(place(asking(), reference)),
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
            yield title, value


def _chart(here: OneAudit) -> Markup:
    """The flow chart with this audit's place and the way it came."""
    start = next(s.name for s in AuditProcess.states.values() if s.initial)
    before = [start, *(step.state for step in here.way)]
    way = [
        (at, step.event, step.state, step.on)
        for at, step in zip(before, here.way, strict=False)
        if step.on is not None
    ]
    owed = {d: drawings.Badge(f"due {plain_date(on)}") for d, on in here.due.items()}
    owed |= {
        d: drawings.Badge(f"overdue: {plain_date(on)}", late=True) for d, on in here.overdue.items()
    }
    # The drawing escapes what it is given.
    return Markup(drawings.here("audit", here.state, way, owed))  # noqa: S704
