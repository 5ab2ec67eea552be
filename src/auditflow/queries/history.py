"""How an audit came here: each line of its journal in words, and what came how late."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import msgspec

from auditflow.calendar import Calendar, london_date, long_day, number_of
from auditflow.machines.charts import CHARTS, DUTIES
from auditflow.machines.engine import words
from auditflow.queries.names import Names

#: The events whose reason is told with the last line of their command, not with the first.
_FIRST_OF_MORE = ("agree_action", "add_action")


class HistoryLine(msgspec.Struct, frozen=True):
    """One line of the timeline."""

    recorded_at: datetime
    happened_at: datetime
    #: “Ana”, or “Ana for Ben” where a deputy acted.
    who: str
    what: str
    about: str
    before: str
    after: str
    says: str


def timeline(
    lines: Iterable[dict[str, Any]], names: Names, said: dict[str, str], calendar: Calendar
) -> Iterator[HistoryLine]:
    """The journal of one audit in words."""
    waiting = ""
    for line in lines:
        reason = said.get(line["changed"].get("reason", ""), "") or waiting
        waiting = reason if line["event"] in _FIRST_OF_MORE else ""
        told = [] if waiting else [reason]
        told += _named(line["changed"], names)
        told += [_duty(cause) for cause in _causes(line)]
        told += _late(line, calendar)
        yield HistoryLine(
            recorded_at=datetime.fromisoformat(line["recorded_at"]),
            happened_at=datetime.fromisoformat(line["happened_at"]),
            who=_who(line, names),
            what=words(line["event"]),
            about=line["subject"],
            before=_title(line, "before"),
            after=_title(line, "after"),
            says="; ".join(filter(None, told)),
        )


def _named(changed: dict[str, Any], names: Names) -> Iterator[str]:
    """The day of a meeting, and who was given a place."""
    if changed.get("meeting_on"):
        yield f"on {long_day(date.fromisoformat(changed['meeting_on']))}"
    for place in ("auditor", "key_worker"):
        if changed.get(place):
            yield f"{place.replace('_', ' ')} {names.of(changed[place])}"


def _causes(line: dict[str, Any]) -> Iterator[str]:
    """The duty that was missed, or for which somebody raised an escalation by hand."""
    if "missed" in line:
        yield line["missed"]
    elif line["event"] == "raise":
        raised = line["changed"]["escalations"].values()
        yield from (e["cause"] for e in raised if e.get("raised_by"))


def _duty(cause: str) -> str:
    """`immediate_action action 1 2026-03-17` in words."""
    duty, *_, due = cause.split(" ")
    return f"{DUTIES[duty].title}, due {long_day(date.fromisoformat(due))}"


def _late(line: dict[str, Any], calendar: Calendar) -> Iterator[str]:
    """What this event did late, and by how many working days (TR8)."""
    done = london_date(datetime.fromisoformat(line["happened_at"]))
    for key, how in line.get("ended", {}).items():
        due = date.fromisoformat(key.rpartition("|")[2])
        if how == "met" and done > due:
            days = calendar.working_days_late(due, done)
            yield f"late by {number_of(days, 'working day')}, due {long_day(due)}"


def _who(line: dict[str, Any], names: Names) -> str:
    who, whose = line["who"], line.get("for", "")
    acted = names.of(who)
    return f"{acted} for {names.of(whose)}" if whose else acted


def _title(line: dict[str, Any], at: str) -> str:
    return CHARTS[line["subject"].split(" ")[0]].states[line[at]].title
