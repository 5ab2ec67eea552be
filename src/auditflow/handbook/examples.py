"""Dates worked out by the code that counts them, for readers to check with a wall calendar.

Each is asked for by a blank of a text: `{due:2026-03-10 submit}` is the last day on time of the
duty `submit` counted from that day. A duty named behind another counts from the day on which the
clock acts on the one before, nobody having met it.
"""

from datetime import date, timedelta

from auditflow.calendar import (
    Calendar,
    Holiday,
    Limit,
    Months,
    bundled,
    explain,
    long_day,
    month_name,
    overdue_from,
    utc_text,
)
from auditflow.calendar import due as last_day
from auditflow.errors import PastCalendar
from auditflow.handbook.markup import table
from auditflow.machines.charts import DUTIES
from auditflow.policy import Policy


def day(since: str) -> str:
    """A day with its weekday."""
    return long_day(date.fromisoformat(since))


def due(since: str, *owed: str) -> str:
    """The last day on time."""
    return long_day(_last(since, owed))


def after(since: str, *owed: str) -> str:
    """The day from whose 00:00 it is late."""
    return long_day(_last(since, owed) + timedelta(days=1))


def acts(since: str, *owed: str) -> str:
    """The day on which the clock acts if it is missed."""
    return long_day(bundled().next_working_day(_last(since, owed)))


def counted(since: str, *owed: str) -> str:
    """The sum that comes to the last day on time."""
    *before, name = owed
    return explain(_limit(name), _told(since, before), bundled())


def reckoned(since: str, owed: str) -> str:
    """Three cells of a row: the sum, from when it is late, and when the clock acts."""
    return " | ".join(f(since, owed) for f in (counted, after, acts))


def late_by(done: str, since: str, *owed: str) -> str:
    """How late a thing is, in working days."""
    return str(bundled().working_days_late(_last(since, owed), date.fromisoformat(done)))


def in_months(since: str, months: str) -> str:
    """The same-numbered day so many months later, or earlier; not rolled."""
    return long_day(Calendar.add_months(date.fromisoformat(since), int(months)))


def last_moment(since: str) -> str:
    """The last moment of a day in UTC."""
    return utc_text(overdue_from(date.fromisoformat(since)) - timedelta(seconds=1))


def _last(since: str, owed: tuple[str, ...] | list[str]) -> date:
    if not owed:
        return date.fromisoformat(since)
    *before, name = owed
    return last_day(_limit(name), _told(since, before), bundled())


def _told(since: str, before: list[str]) -> date:
    """The day from which what follows these counts."""
    missed = _last(since, before)
    return bundled().next_working_day(missed) if before else missed


def _limit(name: str) -> Limit:
    return Months(Policy().action_cap_months) if name == "action_cap" else DUTIES[name].within


def past_the_end(year: str, since: str, name: str) -> str:
    """What is said of a sum that runs past a calendar which ends with a year."""
    try:
        last_day(_limit(name), date.fromisoformat(since), bundled(int(year)))
    except PastCalendar as refusal:
        return f"“{refusal}”"
    raise AssertionError("a sum past the calendar must be refused")


def proclaimed(holiday: str, since: str, name: str) -> str:
    """The last day on time once a day is added to the calendar."""
    more = bundled().with_days({date.fromisoformat(holiday): "a day proclaimed"})
    return long_day(last_day(_limit(name), date.fromisoformat(since), more))


def reaudit(held: str) -> str:
    """When the re-audit of an Inadequate case falls due, and when it is made."""
    again = Calendar.add_months(date.fromisoformat(held), Policy().reaudit_months)
    made = due(again.replace(day=1).isoformat(), "distribute")
    return (
        f"to be audited again on {long_day(again)}, so in {month_name(again)}; that audit is made"
        f" on {made}"
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
