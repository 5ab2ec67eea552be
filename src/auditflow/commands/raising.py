"""Raising an escalation by hand, before the date of what will not be done in time (8.3)."""

from typing import ClassVar

from auditflow.audits import Audit, OpenDuty, Trigger, cause_of
from auditflow.calendar import long_day
from auditflow.commands.base import CommandContext, WithReason, field
from auditflow.errors import BadInput, Refused
from auditflow.machines.charts import DUTIES
from auditflow.machines.effects import raised_before, with_new
from auditflow.machines.events import Event
from auditflow.machines.rows import Reminder


class Raise(WithReason):
    """Raise an escalation now, for it is plain that a duty will not be met in time (8.3)."""

    kind: ClassVar[str] = "escalation"
    event: ClassVar[str] = "raise"
    duty: str = field("what will not be done in time, such as supervision_review")
    about: str = field("which one, where several are owed, such as “action 2”", default="")
    reason: str = field("how that is plain already")

    def events(self, audit: Audit) -> tuple[Event, ...]:
        """An escalation more."""
        return (Event(self.kind, len(audit.escalations) + 1, self.event),)

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the duty as its cause, so that the clock raises nothing beside it."""
        owed = self._owed(audit)
        trigger = DUTIES[owed.duty].missed
        assert isinstance(trigger, Trigger)
        cause = cause_of(owed.duty, owed.subject, owed.due)
        known = raised_before(audit, trigger, cause)
        if known:
            raise Refused(
                f"That was raised already: it is escalation {known[0].n} of this audit. "
                "See it: auditflow audit show"
            )
        if owed.missed:
            raise Refused(
                f"Its date, {long_day(owed.due)}, is past. By hand only that is raised which is "
                "not late yet."
            )
        noted = super().apply(audit, context)
        today, by = context.attribution.today, context.actor.id
        return with_new(noted, trigger, cause, today, context.rules, owed=owed, by=by)

    def _owed(self, audit: Audit) -> OpenDuty:
        """The duty that is meant, as it stands."""
        duty = DUTIES.get(self.duty)
        if duty is not None and isinstance(duty.missed, Reminder):
            raise Refused(
                f"“{duty.title}” is only reminded of, and never escalated: {duty.missed.because}"
            )
        if duty is not None and not isinstance(duty.missed, Trigger):
            raise Refused(
                f"“{duty.title}” raises nothing when it is missed: its escalation moves up. "
                "To move it now: auditflow escalation bypass"
            )
        found = [o for o in _to_raise(audit) if o.duty == self.duty and self._is_about(o)]
        if not found:
            raise Refused(f"“{self.duty[:60]}” is not owed here now. {_said(audit)}")
        if len(found) > 1:
            raise BadInput(f"Several are owed. Say which with --about. {_said(audit)}")
        return found[0]

    def _is_about(self, owed: OpenDuty) -> bool:
        return self.about in ("", _about(owed))


def _to_raise(audit: Audit) -> list[OpenDuty]:
    return [o for o in audit.duties if isinstance(DUTIES[o.duty].missed, Trigger)]


def _about(owed: OpenDuty) -> str:
    """`audit`, `action 2`, `escalation 1`."""
    return owed.subject.partition(" level")[0]


def _said(audit: Audit) -> str:
    """What might be raised, as it is typed."""
    owed = [f"{o.duty} ({_about(o)})" for o in _to_raise(audit)]
    return f"What may be raised: {', '.join(owed)}." if owed else "Nothing that escalates is owed."
