"""Case lists: Annex A List 6 as councils export it, and what is refused in it."""

import dataclasses
import datetime as dt
from contextlib import suppress
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from auditflow.commands.office import Case
from auditflow.errors import BadInput
from auditflow.exchange.cases import STATUSES, read_cases, read_reference

LIST_6 = (
    "Child Unique ID,Gender,Ethnicity,Date of Birth,Age,Does the Child have a Disability,"
    "CIN Start Date,Primary Need Code,Date Child Was Last Seen,CIN Closure Date,"
    "Reason for Closure,Case Status,Allocated Team,Allocated Worker"
)
SHORT = (
    "Child Unique ID,Case Status,Allocated Team,Allocated Worker,CIN Start Date,CIN Closure Date"
)


def listed(tmp_path: Path, *rows: str, heading: str = SHORT) -> list[Case]:
    path = tmp_path / "cases.csv"
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return read_cases(path)


def refusal(tmp_path: Path, *rows: str, heading: str = SHORT) -> str:
    with pytest.raises(BadInput) as refused:
        listed(tmp_path, *rows, heading=heading)
    return str(refused.value)


def test_a_list_6_row_is_taken_in_without_what_we_do_not_need(tmp_path: Path) -> None:
    row = (
        "C-1001,b) Female,WBRI,31/08/2011,14,N,05/01/2026,N1,02/02/2026,,,c) Child in need,"
        "North,Sam Okafor"
    )
    (case,) = listed(tmp_path, row, heading=LIST_6)
    assert case == Case(
        reference="C-1001",
        stratum="child_in_need",
        team="North",
        worker="Sam Okafor",
        need="N1",
        service="",
        opened=date(2026, 1, 5),
        closed=None,
        restricted=False,
        last_audited=None,
    )
    kept = {field.name for field in dataclasses.fields(Case)}
    assert not kept & {"birth", "date_of_birth", "age", "gender", "ethnicity", "disability"}
    assert all(secret not in repr(case) for secret in ("2011", "WBRI", "Female"))


def test_our_own_columns_are_read_where_they_stand(tmp_path: Path) -> None:
    heading = f"{SHORT},restricted,LAST  AUDITED,Service"
    rows = ("1,d,N,W,,,Y,2025-03-04,Early Help", "2,d,N,W,,,,,", "3,d,N,W,,,no,,")
    first, second, third = listed(tmp_path, *rows, heading=heading)
    assert (first.restricted, first.last_audited) == (True, date(2025, 3, 4))
    assert first.service == "Early Help"
    assert (second.restricted, second.last_audited, third.restricted) == (False, None, False)


def test_a_workbook_reads_as_the_csv_does(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(LIST_6.split(","))
    born, opened = dt.date(2011, 8, 31), dt.datetime(2026, 1, 5)
    sheet.append([1001, "F", "W", born, 14, "N", opened, "N1", None, None, None, "a", "N", "S O"])
    workbook.save(tmp_path / "cases.xlsx")
    (case,) = read_cases(tmp_path / "cases.xlsx")
    assert (case.reference, case.opened, case.stratum) == ("1001", date(2026, 1, 5), "looked_after")
    assert "2011" not in repr(case)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("a) Looked after child", "looked_after"),
        ("A)LOOKED AFTER CHILD", "looked_after"),
        ("Looked  after child", "looked_after"),
        ("a", "looked_after"),
        ("b)", "child_protection"),
        ("b) Child Protection plan", "child_protection"),
        ("CIN", "child_in_need"),
        ("d) Open Assessment", "open_assessment"),
        ("e) Closed episode", "closed"),
        ("Care leaver", "care_leaver"),
        *((words, code) for code, all_words in STATUSES.items() for words in all_words),
    ],
)
def test_statuses_are_known_in_all_their_spellings(tmp_path: Path, text: str, status: str) -> None:
    (case,) = listed(tmp_path, f"C1,{text},North,W,,")
    assert case.stratum == status


