"""The engine that runs: one shared `transitions` machine for each chart, fed from its rows.

No object is made for an audit. The machine moves a seat that holds a state and the guards'
answers; the answers are worked out here, so that a refusal can name the guard that refused and
a guard that raises refuses too.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from transitions import Machine

from auditflow.errors import Refused
from auditflow.machines.notation import ChartClass
from auditflow.machines.rows import Row


@dataclass(frozen=True)
class Fired:
    """The arrow that was taken, and what its guards (and its rivals') answered."""

    row: Row
    saw: dict[str, bool]


class Seat:
    """What the shared machine moves: a state, and the guards' answers as attributes."""

    def __init__(self, state: str, saw: dict[str, bool]) -> None:
        self.state = state
        self.__dict__.update(saw)


class Engine:
    """One chart, ready to run."""

    def __init__(self, chart: ChartClass) -> None:
        self.chart = chart
        self.arrows: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in chart.rows:
            self.arrows[row.start, row.event].append(row)
        self.machine = Machine(
            model=None,
            states=list(chart.states),
            initial=next(s.name for s in chart.states.values() if s.initial),
            auto_transitions=False,
            transitions=[
                {
                    "trigger": row.event,
                    "source": row.start,
                    "dest": row.end,
                    "conditions": [name for name, wanted in row.guards if wanted],
                    "unless": [name for name, wanted in row.guards if not wanted],
                }
                for row in chart.rows
            ],
        )

    def events(self, state: str) -> tuple[str, ...]:
        """The events that have an arrow from `state`, guards apart, in the chart's order."""
        return tuple(dict.fromkeys(r.event for r in self.chart.rows if r.start == state))

    def answers(self, state: str, event: str, facts: object) -> dict[str, bool]:
        """What each guard of this event says of the facts; Refused if one cannot say."""
        saw: dict[str, bool] = {}
        for row in self.arrows[state, event]:
            for name, _ in row.guards:
                if name not in saw:
                    saw[name] = _ask(facts, name, event)
        return saw

    def fire(self, state: str, event: str, facts: object) -> Fired:
        """Take the arrow of `event` from `state`; Refused if there is none or a guard says no."""
        rows = self.arrows.get((state, event))
        if not rows:
            raise Refused(self._no_arrow(state, event))
        saw = self.answers(state, event, facts)
        seat = Seat(state, saw)
        if not self.machine.events[event].trigger(seat):
            missing = self.missing(rows, saw)
            raise Refused(
                f"“{words(event)}” is not possible yet. Still needed: {self.explain(missing)}."
                + self._hints(missing),
                missing,
            )
        return Fired(next(r for r in rows if r.end == seat.state and holds(r, saw)), saw)

    def missing(self, rows: list[Row], saw: dict[str, bool]) -> tuple[str, ...]:
        """The guards that refuse the arrow that comes closest."""
        wanting = [
            tuple(("" if w else "not ") + name for name, w in r.guards if saw[name] is not w)
            for r in rows
        ]
        return min(wanting, key=len)

    def explain(self, guards: tuple[str, ...]) -> str:
        """What each refusing guard needs, in its own words."""
        return "; ".join(self._explain(g) for g in guards)

    def _explain(self, guard: str) -> str:
        wanted = not guard.startswith("not ")
        return self.chart.guards[guard.removeprefix("not ")].words(wanted)

    def _hints(self, guards: tuple[str, ...]) -> str:
        """What to type, where that is known."""
        hints = (self.chart.guards[g].hint for g in guards if not g.startswith("not "))
        return "".join(f" {hint}" for hint in hints if hint)

    def _no_arrow(self, state: str, event: str) -> str:
        here = self.chart.states[state].title
        froms = [self.chart.states[r.start].title for r in self.chart.rows if r.event == event]
        where = " or ".join(f"“{t}”" for t in dict.fromkeys(froms)) or "nowhere"
        return (
            f"“{words(event)}” is not possible now: it stands at “{here}”, "
            f"and that is done at {where}."
        )


def holds(row: Row, saw: dict[str, bool]) -> bool:
    """Whether every guard of the arrow answered as it should."""
    return all(saw[name] is wanted for name, wanted in row.guards)


def words(name: str) -> str:
    """A name of the code as people say it."""
    return name.replace("_", " ")


def _ask(facts: object, name: str, event: str) -> bool:
    try:
        return bool(getattr(facts, name))
    except Exception as error:
        # Whatever it raised: neither its arrow nor a rival's may be taken.
        raise Refused(
            f"“{words(event)}” is not possible: whether “{words(name)}” holds cannot be told.",
            (name,),
        ) from error


@cache
def engine(chart: ChartClass) -> Engine:
    """The one engine of a chart."""
    return Engine(chart)
