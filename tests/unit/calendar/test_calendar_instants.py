from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditflow.calendar import (
    LONDON,
    bundled,
    london_date,
    overdue_from,
    parse_date,
    parse_instant,
    raise_from,
    start_of_day,
    utc_text,
)
from auditflow.errors import BadInput

days = st.dates(date(2012, 1, 1), date(2100, 12, 30))


@pytest.mark.parametrize(
    ("due", "last_instant"),
    [
        ("2027-03-31", "2027-03-31T22:59:59Z"),
        ("2026-10-26", "2026-10-26T23:59:59Z"),
        ("2026-10-24", "2026-10-24T22:59:59Z"),
        ("2026-10-25", "2026-10-25T23:59:59Z"),
        ("2026-03-28", "2026-03-28T23:59:59Z"),
        ("2026-03-29", "2026-03-29T22:59:59Z"),
    ],
)
def test_the_last_instant_in_time(due: str, last_instant: str) -> None:
    overdue = overdue_from(date.fromisoformat(due))
    assert utc_text(overdue - timedelta(seconds=1)) == last_instant


def test_s7_completed_around_midnight_in_summer_time() -> None:
    overdue = overdue_from(date(2027, 3, 31))
    assert parse_instant("2027-03-31T23:30+01:00", "at") < overdue
    late = parse_instant("2027-03-31T23:10:00Z", "at")
    assert late >= overdue
    assert london_date(late) == date(2027, 4, 1)


def test_s8_completed_the_day_after_the_clocks_went_back() -> None:
    done = parse_instant("2026-10-26T23:30:00Z", "at")
    assert done < overdue_from(date(2026, 10, 26))
    assert london_date(done) == date(2026, 10, 26)


@given(days)
def test_overdue_is_always_midnight_in_london(due: date) -> None:
    overdue = overdue_from(due)
    there = overdue.astimezone(LONDON)
    assert overdue.tzinfo is UTC
    assert (there.time(), there.date()) == (time(0), due + timedelta(1))
    assert london_date(overdue - timedelta(microseconds=1)) == due
    assert overdue == start_of_day(due + timedelta(1))


@given(days, st.integers(3, 23))
def test_a_cut_off_bites_at_that_moment(due: date, hour: int) -> None:
    there = overdue_from(due, time(hour)).astimezone(LONDON)
    assert (there.date(), there.time()) == (due, time(hour))


def test_a_cut_off_at_five() -> None:
    assert utc_text(overdue_from(date(2026, 7, 1), time(17))) == "2026-07-01T16:00:00Z"
    assert utc_text(overdue_from(date(2026, 1, 7), time(17))) == "2026-01-07T17:00:00Z"
    with pytest.raises(ValueError, match="without a zone"):
        overdue_from(date(2026, 7, 1), time(17, tzinfo=UTC))


def test_raised_at_the_start_of_the_next_working_day() -> None:
    assert utc_text(raise_from(date(2026, 7, 10), bundled())) == "2026-07-12T23:00:00Z"
    assert utc_text(raise_from(date(2025, 12, 24), bundled())) == "2025-12-29T00:00:00Z"


def test_the_last_day_of_all_has_no_overdue() -> None:
    with pytest.raises(BadInput, match="earlier date"):
        overdue_from(date.max)


def test_a_naive_time_is_refused() -> None:
    for use in (london_date, utc_text):
        with pytest.raises(ValueError, match="naive"):
            use(datetime(2026, 3, 17, 10))


