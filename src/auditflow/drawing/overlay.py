"""What is laid over a chart: one audit's place and way, or the counts of all of them, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from auditflow.calendar import month_name
from auditflow.errors import NotFound
from auditflow.machines.charts import CHARTS, DUTIES
from auditflow.machines.drawing.measure import clean
from auditflow.machines.rows import Row

_LONGEST = 60


@dataclass(frozen=True)
class Step:
    """One step of the way an audit came: the event, the state it led to, and the day."""

    event: str
    state: str
    on: date | None = None


@dataclass(frozen=True)
class OneAudit:
    """Where one audit (or action, or escalation) is, how it came there, and what is owed on it.

    `due` and `overdue` are names of duties with the day each is, or was, due.
    """

    reference: str
    state: str
    way: tuple[Step, ...] = ()
    due: Mapping[str, date] = field(default_factory=dict)
    overdue: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class Counts:
    """All of them: how many are in each state, owe each duty, are late with it, went each way.

    Those in `overdue` are among those in `duties`.
    `median_days` is the median number of days spent in a state; `arrows` holds, for a state and
    an event, how often it happened and the median number of days before it did.
    """

    states: Mapping[str, int] = field(default_factory=dict)
    duties: Mapping[str, int] = field(default_factory=dict)
    overdue: Mapping[str, int] = field(default_factory=dict)
    median_days: Mapping[str, float] = field(default_factory=dict)
    arrows: Mapping[tuple[str, str], tuple[int, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Room:
    """Nothing yet: each box keeps free what a page needs to write into the drawing."""


@dataclass(frozen=True)
class Marks:
    """An overlay as the layouts draw it: words in boxes, on arrows and on cards."""

    headline: str = ""
    here: str = ""
    states: Mapping[str, str] = field(default_factory=dict)
    cards: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    events: Mapping[tuple[str, str], str] = field(default_factory=dict)
    #: The arrows of the way it came: from, event, to.
    way: frozenset[tuple[str, str, str]] = frozenset()
    #: Whether each box keeps room for what is laid over later.
    room: bool = False

    def walked(self, rows: Iterable[Row]) -> bool:
        """Whether one of these arrows is on the way it came."""
        return any((row.start, row.event, row.end) in self.way for row in rows)


Overlay = OneAudit | Counts | Room
NONE = Marks()


def marks(name: str, over: Overlay | None) -> Marks:
    """The overlay in words for the chart of that name; NotFound names what the chart lacks."""
    if over is None:
        return NONE
    if isinstance(over, Room):
        return Marks(room=True)
    _known(name, over)
    return _one(name, over) if isinstance(over, OneAudit) else _all(over)


def _known(name: str, over: OneAudit | Counts) -> None:
    states = (
        {over.state, *(s.state for s in over.way)} if isinstance(over, OneAudit) else over.states
    )
    for state in states:
        if state not in CHARTS[name].states:
            known = ", ".join(CHARTS[name].states)
            raise NotFound(f"The chart has no state “{clean(state)}”. It has: {known}.")
    for duty in (*over.overdue, *(over.due if isinstance(over, OneAudit) else over.duties)):
        if duty not in DUTIES:
            raise NotFound(f"The charts have no duty “{clean(duty)}”. They have: {_names()}.")


def _names() -> str:
    return ", ".join(DUTIES)


def _one(name: str, one: OneAudit) -> Marks:
    reference = clean(one.reference)
    shown = reference if len(reference) <= _LONGEST else reference[: _LONGEST - 1] + "…"
    state = CHARTS[name].states[one.state]
    start = next(s.name for s in CHARTS[name].states.values() if s.initial)
    before = [start, *(step.state for step in one.way)]
    return Marks(
        headline=f"{shown}: {state.title}, held by {state.holder.title}. {_owing(one)}",
        here=one.state,
        states=_been(one),
        cards={k: (f"due {_day(d)}", False) for k, d in one.due.items()}
        | {k: (f"OVERDUE: {_day(d)}", True) for k, d in one.overdue.items()},
        way=frozenset(
            (at, step.event, step.state) for at, step in zip(before, one.way, strict=False)
        ),
    )


def _owing(one: OneAudit) -> str:
    late = [DUTIES[d].title for d in one.overdue]
    open_ = [DUTIES[d].title for d in one.due]
    said = [f"Overdue: {'; '.join(late)}." if late else "Nothing is overdue."]
    said += [f"Still owed: {'; '.join(open_)}."] if open_ else []
    return " ".join(said)


def _been(one: OneAudit) -> dict[str, str]:
    return {s.state: f"reached {_day(s.on)}" for s in one.way if s.on is not None}


def _all(counts: Counts) -> Marks:
    states = {name: f"{n} here" for name, n in counts.states.items()}
    for name, days in counts.median_days.items():
        states[name] = ", ".join(filter(None, (states.get(name), f"median {_days(days)}")))
    return Marks(
        headline=_sum(counts),
        states=states,
        cards={k: _owed(counts, k) for k in (*counts.duties, *counts.overdue)},
        events={k: f"{n}×, {_days(days)}" for k, (n, days) in counts.arrows.items()},
    )


def _owed(counts: Counts, duty: str) -> tuple[str, bool]:
    owed, late = counts.duties.get(duty, 0), counts.overdue.get(duty, 0)
    return f"{late} of {max(owed, late)} late" if late else f"{owed} owed", late > 0


def _sum(counts: Counts) -> str:
    total = sum(counts.states.values())
    late = sum(counts.overdue.values())
    return (
        f"All counted: {total} on this chart, {late} duties overdue."
        " On an arrow: how often, and the median of days before it."
    )


def _days(days: float) -> str:
    return f"{days:g} {'day' if days == 1 else 'days'}"


def _day(day: date) -> str:
    return f"{day.day} {month_name(day)[:3]} {day.year}"
