"""The time limits of the guidance as data, and the due date each gives: TR3, TR4, TR5, TR11."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, assert_never

from auditflow.calendar.days import Calendar
from auditflow.calendar.words import number_of
from auditflow.errors import BadInput

Roll: TypeAlias = Literal["next", "none", "previous"]
"""What becomes of a month's end on a closed day: on to the next working day, left, or back."""

_ROLL_WORDS: dict[Roll, str] = {
    "next": "rolled on to a working day",
    "none": "to the day, not rolled",
    "previous": "rolled back to a working day",
}


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The n-th working day after the event's date: "within n working days" (TR3). n ≥ 1."""

    n: int

    def __post_init__(self) -> None:
        if self.n < 1:
            raise BadInput(f"{self.n} working days is no time limit; give 1 or more.")

    @property
    def words(self) -> str:
        """The limit as people say it: "5 working days"."""
        return number_of(self.n, "working day")


@dataclass(frozen=True, slots=True, init=False)
class Months:
    """
    "Within n months" (TR4), or, with a negative n, "n months prior" (TR5).

    The corresponding date, or the month's last day where there is none, then rolled: on to the
    next working day by default, back to the previous one when n is negative, so that nobody is
    given less than the month's notice.
    """

    n: int
    roll: Roll

    def __init__(self, n: int, roll: Roll | None = None) -> None:
        if n == 0:
            raise BadInput("0 months is no time limit; give 1 or more, or -1 or less.")
        if roll is not None and roll not in _ROLL_WORDS:
            raise BadInput(f"“{roll}” is no way to roll; use next, none or previous.")
        object.__setattr__(self, "n", n)
        object.__setattr__(self, "roll", roll or _usual_roll(n))

    @property
    def words(self) -> str:
        """The limit as people say it: "1 month", "1 month before"; a changed roll is told."""
        count = number_of(abs(self.n), "month") + (" before" if self.n < 0 else "")
        return count if self.roll == _usual_roll(self.n) else f"{count} ({_ROLL_WORDS[self.roll]})"


@dataclass(frozen=True, slots=True)
class By:
    """The date itself, as a person typed it (TR11): never moved, even when a closed day."""

    @property
    def words(self) -> str:
        """The limit as people say it."""
        return "by the date given"


Limit: TypeAlias = WorkingDays | Months | By


def due(limit: Limit, since: date, calendar: Calendar) -> date:
    """
    The last day on which what is owed is still on time, counted from `since`.

    Raises PastCalendar when the sum needs a day for which holidays are not known (TR10).
    """
    match limit:
        case WorkingDays(n):
            return calendar.add_working_days(since, n)
        case Months(n, roll):
            return _rolled(calendar.add_months(since, n), roll, calendar)
        case By():
            return since
        case _:
            assert_never(limit)


def _usual_roll(n: int) -> Roll:
    return "next" if n > 0 else "previous"


def _rolled(day: date, roll: Roll, calendar: Calendar) -> date:
    if roll == "next":
        return calendar.roll_forward(day)
    if roll == "previous":
        return calendar.roll_back(day)
    calendar.demand(day)
    return day
