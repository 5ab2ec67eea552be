"""Deadlines by the million: CSV in, the same CSV with its answers out, a few rows at a time."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter
from typing import IO, Protocol

from auditflow.calendar import (
    Calendar,
    Limit,
    Months,
    Roll,
    WorkingDays,
    due,
    number_of,
    overdue_from,
    parse_date,
    shown,
    utc_text,
)
from auditflow.cli.base import parse_count
from auditflow.errors import AuditflowError, BadInput

ASKED = ("from", "rule", "n", "roll")
ANSWERED = ("due", "overdue_from", "error")

_ROLLS: dict[str, Roll | None] = {"": None, "next": "next", "none": "none", "previous": "previous"}
_ROWS_AT_ONCE = 2_000
_AS_IT_CAME = "surrogateescape"
"""Bytes that are no UTF-8, in columns that are not ours to judge, go out unchanged."""


class _Reader(Protocol):
    line_num: int

    def __next__(self) -> list[str]: ...


def work_out(source: IO[bytes], target: IO[bytes], calendar: Calendar) -> None:
    """
    Answer every row of `source` on `target`, keeping other columns; blank rows are dropped.

    Raises BadInput, before anything is written, for a file without the columns wanted, and
    AuditflowError at the end when rows could not be answered: their error column says why.
    """
    text = io.TextIOWrapper(source, encoding="utf-8-sig", errors=_AS_IT_CAME, newline="")
    try:
        rows = _rows(csv.reader(text, strict=True))
        batch = _Batch(_heading(rows), calendar)
        answers = chain([[*batch.heading, *ANSWERED]], map(batch.answer, rows))
        while some := list(islice(answers, _ROWS_AT_ONCE)):
            target.write(_csv(some))
    finally:
        text.detach()
    if batch.wrong:
        raise AuditflowError(
            f"{number_of(batch.wrong, 'row')} of {batch.asked:,} could not be worked out; the"
            " error column says why."
        )


class _Batch:
    """One file's heading, and its rows answered one after another."""

    def __init__(self, heading: list[str], calendar: Calendar) -> None:
        self.heading = heading
        self.asked = 0
        self.wrong = 0
        self._calendar = calendar
        self._pick = itemgetter(*(heading.index(name) for name in ASKED))

    def answer(self, row: list[str] | BadInput) -> list[str]:
        """The row with its due date, its overdue instant and what is wrong with it, if anything."""
        self.asked += 1
        try:
            cells = self._whole(row)
            since, rule, n, roll = self._pick(cells)
            end = due(_limit(rule, n, roll), parse_date(since, "from"), self._calendar)
            return [*cells, end.isoformat(), _overdue(end), ""]
        except BadInput as refusal:
            self.wrong += 1
            return [*self._fitted(row), "", "", str(refusal)]

    def _whole(self, row: list[str] | BadInput) -> list[str]:
        if isinstance(row, BadInput):
            raise row
        if len(row) != len(self.heading):
            raise BadInput(
                f"This row has {number_of(len(row), 'cell')}, the heading {len(self.heading)}."
            )
        return row

    def _fitted(self, row: list[str] | BadInput) -> list[str]:
        cells = [] if isinstance(row, BadInput) else row
        width = len(self.heading)
        return cells[:width] + [""] * (width - len(cells))


def _rows(reader: _Reader) -> Iterator[list[str] | BadInput]:
    """Each row that is not blank; for a line that is no CSV the reason, and then the next line."""
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as reason:
            yield BadInput(f"Line {reader.line_num} cannot be read as CSV: {reason}.")
        else:
            if "".join(row).strip():
                yield row


def _heading(rows: Iterator[list[str] | BadInput]) -> list[str]:
    heading = next(rows, [])
    if isinstance(heading, BadInput):
        raise heading
    if not heading:
        raise BadInput(f"--batch: the file is empty; begin it with {','.join(ASKED)}.")
    names = [name.strip() for name in heading]
    if missing := [name for name in ASKED if name not in names]:
        raise BadInput(
            f"--batch: the first row must name the columns {','.join(ASKED)}; missing:"
            f" {', '.join(missing)}."
        )
    if twice := [name for name in (*ASKED, *ANSWERED) if (names + list(ANSWERED)).count(name) > 1]:
        raise BadInput(
            f"--batch: the column {twice[0]} must not be there twice, nor before it is answered;"
            " take it out."
        )
    return names


@lru_cache(maxsize=4_096)
def _limit(rule: str, n: str, roll: str) -> Limit:
    if roll not in _ROLLS:
        raise BadInput(f"roll: {shown(roll)} is unknown; write next, none, previous or nothing.")
    number = parse_count(n, "n")
    if rule == "working_days":
        return WorkingDays(number)
    if rule == "months":
        return Months(number, _ROLLS[roll])
    if rule == "months_before":
        return Months(-number, _ROLLS[roll])
    raise BadInput(f"rule: {shown(rule)} is unknown; write working_days, months or months_before.")


@lru_cache(maxsize=16_384)
def _overdue(day: date) -> str:
    return utc_text(overdue_from(day))


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", _AS_IT_CAME)
