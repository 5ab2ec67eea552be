"""The pages, one module each; each shows what the app answers and works nothing out itself."""

from collections.abc import Iterator
from typing import Final

from flask import Blueprint, url_for

from auditflow.audits import Person, Role
from auditflow.web.pages import audit, charts, guide, limits, listings, rounds, views, where, work

PAGES: Final[tuple[Blueprint, ...]] = (
    work.PAGE,
    work.TEAM,
    audit.PAGE,
    *listings.PAGES,
    views.PAGE,
    where.PAGE,
    charts.PAGE,
    rounds.PAGE,
    limits.PAGE,
    guide.PAGE,
)


#: What stands in the navigation, each with its text.
_ENTRIES: Final = {
    "work.mine": "My work",
    "team.mine": "My team",
    "where.board": "Where each audit sits",
    "audits.listed": "Audits",
    "actions.listed": "Actions",
    "escalations.listed": "Escalations",
    "rounds.listed": "Rounds",
    "charts.index": "Flow charts",
    "limits.shown": "Calendar and limits",
    "help.shown": "Help",
}
#: Of these, whose pages name cases or people.
_CASES: Final = frozenset({"work", "team", "audits", "actions", "escalations"})
#: Who has no more than these roles is shown figures and charts, and no case.
_NO_CASES: Final = frozenset({Role.BOARD_READER, Role.ADMINISTRATOR})


def navigation(person: Person | None, path: str) -> Iterator[dict[str, object]]:
    """The pages this person may open, as the service navigation wants them."""
    for endpoint, text in _ENTRIES.items():
        names_cases = endpoint.partition(".")[0] in _CASES
        if names_cases and person is not None and person.roles <= _NO_CASES:
            continue
        href = url_for(endpoint)
        here = path == href or (href != "/" and path.startswith(f"{href}/"))
        yield {"text": text, "href": href, "active": here, "current": path == href}
