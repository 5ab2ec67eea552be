"""What every chart must keep to: a malformed chart cannot even be imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Protocol

from auditflow.machines.rows import Duty, Row, State


class Drawn(Protocol):
    """A chart as far as its structure goes."""

    facts: type
    exclusive: tuple[tuple[str, ...], ...]
    states: Mapping[str, State]
    rows: tuple[Row, ...]
    duties: tuple[Duty, ...]


class Malformed(TypeError):
    """The chart breaks a rule of charts; the message lists every place."""


def check(chart: Drawn) -> None:
    """Refuse a malformed chart with the list of what is wrong with it."""
    wrong = [
        *_states_without_way_out(chart),
        *_unreachable(chart),
        *_guards_that_overlap(chart),
        *_unknown_names(chart),
        *_foreign_states(chart),
        *_events_named_like_guards(chart),
        *_waiting_for_nothing(chart),
    ]
    if wrong:
        raise Malformed("; ".join(wrong))


def _closure(pairs: set[tuple[str, str]], seeds: set[str]) -> set[str]:
    reached = set(seeds)
    while more := {b for a, b in pairs if a in reached} - reached:
        reached |= more
    return reached


def _unreachable(chart: Drawn) -> Iterator[str]:
    initial = {s.name for s in chart.states.values() if s.initial}
    if len(initial) != 1:
        yield f"there must be one initial state, not {len(initial)}"
    reached = _closure({(r.start, r.end) for r in chart.rows}, initial)
    for name in chart.states:
        if name not in reached:
            yield f"nothing leads to “{name}”"


def _states_without_way_out(chart: Drawn) -> Iterator[str]:
    ends = {s.name for s in chart.states.values() if s.final or s.end}
    back = _closure({(r.end, r.start) for r in chart.rows}, ends)
    for name, state in chart.states.items():
        if name not in back:
            yield f"“{name}” is a trap: no end can be reached from it"
        if state.final and any(r.start == name for r in chart.rows):
            yield f"“{name}” is final and yet something leaves it"


def _guards_that_overlap(chart: Drawn) -> Iterator[str]:
    for a, b in combinations(chart.rows, 2):
        if (a.event, a.start) == (b.event, b.start) and not _exclude(chart, a, b):
            yield f"two arrows of “{a.event}” from “{a.start}” may both apply"


def _exclude(chart: Drawn, a: Row, b: Row) -> bool:
    wants = dict(a.guards)
    if any(wants.get(name, wanted) is not wanted for name, wanted in b.guards):
        return True
    mine = {name for name, wanted in a.guards if wanted}
    theirs = {name for name, wanted in b.guards if wanted}
    return any(
        (mine & set(family)) and (theirs & set(family)) and not mine & theirs & set(family)
        for family in chart.exclusive
    )


def _unknown_names(chart: Drawn) -> Iterator[str]:
    events = {r.event for r in chart.rows}
    facts = chart.facts
    known = set(dir(facts)) | set(getattr(facts, "__struct_fields__", ()))
    guards = [(r.event, name) for r in chart.rows for name, _ in r.guards]
    guards += [(d.name, name) for d in chart.duties for name, _ in d.guards]
    moments = [(d.name, m) for d in chart.duties for m in (d.since, d.at_least, d.instead) if m]
    for line, name in guards:
        if name not in known:
            yield f"“{line}” is guarded by “{name}”, which {facts.__name__} does not know"
    for line, name in moments:
        if name not in known:
            yield f"“{line}” counts from “{name}”, which {facts.__name__} does not know"
    for duty in chart.duties:
        for event in set(duty.met_by) - events:
            yield f"“{duty.name}” is met by “{event}”, which is no event of the chart"


def _foreign_states(chart: Drawn) -> Iterator[str]:
    known = set(map(id, chart.states.values()))
    for row in chart.rows:
        for name in {row.start, row.end} - set(chart.states):
            yield f"“{row.event}” knows a state “{name}” that is not of this chart"
    for duty in chart.duties:
        if any(id(state) not in known for state in duty.states):
            yield f"“{duty.name}” stands in a state that is not of this chart"


def _events_named_like_guards(chart: Drawn) -> Iterator[str]:
    # The notation's library would take such an event for the guard of the same name.
    guards = {name for row in chart.rows for name, _ in row.guards}
    for event in sorted({r.event for r in chart.rows} & guards):
        yield f"“{event}” is an event and a guard at once"


def _waiting_for_nothing(chart: Drawn) -> Iterator[str]:
    for state in chart.states.values():
        owed = any(state in d.states for d in chart.duties)
        if not (owed or state.no_duty_because or state.final or state.end):
            yield f"nobody owes anything in “{state.name}”, and it does not say why not"
