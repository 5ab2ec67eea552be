"""Reading rows by heading from CSV and XLSX, and refusing what is hostile or broken."""

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest

from auditflow.errors import BadInput
from auditflow.exchange.spreadsheet import Row, read_rows

Write = Callable[[str | bytes], Path]
NEEDED = ("Reference", "Allocated Team")
GOOD = "Reference,Allocated Team\nA1,North\nA2,South\n"
READ = [
    {"Reference": "A1", "Allocated Team": "North"},
    {"Reference": "A2", "Allocated Team": "South"},
]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: str | bytes) -> Path:
        path = tmp_path / "list.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return to_file


def cells(path: Path, limit_rows: int = 1000) -> list[dict[str, str]]:
    return [row.cells for row in read_rows(path, required=NEEDED, limit_rows=limit_rows)]


def refusal(path: Path) -> str:
    with pytest.raises(BadInput) as refused:
        read_rows(path, required=NEEDED)
    words = str(refused.value)
    assert len(words) < 600
    assert words.endswith(".")
    return words


def book(*rows: list[object], title_rows: int = 0) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for _ in range(title_rows):
        sheet.append(["About this list"])
    for row in rows:
        sheet.append(row)
    stored = io.BytesIO()
    workbook.save(stored)
    return stored.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.encode("utf-16"),
        b"\xfe\xff" + GOOD.encode("utf-16-be"),
        GOOD.replace(",", "\t").encode("utf-16"),
        GOOD.replace(",", ";").encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        GOOD.rstrip().encode(),
        (GOOD + "\n,\n , \n").encode(),
        GOOD.replace("A2", "\nA2").encode(),
        GOOD.replace("Reference,Allocated Team", " REFERENCE ,allocated   team").encode(),
        ("Open cases\n\nas at 1 March\n" + GOOD).encode(),
        ("1\n2\n3\n4\n5\n" + GOOD).encode(),
        GOOD.replace("A1,", '"A1",').encode(),
        b"Allocated Team,Age,Reference\nNorth,5,A1\nSouth,6,A2\n",
        book(["Reference", "Allocated Team"], ["A1", "North"], ["A2", "South"]),
        book(["Reference", "Allocated Team"], ["A1", "North"], [], ["A2", "South"], title_rows=3),
    ],
)
def test_the_same_list_reads_the_same_however_it_was_saved(write: Write, content: bytes) -> None:
    assert cells(write(content)) == READ


def test_windows_text_is_read_when_it_is_not_utf8(write: Write) -> None:
    path = write("Reference,Allocated Team\nA1,Ünder ‘Oaks’\n".encode("cp1252"))
    assert cells(path)[0]["Allocated Team"] == "Ünder ‘Oaks’"


def test_rows_know_the_line_they_start_on(write: Write) -> None:
    path = write('Title\nReference,Allocated Team\nA1,"North\nEast"\n\nA2,South\n')
    assert [row.line for row in read_rows(path, required=NEEDED)] == [3, 6]


def test_only_the_columns_asked_for_are_given_and_absent_optional_ones_are_empty(
    write: Write,
) -> None:
    path = write("Reference,Date of Birth,Allocated Team\nA1,2010-05-06,North\n")
    (row,) = read_rows(path, required=NEEDED, optional=("Service",))
    assert row == Row(2, {"Reference": "A1", "Allocated Team": "North", "Service": ""})
    assert "2010" not in repr(row)


def test_xlsx_numbers_and_dates_come_as_a_person_would_write_them(write: Write) -> None:
    moment = dt.datetime(2026, 3, 17, 9, 30)
    values = [1234.0, dt.date(2026, 3, 17), moment, 1.5, True, " x "]
    content = book(["Reference", "Allocated Team"], *([value, "T"] for value in values))
    assert [row["Reference"] for row in cells(write(content))] == [
        "1234",
        "2026-03-17",
        "2026-03-17 09:30:00",
        "1.5",
        "TRUE",
        "x",
    ]


