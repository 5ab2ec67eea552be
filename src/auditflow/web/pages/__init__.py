"""The pages, one module each; each shows what the app answers and works nothing out itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from flask import Blueprint, current_app, url_for

from auditflow.audits import Person, Role
from auditflow.web.pages import (
    actions,
    audit,
    audits,
    charts,
    escalations,
    guide,
    limits,
    rounds,
    views,
    where,
    work,
)

PAGES: Final[tuple[Blueprint, ...]] = (
    work.PAGE,
    work.TEAM,
    audit.PAGE,
    audits.PAGE,
    actions.PAGE,
    escalations.PAGE,
    views.PAGE,
    where.PAGE,
    charts.PAGE,
    rounds.PAGE,
    limits.PAGE,
    guide.PAGE,
)


class Entry(NamedTuple):
    """A page in the navigation; `cases` says that it names cases or people."""

    text: str
    endpoint: str
    cases: bool = True


_ENTRIES: Final = (
    Entry("My work", "work.mine"),
    Entry("My team", "team.mine"),
    Entry("Where each audit sits", "where.board", cases=False),
    Entry("Audits", "audits.listed"),
    Entry("Actions", "actions.listed"),
    Entry("Escalations", "escalations.listed"),
    Entry("Rounds", "rounds.listed", cases=False),
    Entry("Flow charts", "charts.index", cases=False),
    Entry("Calendar and limits", "limits.shown", cases=False),
    Entry("Help", "help.shown", cases=False),
)


#: Who has no more than these roles is shown figures and charts, and no case.
_NO_CASES: Final = frozenset({Role.BOARD_READER, Role.ADMINISTRATOR})


def navigation(person: Person | None, path: str) -> Iterator[dict[str, object]]:
    """The pages this person may open, as the service navigation wants them."""
    for entry in _ENTRIES:
        if entry.endpoint not in current_app.view_functions:
            continue
        if entry.cases and person is not None and person.roles <= _NO_CASES:
            continue
        href = url_for(entry.endpoint)
        here = path == href or (href != "/" and path.startswith(f"{href}/"))
        yield {"text": entry.text, "href": href, "active": here, "current": path == href}
