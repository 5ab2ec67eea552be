"""The list of actions."""

from __future__ import annotations

from typing import Final, Literal

from flask import Blueprint, Response

from auditflow.web.lists import Column, ListPage, shown, taken_out

PAGE: Final = Blueprint("actions", __name__)

ACTIONS: Final = ListPage(
    name="actions",
    title="Actions",
    thing="action",
    selects={"state": "State", "kind": "Kind", "team": "Team"},
    switches={"late": "Overdue", "soon": "Due soon"},
    by_link={"owner": lambda who: f"Owner: {who}"},
    columns=(
        Column("Audit", lambda r: r.reference),
        Column("Action", lambda r: r.n),
        Column("Kind", lambda r: r.kind),
        Column("State", lambda r: r.title),
        Column("Owner", lambda r: r.owner),
        Column("Team", lambda r: r.team),
        Column("Due", lambda r: r.due_on),
        Column("First due", lambda r: r.first_due_on),
        Column("Overdue", lambda r: r.overdue),
    ),
    shows={"live": "Open, or not filed yet", "all": "All there ever were"},
    sorts={"due": "Due first", "newest": "Due last", "owner": "Owner", "team": "Team"},
)


@PAGE.get("/actions")
def listed() -> str:
    """The actions of the audits this person may see."""
    return shown(ACTIONS, "actions.html")


@PAGE.get("/actions.<any(csv, xlsx):ending>")
def taken(ending: Literal["csv", "xlsx"]) -> Response:
    """The same actions as a file."""
    return taken_out(ACTIONS, ending)