@pytest.mark.parametrize(
    "text", ["", "f", "a) Child in need", "open", "g) other", "a) b) c)", "ab"]
)
def test_other_statuses_are_refused(tmp_path: Path, text: str) -> None:
    assert "row 2: Case Status:" in refusal(tmp_path, f"C1,{text},North,W,,")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-05", date(2026, 1, 5)),
        ("05/01/2026", date(2026, 1, 5)),
        ("5/1/2026", date(2026, 1, 5)),
        ("2026-01-05T00:00:00", date(2026, 1, 5)),
        ("2026-01-05 00:00", date(2026, 1, 5)),
        ("05/01/2026 00:00:00", date(2026, 1, 5)),
        ("29/02/2024", date(2024, 2, 29)),
    ],
)
def test_dates_are_read_day_first(tmp_path: Path, text: str, day: date) -> None:
    assert listed(tmp_path, f"C1,c,North,W,{text},")[0].opened == day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("05/01/26", "year of two digits"),
        ("01-05-26", "year of two digits"),
        ("01/31/2026", "not a day of the calendar"),
        ("29/02/2026", "not a day of the calendar"),
        ("0202-01-05", "out of all range"),
        ("2026-01-05T09:30", "not a date"),
        ("5 January 2026", "not a date"),
        ("45000", "not a date"),
        ("٠٥/٠١/٢٠٢٦", "not a date"),
    ],
)
def test_dates_that_can_be_misread_are_refused(tmp_path: Path, text: str, words: str) -> None:
    said = refusal(tmp_path, f"C1,c,North,W,{text},")
    assert f"row 2: CIN Start Date: “{text}”" in said
    assert words in said


@pytest.mark.parametrize(
    "reference", ["1001", "C-1001", "MOS/2024/0001", "A 12", "C 1001 B", "ABC", "a.b_c", "É1"]
)
def test_references_are_taken_as_they_are(reference: str) -> None:
    assert read_reference(reference) == reference


@pytest.mark.parametrize(
    "reference",
    ["Jane Smith", "Smith, Jane", "Smith,Jane", "Ann-Marie O'Neil", "Zoë  Ó Briain", "J. Smith"],
)
def test_a_name_in_place_of_a_reference_is_refused(reference: str) -> None:
    with pytest.raises(BadInput, match="looks like a name; auditflow holds references only"):
        read_reference(reference)


@pytest.mark.parametrize(
    "reference",
    ["", "x" * 41, "A\n1", "A\t1", "A\u202e1", "A\u00a01", "=1+1", "+1", "@SUM(A1)", "-1"],
)
def test_what_is_no_reference_is_refused(reference: str) -> None:
    with pytest.raises(BadInput):
        read_reference(reference)


def test_a_hostile_reference_cannot_stall_the_check() -> None:
    for text in ("a'" * 20, "a-" * 19 + "1", "a " * 19 + "1", "a, " * 13):
        with suppress(BadInput):
            read_reference(text)


def test_a_reference_stands_once_whatever_its_case(tmp_path: Path) -> None:
    said = refusal(tmp_path, "c1,c,North,W,,", "C2,c,North,W,,", "C1,c,North,W,,")
    assert "row 4: “C1” stands in row 2 too" in said


def test_a_case_cannot_close_before_it_opens(tmp_path: Path) -> None:
    said = refusal(tmp_path, "C1,e,North,W,2026-02-01,2026-01-01")
    assert "row 2: it closed on 2026-01-01, before it opened" in said


def test_all_problems_are_told_at_once_up_to_twenty(tmp_path: Path) -> None:
    said = refusal(tmp_path, "Jane Smith,z,,W,1/1/26,", "C2,c,North,W,,")
    assert said.count("\n") == 4
    assert "Allocated Team: is empty" in said
    said = refusal(tmp_path, *(f"C{n},z,North,W,," for n in range(30)))
    assert said.count("is not a status") == 20
    assert said.endswith("and 10 more")


def test_a_list_without_statuses_is_refused_by_its_headings(tmp_path: Path) -> None:
    said = refusal(tmp_path, "C1,N", heading="Child Unique ID,Allocated Team")
    assert "lacks the columns “Case Status”, “Allocated Worker”" in said


def test_ten_thousand_cases_are_read(tmp_path: Path) -> None:
    rows = (f"C{n},c,Team {n % 7},W{n},01/02/2025," for n in range(10_000))
    assert len(listed(tmp_path, *rows)) == 10_000
