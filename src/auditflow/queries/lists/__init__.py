"""The three lists people filter, sort and take out: audits, actions, escalations."""

from typing import Final

from msgspec.structs import replace

from auditflow.commands import may_export
from auditflow.errors import BadInput
from auditflow.persistence.saved_filters import View, Views
from auditflow.queries.lists.actions import actions
from auditflow.queries.lists.asked import Asked, Choice, Found, checked
from auditflow.queries.lists.audits import audits
from auditflow.queries.lists.engine import found
from auditflow.queries.lists.escalations import escalations
from auditflow.queries.reading import Reading

LISTS: Final = {"audits": audits, "actions": actions, "escalations": escalations}
"""Each list by its name."""


#: The most rows a file holds; who wants more narrows the filters.
MOST: Final = 10_000


def look_up(reading: Reading, name: str, asked: Asked) -> Found:
    """One page of a list as this person may see it; BadInput names a filter that does not do."""
    return found(reading, LISTS[name](reading), asked)


def export(reading: Reading, name: str, asked: Asked, said: str) -> Found:
    """All rows of a list at once, for a file; that they were taken out is noted as `said`."""
    require_export(reading, f"export {name} {said}")
    whole = look_up(reading, name, replace(asked, after="", limit=MOST))
    if whole.next:
        raise BadInput(f"A file holds {MOST:,} rows at most. Filter for fewer.")
    return whole


def require_export(reading: Reading, what: str) -> None:
    """Have it noted that they take audits out as a file; Forbidden where they may not."""
    reading.require(
        what,
        f"Exports are for the QA manager. {reading.person.name} is not; ask one to make it.",
        allowed=may_export(reading.person),
    )
    reading.note(0, what)


def saved_views(reading: Reading, page: str) -> list[View]:
    """The filters of a page that this person keeps under names."""
    return Views(reading.live, reading.person.id).kept(page)


__all__ = [
    "LISTS",
    "MOST",
    "Asked",
    "Choice",
    "Found",
    "checked",
    "export",
    "look_up",
    "require_export",
    "saved_views",
]
