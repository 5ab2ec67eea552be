"""How days, moments and counts read on a page, and the one gate through which all text goes."""

from datetime import date, datetime
from typing import Any, Final

from markupsafe import Markup

from auditflow.calendar import LONDON, london_date, long_day, month_name, number_of, plain_date
from auditflow.exchange.safe import plain


def harmless(value: Any) -> Any:
    """What a template is about to print: text without control characters and reordering marks.

    Text that holds new lines keeps them; markup made by us is left as it is.
    """
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    if value.isascii() and value.isprintable():
        return value
    return "\n".join(plain(line) for line in value.splitlines())


def day(value: date | None) -> str:
    """A day in full, with its weekday: “Thu 2 April 2026”; nothing where there is none."""
    return long_day(value) if value else ""


def plain_day(value: date | None) -> str:
    """A day without its weekday: “2 April 2026”."""
    return plain_date(value) if value else ""


def moment(value: datetime | None) -> str:
    """An instant in London's time: “Thu 2 April 2026, 10:42”."""
    if value is None:
        return ""
    local = value.astimezone(LONDON)
    return f"{long_day(local.date())}, {local:%H:%M}"


def moment_day(value: datetime | None) -> str:
    """The day of an instant in London’s time."""
    return long_day(london_date(value)) if value else ""


def month(value: date | None) -> str:
    """A month: “April 2026”."""
    return f"{month_name(value)} {value.year}" if value else ""


def first_capital(text: str) -> str:
    """The text with its first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def about(subject: str) -> str:
    """What a duty is about, as people say it: “action 2”, “escalation 1”."""
    return subject.partition(" level")[0]


FILTERS: Final = {
    "about": about,
    "day": day,
    "plain_day": plain_day,
    "moment": moment,
    "moment_day": moment_day,
    "month": month,
    "number_of": number_of,
    "first_capital": first_capital,
    "harmless": harmless,
}
