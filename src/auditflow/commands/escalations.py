"""Forms of Flow Chart 2 (domain text, section 8.3)."""

from datetime import date
from functools import partial
from typing import Any, ClassVar

from msgspec.structs import replace

from auditflow.audits import Answer as AnswerKind
from auditflow.audits import Audit, Escalation, Level, Trigger
from auditflow.calendar import long_day
from auditflow.commands.base import AuditCommand, CommandContext, field, store_text
from auditflow.commands.follow_up import changed as changed_action
from auditflow.commands.follow_up import with_grade
from auditflow.errors import BadInput, NotFound
from auditflow.guidance.tool import Grade
from auditflow.machines.duties import Rules
from auditflow.machines.effects import paused, resumed, with_escalation
from auditflow.machines.events import Effect, Event


class _EscalationCommand(AuditCommand):
    kind: ClassVar[str] = "escalation"
    escalation: int = field("the escalation's number")

    @property
    def part(self) -> int:
        """The escalation's number."""
        return self.escalation

    def on(self, audit: Audit) -> Escalation:
        """The escalation; NotFound if there is none."""
        found = audit.escalation(self.escalation)
        if found is None:
            raise NotFound(
                f"This audit has no escalation {self.escalation}; it has {len(audit.escalations)}."
            )
        return found

    def noted(self, audit: Audit, **facts: Any) -> Audit:
        """The audit with facts of the escalation changed."""
        return with_escalation(audit, replace(self.on(audit), **facts))


class Acknowledge(_EscalationCommand):
    """Acknowledge it: reminders stop, the window does not."""

    event: ClassVar[str] = "acknowledge"

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note who did."""
        return self.noted(audit, acknowledged_by=context.actor.id)


class Answer(_EscalationCommand):
    """Answer it: what was done, a new date for a late action, or advice on a grade."""

    event: ClassVar[str] = "answer"
    says: str = field("the answer")
    new_date: date | None = field("a new date for the late action", default=None)
    grade: Grade | None = field("the grade advised, where the grade is disputed", default=None)

    def events(self, audit: Audit) -> tuple[Event, ...]:
        """The answer; it counts once the chart has seen that there was none. Final, it decides."""
        escalation = self.on(audit)
        kind = self._kind(escalation)
        answer = Event(
            self.kind, self.part, self.event, lambda now, *_: self.noted(now, answer=kind)
        )
        if not escalation.final_here:
            return (answer,)
        return answer, Event(self.kind, self.part, "decide", self._as_advised)

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the answer; a judge accepts or rejects it."""
        kind, new = self._kind(self.on(audit)), self.new_date
        if kind == "new_date" and new is not None and new <= context.day:
            raise BadInput(f"--new-date {long_day(new)} is not ahead. Give a later day.")
        return self.noted(
            audit,
            answered_by=context.actor.id,
            answered_for=context.attribution.acting_for,
            answered_on=context.attribution.today,
            answer_says=store_text(self.says, "The answer", context),
            new_date=new,
            advised=self.grade,
            accepted_by=(),
        )

    def _as_advised(self, audit: Audit, _today: date, _rules: Rules) -> Audit:
        escalation = self.on(audit)
        assert escalation.advised is not None
        return _decided(audit, escalation, escalation.advised, escalation.answered_by)

    def _kind(self, escalation: Escalation) -> AnswerKind:
        if self.grade is not None:
            if escalation.trigger is not Trigger.T1:
                raise BadInput("--grade is for a disputed grade (T1). Leave it out.")
            return "advice"
        if escalation.trigger is Trigger.T1:
            raise BadInput(
                "A disputed grade is answered with the grade advised. Give it with --grade."
            )
        if self.new_date is None:
            return "in_words"
        if escalation.trigger not in (Trigger.T3, Trigger.T5):
            raise BadInput("--new-date is for a late action (T3, T5). Leave it out.")
        return "new_date"


def _decided(audit: Audit, escalation: Escalation, grade: Grade, by: str) -> Audit:
    """A disputed grade is decided, and that is final; only an Inadequate one is still moderated."""
    decided = replace(escalation, advised=grade, resolution="decision")
    return with_grade(with_escalation(audit, decided), grade, "final", by)


class Accept(_EscalationCommand):
    """Accept the answer: what was wrong is put right, or will be by the new date."""

    event: ClassVar[str] = "accept"

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the judge; for a grade, whether both have accepted by now."""
        escalation = self.on(audit)
        # Auditor and key worker must each accept, by themselves or through a deputy.
        accepted = tuple(dict.fromkeys((*escalation.accepted_by, context.whose.id)))
        noted = self.noted(
            audit, judge=context.actor.id, accepted_by=accepted, resolution=escalation.answer
        )
        if escalation.trigger is Trigger.T1:
            both = {audit.auditor, audit.key_worker} <= set(accepted)
            return _with_advice(noted, escalation) if both else noted
        new = escalation.new_date
        if escalation.answer == "new_date" and new and audit.action(escalation.action):
            return changed_action(noted, escalation.action, due_on=new, revised_on=new)
        return noted


def _with_advice(audit: Audit, escalation: Escalation) -> Audit:
    """Both accept the grade advised: it is final, unless an Inadequate must still be moderated."""
    grade = escalation.advised or audit.grade
    open_ = audit.inadequate_with(grade) and audit.moderation != "done"
    return with_grade(audit, grade, "advised" if open_ else "final", escalation.answered_by)


class Reject(_EscalationCommand):
    """Reject the answer: it moves up one level at once."""

    event: ClassVar[str] = "reject"
    reason: str = field("why the answer does not do")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the judge and the reason."""
        noted = self.noted(audit, judge=context.actor.id)
        return replace(noted, reason=store_text(self.reason, "The reason", context))


class Decide(_EscalationCommand):
    """Decide the grade, and that is final (8.4): at level 4 or 5; at level 2 if so set (D6)."""

    event: ClassVar[str] = "decide"
    grade: Grade = field("the grade")
    reason: str = field("why")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the grade as final."""
        judged = replace(self.on(audit), judge=context.actor.id)
        decided = _decided(audit, judged, self.grade, context.actor.id)
        return replace(decided, reason=store_text(self.reason, "The reason", context))


class Bypass(_EscalationCommand):
    """Move it straight to a higher level."""

    event: ClassVar[str] = "bypass"
    level: int = field("the level, 2 to 5")
    reason: str = field("why it cannot wait")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the level and the reason."""
        if self.level not in range(2, 6):
            raise BadInput(f"--level {self.level} is no level to move to. Give 2, 3, 4 or 5.")
        noted = self.noted(audit, bypass_to=Level(self.level))
        return replace(noted, reason=store_text(self.reason, "The reason", context))


class Hold(_EscalationCommand):
    """Pause its window until a review date; never for a child at risk."""

    event: ClassVar[str] = "hold"
    until: date = field("the review date")
    reason: str = field("why it is paused")

    def then(self) -> Effect:
        """The window stands still once the chart allows it."""
        return partial(paused, n=self.part, until=self.until)

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the reason."""
        if self.until <= context.attribution.today:
            raise BadInput(
                f"--until {long_day(self.until)} is not ahead. Give a later review date."
            )
        return replace(audit, reason=store_text(self.reason, "The reason", context))


class Resume(_EscalationCommand):
    """End the pause; the window runs on."""

    event: ClassVar[str] = "resume"

    def then(self) -> Effect:
        """The window runs on."""
        return partial(resumed, n=self.part)
