"""CSV as spreadsheets write it: UTF-8, UTF-16 or Windows-1252, with commas, semicolons or tabs."""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Final

from auditflow.errors import BadInput
from auditflow.exchange.table import LONGEST_CELL, TableRow

DELIMITERS: Final = (",", ";", "\t")

_UTF8_BOM: Final = b"\xef\xbb\xbf"
_UTF16_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")


def decode(data: bytes, name: str) -> str:
    """Read the bytes as text; BadInput when they are no text. Windows-1252 is the last resort."""
    try:
        text = _decoded(data)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise BadInput(
            f"{name} is not a text file that can be read; save the list as “CSV UTF-8” or XLSX."
        )
    return text


def read_table(text: str, name: str, delimiter: str, limit: int) -> list[TableRow]:
    """Read up to `limit` lines; BadInput names the row at which the file breaks."""
    return list(islice(_lines(text, name, delimiter), limit))


def read_head(text: str, name: str, delimiter: str, limit: int) -> list[TableRow]:
    """Read up to `limit` lines, or as far as the file can be read so."""
    lines: list[TableRow] = []
    with suppress(BadInput):
        lines.extend(islice(_lines(text, name, delimiter), limit))
    return lines


def _decoded(data: bytes) -> str:
    if data.startswith(_UTF16_BOMS):
        return data.decode("utf-16")
    if data.startswith(_UTF8_BOM):
        return data.decode("utf-8-sig")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _lines(text: str, name: str, delimiter: str) -> Iterator[TableRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadInput(f"{name}, row {number}: {_words(error)}.") from error
        yield TableRow(number, [cell.strip() for cell in cells])
        number = reader.line_num + 1


def _words(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"a cell holds more than {LONGEST_CELL:,} characters; shorten it"
    return "a quotation mark is opened and not closed, or stands inside a value; correct it"
