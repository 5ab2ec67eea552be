"""A deadline's sum, so that anybody can check it by hand with a wall calendar."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import assert_never

from auditflow.calendar.days import Calendar
from auditflow.calendar.limits import By, Limit, Months, WorkingDays, due
from auditflow.calendar.words import long_day, number_of, short_day, weekday_name

_MOST_NAMED = 31
"""More closed days than this are counted, not named: the sentence must stay readable."""

ClosedDay = tuple[date, str]


def skipped(limit: Limit, since: date, calendar: Calendar) -> tuple[ClosedDay, ...]:
    """
    The closed days the sum passes over, in order of date, each with its reason.

    For working days those between `since` and the due date; for months those from the
    corresponding date to the working day it is rolled to; for a date that stays put none.
    """
    end = due(limit, since, calendar)
    match limit:
        case WorkingDays():
            return tuple(_closed(since + timedelta(1), end, calendar))
        case Months(roll="none") | By():
            return ()
        case Months():
            start = calendar.add_months(since, limit.n)
            return tuple(_closed(min(start, end), max(start, end), calendar))
        case _:
            assert_never(limit)


def explain(limit: Limit, since: date, calendar: Calendar) -> str:
    """
    The sum in one sentence, ending in the due date.

    "5 working days from Thu 2 April: skipping Fri 3 (Good Friday), Sat 4, Sun 5, Mon 6 (Easter
    Monday), Sat 11, Sun 12 → Mon 13 April 2026". The starting year is told when it is another.
    """
    end = due(limit, since, calendar)
    if isinstance(limit, By):
        return f"{long_day(end)}, as typed"
    start = short_day(since) if since.year == end.year else long_day(since)
    opening = f"{_opening(limit)} {start}"
    closed = skipped(limit, since, calendar)
    if isinstance(limit, WorkingDays):
        steps = f"skipping {_named(closed, since)}" if closed else ""
    else:
        steps = _month_steps(limit, since, closed, calendar)
    return f"{opening}{': ' if steps else ''}{steps} → {long_day(end)}"


def _closed(start: date, end: date, calendar: Calendar) -> Iterator[ClosedDay]:
    """The closed days from `start` to `end`, both ends included."""
    for at in range((end - start).days + 1):
        day = start + timedelta(at)
        if why := calendar.why_closed(day):
            yield day, why


def _opening(limit: WorkingDays | Months) -> str:
    if isinstance(limit, WorkingDays):
        return f"{limit.words} from"
    return f"{number_of(abs(limit.n), 'month')} {'from' if limit.n > 0 else 'before'}"


def _month_steps(
    limit: Months, since: date, closed: tuple[ClosedDay, ...], calendar: Calendar
) -> str:
    corresponding = calendar.add_months(since, limit.n)
    clamped = "clamped to the month's last day" if corresponding.day != since.day else ""
    return ", ".join(filter(None, (clamped, _rolling(limit, corresponding, closed, calendar))))


def _rolling(
    limit: Months, corresponding: date, closed: tuple[ClosedDay, ...], calendar: Calendar
) -> str:
    why = calendar.why_closed(corresponding)
    if not why:
        return ""
    first = _named([(corresponding, why)], None)
    if limit.roll == "none":
        return f"{first}, not rolled"
    way, walked = ("on", closed[1:]) if limit.roll == "next" else ("back", closed[-2::-1])
    over = f" over {_named(walked, corresponding)}" if walked else ""
    return f"{first}, rolled {way}{over}"


def _named(closed: Iterable[ClosedDay], after: date | None) -> str:
    """Each day with its reason; the month only where it differs from the day told before."""
    days = tuple(closed)
    if len(days) > _MOST_NAMED:
        weekend = sum(why == weekday_name(day) for day, why in days)
        return f"{weekend:,} Saturdays and Sundays and {number_of(len(days) - weekend, 'holiday')}"
    told = []
    for day, why in days:
        same_month = after is not None and (after.year, after.month) == (day.year, day.month)
        name = short_day(day).rpartition(" ")[0] if same_month else short_day(day)
        told.append(name if why == weekday_name(day) else f"{name} ({why})")
        after = day
    return ", ".join(told)
