"""Rows of a list by their headings, from CSV or XLSX, told apart by content and not by name.

Only the columns asked for are given on: what else stands in the file is never kept.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from auditflow.errors import BadInput
from auditflow.exchange import csv_file, xlsx_file
from auditflow.exchange.table import LONGEST_CELL, TableRow

MOST_BYTES: Final = 50_000_000
TITLE_LINES: Final = 5
"""Lines with something in them that may stand above the headings."""

#: Besides breaks, what letters of some scripts need between them; it hides nothing.
_HARMLESS: Final = frozenset("\t\r\n\u200c\u200d")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})
_SHOWN_COLUMNS: Final = 20


class Row(NamedTuple):
    """One row: the line it starts on, and each asked-for column's text under the asked-for name."""

    line: int
    cells: dict[str, str]


def read_rows(
    path: Path, *, required: Sequence[str], optional: Sequence[str] = (), limit_rows: int = 200_000
) -> list[Row]:
    """Read a list's rows by heading, case and spaces aside; an absent optional column reads "".

    Title lines above and blank lines are passed over. In a workbook the first visible sheet with
    the headings counts. BadInput names file, row and column, and what would do.
    """
    name = f"“{path.name}”"
    wanted = [*required, *optional]
    tables = _tables(_bytes(path, name), name, wanted, limit_rows + TITLE_LINES + 2)
    table = max(tables, key=lambda one: _match(one, required), default=[])
    heading = _heading(table, wanted)
    if heading is None:
        raise BadInput(f"{name} is empty; it needs the columns {_listed(required)}.")
    places = _places(table[heading], name, required, wanted)
    below = [line for line in table[heading + 1 :] if any(line.cells)]
    if len(below) > limit_rows:
        raise BadInput(f"{name} has more than {limit_rows:,} rows; split it into smaller files.")
    width = len(table[heading].cells)
    return [_row(line, places, wanted, width, name) for line in below]


def plain_heading(text: str) -> str:
    """A heading as it is compared: case and repeated spaces do not count."""
    return " ".join(text.split()).casefold()


def _bytes(path: Path, name: str) -> bytes:
    try:
        if path.is_dir():
            raise BadInput(f"{name} is a folder; name the CSV or XLSX file in it.")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise BadInput(f"There is no file {name}; check its name and folder.") from error
    except (OSError, ValueError) as error:
        raise BadInput(f"{name} cannot be opened; check that you may read it.") from error
    if len(data) > MOST_BYTES:
        raise BadInput(f"{name} is over {MOST_BYTES // 1_000_000} MB; keep only the list in it.")
    return data


def _tables(data: bytes, name: str, wanted: Sequence[str], limit: int) -> list[list[TableRow]]:
    if data.startswith(xlsx_file.MAGIC):
        return xlsx_file.read_tables(data, name, limit)
    if data.startswith(xlsx_file.OLD_MAGIC):
        raise BadInput(
            f"{name} is locked with a password or an old XLS file; save it without a password as "
            "XLSX or “CSV UTF-8”."
        )
    text = csv_file.decode(data, name)
    delimiter = max(csv_file.DELIMITERS, key=lambda one: _fits(text, name, one, wanted))
    return [csv_file.read_table(text, name, delimiter, limit)]


def _fits(text: str, name: str, delimiter: str, wanted: Sequence[str]) -> int:
    return max(0, _match(csv_file.read_head(text, name, delimiter, 2 * TITLE_LINES), wanted))


def _match(table: Sequence[TableRow], wanted: Sequence[str]) -> int:
    heading = _heading(table, wanted)
    return -1 if heading is None else _hits(table[heading], wanted)


def _heading(table: Sequence[TableRow], wanted: Sequence[str]) -> int | None:
    filled = [at for at, line in enumerate(table) if any(line.cells)][: TITLE_LINES + 1]
    return max(filled, key=lambda at: _hits(table[at], wanted), default=None)


def _hits(line: TableRow, wanted: Sequence[str]) -> int:
    return len({plain_heading(cell) for cell in line.cells} & {*map(plain_heading, wanted)})


def _places(
    line: TableRow, name: str, required: Sequence[str], wanted: Sequence[str]
) -> dict[str, int]:
    found = [plain_heading(cell) for cell in line.cells]
    lacking = [column for column in required if plain_heading(column) not in found]
    if lacking:
        plural = "s" if len(lacking) > 1 else ""
        raise BadInput(
            f"{name} lacks the column{plural} {_listed(lacking)}; "
            f"found: {_listed(cell for cell in line.cells if cell)}."
        )
    for column in wanted:
        if found.count(plain_heading(column)) > 1:
            raise BadInput(
                f"{name}, row {line.number}: the heading “{column}” stands there more than once; "
                "keep the column that counts."
            )
    return {c: found.index(plain_heading(c)) for c in wanted if plain_heading(c) in found}


def _row(
    line: TableRow, places: dict[str, int], wanted: Sequence[str], width: int, name: str
) -> Row:
    if any(line.cells[width:]):
        raise BadInput(
            f"{name}, row {line.number} has more cells than there are headings; put quotation "
            "marks around a value with a comma in it."
        )
    if any(len(cell) > LONGEST_CELL for cell in line.cells):
        raise BadInput(
            f"{name}, row {line.number}: a cell holds more than {LONGEST_CELL:,} characters; "
            "shorten it."
        )
    cells = dict.fromkeys(wanted, "")
    for column, at in places.items():
        if at < len(line.cells):
            cells[column] = line.cells[at]
            _check(line.cells[at], f"{name}, row {line.number}, column “{column}”")
    return Row(line.number, cells)


def _check(cell: str, place: str) -> None:
    if cell.startswith("="):
        raise BadInput(f"{place} holds a formula; put its value there instead.")
    for character in "" if cell.isprintable() else cell:
        if character not in _HARMLESS and unicodedata.category(character) in _UNSEEN:
            raise BadInput(
                f"{place} holds a character that cannot be seen (U+{ord(character):04X}); type "
                "the value again."
            )


def _listed(columns: Iterable[str]) -> str:
    shown = [f"“{column[:60]}”" for column in columns]
    more = len(shown) - _SHOWN_COLUMNS
    return ", ".join(shown[:_SHOWN_COLUMNS]) + (f" and {more} more" if more > 0 else "")
