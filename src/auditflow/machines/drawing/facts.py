"""A chart as plain data for drawing: the spine, the cards in their lanes, arrows and notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditflow.audits import Role, State
from auditflow.guidance.items import GUIDANCE_VERSION
from auditflow.machines.charts import CHART_DATE, CHART_VERSION, CHARTS
from auditflow.machines.drawing.hints import AT_ANY_TIME, DIAMONDS, LANE_OF_DUTY, LANES, Diamond
from auditflow.machines.drawing.words import late, limit, listed, plain, roles, solid
from auditflow.machines.rows import Duty, Row

#: What every drawing and page says of its age.
STAMP = f"Version {CHART_VERSION}, {CHART_DATE}. Guidance of {GUIDANCE_VERSION}."
#: Each chart's file name under `diagrams/`.
FILES = {"audit": "audit_process", "action": "action_progress", "escalation": "escalation_process"}


@dataclass(frozen=True)
class Card:
    """A duty as it is drawn: what, who, by when, what if not, and beside which states."""

    name: str
    title: str
    who: str
    limit: str
    late: str
    raises: bool
    solid: bool
    lane: int
    states: tuple[str, ...]
    duty: Duty


@dataclass(frozen=True)
class Arrow:
    """All rows from one state to another, drawn as one line."""

    start: str
    end: str
    rows: tuple[Row, ...]

    @property
    def solid(self) -> bool:
        """Whether the guidance says one of them."""
        return any(row.solid for row in self.rows)


@dataclass(frozen=True)
class Note:
    """What may happen beside the arrows drawn, in a sentence."""

    says: str
    solid: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Sheet:
    """One chart, ready to be laid out."""

    name: str
    title: str
    stamp: str
    states: dict[str, State]
    rows: tuple[Row, ...]
    spine: tuple[str, ...]
    exits: tuple[str, ...]
    diamonds: tuple[Diamond, ...]
    cards: tuple[Card, ...]
    arrows: tuple[Arrow, ...]
    notes: tuple[Note, ...]

    def diamond(self, state: str) -> Diamond | None:
        """The question below a state."""
        return next((d for d in self.diamonds if d.below == state), None)

    def of(self, event: str, start: str = "") -> tuple[Row, ...]:
        """The rows of an event, from one state or from any."""
        return tuple(r for r in self.rows if r.event == event and start in {"", r.start})

    def arrived_by_guidance(self, state: str) -> bool:
        """Whether the guidance itself leads to this state: drawn with a solid border."""
        return any(r.solid for r in self.rows if r.end == state and r.start != state)


def sheet(name: str) -> Sheet:
    """The chart of that name (audit, action or escalation) as data for drawing."""
    chart = CHARTS[name]
    states = dict(chart.states)
    spine = tuple(k for k, s in states.items() if not s.final or (name == "escalation"))
    exits = tuple(k for k in states if k not in spine)
    diamonds = DIAMONDS.get(name, ())
    asked = {event for d in diamonds for event, _ in (*d.on, *d.aside)}
    asked |= {AT_ANY_TIME[name][0]} if name in AT_ANY_TIME else set()
    drawn = tuple(_arrows(chart.rows, spine, asked, name))
    kept = {row for arrow in drawn for row in arrow.rows}
    rest = [r for r in chart.rows if r not in kept and r.end not in exits and r.event not in asked]
    return Sheet(
        name,
        chart.title,
        STAMP,
        states,
        chart.rows,
        spine,
        exits,
        diamonds,
        tuple(_cards(name, spine)),
        drawn,
        tuple(_notes(rest, states, spine)),
    )


def _arrows(
    rows: Sequence[Row], spine: tuple[str, ...], asked: set[str], name: str
) -> Iterable[Arrow]:
    """One line for each pair of neighbours on the spine; a return goes back up beside it."""
    pairs: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        step = spine.index(row.end) - spine.index(row.start) if row.end in spine else 0
        if _on_spine(row, step, name) or (step and row.event in asked):
            pairs[row.start, row.end].append(row)
    for (start, end), found in pairs.items():
        yield Arrow(start, end, tuple(found))


def _on_spine(row: Row, step: int, name: str) -> bool:
    if name == "escalation":
        return row.event in {"raise", "reject", "pass_unanswered", "bypass", "decide"} and step != 0
    return step in {1, -1} and row.event != "reopen"


def _cards(name: str, spine: tuple[str, ...]) -> Iterable[Card]:
    for duty in CHARTS[name].duties:
        states = tuple(s for s in spine if s in {x.name for x in duty.states})
        yield _card(name, duty, states)
    if name == "audit":
        for duty in CHARTS["action"].duties:
            yield _card(name, duty, ("post_audit",))


def _card(name: str, duty: Duty, states: tuple[str, ...]) -> Card:
    owner = LANE_OF_DUTY.get(duty.name, duty.by[0])
    return Card(
        duty.name,
        duty.title,
        roles(duty.by),
        limit(duty),
        late(duty),
        not late(duty).endswith("reminder"),
        solid(duty.source),
        _lane(name, owner),
        states,
        duty,
    )


def _lane(name: str, owner: Role) -> int:
    return next(i for i, lane in enumerate(LANES[name]) if owner in lane.roles)


def _notes(rows: Iterable[Row], states: dict[str, State], spine: tuple[str, ...]) -> Iterable[Note]:
    """Rows not drawn, joined where the same person may do them in the same states."""
    by_event: dict[tuple[str, str, str, bool], list[Row]] = defaultdict(list)
    for row in rows:
        stays = "" if row.start == row.end else row.end
        by_event[row.event, roles(row.by), stays, row.solid].append(row)
    groups: dict[tuple[str, str, str, bool], list[list[Row]]] = defaultdict(list)
    for (_, who, end, is_solid), found in by_event.items():
        where = stretch([r.start for r in found], states, spine)
        groups[where, who, end, is_solid].append(found)
    for (where, who, end, is_solid), events in groups.items():
        words = listed(_event(found[0]) for found in events)
        leads = f" → {states[end].title}" if end else ""
        flat = tuple(row for found in events for row in found)
        yield Note(f"{where}: {words}{leads} ({who})", is_solid, flat)


def _event(row: Row) -> str:
    return f"{plain(row.event)} → {row.raises}" if row.raises else plain(row.event)


def stretch(names: Sequence[str], states: dict[str, State], spine: tuple[str, ...]) -> str:
    """States in words; a run of neighbours on the spine as “first to last”."""
    at = sorted(spine.index(n) for n in names if n in spine)
    titles = [states[spine[i]].title for i in at]
    ladder = [n for n in spine if n.startswith("level_")]
    if ladder and [spine[i] for i in at] == ladder:
        return "At every level"
    if len(at) > 2 and at == list(range(at[0], at[-1] + 1)):  # noqa: PLR2004 - a run is three
        return f"{titles[0]} to {titles[-1]}"
    return listed(titles)
