"""The list of audits."""

from __future__ import annotations

from typing import Final, Literal

from flask import Blueprint, Response

from auditflow.machines.charts import DUTIES
from auditflow.web.lists import Column, ListPage, shown, taken_out

PAGE: Final = Blueprint("audits", __name__)

AUDITS: Final = ListPage(
    name="audits",
    title="Audits",
    thing="audit",
    selects={"state": "State", "team": "Team", "month": "Month"},
    switches={"late": "Something overdue", "soon": "Something due soon", "escalated": "Escalated"},
    by_link={
        "duty": lambda name: f"Owes: {DUTIES[name].title}",
        "late_duty": lambda name: f"Late with: {DUTIES[name].title}",
        "auditor": lambda who: f"Auditor: {who}",
    },
    columns=(
        Column("Audit", lambda r: r.reference),
        Column("Case", lambda r: r.case),
        Column("State", lambda r: r.title),
        Column("Month", lambda r: r.month),
        Column("Team", lambda r: r.team),
        Column("Auditor", lambda r: r.auditor),
        Column("Next due", lambda r: r.next_due),
        Column("Overdue", lambda r: r.overdue),
        Column("Open escalations", lambda r: r.escalations),
    ),
    shows={"live": "Under way", "recent": "The last 12 months", "all": "All there ever were"},
    sorts={
        "due": "Due first",
        "newest": "Newest first",
        "reference": "Oldest first",
        "team": "Team",
        "state": "State",
    },
)


@PAGE.get("/audits")
def listed() -> str:
    """The audits this person may see, filtered and sorted as the address says."""
    return shown(AUDITS, "audits.html")


@PAGE.get("/audits.<any(csv, xlsx):ending>")
def taken(ending: Literal["csv", "xlsx"]) -> Response:
    """The same audits as a file."""
    return taken_out(AUDITS, ending)
