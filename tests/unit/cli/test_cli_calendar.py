import json

import pytest
from click.testing import CliRunner, Result

from auditflow.cli import main


def show(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["calendar", "show", *arguments])


def test_one_year_in_words() -> None:
    result = show("--year", "2026")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["Date", "Weekday", "Title", "Source"]
    assert lines[8] == "2026-12-28  Monday    Boxing Day, substitute day  GOV.UK"
    assert lines[-1] == "The calendar runs from 1 January 2012 to 31 December 2028."
    assert len(lines) == 11


def test_all_years_as_one_document() -> None:
    document = json.loads(show("--json").stdout)
    assert (document["first"], document["last"]) == ("2012-01-01", "2028-12-31")
    assert len(document["holidays"]) == 140
    assert document["holidays"][0] == {
        "date": "2012-01-02",
        "weekday": "Monday",
        "title": "New Year’s Day",
        "note": "Substitute day",
        "source": "GOV.UK",
    }


@pytest.mark.parametrize(
    ("year", "complaint"),
    [
        ("2031", "--year: 2031 is not in the calendar. The calendar runs from 1 January 2012"),
        ("2_026", "--year: “2_026” is not a whole number"),
    ],
)
def test_a_year_that_is_not_there(year: str, complaint: str) -> None:
    result = show("--year", year)
    assert (result.exit_code, result.stdout) == (2, "")
    assert complaint in result.stderr
