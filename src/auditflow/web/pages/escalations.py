"""The list of escalations."""

from __future__ import annotations

from typing import Final, Literal

from flask import Blueprint, Response

from auditflow.web.lists import Column, ListPage, shown, taken_out

PAGE: Final = Blueprint("escalations", __name__)

ESCALATIONS: Final = ListPage(
    name="escalations",
    title="Escalations",
    thing="escalation",
    selects={"level": "Level", "trigger": "Why", "team": "Team"},
    switches={},
    by_link={},
    columns=(
        Column("Audit", lambda r: r.reference),
        Column("Escalation", lambda r: r.n),
        Column("Trigger", lambda r: r.trigger),
        Column("Why", lambda r: r.why),
        Column("Stands at", lambda r: r.stands_at),
        Column("Team", lambda r: r.team),
        Column("Raised", lambda r: r.raised_on),
        Column("Overdue since", lambda r: r.overdue_since),
        Column("There since", lambda r: r.told_on),
        Column("Awaited", lambda r: r.awaited),
        Column("By", lambda r: r.by),
        Column("Otherwise", lambda r: r.then),
    ),
    shows={"live": "Open", "all": "All there ever were"},
    sorts={
        "oldest": "Oldest first",
        "newest": "Newest first",
        "level": "Highest level first",
        "team": "Team",
    },
)


@PAGE.get("/escalations")
def listed() -> str:
    """The escalations of the audits this person may see."""
    return shown(ESCALATIONS, "escalations.html")


@PAGE.get("/escalations.<any(csv, xlsx):ending>")
def taken(ending: Literal["csv", "xlsx"]) -> Response:
    """The same escalations as a file."""
    return taken_out(ESCALATIONS, ending)
