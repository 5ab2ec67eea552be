"""A table as an XLSX workbook in which no text is a formula or a link."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import xlsxwriter

from auditflow.exchange.safe import plain

#: What no sheet may be called, and how long its name may be.
_BARRED: Final = str.maketrans("[]:*?/\\", "-------")
_LONGEST: Final = 31
_WIDE: Final = 24


def xlsx_of(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """One sheet with a bold first row that stays in sight; dates are dates, numbers numbers."""
    out = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, safe) as book:
        sheet = book.add_worksheet(title.translate(_BARRED)[:_LONGEST])
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headings) - 1, _WIDE)
        for i, heading in enumerate(headings):
            sheet.write_string(0, i, heading, bold)
        for n, row in enumerate(rows, 1):
            for i, value in enumerate(row):
                if isinstance(value, bool):
                    sheet.write_string(n, i, "Y" if value else "N")
                elif isinstance(value, int):
                    sheet.write_number(n, i, value)
                elif isinstance(value, date):
                    sheet.write_datetime(n, i, value, day)
                elif value is not None:
                    sheet.write_string(n, i, plain(str(value)))
    return out.getvalue()
