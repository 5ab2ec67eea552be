"""The pages, one module each; each shows what the app answers and works nothing out itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from flask import Blueprint, url_for

from auditflow.web.desk import Desk
from auditflow.web.pages import work

PAGES: Final[tuple[Blueprint, ...]] = (work.PAGE,)


class Entry(NamedTuple):
    """A page in the navigation."""

    text: str
    endpoint: str
    #: Shown only to those who may see cases.
    cases: bool = True


_ENTRIES: Final = (Entry("My work", "work.mine"),)


def navigation(desk: Desk | None, path: str) -> Iterator[dict[str, object]]:
    """The pages this person may open, as the service navigation wants them."""
    for entry in _ENTRIES:
        if desk is not None and entry.cases and desk.only_figures:
            continue
        href = url_for(entry.endpoint)
        yield {"text": entry.text, "href": href, "active": path == href}
