"""What every chart must keep to: a malformed chart cannot even be imported."""

from collections.abc import Iterator, Mapping
from itertools import combinations

from auditflow.audits import POSTS, Guard, Moment, Role, State
from auditflow.errors import AuditflowError
from auditflow.machines.rows import RAISE, Duty, Row, Up


class Drawn:
    """A chart as far as its structure goes."""

    facts: type
    exclusive: tuple[tuple[str, ...], ...]
    states: Mapping[str, State]
    rows: tuple[Row, ...]
    duties: tuple[Duty, ...]
    #: What its guards, and the moments its limits count from, say in words.
    guards: Mapping[str, Guard]
    moments: Mapping[str, Moment]


class Malformed(AuditflowError, TypeError):
    """The chart breaks a rule of charts; the message lists every place."""


def check(chart: Drawn) -> None:
    """Refuse a malformed chart with the list of what is wrong with it."""
    wrong = [
        *_states_without_way_out(chart),
        *_unreachable(chart),
        *_guards_that_overlap(chart),
        *_unknown_names(chart),
        *_denied_without_words(chart),
        *_foreign_states(chart),
        *_events_named_like_guards(chart),
        *_waiting_for_nothing(chart),
        *_events_without_words(chart),
        *_never_taken(chart),
        *_never_met(chart),
        *_by_nobody(chart),
        *_met_by_others(chart),
        *_up_where_nothing_leads(chart),
        *_waiting_for_a_party(chart),
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
    back = _closure({(r.end, r.start) for r in chart.rows}, _ends(chart))
    for name, state in chart.states.items():
        if name not in back:
            yield f"“{name}” is a trap: no end can be reached from it"
        if state.final and any(r.start == name for r in chart.rows):
            yield f"“{name}” is final and yet something leaves it"
        if state.final and not state.ended:
            yield f"“{name}” is final and yet not said to have ended"


def _ends(chart: Drawn) -> set[str]:
    return {s.name for s in chart.states.values() if s.ended}


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
    events, facts = {r.event for r in chart.rows}, chart.facts.__name__
    guards = [(r.event, name) for r in chart.rows for name, _ in r.guards]
    guards += [(d.name, name) for d in chart.duties for name, _ in d.guards]
    moments = [(d.name, m) for d in chart.duties for m in (d.since, d.at_least, d.instead) if m]
    moments += [(r.event, r.moment) for r in chart.rows if r.moment]
    for line, name in guards:
        if name not in chart.guards:
            yield f"“{line}” is guarded by “{name}”, which {facts} does not know, or not in words"
    for line, name in moments:
        if name not in chart.moments:
            yield f"“{line}” counts from “{name}”, which {facts} does not know, or not in words"
    for duty in chart.duties:
        for event in set(duty.met_by) - events:
            yield f"“{duty.name}” is met by “{event}”, which is no event of the chart"


def _denied_without_words(chart: Drawn) -> Iterator[str]:
    """A guard that must not hold says in words what is then so."""
    lines: list[Row | Duty] = [*chart.rows, *chart.duties]
    denied = dict.fromkeys(n for line in lines for n, wanted in line.guards if not wanted)
    for name in denied:
        if name in chart.guards and not chart.guards[name].otherwise:
            yield f"“{name}” is asked not to hold, and no words say what is then so"


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
        if not (owed or state.no_duty_because or state.ended):
            yield f"nobody owes anything in “{state.name}”, and it does not say why not"


def _events_without_words(chart: Drawn) -> Iterator[str]:
    for event in dict.fromkeys(r.event for r in chart.rows if not r.says):
        yield f"“{event}” does not say what follows from it"


def _never_taken(chart: Drawn) -> Iterator[str]:
    """Nobody brings a system arrow but the chart itself, a moment, or a duty that is missed."""
    missed = {RAISE, *(d.missed.event for d in chart.duties if isinstance(d.missed, Up))}
    for row in chart.rows:
        if row.system and not (row.by_itself or row.moment or row.event in missed):
            yield f"nothing brings “{row.event}”: it is neither by itself nor at a moment"
        if row.by_itself and not row.system:
            yield f"“{row.event}” comes by itself, and yet it is somebody's to bring"


def _never_met(chart: Drawn) -> Iterator[str]:
    arrows = {(r.event, r.start) for r in chart.rows}
    events = {r.event for r in chart.rows}
    for duty in chart.duties:
        if duty.after and duty.after not in events:
            yield f"“{duty.name}” comes after “{duty.after}”, which is no event of the chart"
        for state in duty.states:
            met = any((event, state.name) in arrows for event in duty.met_by)
            if not (met or (duty.after, state.name) in arrows or _on_the_way(chart, duty, state)):
                yield f"“{duty.name}” is owed in “{state.name}”, where nothing can meet it"


def _met_by_others(chart: Drawn) -> Iterator[str]:
    """Who owes a thing may bring the event that meets it."""
    for duty in chart.duties:
        bring = {role for row in chart.rows if row.event in duty.met_by for role in row.by}
        if bring and not bring & set(duty.by):
            yield f"“{duty.name}” is owed by {duty.by[0].title}, who may not bring what meets it"


def _up_where_nothing_leads(chart: Drawn) -> Iterator[str]:
    """A duty that moves up when missed is owed only where an arrow leads up."""
    arrows = {(r.event, r.start) for r in chart.rows}
    for duty in chart.duties:
        up = duty.missed if isinstance(duty.missed, Up) and duty.missed.trigger is None else None
        for state in duty.states:
            if up is not None and (up.event, state.name) not in arrows:
                yield f"“{duty.name}” moves up when missed; nothing leads up from “{state.name}”"


def _on_the_way(chart: Drawn, duty: Duty, state: State) -> bool:
    """Whether what must come first can come only after something else that leads from here."""
    if not duty.after:
        return False
    owed = {s.name for s in duty.states}
    inside = {(r.start, r.end) for r in chart.rows if {r.start, r.end} <= owed}
    first = {r.start for r in chart.rows if r.event == duty.after}
    return bool(_closure(inside, {state.name}) & first)


def _by_nobody(chart: Drawn) -> Iterator[str]:
    """A place in an audit is nobody's before the event that fills it."""
    for role in dict.fromkeys(role for row in chart.rows for role in row.appoints):
        filled = {r.end for r in chart.rows if role in r.appoints}
        there = _closure({(r.start, r.end) for r in chart.rows}, filled)
        for row in chart.rows:
            if role in row.by and row.start not in there:
                yield f"“{row.event}” in “{row.start}” is for {role.title}, and there is none yet"


def _waiting_for_a_party(chart: Drawn) -> Iterator[str]:
    """An end must be reached by posts and the clock alone, whatever a party withholds."""
    posts = POSTS | {Role.SYSTEM}
    back = _closure({(r.end, r.start) for r in chart.rows if posts & set(r.by)}, _ends(chart))
    for name, state in chart.states.items():
        if name not in back and not state.initial:
            yield f"no post can bring “{name}” to an end without a party's consent"
