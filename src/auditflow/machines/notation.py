"""How a chart is written: one line for each state, transition and duty, each with its source.

A chart is a class whose body can be read aloud. Its lines are frozen data; from them come the
rows (what both engines and the drawings read) and a python-statemachine class, whose own checks
refuse an unreachable or a trap state when the chart is defined.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any, ClassVar, TypeVar

import statemachine

from auditflow.audits import Role, Trigger
from auditflow.calendar import Limit
from auditflow.guidance.citation import Source
from auditflow.guidance.citation import cite as cited
from auditflow.machines.rows import (
    SAME,
    Duty,
    Line,
    Lines,
    Reminder,
    Row,
    Same,
    State,
    Up,
    guards_of,
)
from auditflow.machines.validation import check

__all__ = [
    "Chart",
    "ChartClass",
    "Duty",
    "Reminder",
    "Row",
    "State",
    "Up",
    "both",
    "climb",
    "decision",
    "move",
    "owe",
    "stay",
]

T = TypeVar("T")


def _sources(given: str | Source) -> tuple[Source, ...]:
    if isinstance(given, str):
        return tuple(cited(part.strip()) for part in given.split(";"))
    return (given,)


def _many(one: T | tuple[T, ...]) -> tuple[T, ...]:
    return one if isinstance(one, tuple) else (one,)


def move(
    start: State | tuple[State, ...],
    end: State,
    *,
    by: Role | tuple[Role, ...],
    cite: str | Source,
    when: str = "",
    raises: Trigger | None = None,
    answers: str = "",
) -> Line:
    """An event that takes it from any of `start` to `end`."""
    return Line(_many(start), end, _many(by), when, raises, _sources(cite), answers)


def stay(
    at: State | tuple[State, ...],
    *,
    by: Role | tuple[Role, ...],
    cite: str | Source,
    when: str = "",
    raises: Trigger | None = None,
    answers: str = "",
) -> Line:
    """An event that notes facts and leaves it where it is."""
    return Line(_many(at), SAME, _many(by), when, raises, _sources(cite), answers)


def decision(question: str, *lines: Line) -> Lines:
    """Arrows of one event whose guards exclude each other, and the question between them."""
    return Lines(lines, question)


def climb(
    ladder: tuple[State, ...], *, by: Role | tuple[Role, ...], cite: str | Source, when: str
) -> Lines:
    """From each state of a ladder to the next one up."""
    steps = pairwise(ladder)
    return Lines(tuple(move(a, b, by=by, cite=cite, when=when) for a, b in steps))


def both(*groups: Lines | Line) -> Lines:
    """Arrows of one event, written in groups."""
    return Lines(tuple(x for g in groups for x in (g.lines if isinstance(g, Lines) else (g,))))


def owe(
    where: State | tuple[State, ...],
    title: str,
    by: Role | tuple[Role, ...],
    within: Limit,
    since: str,
    met_by: str | tuple[str, ...],
    missed: Trigger | Up | Reminder,
    *,
    cite: str | Source,
    when: str = "",
    at_least: str = "",
    instead: str = "",
    any_day: bool = False,
    ahead: int = 0,
) -> Duty:
    """A duty: where, what, who, how long, since when, met by which event, and if missed."""
    return Duty(
        _many(where),
        title,
        _many(by),
        within,
        since,
        _many(met_by),
        missed,
        _sources(cite),
        when,
        at_least,
        instead,
        any_day,
        ahead,
    )


class _OnceOnly(dict[str, Any]):
    """The body of a chart: a name said twice is refused, for the first line would be lost."""

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self and not name.startswith("__"):
            raise TypeError(f"the chart says “{name}” twice")
        super().__setitem__(name, value)


class ChartClass(type):
    """Turns the body of a chart into rows, and checks its structure at import."""

    facts: type
    title: str
    exclusive: tuple[tuple[str, ...], ...]
    states: Mapping[str, State]
    rows: tuple[Row, ...]
    duties: tuple[Duty, ...]
    native: type[statemachine.StateMachine]

    @classmethod
    def __prepare__(cls, name: str, bases: tuple[type, ...], /, **kwargs: object) -> _OnceOnly:
        del name, bases, kwargs
        return _OnceOnly()

    def __init__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> None:
        super().__init__(name, bases, body)
        if not bases:
            return
        cls.states = {k: v for k, v in body.items() if isinstance(v, State)}
        for key, state in cls.states.items():
            object.__setattr__(state, "name", key)
        cls.rows = tuple(cls._rows(body))
        cls.duties = tuple(
            replace(d, name=key.removesuffix("_duty"))
            for key, d in body.items()
            if isinstance(d, Duty)
        )
        check(cls)
        cls.native = _native(cls)

    def _rows(cls, body: Mapping[str, Any]) -> Iterable[Row]:
        for key, given in body.items():
            if not isinstance(given, (Line, Lines)):
                continue
            group = given if isinstance(given, Lines) else Lines((given,))
            for line in group.lines:
                for start in line.sources:
                    end = start if isinstance(line.target, Same) else line.target
                    yield Row(
                        cls.__name__,
                        key.removesuffix("_"),
                        start.name,
                        end.name,
                        guards_of(line.when),
                        line.by,
                        line.raises,
                        line.source,
                        group.question,
                        line.answers,
                    )


class Chart(metaclass=ChartClass):
    """A flow chart. `facts` is the type whose properties are its guards and moments."""

    facts: ClassVar[type]
    title: ClassVar[str]
    #: Families of guards of which one at most holds.
    exclusive: ClassVar[tuple[tuple[str, ...], ...]] = ()


def _native(chart: ChartClass) -> type[statemachine.StateMachine]:
    """The same rows as a python-statemachine class; its checks run as it is made."""
    boxes = {
        s.name: statemachine.State(s.title, value=s.name, initial=s.initial, final=s.final)
        for s in chart.states.values()
    }
    for row in chart.rows:
        cond = " and ".join(("" if wanted else "not ") + name for name, wanted in row.guards)
        boxes[row.start].to(boxes[row.end], event=row.event, cond=cond or None)
    body: dict[str, Any] = dict(boxes)
    # The charts end in `closed`, which may be reopened: that is checked in `checks`, by `end`.
    body |= {
        "validate_final_reachability": False,
        "allow_event_without_transition": False,
        "catch_errors_as_events": False,
    }
    made: type[statemachine.StateMachine] = types.new_class(
        f"{chart.__name__}Native", (statemachine.StateMachine,), {}, lambda ns: ns.update(body)
    )
    return made
