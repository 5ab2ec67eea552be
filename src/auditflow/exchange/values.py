"""Readers of single cells, and the list of all that is wrong with a file, told at once."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from auditflow.errors import BadInput
from auditflow.exchange.spreadsheet import Row

MOST_PROBLEMS: Final = 20
"""Problems of one file that are told; of the rest, how many there are."""

_FIRST_YEAR: Final = 1980
_LAST_YEAR: Final = 2100
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?: 00:00(?::00)?)?")
_SHORT_YEAR: Final = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}")
_YES: Final = ("y", "yes", "true", "1")
_NO: Final = ("n", "no", "false", "0", "")
_QUOTED: Final = 40

T = TypeVar("T")


class Problems:
    """What is wrong with a file's rows, gathered so that a person can mend all of it in one go."""

    def __init__(self, path: Path) -> None:
        self._name = f"“{path.name}”"
        self._said: list[str] = []

    def note(self, line: int, sentence: str) -> None:
        """Keep one problem of the row on this line."""
        self._said.append(f"row {line}: {sentence}")

    def read(self, row: Row, column: str, reader: Callable[[str], T], instead: T) -> T:
        """Read one cell; a refusal becomes a problem, and `instead` stands in its place."""
        try:
            return reader(row.cells[column])
        except BadInput as refusal:
            self.note(row.line, f"{column}: {refusal}")
            return instead

    def refuse_if_any(self) -> None:
        """Raise BadInput with up to 20 of the problems and the number of the others."""
        if not self._said:
            return
        shown = "\n".join(f"  {sentence}" for sentence in self._said[:MOST_PROBLEMS])
        more = len(self._said) - MOST_PROBLEMS
        rest = f"\n  and {more} more" if more > 0 else ""
        raise BadInput(f"{self._name} was not taken in; put this right first:\n{shown}{rest}")


def quoted(text: str) -> str:
    """The value in quotation marks, shortened if it is long, on one line."""
    one_line = " ".join(text.split())
    return f"“{one_line if len(one_line) <= _QUOTED else one_line[: _QUOTED - 1] + '…'}”"


def optional_day(text: str) -> date | None:
    """Read 2026-03-17 or 17/03/2026 (always day first); None for an empty cell."""
    if not text:
        return None
    if match := _ISO.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, match.groups())
    elif _SHORT_YEAR.fullmatch(text):
        raise BadInput(f"{quoted(text)} has a year of two digits; write it with four.")
    else:
        raise BadInput(f"{quoted(text)} is not a date; write 2026-03-17 or 17/03/2026.")
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise BadInput(f"{quoted(text)} is not a day of the calendar.") from error
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise BadInput(f"{quoted(text)} cannot be right; the year is out of all range.")
    return found


def flag(text: str) -> bool:
    """Read Y or N; an empty cell is N."""
    said = text.casefold()
    if said not in (*_YES, *_NO):
        raise BadInput(f"{quoted(text)} is neither Y nor N.")
    return said in _YES


def line_of_text(text: str, longest: int = 120) -> str:
    """Read a name or title: one line, spaces evened out, no longer than `longest` characters."""
    one_line = " ".join(text.split())
    if len(one_line) > longest:
        raise BadInput(f"{quoted(one_line)} is longer than {longest} characters; shorten it.")
    return one_line


def filled(text: str, longest: int = 120) -> str:
    """Read a line of text that may not be empty."""
    one_line = line_of_text(text, longest)
    if not one_line:
        raise BadInput("is empty; fill it in.")
    return one_line
