"""Dates worked out by hand and by others' counters: every answer the guidance was given."""

from datetime import date

import pytest

from auditflow.calendar import (
    By,
    Limit,
    Months,
    WorkingDays,
    bundled,
    due,
    london_date,
    raise_from,
    weekday_name,
)
from auditflow.errors import PastCalendar

IMMEDIATE = WorkingDays(5)
REVIEW = Months(1)


def on(text: str) -> date:
    """ "Fri 2025-01-31", whose weekday must be right."""
    weekday, _, day = text.partition(" ")
    parsed = date.fromisoformat(day)
    assert weekday_name(parsed).startswith(weekday), text
    return parsed


@pytest.mark.parametrize(
    ("since", "five_days", "month", "month_unrolled"),
    [
        ("Fri 2025-01-31", "Fri 2025-02-07", "Fri 2025-02-28", "Fri 2025-02-28"),
        ("Fri 2025-02-28", "Fri 2025-03-07", "Fri 2025-03-28", "Fri 2025-03-28"),
        ("Thu 2025-07-24", "Thu 2025-07-31", "Tue 2025-08-26", "Sun 2025-08-24"),
        ("Fri 2025-11-28", "Fri 2025-12-05", "Mon 2025-12-29", "Sun 2025-12-28"),
        ("Fri 2025-12-19", "Tue 2025-12-30", "Mon 2026-01-19", "Mon 2026-01-19"),
        ("Wed 2025-12-24", "Mon 2026-01-05", "Mon 2026-01-26", "Sat 2026-01-24"),
        ("Fri 2026-01-30", "Fri 2026-02-06", "Mon 2026-03-02", "Sat 2026-02-28"),
        ("Fri 2026-03-27", "Tue 2026-04-07", "Mon 2026-04-27", "Mon 2026-04-27"),
        ("Tue 2026-03-31", "Thu 2026-04-09", "Thu 2026-04-30", "Thu 2026-04-30"),
        ("Thu 2026-04-02", "Mon 2026-04-13", "Tue 2026-05-05", "Sat 2026-05-02"),
        ("Thu 2026-04-30", "Fri 2026-05-08", "Mon 2026-06-01", "Sat 2026-05-30"),
        ("Fri 2026-05-22", "Mon 2026-06-01", "Mon 2026-06-22", "Mon 2026-06-22"),
        ("Wed 2026-12-23", "Mon 2027-01-04", "Mon 2027-01-25", "Sat 2027-01-23"),
        ("Thu 2026-12-31", "Fri 2027-01-08", "Mon 2027-02-01", "Sun 2027-01-31"),
        ("Fri 2027-01-29", "Fri 2027-02-05", "Mon 2027-03-01", "Sun 2027-02-28"),
        ("Mon 2027-03-22", "Wed 2027-03-31", "Thu 2027-04-22", "Thu 2027-04-22"),
        ("Fri 2027-12-24", "Wed 2028-01-05", "Mon 2028-01-24", "Mon 2028-01-24"),
    ],
)
def test_five_days_and_one_month(
    since: str, five_days: str, month: str, month_unrolled: str
) -> None:
    calendar = bundled()
    assert due(IMMEDIATE, on(since), calendar) == on(five_days)
    assert due(REVIEW, on(since), calendar) == on(month)
    assert due(Months(1, roll="none"), on(since), calendar) == on(month_unrolled)


@pytest.mark.parametrize(
    ("month", "distribute"),
    [
        ("2026-01", "Mon 2025-12-01"),
        ("2026-02", "Wed 2025-12-31"),
        ("2026-03", "Fri 2026-01-30"),
        ("2026-04", "Fri 2026-02-27"),
        ("2026-05", "Wed 2026-04-01"),
        ("2026-06", "Fri 2026-05-01"),
        ("2026-07", "Mon 2026-06-01"),
        ("2026-08", "Wed 2026-07-01"),
        ("2026-09", "Fri 2026-07-31"),
        ("2026-10", "Tue 2026-09-01"),
        ("2026-11", "Thu 2026-10-01"),
        ("2026-12", "Fri 2026-10-30"),
        ("2027-01", "Tue 2026-12-01"),
        ("2027-02", "Thu 2026-12-31"),
    ],
)
def test_distribution_one_month_prior(month: str, distribute: str) -> None:
    assert due(Months(-1), date.fromisoformat(f"{month}-01"), bundled()) == on(distribute)


