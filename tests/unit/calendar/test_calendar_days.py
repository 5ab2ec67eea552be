import json
from datetime import date, datetime, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditflow.calendar import Calendar, bundled
from auditflow.errors import BadInput, PastCalendar

DATA = Path(__file__).parents[2] / "data"
FIRST, LAST = date(2012, 1, 1), date(2028, 12, 31)
YEAR_2029 = {
    date(2029, 1, 1): "New Year’s Day",
    date(2029, 3, 30): "Good Friday",
    date(2029, 4, 2): "Easter Monday",
    date(2029, 5, 7): "Early May bank holiday",
    date(2029, 5, 28): "Spring bank holiday",
    date(2029, 8, 27): "Summer bank holiday",
    date(2029, 12, 25): "Christmas Day",
    date(2029, 12, 26): "Boxing Day",
}

days = st.dates(date(2013, 1, 1), date(2027, 12, 31))
counts = st.integers(1, 200)


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def walk(day: date, n: int, step: int) -> date:
    """The n-th working day after or before, by turning one leaf at a time."""
    closed = {holiday.day for holiday in bundled().holidays}
    while n:
        day += timedelta(step)
        n -= day.weekday() < 5 and day not in closed
    return day


def test_every_published_day_is_known_and_no_other() -> None:
    published = json.loads((DATA / "bank-holidays.moj.json").read_bytes())
    events = published["england-and-wales"]["events"]
    theirs = {(event["date"], event["title"], event["notes"]) for event in events}
    ours = {(each.day.isoformat(), each.title, each.note) for each in bundled().holidays}
    assert len(events) == 140
    assert ours == theirs


def test_working_days_agree_with_the_published_list() -> None:
    published = json.loads((DATA / "bank-holidays.moj.json").read_bytes())
    closed = {event["date"] for event in published["england-and-wales"]["events"]}
    for day in every_day(FIRST, LAST):
        expected = day.weekday() < 5 and day.isoformat() not in closed
        assert bundled().is_working_day(day) is expected, day


def test_working_days_agree_with_another_package() -> None:
    england = holidays.country_holidays("GB", subdiv="ENG", years=range(2012, 2029))
    for day in every_day(FIRST, LAST):
        expected = day.weekday() < 5 and day not in england
        assert bundled().is_working_day(day) is expected, day


@given(days, counts)
def test_adding_agrees_with_a_day_by_day_walk(day: date, n: int) -> None:
    assert bundled().add_working_days(day, n) == walk(day, n, 1)


@given(days, counts)
def test_subtracting_agrees_with_a_day_by_day_walk(day: date, n: int) -> None:
    assert bundled().subtract_working_days(day, n) == walk(day, n, -1)


@given(days, days)
def test_late_agrees_with_a_day_by_day_count(due: date, done: date) -> None:
    between = every_day(due + timedelta(1), done)
    expected = sum(bundled().is_working_day(day) for day in between)
    assert bundled().working_days_late(due, done) == expected


@given(days)
def test_rolling_agrees_with_a_day_by_day_walk(day: date) -> None:
    calendar = bundled()
    assert calendar.next_working_day(day) == walk(day, 1, 1)
    assert calendar.roll_forward(day) == walk(day - timedelta(1), 1, 1)
    assert calendar.roll_back(day) == walk(day + timedelta(1), 1, -1)


@given(days, counts)
def test_there_and_back_again_from_a_working_day(day: date, n: int) -> None:
    calendar = bundled()
    start = calendar.roll_forward(day)
    assert calendar.subtract_working_days(calendar.add_working_days(start, n), n) == start


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 9, 30), 4, date(2026, 1, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 1, 15), -13, date(2024, 12, 15)),
        (date(2026, 5, 17), 0, date(2026, 5, 17)),
    ],
)
def test_months_are_corresponding_dates(day: date, n: int, expected: date) -> None:
    assert Calendar.add_months(day, n) == expected


@pytest.mark.parametrize("n", [10**6, -(10**6), 10**30])
def test_months_beyond_all_calendars_are_refused(n: int) -> None:
    with pytest.raises(PastCalendar, match="no date that can be reckoned"):
        Calendar.add_months(date(2026, 4, 2), n)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 4), "Saturday"),
        (date(2026, 4, 5), "Sunday"),
        (date(2026, 12, 26), "Saturday"),
        (date(2026, 12, 28), "Boxing Day, substitute day"),
        (date(2012, 6, 5), "Queen’s Diamond Jubilee, extra bank holiday"),
        (date(2026, 4, 7), ""),
    ],
)
def test_why_closed(day: date, why: str) -> None:
    assert bundled().why_closed(day) == why


