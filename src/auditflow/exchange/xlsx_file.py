"""XLSX workbooks, looked through before they are unpacked, because a small file can be a huge one.

A sheet is unpacked into a full rectangle, so that two cells in opposite corners would take all
memory and end the process: the corners are found first, in pieces of bounded size.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from auditflow.errors import BadInput
from auditflow.exchange.table import TableRow

MAGIC: Final = b"PK\x03\x04"
OLD_MAGIC: Final = b"\xd0\xcf\x11\xe0"
MOST_UNPACKED: Final = 200_000_000
MOST_CELLS: Final = 5_000_000

_MOST_PARTS: Final = 10_000
_PIECE: Final = 1 << 20
_LONGEST_REFERENCE: Final = 64
_LOCAL_HEADER: Final = struct.Struct("<26xHH")
_ENCRYPTED: Final = 0x1
_REFERENCE: Final = re.compile(rb"\br\s{0,8}=\s{0,8}[\"']([A-Za-z]{0,4})([0-9]{1,10})[\"']")
_OTHER_FORMATS: Final = frozenset({"content.xml", "xl/workbook.bin"})


def read_tables(data: bytes, name: str, limit: int) -> list[list[TableRow]]:
    """Read each visible sheet, up to `limit` lines; BadInput if it is broken, locked or too big."""
    _look_through(data, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        titles = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        return [_lines(book, title, limit) for title in titles]
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise _broken(name) from error


def _lines(book: CalamineWorkbook, title: str, limit: int) -> list[TableRow]:
    rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False, nrows=limit)
    return [TableRow(number, [_text(cell) for cell in row]) for number, row in enumerate(rows, 1)]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        moment = value.isoformat(sep=" ")
        return moment.removesuffix(" 00:00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _look_through(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
        names = {part.filename.casefold() for part in parts}
        if names & _OTHER_FORMATS or "xl/workbook.xml" not in names:
            raise BadInput(f"{name} is not an XLSX workbook; save the list as XLSX or “CSV UTF-8”.")
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > _MOST_PARTS or unpacked > MOST_UNPACKED:
            raise _too_big(name)
        for part in parts:
            # Counted from what comes out, since the size written in the file may be a lie.
            unpacked = _measure(data, part, name, unpacked - part.file_size)
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, ValueError) as error:
        raise _broken(name) from error


def _measure(data: bytes, part: zipfile.ZipInfo, name: str, elsewhere: int) -> int:
    columns = rows = 1
    carried = b""
    for piece in _unpacked(data, part):
        elsewhere += len(piece)
        if elsewhere > MOST_UNPACKED:
            raise _too_big(name)
        text = carried + piece
        for letters, digits in _REFERENCE.findall(text):
            columns = max(columns, _column(letters))
            rows = max(rows, int(digits))
        if columns * rows > MOST_CELLS:
            raise BadInput(
                f"{name} has a sheet that reaches to row {rows}, column {columns}; delete the "
                "empty rows and columns around the list, or save it as “CSV UTF-8”."
            )
        carried = text[-_LONGEST_REFERENCE:]
    return elsewhere


def _unpacked(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    if part.flag_bits & _ENCRYPTED:
        raise zipfile.BadZipFile("encrypted")
    name_length, extra_length = _LOCAL_HEADER.unpack_from(data, part.header_offset)
    start = part.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    packed = data[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile("unusual compression")
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed and not unpacker.eof:
        yield unpacker.decompress(packed, _PIECE)
        packed = unpacker.unconsumed_tail


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _too_big(name: str) -> BadInput:
    return BadInput(
        f"{name} unpacks to more than {MOST_UNPACKED // 1_000_000} MB, which no list of cases or "
        "people does; copy the list alone into a new workbook, or save it as “CSV UTF-8”."
    )


def _broken(name: str) -> BadInput:
    return BadInput(
        f"{name} is a damaged or locked workbook; open it in the program that made it, take off "
        "any password, and save it again as XLSX or “CSV UTF-8”."
    )
