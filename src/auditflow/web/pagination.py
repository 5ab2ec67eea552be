"""A long table of a page shown a part at a time; which part is in the page's address."""

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
    """Some rows of a table; `name` is what the address calls it, `title` what people do."""

    name: str
    title: str
    rows: Sequence[Any]
    #: The number of the first row shown, from 1, and of the last; how many there are in all.
    first: int
    last: int
    total: int
    #: Where the rows before and behind these are shown; empty where there are none.
    before: str
    behind: str


def part_of(name: str, title: str, rows: Sequence[Any]) -> Part:
    """The part of the rows that the address asks for, or the last; BadInput for what is no part.

    Others see fewer rows, or none, and a shared address must not fail for them.
    """
    asked = request.args.get(name, "1")
    if not re.fullmatch("[1-9][0-9]{0,5}", asked):
        raise BadInput(f"{name} must be the number of a part of the table, from 1.")
    last_page = max(1, -(-len(rows) // _ROWS))
    page = min(int(asked), last_page)
    shown = rows[(page - 1) * _ROWS : page * _ROWS]
    first = (page - 1) * _ROWS + 1
    return Part(
        name,
        title,
        shown,
        first=first,
        last=first + len(shown) - 1,
        total=len(rows),
        before=_address(name, page - 1) if page > 1 else "",
        behind=_address(name, page + 1) if page < last_page else "",
    )


def _address(name: str, page: int) -> str:
    return f"{request.path}?{urlencode({**request.args, name: page})}#{name}"