def test_past_the_end_every_sum_is_refused() -> None:
    calendar = bundled()
    last_open = date(2028, 12, 29)
    ends = "The calendar ends on 31 December 2028. Import a newer GOV.UK bank holiday file"
    assert calendar.add_working_days(date(2028, 12, 28), 1) == last_open
    for refused in (
        lambda: calendar.add_working_days(last_open, 1),
        lambda: calendar.add_working_days(last_open, 10**30),
        lambda: calendar.next_working_day(last_open),
        lambda: calendar.roll_forward(date(2028, 12, 30)),
        lambda: calendar.roll_back(date(2029, 1, 1)),
        lambda: calendar.is_working_day(date(2029, 1, 1)),
        lambda: calendar.why_closed(date(2029, 1, 6)),
        lambda: calendar.working_days_late(last_open, date(2029, 1, 2)),
        lambda: calendar.subtract_working_days(date.max, 1),
    ):
        with pytest.raises(PastCalendar, match=ends):
            refused()


def test_before_the_beginning_every_sum_is_refused() -> None:
    calendar = bundled()
    assert calendar.subtract_working_days(date(2012, 1, 4), 1) == date(2012, 1, 3)
    for refused in (
        lambda: calendar.subtract_working_days(date(2012, 1, 3), 1),
        lambda: calendar.subtract_working_days(date(2012, 1, 3), 10**30),
        lambda: calendar.roll_back(date(2012, 1, 2)),
        lambda: calendar.add_working_days(date(2011, 12, 31), 1),
        lambda: calendar.is_working_day(date.min),
        lambda: calendar.working_days_late(date(2011, 12, 30), date(2012, 1, 5)),
    ):
        with pytest.raises(PastCalendar, match="The calendar begins on 1 January 2012"):
            refused()


@pytest.mark.parametrize("n", [0, -1])
def test_no_day_is_the_nought_th(n: int) -> None:
    for count in (bundled().add_working_days, bundled().subtract_working_days):
        with pytest.raises(BadInput, match="give 1 or more"):
            count(date(2026, 4, 2), n)


def test_an_instant_is_not_taken_for_a_date() -> None:
    with pytest.raises(TypeError, match="london_date"):
        bundled().add_working_days(datetime(2026, 4, 2, 23, 30), 5)


def test_added_days_close_the_office_and_keep_every_other_day() -> None:
    closure = date(2026, 12, 24)
    grown = bundled().with_days(
        {closure: "Council closed", date(2026, 12, 25): "Renamed"}, source="settings"
    )
    assert grown.why_closed(closure) == "Council closed"
    assert grown.why_closed(date(2026, 12, 25)) == "Christmas Day"
    assert grown.next_working_day(date(2026, 12, 23)) == date(2026, 12, 29)
    assert {h.source for h in grown.holidays} == {"GOV.UK", "settings"}
    assert bundled().is_working_day(closure)
    assert grown.last == bundled().last


def test_a_further_year_is_believed_only_with_its_usual_days() -> None:
    grown = bundled().with_days(YEAR_2029, through=2029)
    assert grown.add_working_days(date(2028, 12, 29), 1) == date(2029, 1, 2)
    assert grown.last == date(2029, 12, 31)
    with pytest.raises(BadInput, match="through 2029: fewer than 8"):
        bundled().with_days({}, through=2029)
    with pytest.raises(BadInput, match="through 2030"):
        bundled().with_days(YEAR_2029, through=2030)


def test_days_of_a_year_not_yet_published_wait_for_it() -> None:
    early = bundled().with_days({date(2029, 1, 1): "New Year’s Day"})
    with pytest.raises(PastCalendar):
        early.is_working_day(date(2029, 1, 1))
    assert early.with_days(YEAR_2029, through=2029).why_closed(date(2029, 1, 1))


def test_an_earlier_last_year_takes_nothing_away() -> None:
    assert bundled().with_days({}, through=2020) == bundled()


def test_the_bundled_calendar_can_end_earlier() -> None:
    assert bundled(last_year=2027).last == date(2027, 12, 31)
    assert bundled(last_year=2027).with_days(
        {h.day: h.words for h in bundled().holidays}, through=2028
    ).next_working_day(date(2027, 12, 31)) == date(2028, 1, 4)
    for year in (2011, 2029):
        with pytest.raises(BadInput, match="2012 to 2028"):
            bundled(last_year=year)
