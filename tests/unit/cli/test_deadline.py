import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from auditflow.calendar import Months, Roll, WorkingDays, bundled, due
from auditflow.cli import main

HEADING = "from,rule,n,roll"


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["deadline", *arguments], input=stdin)


def batch(text: str | bytes) -> tuple[Result, list[dict[str, str]]]:
    result = run("--batch", "-", stdin=text)
    return result, list(csv.DictReader(io.StringIO(result.stdout)))


def test_the_sum_and_when_it_is_overdue() -> None:
    result = run("--from", "2026-04-02", "--working-days", "5")
    assert result.exit_code == 0
    assert result.stdout == (
        "5 working days from Thu 2 April: skipping Fri 3 (Good Friday), Sat 4, Sun 5, Mon 6"
        " (Easter Monday), Sat 11, Sun 12 → Mon 13 April 2026\n"
        "Overdue from 00:00 on Tue 14 April 2026 in London (2026-04-13T23:00:00Z).\n"
    )
    assert result.stderr == ""


def test_json_is_one_document() -> None:
    result = run("--from", "2026-04-02", "--months", "1", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "from": "2026-04-02",
        "rule": "1 month",
        "due": "2026-05-05",
        "overdue_from": "2026-05-05T23:00:00Z",
        "skipped": [
            {"date": "2026-05-02", "why": "Saturday"},
            {"date": "2026-05-03", "why": "Sunday"},
            {"date": "2026-05-04", "why": "Early May bank holiday"},
        ],
    }


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("--from 2026-03-01 --months-before 1", "2026-01-30"),
        ("--from 2026-03-01 --months-before 1 --roll next", "2026-02-02"),
        ("--from 2026-03-01 --months-before 1 --roll none", "2026-02-01"),
        ("--from 2026-04-02 --months 1 --roll none", "2026-05-02"),
        ("--from 2026-04-02 --months 1 --roll previous", "2026-05-01"),
        ("--from 2026-12-23 --working-days 5", "2027-01-04"),
        ("--from 2026-12-23 --working-days 5 --roll none", "2027-01-04"),
        ("--from 2026-03-05 --months 03", "2026-06-05"),
    ],
)
def test_each_rule(arguments: str, expected: str) -> None:
    result = run(*arguments.split(), "--json")
    assert json.loads(result.stdout)["due"] == expected


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (
            "--from 31/02/2026 --months 1",
            "auditflow: --from: “31/02/2026” is not a date; write it as 2026-02-28.",
        ),
        ("--from 20240229 --months 1", "--from: “20240229” is not a date"),
        ("--from 2026-02-03 --months 1_0", "--months: “1_0” is not a whole number from 1"),
        ("--from 2026-02-03 --months ٣", "--months: “٣” is not a whole number"),
        ("--from 2026-02-03 --working-days 0", "--working-days: “0” is not a whole number"),
        ("--from 2026-02-03 --working-days -5", "--working-days: “-5” is not a whole number"),
        ("--from 2026-02-03 --working-days 1.5", "“1.5” is not a whole number"),
        (f"--from 2026-02-03 --months {'9' * 5000}", "is not a whole number from 1 to 999999"),
        ("--from 2026-02-03 --months 999999", "Give fewer months"),
        ("--from 2028-12-27 --working-days 5", "The calendar ends on 31 December 2028."),
        ("--from 2011-12-27 --working-days 5", "The calendar begins on 1 January 2012"),
        ("--from 2026-02-03", "Give --from DATE and one of"),
        ("--months 1", "Give --from DATE and one of"),
        ("--from 2026-02-03 --months 1 --working-days 5", "Give --from DATE and one of"),
        ("--from 2026-02-03 --months 1 --roll up", "'up' is not one of"),
        ("--batch - --from 2026-02-03", "--batch FILE stands alone"),
        ("--batch - --json", "--batch FILE stands alone"),
        ("--batch /no/such/file.csv", "No such file or directory"),
    ],
)
def test_what_cannot_be_understood_is_wrong_use(arguments: str, complaint: str) -> None:
    result = run(*arguments.split())
    assert result.exit_code == 2
    assert complaint in result.stderr
    assert result.stdout == ""


def test_a_batch_comes_back_with_its_answers() -> None:
    result, _ = batch(
        f"{HEADING}\n2026-04-02,working_days,5,\n2026-04-02,months,1,\n"
        "2026-04-02,months,1,none\n2026-03-01,months_before,1,\n2026-03-01,months_before,1,next\n"
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        f"{HEADING},due,overdue_from,error\n"
        "2026-04-02,working_days,5,,2026-04-13,2026-04-13T23:00:00Z,\n"
        "2026-04-02,months,1,,2026-05-05,2026-05-05T23:00:00Z,\n"
        "2026-04-02,months,1,none,2026-05-02,2026-05-02T23:00:00Z,\n"
        "2026-03-01,months_before,1,,2026-01-30,2026-01-31T00:00:00Z,\n"
        "2026-03-01,months_before,1,next,2026-02-02,2026-02-03T00:00:00Z,\n"
    )


