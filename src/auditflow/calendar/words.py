"""How a day reads in a sentence; the same in every locale."""

from datetime import date

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def weekday_name(day: date) -> str:
    """The weekday in full: "Saturday"."""
    return _WEEKDAYS[day.weekday()]


def month_name(day: date) -> str:
    """The month in full: "March"."""
    return _MONTHS[day.month - 1]


def plain_date(day: date) -> str:
    """Day, month and year without the weekday: "31 December 2028"."""
    return f"{day.day} {month_name(day)} {day.year}"


def short_day(day: date) -> str:
    """Weekday, day and month, where the year is plain from what stands near: "Thu 2 April"."""
    return f"{_WEEKDAYS[day.weekday()][:3]} {day.day} {month_name(day)}"


def long_day(day: date) -> str:
    """Weekday, day, month and year: "Thu 2 April 2026"."""
    return f"{short_day(day)} {day.year}"


def number_of(n: int, thing: str) -> str:
    """A count with its noun: "1 month", "2,000 months"."""
    return f"{n:,} {thing}" if n == 1 else f"{n:,} {thing}s"


def shown(value: str, longest: int = 40) -> str:
    """What was typed, fit to stand in a message: in quotation marks, printable and not too long."""
    cut = value if len(value) <= longest else value[:longest] + "…"
    return "“" + "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cut) + "”"
