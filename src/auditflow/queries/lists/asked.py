"""What is asked of a list, and what it answers."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from auditflow.calendar import shown
from auditflow.errors import BadInput


class Asked(msgspec.Struct, frozen=True):
    """Which rows, in which order, from which on.

    `show` is one of the list's own words for how much of the past is wanted; `filters` holds a
    value for each filter that is set (`1` for those that are only on or off); `search` begins a
    reference. `after` is the `next` of the page before.
    """

    show: str = ""
    filters: Mapping[str, str] = {}
    search: str = ""
    sort: str = ""
    after: str = ""
    limit: int = 50


class Choice(msgspec.Struct, frozen=True):
    """One value of a filter, and how many rows there would be with it; None where not counted."""

    value: str
    title: str
    count: int | None


class Found(msgspec.Struct, frozen=True):
    """One page of a list. `total` is of all pages, None where it was not counted."""

    rows: tuple[Any, ...]
    total: int | None
    #: The choices of each filter; of one that is on or off, the one choice `1`.
    choices: dict[str, tuple[Choice, ...]]
    #: How much of the past may be shown, and the orders there are, each with its title.
    shows: dict[str, str]
    show: str
    sorts: dict[str, str]
    sort: str
    #: What to ask for the next page with; empty at the end.
    next: str


def checked(value: str, known: Iterable[str], what: str) -> str:
    """The value if it is one of those known; else BadInput naming them."""
    names = list(known)
    if value in names:
        return value
    raise BadInput(f"{what} {shown(value)} is not known. It may be: {', '.join(names)}.")