def test_a_batch_from_a_file(tmp_path: Path) -> None:
    asked = tmp_path / "asked.csv"
    asked.write_text(f"{HEADING}\r\n2026-04-02,working_days,5,\r\n", "utf-8-sig", newline="")
    result = run("--batch", str(asked))
    assert result.stdout.splitlines()[1].endswith(",2026-04-13,2026-04-13T23:00:00Z,")


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("2026-02-30,months,1,", "from: “2026-02-30” is not a date; write it as 2026-02-28."),
        ("2024-W09-4,months,1,", "from: “2024-W09-4” is not a date"),
        (" 2026-02-03,months,1,", "from: “ 2026-02-03” is not a date"),
        ("2026-02-03,weeks,1,", "rule: “weeks” is unknown"),
        ("2026-02-03,months,,", "n: “” is not a whole number"),
        ("2026-02-03,months,0,", "n: “0” is not a whole number"),
        ("2026-02-03,months,-1,", "n: “-1” is not a whole number"),
        ("2026-02-03,months,٣,", "n: “٣” is not a whole number"),
        ("2026-02-03,months,1_000,", "n: “1_000” is not a whole number"),
        (f"2026-02-03,months,{'9' * 5000},", "is not a whole number from 1 to 999999"),
        ("2026-02-03,months,999999,", "Give fewer months"),
        ("2026-02-03,working_days,999999,", "The calendar ends on 31 December 2028"),
        ("2011-02-03,working_days,5,", "The calendar begins on 1 January 2012"),
        ("2026-02-03,months,1,up", "roll: “up” is unknown"),
        ("2026-02-03,working_days,1,up", "roll: “up” is unknown"),
        ("2026-02-03,months,1", "This row has 3 cells, the heading 4."),
        ("2026-02-03,months,1,,x", "This row has 5 cells, the heading 4."),
        ("2026-02-03,months,1,none\x00", "roll: “none�” is unknown"),
        ('2026-02-03,"mon"ths,1,', "Line 2 cannot be read as CSV"),
        (f"2026-02-03,{'x' * 140_000},1,", "Line 2 cannot be read as CSV: field larger"),
    ],
)
def test_a_bad_row_says_why_and_the_others_are_answered(row: str, complaint: str) -> None:
    result, rows = batch(f"{HEADING}\n{row}\n2026-04-02,working_days,5,\n")
    assert result.exit_code == 1
    assert result.stderr == (
        "auditflow: 1 row of 2 could not be worked out; the error column says why.\n"
    )
    assert complaint in rows[0]["error"]
    assert (rows[0]["due"], rows[0]["overdue_from"]) == ("", "")
    assert (rows[1]["due"], rows[1]["error"]) == ("2026-04-13", "")


def test_other_columns_and_quoted_cells_come_back_as_they_were() -> None:
    note = 'a "word", a comma\nand a line'
    text = io.StringIO()
    csv.writer(text).writerows(
        [("note", *HEADING.split(",")), (note, "2026-04-02", "months", "1", "")]
    )
    result, rows = batch(text.getvalue())
    assert result.exit_code == 0
    assert (rows[0]["note"], rows[0]["due"]) == (note, "2026-05-05")


def test_bytes_that_are_no_utf8_pass_through_columns_that_are_not_ours() -> None:
    result = run("--batch", "-", stdin=b"id,from,rule,n,roll\n\xff\xe9,2026-04-02,months,1,\n")
    assert result.exit_code == 0
    assert b"\n\xff\xe9,2026-04-02,months,1,,2026-05-05," in result.stdout_bytes


def test_blank_rows_are_dropped() -> None:
    result, rows = batch(f"\n{HEADING}\n\n,,,\n  \n2026-04-02,months,1,\n\n")
    assert result.exit_code == 0
    assert [row["due"] for row in rows] == ["2026-05-05"]


def test_a_heading_alone_is_answered_by_a_heading_alone() -> None:
    result, rows = batch(HEADING)
    assert (result.exit_code, rows) == (0, [])
    assert result.stdout == f"{HEADING},due,overdue_from,error\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "the file is empty; begin it with from,rule,n,roll"),
        ("from,n\n2026-04-02,1\n", "missing: rule, roll."),
        ("from;rule;n;roll\n", "missing: from, rule, n, roll."),
        ("2026-04-02,months,1,\n", "missing: from, rule, n, roll."),
        (f"{HEADING},n\n", "the column n must not be there twice"),
        (f"{HEADING},due,overdue_from,error\n", "the column due must not be there twice"),
        ('from,"rule"x,n,roll\n', "Line 1 cannot be read as CSV"),
        (HEADING.encode("utf-16"), "missing: from, rule, n, roll."),
    ],
)
def test_a_file_without_its_columns_is_refused_whole(text: str | bytes, complaint: str) -> None:
    result = run("--batch", "-", stdin=text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert complaint in result.stderr


rules = st.tuples(
    st.dates(date(2013, 1, 1), date(2027, 6, 30)),
    st.sampled_from(["working_days", "months", "months_before"]),
    st.integers(1, 12),
    st.sampled_from([None, "next", "none", "previous"]),
)


def expected(since: date, rule: str, n: int, roll: Roll | None) -> str:
    if rule == "working_days":
        return due(WorkingDays(n), since, bundled()).isoformat()
    return due(Months(n if rule == "months" else -n, roll), since, bundled()).isoformat()


@given(st.lists(rules, min_size=1, max_size=30))
def test_a_batch_gives_what_one_at_a_time_gives(
    asked: list[tuple[date, str, int, Roll | None]],
) -> None:
    lines = [f"{since},{rule},{n},{roll or ''}" for since, rule, n, roll in asked]
    result, rows = batch("\n".join([HEADING, *lines]))
    assert result.exit_code == 0
    assert [row["due"] for row in rows] == [
        expected(since, rule, n, roll) for since, rule, n, roll in asked
    ]


@given(st.binary(max_size=200))
def test_no_rows_break_a_batch(junk: bytes) -> None:
    result = run("--batch", "-", stdin=HEADING.encode() + b"\n" + junk)
    assert result.exit_code in {0, 1}
    assert "defect" not in result.stderr


def test_more_rows_than_are_written_at_once() -> None:
    row = "2026-04-02,working_days,5,"
    result, rows = batch("\n".join([HEADING, *[row] * 5_001]))
    assert result.exit_code == 0
    assert {each["due"] for each in rows} == {"2026-04-13"}
    assert len(rows) == 5_001
