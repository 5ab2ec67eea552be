"""Dates in London and instants in UTC, to and from what people type: rules TR1, TR6 and TR7."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from auditflow.calendar.days import Calendar
from auditflow.calendar.words import shown
from auditflow.errors import BadInput

LONDON = ZoneInfo("Europe/London")
"""Where all dates are civil dates (TR1)."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_DAY = timedelta(days=1)


def start_of_day(day: date) -> datetime:
    """00:00 in London on this day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


def overdue_from(due: date, cutoff: time | None = None) -> datetime:
    """
    The first instant, in UTC, at which what was due on this day is late (TR6).

    Without a cut-off 00:00 London on the day after; with one (17:00, a local choice) that very
    moment on the due date. Raises BadInput for the last day there is, which has no day after.
    """
    if cutoff is not None:
        if cutoff.tzinfo is not None:
            raise ValueError("a cut-off is London time by the clock; give it without a zone")
        return datetime.combine(due, cutoff, LONDON).astimezone(UTC)
    if due == date.max:
        raise BadInput(f"{due} has no day after it; give an earlier date.")
    return start_of_day(due + _DAY)


def raise_from(due: date, calendar: Calendar) -> datetime:
    """
    When a missed deadline becomes an escalation (TR7), in UTC.

    00:00 London on the first working day after the due date. Raises PastCalendar.
    """
    return start_of_day(calendar.next_working_day(due))


def london_date(instant: datetime) -> date:
    """The date in London at this instant (TR1)."""
    return _aware(instant).astimezone(LONDON).date()


def utc_text(instant: datetime) -> str:
    """The instant as it is stored and shown to machines: "2026-03-31T22:59:59Z"."""
    return _aware(instant).astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def parse_date(text: str, field: str) -> date:
    """
    A date written YYYY-MM-DD and no other way.

    Raises BadInput naming `field` and what was typed. `date.fromisoformat` alone would also take
    20240229 and 2024-W09-4.
    """
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise BadInput(f"{field}: {shown(text)} is not a date; write it as 2026-02-28.")


def parse_instant(text: str, field: str) -> datetime:
    """
    An instant written as 2026-03-17T10:00:00Z or with an offset; in UTC.

    Without either it is London time, and refused where London's clocks skip or repeat it. Raises
    BadInput naming `field`.
    """
    written = _INSTANT.fullmatch(text)
    if written:
        try:
            instant = datetime.fromisoformat(text)
            return instant.astimezone(UTC) if written[1] else _from_london(instant, text, field)
        except (ValueError, OverflowError):
            pass
    raise BadInput(
        f"{field}: {shown(text)} is not a date and time; write it as 2026-02-28T10:00:00Z,"
        " or as 2026-02-28T10:00 for London time."
    )


def _from_london(wall: datetime, text: str, field: str) -> datetime:
    first = wall.replace(tzinfo=LONDON).astimezone(UTC)
    second = wall.replace(tzinfo=LONDON, fold=1).astimezone(UTC)
    if first == second:
        return first
    if first.astimezone(LONDON).replace(tzinfo=None) != wall:
        raise BadInput(
            f"{field}: there was no {shown(text)} in London, the clocks went forward over it;"
            f" give the offset, as in {text}Z."
        )
    raise BadInput(
        f"{field}: {shown(text)} came twice in London, the clocks went back; give the offset:"
        f" {text}+01:00 for the first, {text}Z for the second."
    )


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError("an instant needs its zone; a naive datetime names none")
    return instant
