"""A line of a table as it stands in a file: its number and its cells, all text."""

from typing import Final, NamedTuple

LONGEST_CELL: Final = 100_000
"""Characters in one cell beyond which a file is no list of cases or people."""


class TableRow(NamedTuple):
    """One line of a file or sheet: its number as an editor shows it, and its cells, trimmed."""

    number: int
    cells: list[str]
