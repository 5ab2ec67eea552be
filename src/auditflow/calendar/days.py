"""Working days in England and Wales: rules TR2, TR3, TR8 and TR10 of the time rules."""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import accumulate, compress
from pathlib import Path

from auditflow.calendar.words import long_day, number_of, plain_date, weekday_name
from auditflow.errors import BadInput, PastCalendar

GOV_UK = "GOV.UK"
USUAL_DAYS = 8
"""Bank holidays in an ordinary year in England and Wales; with fewer, a year is not published."""

_PUBLISHED = Path(__file__).with_name("bank_holidays.txt")
_DECEMBER = 12
_SATURDAY = 5
_WEEK = bytes((1, 1, 1, 1, 1, 0, 0))
"""Monday to Sunday, 1 for a day on which the office is open."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """One closed day: its title, GOV.UK's note ("Substitute day") and where we know it from."""

    day: date
    title: str
    note: str = ""
    source: str = GOV_UK

    @property
    def words(self) -> str:
        """Title and note in one: "Boxing Day, substitute day"."""
        return f"{self.title}, {self.note[:1].lower()}{self.note[1:]}" if self.note else self.title


@dataclass(frozen=True, slots=True)
class Calendar:
    """
    The days on which the office is open, from `first` to `last`, and sums in them.

    A working day is Monday to Friday and no listed holiday (TR2; SI 2006/1738 reg 2). Make one
    with `bundled()` and add to it with `with_days`. Every sum that would need a day outside
    raises PastCalendar (TR10). Tables of rank (working days before a day) and select (the n-th
    working day) are made once, so that a sum costs the same whatever its length.
    """

    holidays: tuple[Holiday, ...]
    first: date
    last: date
    _titles: dict[date, str] = field(init=False, repr=False, compare=False)
    _start: int = field(init=False, repr=False, compare=False)
    _before: list[int] = field(init=False, repr=False, compare=False)
    _open: list[date] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        titles = {holiday.day: holiday.words for holiday in self.holidays}
        before, working = _tables(self.first, self.last, titles)
        object.__setattr__(self, "_titles", titles)
        object.__setattr__(self, "_start", self.first.toordinal())
        object.__setattr__(self, "_before", before)
        object.__setattr__(self, "_open", working)

    def with_days(
        self, days: Mapping[date, str], through: int | None = None, *, source: str = "added"
    ) -> "Calendar":
        """
        The same calendar with more closed days; none is ever removed or renamed.

        `days` gives each day's title, `through` the last year now published (an earlier one than
        known changes nothing), `source` where the days come from. Raises BadInput when a year up
        to `through` lacks the usual eight days: holidays are not guessed.
        """
        added = (Holiday(day, title, source=source) for day, title in days.items())
        known = self._titles
        merged = (*self.holidays, *(holiday for holiday in added if holiday.day not in known))
        last = self.last.year if through is None else max(through, self.last.year)
        for year in range(self.last.year + 1, last + 1):
            _demand_published(year, merged)
        return Calendar(_sorted(merged), self.first, date(last, _DECEMBER, 31))

    def is_working_day(self, day: date) -> bool:
        """Whether the office is open on this day (TR2)."""
        at = self._index(day)
        return self._before[at + 1] > self._before[at]

    def why_closed(self, day: date) -> str:
        """Why this is no working day: "Saturday", "Good Friday"; empty when it is one."""
        self._index(day)
        if day.weekday() >= _SATURDAY:
            return weekday_name(day)
        return self._titles.get(day, "")

    def add_working_days(self, day: date, n: int) -> date:
        """
        The n-th working day after `day`, which is day 0 even when itself closed (TR3; CPR 2.8).

        n is 1 or more. Raises PastCalendar.
        """
        return self._select(self._before[self._index(day) + 1] + _counted(n) - 1)

    def subtract_working_days(self, day: date, n: int) -> date:
        """The n-th working day before `day`, which is not counted itself; n is 1 or more."""
        return self._select(self._before[self._index(day)] - _counted(n))

    def next_working_day(self, day: date) -> date:
        """The first working day strictly after `day`: when a missed deadline is raised (TR7)."""
        return self._select(self._before[self._index(day) + 1])

    def roll_forward(self, day: date) -> date:
        """`day` itself when it is a working day, else the next one (TR4)."""
        return self._select(self._before[self._index(day)])

    def roll_back(self, day: date) -> date:
        """`day` itself when it is a working day, else the one before (TR5)."""
        return self._select(self._before[self._index(day) + 1] - 1)

    def working_days_late(self, due: date, done: date) -> int:
        """Working days after `due` up to and including `done` (TR8); 0 when done by then."""
        if done <= due:
            return 0
        return self._before[self._index(done) + 1] - self._before[self._index(due) + 1]

    @staticmethod
    def add_months(day: date, n: int) -> date:
        """
        The same-numbered day n months on (back, when n is negative), or that month's last day.

        Not rolled to a working day. Source: Dodds v Walker (HL 1981), through TR4 and TR5.
        """
        years, month = divmod(day.month - 1 + n, 12)
        year = day.year + years
        if not date.min.year <= year <= date.max.year:
            way = "after" if n > 0 else "before"
            raise PastCalendar(
                f"{number_of(abs(n), 'month')} {way} {long_day(day)} is no date that can be"
                " reckoned. Give fewer months."
            )
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

    def demand(self, day: date) -> None:
        """Raises PastCalendar when `day` lies outside the calendar."""
        self._index(day)

    def _index(self, day: date) -> int:
        if isinstance(day, datetime):
            raise TypeError("a calendar takes dates; use london_date for an instant")
        at = day.toordinal() - self._start
        if at < 0:
            raise self._too_early()
        if at >= len(self._before) - 1:
            raise self._too_late()
        return at

    def _select(self, rank: int) -> date:
        if rank < 0:
            raise self._too_early()
        try:
            return self._open[rank]
        except IndexError:
            raise self._too_late() from None

    def _too_late(self) -> PastCalendar:
        return PastCalendar(
            f"The calendar ends on {plain_date(self.last)}. Import a newer GOV.UK bank holiday"
            " file: auditflow calendar import FILE."
        )

    def _too_early(self) -> PastCalendar:
        return PastCalendar(
            f"The calendar begins on {plain_date(self.first)}, and this sum needs an earlier day."
            " Check the year."
        )


