"""What people type for a setting, read: whole numbers, choices, times, days, time limits."""

import re
from collections.abc import Callable
from datetime import date, time
from typing import Any

from auditflow.calendar import By, Limit, Months, WorkingDays, parse_date, shown
from auditflow.errors import BadInput
from auditflow.policy.inforce import has_number

#: Text typed, and the setting's name for messages, to the value; BadInput where it is none.
Reader = Callable[[str, str], Any]

_WHOLE = re.compile(r"[0-9]{1,4}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_LIMIT = re.compile(r"([0-9]{1,3}) (working days?|months?|months? before)")
_LONGEST_TITLE = 80


def whole(least: int, most: int) -> Reader:
    """A whole number from `least` to `most`."""

    def read(text: str, name: str) -> int:
        if _WHOLE.fullmatch(text) and least <= int(text) <= most:
            return int(text)
        raise BadInput(f"{name}: {shown(text)} is not a whole number from {least} to {most}.")

    return read


def one_of(*choices: str) -> Reader:
    """One of these words."""

    def read(text: str, name: str) -> str:
        if text in choices:
            return text
        raise BadInput(f"{name}: {shown(text)} is none of: {', '.join(choices)}.")

    return read


def yes_or_no(text: str, name: str) -> bool:
    """`yes` or `no`."""
    return bool(one_of("yes", "no")(text, name) == "yes")


def clock_time(text: str, name: str) -> time:
    """A time of day such as 17:00."""
    if _CLOCK.fullmatch(text):
        return time.fromisoformat(text)
    raise BadInput(f"{name}: {shown(text)} is not a time of day; write it as 17:00.")


def cutoff(text: str, name: str) -> time | None:
    """A time of day, or `end_of_day`."""
    return None if text == "end_of_day" else clock_time(text, name)


def days(text: str, name: str) -> tuple[date, ...]:
    """Dates with commas between them, in order; `none` for none."""
    if text == "none":
        return ()
    return tuple(sorted({parse_date(part.strip(), name) for part in text.split(",")}))


def day_or_none(text: str, name: str) -> date | None:
    """A date, or `none`."""
    return None if text == "none" else parse_date(text, name)


def title(text: str, name: str) -> str:
    """A few words on one line."""
    said = text.strip()
    if said and len(said) <= _LONGEST_TITLE and said.isprintable():
        return said
    raise BadInput(f"{name}: give a title of 1 to {_LONGEST_TITLE} letters on one line.")


def route(text: str, name: str) -> str:
    """Whom to turn to in a few words, with a telephone number among them."""
    if not has_number(text):
        raise BadInput(f"{name}: {shown(text)} has no telephone number. Write it behind the name.")
    return title(text, name)


def limit(text: str, name: str, chart: Limit) -> Limit:
    """A time limit such as “5 working days” or “1 month”, of the same direction as the chart's."""
    demand_settable(name, chart)
    written = _LIMIT.fullmatch(" ".join(text.split()))
    if written and int(written[1]):
        n, unit = int(written[1]), written[2]
        back = isinstance(chart, Months) and chart.n < 0
        if back and unit.endswith("before"):
            return Months(-n)
        if not back and not unit.endswith("before"):
            return WorkingDays(n) if unit.startswith("working") else Months(n)
    raise BadInput(f"{name}: {shown(text)} is no time limit for this. Write it as {_like(chart)}.")


def demand_settable(name: str, chart: Limit) -> None:
    """BadInput where a duty is due by a date of its own, for which there is nothing to set."""
    if isinstance(chart, By):
        raise BadInput(f"{name} is due by a date that people give; it has no limit to set.")


def _like(chart: Limit) -> str:
    backward = isinstance(chart, Months) and chart.n < 0
    return "“1 month before”" if backward else "“5 working days” or “1 month”"
