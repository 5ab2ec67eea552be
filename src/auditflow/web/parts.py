"""A long table of a page shown a part at a time; which part is in the page's address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import request

from auditflow.errors import BadInput

#: So many rows are shown at once.
_ROWS: Final = 50


@dataclass(frozen=True)
class Part:
    """Some rows of a table; `name` is what the address calls it."""

    name: str
    rows: Sequence[Any]
    #: The number of the first row shown, from 1, and of the last; how many there are in all.
    first: int
    last: int
    total: int
    #: Where the rows before and behind these are shown; empty where there are none.
    before: str
    behind: str


def part_of(name: str, rows: Sequence[Any]) -> Part:
    """The part of the rows that the address asks for; BadInput where it asks for none."""
    asked = request.args.get(name, "1")
    last_page = max(1, -(-len(rows) // _ROWS))
    if not re.fullmatch("[1-9][0-9]{0,5}", asked) or int(asked) > last_page:
        raise BadInput(f"Of “{name}” there are parts 1 to {last_page}. Choose one of them.")
    page = int(asked)
    shown = rows[(page - 1) * _ROWS : page * _ROWS]
    first = (page - 1) * _ROWS + 1
    return Part(
        name,
        shown,
        first=first,
        last=first + len(shown) - 1,
        total=len(rows),
        before=_address(name, page - 1) if page > 1 else "",
        behind=_address(name, page + 1) if page < last_page else "",
    )


def _address(name: str, page: int) -> str:
    return f"{request.path}?{urlencode({**request.args, name: page})}#{name}"