@lru_cache(maxsize=8)
def bundled(last_year: int | None = None) -> Calendar:
    """
    The calendar that comes with auditflow: England and Wales, 2012 to the last year published.

    `last_year` ends it earlier, as if later years were not out yet. Raises BadInput when that
    year is not among those bundled.
    """
    lines = _PUBLISHED.read_text(encoding="utf-8").splitlines()
    holidays = tuple(_published_day(line) for line in lines if not line.startswith("#"))
    first, newest = holidays[0].day.year, holidays[-1].day.year
    year = newest if last_year is None else last_year
    if not first <= year <= newest:
        raise BadInput(f"The bundled calendar has the years {first} to {newest}.")
    last = date(year, _DECEMBER, 31)
    kept = holidays[: bisect_right(holidays, last, key=lambda holiday: holiday.day)]
    return Calendar(kept, date(first, 1, 1), last)


def has_usual_days(days: Iterable[date]) -> bool:
    """Whether these days of one year are as many weekdays as a published year has."""
    return sum(day.weekday() < _SATURDAY for day in days) >= USUAL_DAYS


def _published_day(line: str) -> Holiday:
    title, _, note = line[11:].partition(" | ")
    return Holiday(date.fromisoformat(line[:10]), title, note)


def _sorted(holidays: Iterable[Holiday]) -> tuple[Holiday, ...]:
    return tuple(sorted(holidays, key=lambda holiday: holiday.day))


def _demand_published(year: int, holidays: Iterable[Holiday]) -> None:
    if not has_usual_days(holiday.day for holiday in holidays if holiday.day.year == year):
        raise BadInput(
            f"The calendar cannot go on through {year}: fewer than {USUAL_DAYS} bank holidays are"
            " known for that year, so it is not fully published. Take an earlier year."
        )


def _counted(n: int) -> int:
    if n < 1:
        raise BadInput(f"{n} working days cannot be counted; give 1 or more.")
    return n


def _tables(first: date, last: date, closed: Iterable[date]) -> tuple[list[int], list[date]]:
    """Working days before each day (one entry more than days), and the working days in order."""
    start, days = first.toordinal(), (last - first).days + 1
    works = bytearray((_WEEK * (days // 7 + 2))[first.weekday() :][:days])
    for day in closed:
        if first <= day <= last:
            works[day.toordinal() - start] = 0
    working = compress(range(start, start + days), works)
    return [0, *accumulate(works)], list(map(date.fromordinal, working))