def test_instants_are_written_in_utc() -> None:
    summer = datetime(2026, 7, 1, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    assert utc_text(summer) == "2026-07-01T08:30:00Z"
    assert utc_text(summer.replace(microsecond=5)) == "2026-07-01T08:30:00.000005Z"


def test_a_date_is_read() -> None:
    assert parse_date("2024-02-29", "--from") == date(2024, 2, 29)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20240229",
        "2024-W09-4",
        "2024-W094",
        "2024-060",
        "2024-2-29",
        "2023-02-29",
        "2026-02-31",
        "2026-13-01",
        "0000-01-01",
        "31/02/2026",
        "03/04/2024",
        "29.02.2024",
        "٢٠٢٤-٠٢-٢٩",
        "２０２４-02-29",
        "2024-02-2²",
        "2_24-02-29",
        " 2024-02-29",
        "2024-02-29 ",
        "2024-02-29\n",
        "2024-02-29\x00",
        "2024-02-29T00:00",
        "+2024-02-29",
        "-024-02-29",
        "2024–02–29",
        "Friday",
        "12",
        "today",
    ],
)
def test_no_other_way_of_writing_a_date_is_taken(text: str) -> None:
    with pytest.raises(BadInput, match=r"^--from: “.*” is not a date; write it as 2026-02-28\.$"):
        parse_date(text, "--from")


def complaint(text: str) -> str:
    try:
        assert parse_date(text, "--from").isoformat() == text
    except BadInput as refused:
        return str(refused)
    return ""


@given(st.text())
def test_whatever_is_typed_is_a_date_or_refused_in_one_printable_line(text: str) -> None:
    said = complaint(text)
    assert said.isprintable()
    assert len(said) < 120


@given(st.dates())
def test_every_date_is_read_back(day: date) -> None:
    assert parse_date(day.isoformat(), "--from") == day


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-17T10:00:00Z", "2026-03-17T10:00:00Z"),
        ("2026-03-17T10:00Z", "2026-03-17T10:00:00Z"),
        ("2026-07-17T10:00:00+01:00", "2026-07-17T09:00:00Z"),
        ("2026-07-17T10:00:00.250-05:30", "2026-07-17T15:30:00.250000Z"),
        ("2026-03-17T10:00", "2026-03-17T10:00:00Z"),
        ("2026-07-17T10:00", "2026-07-17T09:00:00Z"),
        ("2026-07-17T10:00:30", "2026-07-17T09:00:30Z"),
        ("2026-10-25T01:30+01:00", "2026-10-25T00:30:00Z"),
        ("2026-10-25T01:30Z", "2026-10-25T01:30:00Z"),
        ("2026-10-25T00:59", "2026-10-24T23:59:00Z"),
        ("2026-10-25T02:00", "2026-10-25T02:00:00Z"),
        ("2026-03-29T00:59", "2026-03-29T00:59:00Z"),
        ("2026-03-29T02:00", "2026-03-29T01:00:00Z"),
    ],
)
def test_an_instant_is_read(text: str, utc: str) -> None:
    instant = parse_instant(text, "--now")
    assert instant.tzinfo is UTC
    assert utc_text(instant) == utc


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-17",
        "2026-03-17 10:00",
        "2026-03-17T10",
        "2026-03-17T24:00Z",
        "2026-03-17T10:60Z",
        "2026-03-17T10:00:61Z",
        "2026-03-17t10:00z",
        "20260317T100000Z",
        "2026-W12-2T10:00Z",
        "2026-02-30T10:00Z",
        "2026-03-17T10:00+25:00",
        "2026-03-17T10:00+0100",
        "2026-03-17T10:00 Europe/London",
        "٢٠٢٦-03-17T10:00Z",
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:59-14:00",
        "now",
    ],
)
def test_no_other_way_of_writing_an_instant_is_taken(text: str) -> None:
    with pytest.raises(BadInput, match=r"^--now: “.*” is not a date and time; write it as "):
        parse_instant(text, "--now")


@pytest.mark.parametrize("text", ["2026-03-29T01:00", "2026-03-29T01:59", "2024-03-31T01:30"])
def test_a_time_that_never_was_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="the clocks went forward over it; give the offset"):
        parse_instant(text, "--now")


@pytest.mark.parametrize("text", ["2026-10-25T01:00", "2026-10-25T01:59", "2024-10-27T01:30"])
def test_a_time_that_came_twice_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="came twice in London") as refused:
        parse_instant(text, "--now")
    assert f"{text}+01:00 for the first" in str(refused.value)