def test_in_a_workbook_the_visible_sheet_with_the_headings_counts(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append(["Notes", "Allocated Team"])
    hidden = workbook.create_sheet("Old")
    hidden.append(["Reference", "Allocated Team"])
    hidden.append(["OLD", "North"])
    hidden.sheet_state = "hidden"
    shown = workbook.create_sheet("List 6")
    shown.append(["Reference", "Allocated Team"])
    shown.append(["A1", "North"])
    workbook.save(tmp_path / "annex.xlsx")
    assert cells(tmp_path / "annex.xlsx") == READ[:1]


def test_lacking_columns_are_named_with_those_found(write: Write) -> None:
    words = refusal(write("Ref,Team\nA1,North\n"))
    assert "“list.csv” lacks the columns “Reference”, “Allocated Team”" in words
    assert "found: “Ref”, “Team”" in words
    assert "lacks the column “Allocated Team”;" in refusal(write("Reference\nA1\n"))


def test_many_found_columns_are_not_all_told(write: Write) -> None:
    assert "and 80 more" in refusal(write(",".join(f"c{n}" for n in range(100)) + "\n1\n"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty; it needs the columns “Reference”"),
        ("\n\n ,\n", "is empty"),
        ("Reference,Allocated Team,reference\nA1,N,A2\n", "row 1: the heading “Reference” stands"),
        (GOOD + "A3,North,East\n", "row 4 has more cells"),
        (GOOD + 'A3,"North\n', "row 4: a quotation mark"),
        (GOOD + 'A3,"No"rth\n', "row 4: a quotation mark"),
        (GOOD + "A3,No\0rth\n", "not a text file"),
        (GOOD.encode("utf-16-le"), "not a text file"),
        (b"Reference,Allocated Team\nA1,\x81\n", "not a text file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a text file"),
        (b"\xff\xfeR", "not a text file"),
        (GOOD + "A3," + "x" * 100_001, "row 4: a cell holds more than 100,000"),
        (GOOD + "A3," + "x" * 10_000_000, "row 4: a cell holds more than 100,000"),
        (GOOD + '=HYPERLINK("http://x";"y"),N\n', "“Reference” holds a formula"),
        (GOOD + "A3,=1+1\n", "row 4, column “Allocated Team” holds a formula"),
        (GOOD + "A3,No\u202erth\n", "row 4, column “Allocated Team” holds a character"),
        (GOOD + "A\u200f3,North\n", "(U+200F)"),
        (GOOD + "A3,No\x07rth\n", "(U+0007)"),
        (GOOD + "A3,No\x1b[31mrth\n", "(U+001B)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
        (b"PK\x03\x04 and no more", "damaged or locked workbook"),
    ],
)
def test_what_cannot_be_read_is_refused_saying_where_and_why(
    write: Write, content: str | bytes, words: str
) -> None:
    said = refusal(write(content))
    assert words in said
    assert "list.csv" in said


def test_unseen_characters_in_columns_not_kept_do_not_matter(write: Write) -> None:
    assert cells(write("Reference,Allocated Team,Notes\nA1,North,=1\x0b\u202e\n")) == READ[:1]


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    assert "There is no file “none.csv”" in refusal(tmp_path / "none.csv")
    assert "is a folder" in refusal(tmp_path)
    assert "cannot be opened" in refusal(Path("x\0y"))


def test_a_file_that_is_too_large_or_too_long_is_refused(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(GOOD)
    with pytest.raises(BadInput, match="more than 1 rows; split"):
        cells(path, limit_rows=1)
    assert len(cells(path, limit_rows=2)) == 2
    monkeypatch.setattr("auditflow.exchange.spreadsheet.MOST_BYTES", 10)
    assert "is over" in refusal(path)


def zipped(parts: dict[str, bytes]) -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stored.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked(write: Write) -> None:
    bomb = zipped({"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": b" " * 201_000_000})
    assert len(bomb) < 1_000_000
    assert "unpacks to more than 200 MB" in refusal(write(bomb))


def test_a_zip_bomb_that_lies_about_its_size_is_refused_too(write: Write) -> None:
    big = 201_000_000
    bomb = zipped({"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": b" " * big})
    assert struct.pack("<L", big) in bomb
    said = refusal(write(bomb.replace(struct.pack("<L", big), struct.pack("<L", 100))))
    assert "unpacks to more than 200 MB" in said


def test_cells_in_opposite_corners_are_refused_before_memory_is_taken(write: Write) -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0]["A1"] = "Reference"
    workbook.worksheets[0]["XFD1048576"] = "far"
    stored = io.BytesIO()
    workbook.save(stored)
    assert "reaches to row 1048576, column 16384" in refusal(write(stored.getvalue()))


def test_other_zip_files_are_no_workbooks(write: Write) -> None:
    assert "not an XLSX workbook" in refusal(write(zipped({"readme.txt": b"x"})))
    sheet = {"xl/workbook.xml": b"", "content.xml": b""}
    assert "not an XLSX workbook" in refusal(write(zipped(sheet)))
    assert "damaged" in refusal(write(zipped({"xl/workbook.xml": b"<workbook"})))


def test_a_workbook_with_bytes_spoilt_anywhere_is_read_or_refused(write: Write) -> None:
    whole = book(["Reference", "Allocated Team"], ["A1", "North"])
    for at in range(0, len(whole), 37):
        spoilt = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        with suppress(BadInput):
            cells(write(spoilt))
    for end in range(4, len(whole), 401):
        refusal(write(whole[:end]))
