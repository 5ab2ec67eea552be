"""
The GOV.UK bank holiday file, read with suspicion.

A feed may add days and publish further years; it never removes any. On 7 August 2025 GOV.UK took
2019 to 2023 out of its feed and on 5 January 2026 put them back: whoever took the feed for the
whole truth in between moved every old deadline.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from auditflow.calendar.days import Calendar, Holiday, has_usual_days
from auditflow.calendar.instants import parse_date
from auditflow.calendar.words import shown
from auditflow.errors import BadInput

DIVISION = "england-and-wales"
WHERE = "the file at https://www.gov.uk/bank-holidays.json is meant"
LARGEST = 1_000_000
"""Bytes; the real file has about 60,000."""

_YEARS = range(2000, 2100)
_MOST_A_YEAR = 20
"""More closed days in a year than this is no bank holiday list: the most there ever were is 10."""
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Feed:
    """The bank holidays of England and Wales as one file gives them, in order of date."""

    source: str
    holidays: tuple[Holiday, ...]

    @property
    def days(self) -> dict[date, str]:
        """Each day with its title in words, as `Calendar.with_days` takes them."""
        return {holiday.day: holiday.words for holiday in self.holidays}

    @property
    def full_years(self) -> tuple[int, ...]:
        """The years published in full: those with at least the usual eight days."""
        by_year = groupby((holiday.day for holiday in self.holidays), key=lambda day: day.year)
        return tuple(year for year, days in by_year if has_usual_days(days))


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    What a feed would change.

    `added` are days the calendar lacks; `missing` are days only the calendar has, which it keeps;
    `through` is the last year the calendar would then have, without a gap.
    """

    added: tuple[Holiday, ...]
    missing: tuple[Holiday, ...]
    through: int


def read_feed(data: bytes, source: str) -> Feed:
    """
    Read the file GOV.UK publishes; `source` is its name, for messages and as the days' source.

    Raises BadInput, saying what is wrong, for anything else: another shape, another part of the
    United Kingdom only, broken JSON, impossible dates, over 1 MB.
    """
    if len(data) > LARGEST:
        raise BadInput(f"{source}: the file is over 1 MB, far too large for it; {WHERE}.")
    division = _division(_parsed(data, source), source)
    found = {holiday.day: holiday for holiday in _holidays(division, source)}
    if not found:
        raise BadInput(f"{source}: lists no bank holidays; {WHERE}.")
    feed = Feed(source, tuple(found[day] for day in sorted(found)))
    _refuse_crowded_years(feed)
    return feed


def compare(feed: Feed, calendar: Calendar) -> Comparison:
    """What taking this feed into the calendar would add, and what it lacks (kept all the same)."""
    known = {holiday.day for holiday in calendar.holidays}
    listed = {holiday.day for holiday in feed.holidays}
    through = calendar.last.year
    while through + 1 in feed.full_years:
        through += 1
    return Comparison(
        added=tuple(holiday for holiday in feed.holidays if holiday.day not in known),
        missing=tuple(holiday for holiday in calendar.holidays if holiday.day not in listed),
        through=through,
    )


def _parsed(data: bytes, source: str) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadInput(f"{source}: is not a readable JSON file; {WHERE}.") from None


def _division(document: Any, source: str) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise BadInput(f"{source}: is not GOV.UK's list of bank holidays; {WHERE}.")
    division = document.get(DIVISION)
    if division is None and (others := sorted({"scotland", "northern-ireland"} & set(document))):
        raise BadInput(f"{source}: has only {' and '.join(others)}, not {DIVISION}; {WHERE}.")
    if not isinstance(division, dict) or not isinstance(division.get("events"), list):
        raise BadInput(
            f"{source}: has no list of events under “{DIVISION}”, so it has another shape than"
            f" GOV.UK's; {WHERE}."
        )
    if division.get("division", DIVISION) != DIVISION:
        named = shown(str(division["division"]))
        raise BadInput(f"{source}: the part “{DIVISION}” says it is {named}; {WHERE}.")
    return division


def _holidays(division: dict[str, Any], source: str) -> Iterator[Holiday]:
    for number, event in enumerate(division["events"], start=1):
        where = f"{source}, event {number}"
        if not isinstance(event, dict):
            raise BadInput(f"{where}: is not an event with a title and a date; {WHERE}.")
        day = parse_date(_text(event, "date", where), f"{where}, date")
        if day.year not in _YEARS:
            raise BadInput(f"{where}: {day} is outside the years 2000 to 2099; {WHERE}.")
        title = _text(event, "title", where)
        note = _text(event, "notes", where) if event.get("notes") else ""
        yield Holiday(day, title, note, source)


def _text(event: dict[str, Any], key: str, where: str) -> str:
    value = event.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{where}: has no {key}; {WHERE}.")
    if len(value) > _LONGEST_TITLE or not value.isprintable():
        raise BadInput(f"{where}: its {key} {shown(value)} cannot be taken; {WHERE}.")
    return value.strip()


def _refuse_crowded_years(feed: Feed) -> None:
    for year, days in groupby(feed.holidays, key=lambda holiday: holiday.day.year):
        if (count := len(tuple(days))) > _MOST_A_YEAR:
            raise BadInput(
                f"{feed.source}: lists {count} days in {year}, and England and Wales never have"
                f" more than {_MOST_A_YEAR}; {WHERE}."
            )
