"""Dates worked out by the code that counts them, for readers to check with a wall calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from auditflow.audits import Level
from auditflow.calendar import (
    Calendar,
    Holiday,
    Limit,
    Months,
    WorkingDays,
    bundled,
    due,
    explain,
    long_day,
    month_name,
    overdue_from,
    utc_text,
)
from auditflow.errors import PastCalendar
from auditflow.handbook.markup import table
from auditflow.machines.charts import DUTIES
from auditflow.policy import Policy

_FIVE: Final = WorkingDays(5)
_MONTH: Final = Months(1)
_PRIOR: Final = Months(-1)

#: From when, and what each of these shows.
_DAYS: Final = (
    (date(2026, 4, 2), "Easter"),
    (date(2026, 12, 23), "a substitute day, 28 December, and New Year"),
    (date(2027, 3, 22), "Easter and the change of the clocks"),
    (date(2026, 2, 7), "an event on a Saturday: it is day 0 all the same"),
)
_MONTHS: Final = (
    (date(2026, 3, 10), "the same-numbered day"),
    (date(2025, 1, 31), "a month too short"),
    (date(2026, 1, 30), "a month too short, then rolled on over its end"),
    (date(2025, 2, 28), "the last day of one month is not the last of the next"),
    (date(2026, 4, 2), "rolled on over a weekend and a holiday"),
)
_MONTHS_BEFORE: Final = (
    (date(2026, 3, 1), "for the audit month of March: rolled back over a Sunday"),
    (date(2026, 2, 1), "for February: rolled back over New Year's Day"),
    (date(2026, 5, 1), "for May: a working day stays"),
)


def sums() -> str:
    """Sums of each kind, with the last day on time, and what follows if it is missed."""
    asked: list[tuple[Limit, date, str]] = [(_FIVE, d, why) for d, why in _DAYS]
    asked += [(_MONTH, d, why) for d, why in _MONTHS]
    asked += [(_PRIOR, d, why) for d, why in _MONTHS_BEFORE]
    headings = (
        "The sum → the last day on time",
        "Late from 00:00 of",
        "If missed, the clock acts on",
        "Shows",
    )
    return table(headings, (_sum(*one) for one in asked))


def _sum(limit: Limit, since: date, why: str) -> Sequence[str]:
    calendar = bundled()
    last = due(limit, since, calendar)
    after = last + timedelta(days=1)
    return explain(limit, since, calendar), long_day(after), _raised(last), why


def _raised(last: date) -> str:
    return long_day(bundled().next_working_day(last))


def last_moments() -> str:
    """The last moment of a day on time by the clock on the wall and in UTC, summer and winter."""
    days = (date(2027, 3, 31), date(2026, 10, 26))
    rows = (
        (long_day(d), "23:59:59", utc_text(overdue_from(d) - timedelta(seconds=1))) for d in days
    )
    return table(
        ("Last day on time", "Its last moment in the UK", "The same in UTC (Greenwich time)"), rows
    )


def ordinary() -> str:
    """An audit of March 2026 from the distribution to its closing, date by date."""
    return table(("What", "When", "How it is counted"), _ordinary())


def _ordinary() -> Iterator[Sequence[str]]:
    month, given, held = date(2026, 3, 1), date(2026, 1, 28), date(2026, 3, 10)
    reviewed, done = date(2026, 3, 31), date(2026, 4, 30)
    yield _step("distribute", month)
    yield "Distributed", long_day(given), "in time"
    yield _step("arrange_meeting", given)
    last = Calendar.add_months(month, 1) - timedelta(days=1)
    yield "Hold the audit by", long_day(last), "the last day of the audit month, not moved"
    yield "Held", long_day(held), "the next three limits count from here"
    yield _step("submit", held)
    yield _step("immediate_action", held)
    yield _step("supervision_review", held)
    yield "Reviewed in supervision", long_day(reviewed), "in time"
    months = Months(Policy().action_cap_months)
    yield "Agreed actions are due by (the cap)", *_counted(months, reviewed)
    yield "All is done and filed", long_day(done), "goes on to verification that day"
    yield _step("verify", done)


def _step(name: str, since: date) -> Sequence[str]:
    duty = DUTIES[name]
    return f"{duty.title} by", *_counted(duty.within, since)


def _counted(limit: Limit, since: date) -> Sequence[str]:
    calendar = bundled()
    return long_day(due(limit, since, calendar)), explain(limit, since, calendar)


def climb() -> str:
    """An immediate action that nobody does, and an escalation that nobody answers."""
    return table(("When", "What", "Until"), _climb())


def _climb() -> Iterator[Sequence[str]]:
    calendar, held = bundled(), date(2025, 12, 19)
    limit = DUTIES["immediate_action"].within
    last = due(limit, held, calendar)
    yield long_day(held), "the audit is held; the immediate action counts from it", long_day(last)
    window = DUTIES["answer"].within
    for level in (Level.L2, Level.L3, Level.L4):
        told = calendar.next_working_day(last)
        last = due(window, told, calendar)
        what = "T3 is raised at level 2" if level is Level.L2 else f"passed up to level {level}"
        yield long_day(told), f"{what}, which is told: day 0", long_day(last)
    told = calendar.next_working_day(last)
    yield long_day(told), "passed up to level 5", "stays open"


def lateness() -> str:
    """How late something is: counted from its last day on time to the day it was done."""
    rows = (
        (long_day(last), long_day(done), f"{bundled().working_days_late(last, done)}")
        for last, done in (
            (date(2025, 12, 30), date(2026, 1, 6)),
            (date(2026, 3, 17), date(2026, 3, 16)),
            (date(2026, 3, 17), date(2026, 3, 25)),
            (date(2026, 7, 10), date(2026, 7, 30)),
        )
    )
    return table(("Last day on time", "Done", "Late by, in working days"), rows)


def past_the_end() -> str:
    """What is said of a sum that runs past the calendar: one that ended with 2027."""
    try:
        due(_FIVE, date(2027, 12, 24), bundled(2027))
    except PastCalendar as refusal:
        return f"“{refusal}”"
    raise AssertionError("a sum past the calendar must be refused")


def beyond_it() -> str:
    """The same sum once the next year is known."""
    return explain(_FIVE, date(2027, 12, 24), bundled())


def new_holiday() -> str:
    """A deadline before and after a day is added to the calendar."""
    held, added = date(2026, 6, 10), date(2026, 6, 15)
    more = bundled().with_days({added: "a day proclaimed"})
    before, after = (due(_FIVE, held, c) for c in (bundled(), more))
    return (
        f"held {long_day(held)}, immediate action due {long_day(before)}; {long_day(added)} is"
        f" proclaimed a holiday: due {long_day(after)}"
    )


def cap() -> str:
    """The cap of an agreed action before and after the review in supervision."""
    held, reviewed = date(2025, 10, 14), date(2025, 10, 30)
    before = due(DUTIES["supervision_review"].within, held, bundled())
    after = due(Months(Policy().action_cap_months), reviewed, bundled())
    return (
        f"held {long_day(held)}, the cap is {long_day(before)}; reviewed on {long_day(reviewed)},"
        f" the cap of what is added then is {long_day(after)}"
    )


def concern() -> str:
    """A concern raised on a Friday: its two limits, and what happens at midnight."""
    raised = date(2026, 7, 3)
    acts = due(DUTIES["act_on_concern"].within, raised, bundled())
    first, second = (long_day(d + timedelta(days=1)) for d in (raised, acts))
    return (
        f"{long_day(raised)}: acknowledge by the end of that day, otherwise it is at level 4 at"
        f" 00:00 of {first}; record what was done by the end of {long_day(acts)}, otherwise it"
        f" moves up at 00:00 of {second}"
    )


def recorded_late() -> str:
    """An immediate action done in time and recorded late, with the day it was done and without."""
    held, done, recorded = date(2026, 3, 10), date(2026, 3, 16), date(2026, 3, 25)
    last = due(DUTIES["immediate_action"].within, held, bundled())
    late = bundled().working_days_late(last, recorded)
    return (
        f"an immediate action due {long_day(last)}, done on {long_day(done)} and recorded on"
        f" {long_day(recorded)}: T3 was raised on {_raised(last)}; with the day it was done it is"
        f" in time, without that day late by {late}"
    )


def six_months() -> str:
    """The days between which an export of six months lies."""
    until = date(2026, 6, 8)
    since = Calendar.add_months(until, -6)
    return f"from {long_day(since)} to {long_day(until)}"


def reaudit() -> str:
    """When the re-audit of an Inadequate case falls due, and when it is made."""
    held, months = date(2026, 3, 5), Policy().reaudit_months
    again = Calendar.add_months(held, months)
    made = due(_PRIOR, again.replace(day=1), bundled())
    return (
        f"held {long_day(held)}, to be audited again on {long_day(again)}, so in"
        f" {month_name(again)}; that audit is made on {long_day(made)}"
    )


def holidays() -> str:
    """Every bank holiday the calendar has, a row for each year."""
    years: dict[int, list[str]] = {}
    for holiday in bundled().holidays:
        years.setdefault(holiday.day.year, []).append(_named(holiday))
    rows = ((str(year), ", ".join(days)) for year, days in years.items())
    return table(("Year", "Bank holidays of England and Wales"), rows)


def _named(holiday: Holiday) -> str:
    """The day, with what GOV.UK notes of it; Good Friday by its name, for it moves."""
    moves = holiday.title if holiday.title == "Good Friday" else ""
    note = holiday.note.lower() or moves
    day = f"{holiday.day.day} {month_name(holiday.day)[:3]}"
    return f"{day} ({note})" if note else day
