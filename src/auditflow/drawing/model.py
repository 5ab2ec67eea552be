"""A chart as plain data for drawing: states on the flow line, numbered arrows, cards of duties."""

import re
import string
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from auditflow.audits import State
from auditflow.drawing.labels import DEFAULTS, InForce, late, limit, plain, roles, solid
from auditflow.guidance.items import GUIDANCE_VERSION
from auditflow.machines.charts import CHART_DATE, CHART_VERSION, CHARTS
from auditflow.machines.notation import ChartClass
from auditflow.machines.rows import Duty, Reminder, Row

#: What every drawing and page says of its age.
STAMP: Final = f"Version {CHART_VERSION}, {CHART_DATE}. Guidance of {GUIDANCE_VERSION}."
#: Each chart's file name under `diagrams/`.
FILES: Final = {
    "audit": "audit_process",
    "action": "action_progress",
    "escalation": "escalation_process",
}


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
    states: tuple[str, ...]
    duty: Duty
    chart: ChartClass
    #: The name of the chart of a part whose duty it is; empty for this chart's own.
    part: str = ""


@dataclass(frozen=True)
class Arrow:
    """A line of the chart as the sheet numbers it: one event from its sources to one target."""

    #: What it is called in a picture, whatever its number comes to be.
    name: str
    number: str
    rows: tuple[Row, ...]

    @property
    def row(self) -> Row:
        """One of its rows: they differ only by where they begin."""
        return self.rows[0]

    @property
    def event(self) -> str:
        """What happens."""
        return self.row.event

    @property
    def sources(self) -> tuple[str, ...]:
        """The states it begins in."""
        return tuple(row.start for row in self.rows)

    @property
    def end(self) -> str:
        """The state it leads to; empty where facts are noted and it stays."""
        return "" if self.row.end == self.row.start else self.row.end

    @property
    def says(self) -> str:
        """The event in words."""
        return plain(self.event)


@dataclass(frozen=True)
class Question:
    """A decision below a state, with the arrows that answer it."""

    asks: str
    at: str
    answers: tuple[tuple[str, Arrow], ...]


@dataclass(frozen=True, eq=False)
class Sheet:
    """One chart, ready to be laid out."""

    name: str
    chart: ChartClass
    title: str
    rules: InForce
    states: Mapping[str, State]
    rows: tuple[Row, ...]
    #: The states from first to last, without the ends that lie beside the way.
    flow: tuple[str, ...]
    exits: tuple[str, ...]
    arrows: tuple[Arrow, ...]
    questions: tuple[Question, ...]
    cards: tuple[Card, ...]
    stamp: str = STAMP

    def arrived_by_guidance(self, state: str) -> bool:
        """Whether the guidance itself leads to this state: drawn with a solid border."""
        return any(r.solid for r in self.rows if r.end == state and r.start != state)

    def staying(self, state: str) -> tuple[str, ...]:
        """The numbers of what is noted in a state without leaving it."""
        return tuple(a.number for a in self.arrows if not a.end and state in a.sources)

    def holder(self, state: str) -> str:
        """Who holds it, by the title in force."""
        return self.rules.holders.get(state, self.states[state].holder.title)

    @property
    def climbs(self) -> bool:
        """Whether its states are the levels at which triggers come in."""
        return any(state.level for state in self.states.values())


def sheet(name: str, rules: InForce = DEFAULTS) -> Sheet:
    """The chart of that name (audit, action or escalation) as data for drawing."""
    chart = CHARTS[name]
    usual = rules is DEFAULTS
    return _usual(name, chart, chart.rows, chart.duties) if usual else sheet_of(name, chart, rules)


@lru_cache(maxsize=16)
def _usual(name: str, chart: ChartClass, *_: object) -> Sheet:
    return sheet_of(name, chart)


def sheet_of(name: str, chart: ChartClass, rules: InForce = DEFAULTS) -> Sheet:
    """Any chart as data for drawing; `name` begins the names of its shapes."""
    exits = tuple(key for key, state in chart.states.items() if state.final)
    if all(state.final for state in chart.states.values() if state.ended):
        exits = exits[1:]  # a chart that cannot be taken up again ends on its line
    flow = tuple(key for key in chart.states if key not in exits)
    arrows = tuple(_arrows(chart.rows))
    return Sheet(
        name,
        chart,
        chart.title,
        rules,
        chart.states,
        chart.rows,
        flow,
        exits,
        arrows,
        tuple(_questions(arrows)),
        tuple(_cards(chart, flow, rules)),
    )


def _arrows(rows: Iterable[Row]) -> Iterable[Arrow]:
    """Rows that differ only by where they begin are one; lines of one event share its number."""
    events: dict[str, dict[object, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        end = "" if row.start == row.end else row.end
        events[row.event][end, row.guards, row.by, row.raises, row.source].append(row)
    for n, (event, lines) in enumerate(events.items(), start=1):
        names = _names([found[0] for found in lines.values()])
        letters = string.ascii_letters if len(lines) > 1 else [""]
        for name, letter, found in zip(names, letters, lines.values(), strict=False):
            yield Arrow(f"{event}{name}", f"{n}{letter}", tuple(found))


def _names(rows: Sequence[Row]) -> list[str]:
    """What tells the lines of one event apart, no longer than it must be."""
    found = [""] * len(rows)
    for told in (lambda r: r.end, lambda r: r.start, _asked):
        if len(set(found)) < len(rows):
            found = [f"{name}-{told(row)}" for name, row in zip(found, rows, strict=True)]
    return [re.sub(r"[^\w-]+", "-", name).rstrip("-") for name in found]


def _asked(row: Row) -> str:
    return "-".join(f"{'' if wanted else 'not-'}{name}" for name, wanted in row.guards)


def _questions(arrows: Sequence[Arrow]) -> Iterable[Question]:
    """Each question with its answers, where it is asked; a decision's answers are its guards."""
    found: dict[tuple[str, str], list[tuple[str, Arrow]]] = defaultdict(list)
    for arrow in arrows:
        asked, mark, answer = arrow.row.answers.partition("? ")
        asks = f"{asked}?" if mark else arrow.row.question
        for state in arrow.sources if asks else ():
            found[state, asks].append((answer, arrow))
    for (state, asks), answers in found.items():
        yield Question(asks, state, tuple(answers))


def _cards(chart: ChartClass, flow: Sequence[str], rules: InForce) -> Iterable[Card]:
    for duty in chart.duties:
        held = {state.name for state in duty.states}
        yield _card(chart, duty, tuple(s for s in flow if s in held), rules)
    for key, state in chart.states.items():
        part = CHARTS[state.parts] if state.parts else None
        for duty in part.duties if part else ():
            yield replace(_card(part or chart, duty, (key,), rules), part=state.parts)


def _card(chart: ChartClass, duty: Duty, states: tuple[str, ...], rules: InForce) -> Card:
    return Card(
        duty.name,
        duty.title,
        roles(duty.by),
        limit(chart, duty, rules),
        late(duty),
        not isinstance(duty.missed, Reminder),
        solid(duty.source),
        states,
        duty,
        chart,
    )
