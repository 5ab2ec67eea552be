"""What a report is: tables, of which those without names may be read by a board."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from auditflow.audits import Person, Role
from auditflow.guidance.tool import Grade
from auditflow.queries.suppression import MASK, is_small


class Table(msgspec.Struct, frozen=True):
    """One table. `names` says that its rows name cases or workers; `narrative`, that they quote."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    names: bool = True
    narrative: bool = False


class Report(msgspec.Struct, frozen=True):
    """The answer to one question, as it stood at a moment."""

    name: str
    question: str
    at: datetime
    tables: tuple[Table, ...]


def listed(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, narrative: bool = False
) -> Table:
    """A table whose rows name cases or workers."""
    return Table(title, tuple(columns), tuple(map(tuple, rows)), narrative=narrative)


def totals(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Table:
    """A table of figures only."""
    return Table(title, tuple(columns), tuple(map(tuple, rows)), names=False)


def share(part: int, of: int) -> float | None:
    """A percentage to one decimal; None where there is nothing to be a part of."""
    return round(100 * part / of, 1) if of else None


def title(grade: Grade | None) -> str:
    """A grade in words; nothing where there is none."""
    return grade.title if grade else ""


def by_date(row: Sequence[Any]) -> tuple[Any, ...]:
    """Orders rows by their cells; what is missing stands last."""
    return tuple((cell is None, "" if cell is None else str(cell)) for cell in row)


def days_between(since: date | None, until: date) -> int | None:
    """Calendar days, or None where nothing began."""
    return (until - since).days if since else None


def for_reader(tables: Iterable[Table], reader: Person, *, only_figures: bool) -> tuple[Table, ...]:
    """The tables this reader may see: a board figures, an analyst data without narrative."""
    if only_figures:
        return tuple(_masked(t) for t in tables if not t.names)
    if Role.PERFORMANCE_ANALYST in reader.roles:
        return tuple(t for t in tables if not t.narrative)
    return tuple(tables)


def _masked(table: Table) -> Table:
    return msgspec.structs.replace(table, rows=tuple(map(_mask, table.rows)))


def _mask(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Small figures are hidden, and with them the shares they could be worked out from."""
    small = [is_small(cell) for cell in row]
    if not any(small):
        return row
    return tuple(
        MASK if hide else None if isinstance(cell, float) else cell
        for cell, hide in zip(row, small, strict=True)
    )
