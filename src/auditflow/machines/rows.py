"""The lines of a chart as frozen data: states, arrows, duties, and the rows made of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from auditflow.audits import Role, State, Trigger
from auditflow.calendar import Limit
from auditflow.guidance.citation import Source


class Same:
    """The target of a transition that only notes facts: it stays where it is."""


SAME: Final = Same()

#: What a missed duty that escalates brings to Flow Chart 2.
RAISE: Final = "raise"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a line of a chart says of its event, beside from where to where it leads."""

    by: tuple[Role, ...]
    source: tuple[Source, ...]
    raises: Trigger | None = None
    #: What it answers to a question of its state: “Grade agreed? no”.
    answers: str = ""
    #: The chart takes it by itself as soon as its guards hold, after each event.
    by_itself: bool = False
    #: The moment of the facts at which the clock takes it.
    moment: str = ""
    #: The places in the audit that this event fills; nobody has them before.
    appoints: tuple[Role, ...] = ()
    #: The events with which it comes, where it has no form of its own.
    comes_with: tuple[str, ...] = ()
    #: What follows from it, in words.
    says: str = ""


@dataclass(frozen=True, kw_only=True)
class Transition(Said):
    """One line of a chart: an event that moves from any of its sources to one target."""

    sources: tuple[State, ...]
    target: State | Same
    when: str = ""


@dataclass(frozen=True)
class Transitions:
    """Several arrows of one event; with a question they are a decision (a diamond)."""

    lines: tuple[Transition, ...]
    question: str = ""
    says: str = ""


@dataclass(frozen=True)
class Up:
    """A missed duty moves an escalation up one level; with a trigger, the one it raised."""

    trigger: Trigger | None = None
    #: The event of Flow Chart 2 by which it moves.
    event: str = "pass_unanswered"


@dataclass(frozen=True)
class Reminder:
    """A missed duty is only reminded of; the chart says why it does not escalate."""

    because: str


@dataclass(frozen=True, eq=False, kw_only=True)
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
    #: The event that must come first where the state has no arrow of one that meets it.
    after: str = ""
    name: str = ""

    @cached_property
    def guards(self) -> tuple[tuple[str, bool], ...]:
        """What must hold for it to stand, as pairs of name and wanted value."""
        return guards_of(self.when)


@dataclass(frozen=True, kw_only=True)
class Row(Said):
    """One arrow as both engines, the drawings and the tables read it."""

    chart: str
    event: str
    start: str
    end: str
    guards: tuple[tuple[str, bool], ...]
    question: str = ""

    @property
    def system(self) -> bool:
        """Whether only the clock or the chart itself brings this event."""
        return self.by == (Role.SYSTEM,)

    @property
    def solid(self) -> bool:
        """Whether the guidance says it (drawn solid) rather than us (dashed)."""
        return any(s.kind == "guidance" for s in self.source)


def guards_of(when: str) -> tuple[tuple[str, bool], ...]:
    """`a and not b` as pairs of name and wanted value."""
    parts = [p.strip() for p in when.split(" and ")] if when else []
    return tuple((p.removeprefix("not ").strip(), not p.startswith("not ")) for p in parts)
