"""How a chart is written: one line for each state, transition and duty, each with its source.

A chart is a class whose body can be read aloud. Its lines are frozen data; from them come the
rows (what both engines and the drawings read) and a python-statemachine class, whose own checks
refuse an unreachable or a trap state when the chart is defined.
"""

import types
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any, ClassVar, TypedDict, TypeVar, Unpack

import statemachine

from auditflow.audits import Guard, Moment, Role, State, Trigger, words_of
from auditflow.calendar import Limit
from auditflow.guidance.citation import Source
from auditflow.guidance.citation import cite as cited
from auditflow.machines.rows import (
    SAME,
    Duty,
    Reminder,
    Row,
    Said,
    Same,
    Transition,
    Transitions,
    Up,
    guards_of,
)
from auditflow.machines.validation import Drawn, check

T = TypeVar("T")


def _sources(given: str | Source) -> tuple[Source, ...]:
    if isinstance(given, str):
        return tuple(cited(part.strip()) for part in given.split(";"))
    return (given,)


def _many(one: T | tuple[T, ...]) -> tuple[T, ...]:
    return one if isinstance(one, tuple) else (one,)


class _More(TypedDict, total=False):
    """What else a line may say; `rows.Said` tells what each means."""

    when: str
    raises: Trigger | None
    answers: str
    by_itself: bool
    moment: str
    appoints: tuple[Role, ...]
    comes_with: tuple[str, ...]
    says: str


class _Line(_More):
    by: Role | tuple[Role, ...]
    cite: str | Source


def move(
    start: State | tuple[State, ...],
    end: State | Same,
    *,
    by: Role | tuple[Role, ...],
    cite: str | Source,
    **more: Unpack[_More],
) -> Transition:
    """An event that takes it from any of `start` to `end`."""
    return Transition(sources=_many(start), target=end, by=_many(by), source=_sources(cite), **more)


def stay(at: State | tuple[State, ...], **line: Unpack[_Line]) -> Transition:
    """An event that notes facts and leaves it where it is."""
    return move(at, SAME, **line)


def decision(question: str, *lines: Transition, says: str) -> Transitions:
    """Arrows of one event whose guards exclude each other, and the question between them."""
    return Transitions(lines, question, says)


def climb(ladder: tuple[State, ...], **line: Unpack[_Line]) -> Transitions:
    """From each state of a ladder to the next one up."""
    return Transitions(tuple(move(a, b, **line) for a, b in pairwise(ladder)))


def both(*groups: Transitions | Transition, says: str) -> Transitions:
    """Arrows of one event, written in groups."""
    lines = (x for g in groups for x in (g.lines if isinstance(g, Transitions) else (g,)))
    return Transitions(tuple(lines), says=says)


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
    after: str = "",
) -> Duty:
    """A duty: where, what, who, how long, since when, met by which event, and if missed."""
    return Duty(
        states=_many(where),
        title=title,
        by=_many(by),
        within=within,
        since=since,
        met_by=_many(met_by),
        missed=missed,
        source=_sources(cite),
        when=when,
        at_least=at_least,
        instead=instead,
        any_day=any_day,
        ahead=ahead,
        after=after,
    )


class _OnceOnly(dict[str, Any]):
    """The body of a chart: a name said twice is refused, for the first line would be lost."""

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self and not name.startswith("__"):
            raise TypeError(f"the chart says “{name}” twice")
        super().__setitem__(name, value)


class ChartClass(Drawn, type):
    """Turns the body of a chart into rows, and checks its structure at import."""

    title: str
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
        words = words_of(cls.facts)
        cls.guards = {n: w for n, w in words.items() if isinstance(w, Guard)}
        cls.moments = {n: w for n, w in words.items() if isinstance(w, Moment)}
        check(cls)
        cls.native = _native(cls)

    def _rows(cls, body: Mapping[str, Any]) -> Iterable[Row]:
        for key, given in body.items():
            if isinstance(given, Transition | Transitions):
                yield from cls._of_event(key.removesuffix("_"), given)

    def _of_event(cls, event: str, given: Transition | Transitions) -> Iterable[Row]:
        group = given if isinstance(given, Transitions) else Transitions((given,))
        for line in group.lines:
            for start in line.sources:
                yield Row(
                    chart=cls.__name__,
                    event=event,
                    start=start.name,
                    end=start.name if isinstance(line.target, Same) else line.target.name,
                    guards=guards_of(line.when),
                    question=group.question,
                    **{f.name: getattr(line, f.name) for f in fields(Said)} | _says(group, line),
                )


def _says(group: Transitions, line: Transition) -> dict[str, str]:
    """What follows from an event is said once for all its arrows, or by each for itself."""
    return {"says": group.says or line.says}


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
    # A chart may end where it can be taken up again: `validation` checks that, by `ended`.
    body |= {
        "validate_final_reachability": False,
        "allow_event_without_transition": False,
        "catch_errors_as_events": False,
    }
    made: type[statemachine.StateMachine] = types.new_class(
        f"{chart.__name__}Native", (statemachine.StateMachine,), {}, lambda ns: ns.update(body)
    )
    return made
