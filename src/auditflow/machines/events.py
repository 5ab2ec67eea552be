"""What goes through a chart: an event, who brings it, and the outcome that a line records."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from auditflow.audits import SYSTEM, Audit, OpenDuty
from auditflow.calendar import london_date
from auditflow.machines.duties import Rules
from auditflow.machines.rows import Row

#: What an event brings about, given the audit, the day and the rules.
Effect = Callable[[Audit, date, Rules], Audit]


@dataclass(frozen=True)
class Event:
    """One event somebody brings to one part of an audit."""

    kind: str
    n: int
    name: str
    #: What the event brings about once its guards have said yes (they read the facts before).
    then: Effect | None = field(default=None, compare=False)

    @property
    def subject(self) -> str:
        """`audit`, `action 2`, `escalation 1`."""
        return f"{self.kind} {self.n}" if self.n else self.kind


@dataclass(frozen=True)
class Attribution:
    """Who brings it, for whom, when it happened and when it is recorded."""

    now: datetime
    happened_at: datetime
    actor: str = SYSTEM.id
    acting_for: str = ""

    @property
    def today(self) -> date:
        """The London date of recording."""
        return london_date(self.now)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one event did; it becomes one line of the journal."""

    event: Event
    before: str
    after: str
    attribution: Attribution
    audit: Audit
    changed: dict[str, Any]
    #: What each guard asked said of the facts; nothing where no arrow is taken.
    saw: dict[str, bool] = field(default_factory=dict)
    row: Row | None = None
    duty: OpenDuty | None = None
    #: Duties that stand no more: `met` by this event, or `dropped`.
    ended: tuple[tuple[OpenDuty, str], ...] = ()