@pytest.mark.parametrize(
    ("scenario", "limit", "since", "expected"),
    [
        ("S1 booking reminder", IMMEDIATE, "Wed 2026-01-28", "Wed 2026-02-04"),
        ("S1 action", IMMEDIATE, "Tue 2026-03-10", "Tue 2026-03-17"),
        ("S1 review", REVIEW, "Tue 2026-03-10", "Fri 2026-04-10"),
        ("S1 cap", REVIEW, "Tue 2026-03-31", "Thu 2026-04-30"),
        ("S1 verify", IMMEDIATE, "Thu 2026-04-30", "Fri 2026-05-08"),
        ("S2 window", IMMEDIATE, "Wed 2025-12-31", "Thu 2026-01-08"),
        ("S3 L3 window", IMMEDIATE, "Fri 2026-01-09", "Fri 2026-01-16"),
        ("S3 L4 window", IMMEDIATE, "Mon 2026-01-19", "Mon 2026-01-26"),
        ("S8 action", IMMEDIATE, "Mon 2026-10-19", "Mon 2026-10-26"),
        ("S8 review", REVIEW, "Mon 2026-10-19", "Thu 2026-11-19"),
        ("S11 action", IMMEDIATE, "Tue 2026-10-06", "Tue 2026-10-13"),
        ("S11 review", REVIEW, "Tue 2026-10-06", "Fri 2026-11-06"),
        ("S12 L2 window", IMMEDIATE, "Mon 2025-12-01", "Mon 2025-12-08"),
        ("S12 L3 window", IMMEDIATE, "Tue 2025-12-09", "Tue 2025-12-16"),
        ("S12 L4 window", IMMEDIATE, "Wed 2025-12-17", "Wed 2025-12-24"),
        ("S13 action", IMMEDIATE, "Thu 2026-01-15", "Thu 2026-01-22"),
        ("S13 review", REVIEW, "Thu 2026-01-15", "Mon 2026-02-16"),
        ("S14 moderation", IMMEDIATE, "Thu 2026-03-05", "Thu 2026-03-12"),
        ("S14 review", REVIEW, "Thu 2026-03-05", "Tue 2026-04-07"),
        ("S14 re-audit", Months(3), "Thu 2026-03-05", "Fri 2026-06-05"),
        ("S14 L4 window", IMMEDIATE, "Thu 2026-03-19", "Thu 2026-03-26"),
        ("S15 action", IMMEDIATE, "Fri 2026-07-03", "Fri 2026-07-10"),
        ("S15 safeguarding", WorkingDays(1), "Fri 2026-07-03", "Mon 2026-07-06"),
        ("S16 cap", REVIEW, "Fri 2026-06-12", "Mon 2026-07-13"),
        ("S16 window", IMMEDIATE, "Mon 2026-07-13", "Mon 2026-07-20"),
        ("S17 action", IMMEDIATE, "Tue 2025-10-14", "Tue 2025-10-21"),
        ("S17 review", REVIEW, "Tue 2025-10-14", "Fri 2025-11-14"),
        ("S17 typed", By(), "Sat 2025-11-15", "Sat 2025-11-15"),
        ("S18 L2 window", IMMEDIATE, "Wed 2025-08-27", "Wed 2025-09-03"),
        ("S18 L3 window", IMMEDIATE, "Thu 2025-09-04", "Thu 2025-09-11"),
        ("S19 action", IMMEDIATE, "Tue 2026-05-12", "Tue 2026-05-19"),
        ("S19 review", REVIEW, "Tue 2026-05-12", "Fri 2026-06-12"),
        ("S23 before", IMMEDIATE, "Wed 2026-06-10", "Wed 2026-06-17"),
    ],
)
def test_scenario_deadlines(scenario: str, limit: Limit, since: str, expected: str) -> None:
    assert due(limit, on(since), bundled()) == on(expected), scenario


@pytest.mark.parametrize(
    ("scenario", "missed", "raised"),
    [
        ("S2", "Tue 2025-12-30", "Wed 2025-12-31"),
        ("S3 L3", "Thu 2026-01-08", "Fri 2026-01-09"),
        ("S3 L4", "Fri 2026-01-16", "Mon 2026-01-19"),
        ("S3 review", "Mon 2026-01-19", "Tue 2026-01-20"),
        ("S3 L5", "Mon 2026-01-26", "Tue 2026-01-27"),
        ("S12 audit", "Sun 2025-11-30", "Mon 2025-12-01"),
        ("S12 L5", "Wed 2025-12-24", "Mon 2025-12-29"),
        ("S14 moderation", "Thu 2026-03-12", "Fri 2026-03-13"),
        ("S16", "Fri 2026-07-10", "Mon 2026-07-13"),
        ("S18 review", "Tue 2025-08-26", "Wed 2025-08-27"),
        ("S18 L4", "Thu 2025-09-11", "Fri 2025-09-12"),
    ],
)
def test_a_miss_is_raised_on_the_next_working_day(scenario: str, missed: str, raised: str) -> None:
    assert bundled().next_working_day(on(missed)) == on(raised), scenario
    assert london_date(raise_from(on(missed), bundled())) == on(raised), scenario


@pytest.mark.parametrize(
    ("scenario", "missed", "done", "late"),
    [
        ("S2", "Tue 2025-12-30", "Tue 2026-01-06", 4),
        ("S2 in time", "Tue 2025-12-30", "Tue 2025-12-30", 0),
        ("S7", "Wed 2027-03-31", "Thu 2027-04-01", 1),
        ("S11", "Fri 2026-07-31", "Tue 2026-08-04", 2),
        ("S16", "Fri 2026-07-10", "Thu 2026-07-30", 14),
        ("S18", "Tue 2025-08-26", "Tue 2025-09-09", 10),
        ("S21", "Tue 2026-03-17", "Wed 2026-03-25", 6),
        ("done on the weekend after", "Fri 2026-07-10", "Sun 2026-07-12", 0),
    ],
)
def test_late_by(scenario: str, missed: str, done: str, late: int) -> None:
    assert bundled().working_days_late(on(missed), on(done)) == late, scenario


def test_s22_with_only_2027_known_nothing_is_guessed() -> None:
    calendar = bundled(last_year=2027)
    for limit in (IMMEDIATE, REVIEW, Months(1, roll="none")):
        with pytest.raises(PastCalendar, match="The calendar ends on 31 December 2027"):
            due(limit, on("Fri 2027-12-24"), calendar)


def test_s23_a_day_proclaimed_later_moves_the_deadline() -> None:
    grown = bundled().with_days({date(2026, 6, 15): "One-off bank holiday"})
    assert due(IMMEDIATE, on("Wed 2026-06-10"), grown) == on("Thu 2026-06-18")
    assert due(IMMEDIATE, on("Wed 2026-06-10"), bundled()) == on("Wed 2026-06-17")
