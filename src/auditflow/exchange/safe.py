"""Text that does no harm where it is shown: on a line or a page, and as a spreadsheet's cell."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

#: Signs with which a spreadsheet begins a formula, also as full-width letters and behind blanks;
#: the Unicode minus signs are among them, for some programs read them as one.
_RISKY: Final = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212])")

_CONTROL: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)


def plain(text: str) -> str:
    """The text with control characters and marks that reorder a line made visible as �."""
    return _CONTROL.sub(lambda found: " " if found[0] in "\t\r\n" else "\ufffd", text)


def safe(text: str) -> str:
    """The text as it may stand in a cell: an apostrophe before what could be a formula."""
    return f"'{text}" if _RISKY.match(text) else text


def unsafe(text: str) -> str:
    """The text that `safe` made safe, as it was."""
    return text[1:] if text.startswith("'") and _RISKY.match(text[1:]) else text


def csv_of(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV file that spreadsheets read: its first character says UTF-8, each text is safe."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(h) for h in headings])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> str | int | float:
    """Numbers stay numbers: a minus is no formula there."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, int | float):
        return value
    return value.isoformat() if isinstance(value, date) else safe(str(value))
