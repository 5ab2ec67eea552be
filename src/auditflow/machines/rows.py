"""The lines of a chart as frozen data: states, arrows, duties, and the rows made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from auditflow.audits import Role, Trigger
from auditflow.calendar import Limit
from auditflow.guidance.citation import Source


@dataclass(frozen=True, eq=False)
class State:
    """A box: where something can be, and the role that holds it there (the swimlane)."""

    title: str
    holder: Role = Role.SYSTEM
    initial: bool = False
    #: Nothing leaves it.
    final: bool = False
    #: The process ends here, though it may be taken up again.
    end: bool = False
    #: Why nobody owes anything here, where that is so.
    no_duty_because: str = ""
    #: The chart that each of its parts follows meanwhile; drawn as one card.
    parts: str = ""
    name: str = ""


class Same:
    """The target of a transition that only notes facts: it stays where it is."""


SAME: Final = Same()


@dataclass(frozen=True)
class Line:
    """One line of a chart: an event that moves from any of its sources to one target."""

    sources: tuple[State, ...]
    target: State | Same
    by: tuple[Role, ...]
    when: str
    raises: Trigger | None
    source: tuple[Source, ...]
    #: What it answers to a question of its state: “Grade agreed? no”.
    answers: str = ""


@dataclass(frozen=True)
class Lines:
    """Several arrows of one event; with a question they are a decision (a diamond)."""

    lines: tuple[Line, ...]
    question: str = ""


@dataclass(frozen=True)
class Up:
    """A missed duty moves an escalation up one level; with a trigger, the one it raised."""

    trigger: Trigger | None = None


@dataclass(frozen=True)
class Reminder:
    """A missed duty is only reminded of; the chart says why it does not escalate."""

    because: str


@dataclass(frozen=True, eq=False)
class Duty:
    """A card: what somebody owes while in a state, within which limit from which moment."""

    states: tuple[State, ...]
    title: str
    by: tuple[Role, ...]
    within: Limit
    since: str
    met_by: tuple[str, ...]
    missed: Trigger | Up | Reminder
    source: tuple[Source, ...]
    when: str = ""
    #: A moment before which the duty is never due.
    at_least: str = ""
    #: A moment that takes the place of the limit when it is set (a new date that was accepted).
    instead: str = ""
    #: The clock acts at the overdue instant on any day (TR7: safeguarding).
    any_day: bool = False
    #: The clock acts this many working days before the due date.
    ahead: int = 0
    name: str = ""

    @property
    def guards(self) -> tuple[tuple[str, bool], ...]:
        """What must hold for it to stand, as pairs of name and wanted value."""
        return guards_of(self.when)


@dataclass(frozen=True)
class Row:
    """One arrow as both engines, the drawings and the tables read it."""

    chart: str
    event: str
    start: str
    end: str
    guards: tuple[tuple[str, bool], ...]
    by: tuple[Role, ...]
    raises: Trigger | None
    source: tuple[Source, ...]
    question: str
    #: Of several events that answer one question of their state: the question, and the answer.
    answers: str = ""

    @property
    def system(self) -> bool:
        """Whether only the clock or the chart itself brings this event."""
        return self.by == (Role.SYSTEM,)

    @property
    def solid(self) -> bool:
        """Whether the guidance says it (drawn solid) rather than us (dashed)."""
        return any(s.kind == "guidance" for s in self.source)

    @property
    def only_when(self) -> str:
        """The guards in words."""
        return " and ".join(
            ("" if wanted else "not ") + name.replace("_", " ") for name, wanted in self.guards
        )


def guards_of(when: str) -> tuple[tuple[str, bool], ...]:
    """`a and not b` as pairs of name and wanted value."""
    parts = [p.strip() for p in when.split(" and ")] if when else []
    return tuple((p.removeprefix("not ").strip(), not p.startswith("not ")) for p in parts)
