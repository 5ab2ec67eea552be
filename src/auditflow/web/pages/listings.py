"""The three lists: of audits, of actions, of escalations; each as a page and as a file."""

from typing import Final

from flask import Blueprint, Response

from auditflow.machines.charts import DUTIES
from auditflow.web.lists import ListPage, shown, taken_out

LISTS: Final = (
    ListPage(
        thing="audit",
        selects={"state": "State", "team": "Team", "month": "Month"},
        switches={
            "late": "Something overdue",
            "soon": "Something due soon",
            "escalated": "Escalated",
        },
        by_link={
            "duty": lambda name: f"Owes: {DUTIES[name].title}",
            "late_duty": lambda name: f"Late with: {DUTIES[name].title}",
            "auditor": lambda who: f"Auditor: {who}",
        },
        columns={
            "Audit": "reference",
            "Case": "case",
            "State": "title",
            "Month": "month",
            "Team": "team",
            "Auditor": "auditor",
            "Next due": "next_due",
            "Overdue": "overdue",
            "Open escalations": "escalations",
        },
    ),
    ListPage(
        thing="action",
        selects={"state": "State", "kind": "Kind", "team": "Team"},
        switches={"late": "Overdue", "soon": "Due soon"},
        by_link={"owner": lambda who: f"Owner: {who}"},
        columns={
            "Audit": "reference",
            "Action": "n",
            "Kind": "kind",
            "State": "title",
            "Owner": "owner",
            "Team": "team",
            "Due": "due_on",
            "First due": "first_due_on",
            "Overdue": "overdue",
        },
    ),
    ListPage(
        thing="escalation",
        selects={"level": "Level", "trigger": "Why", "team": "Team"},
        columns={
            "Audit": "reference",
            "Escalation": "n",
            "Trigger": "trigger",
            "Why": "why",
            "Stands at": "stands_at",
            "Team": "team",
            "Raised": "raised_on",
            "Overdue since": "overdue_since",
            "There since": "told_on",
            "Awaited": "awaited",
            "By": "by",
            "Otherwise": "then",
        },
    ),
)


def _pages(page: ListPage) -> Blueprint:
    """A list as a page and, of the same name, as a file."""
    made = Blueprint(page.name, __name__)

    @made.get(f"/{page.name}")
    def listed() -> str:
        return shown(page)

    @made.get(f"/{page.name}.<any(csv, xlsx):ending>")
    def taken(ending: str) -> Response:
        return taken_out(page, ending)

    return made


PAGES: Final = tuple(map(_pages, LISTS))
