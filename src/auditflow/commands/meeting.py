"""Forms of the audit meeting and its submission (A10 to A14)."""

from typing import ClassVar

from msgspec.structs import replace

from auditflow.audits import Audit, Trigger
from auditflow.calendar import LONDON, london_date
from auditflow.commands.base import (
    AuditCommand,
    CommandContext,
    field,
    store_optional_text,
    store_text,
)
from auditflow.commands.findings import RecordFindings
from auditflow.commands.plan import PlannedAction, acts_for, with_actions
from auditflow.errors import Refused
from auditflow.guidance.tool import Grade
from auditflow.machines.transition import Event

__all__ = [
    "AddAction",
    "AgreeGrade",
    "RaiseConcern",
    "RecordDisagreement",
    "RecordFindings",
    "Submit",
]


class AddAction(AuditCommand, PlannedAction):
    """Add one SMART action to the plan (A10)."""

    event: ClassVar[str] = "add_action"

    def events(self, audit: Audit) -> tuple[Event, ...]:
        """Agree the action, then note that the plan grew."""
        return acts_for(audit, (self,))

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the action."""
        return with_actions(audit, (self,), context)


class AgreeGrade(AuditCommand):
    """Record the grade that auditor and key worker agree (A11)."""

    event: ClassVar[str] = "agree_grade"
    grade: Grade = field("outstanding, good, requires improvement or inadequate")
    impact: str = field("the impact of the work on the outcomes for the child")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the grade as agreed."""
        _demand_not_settled(audit)
        return replace(
            audit,
            grade=self.grade,
            auditor_grade=self.grade,
            worker_grade=self.grade,
            grade_status="agreed",
            impact=store_text(self.impact, "The impact", context),
        )


class RecordDisagreement(AuditCommand):
    """Record both grades and both reasons where no grade could be agreed (A12); raises T1."""

    event: ClassVar[str] = "record_disagreement"
    auditor_grade: Grade = field("the auditor's grade")
    worker_grade: Grade = field("the key worker's grade")
    auditor_reason: str = field("why the auditor holds that grade")
    worker_reason: str = field("why the key worker holds the other")
    impact: str = field("the impact of the work on the outcomes for the child", default="")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note both positions; the auditor's stands provisionally."""
        _demand_not_settled(audit)
        again = audit.stands(Trigger.T1)
        return replace(
            audit,
            grade=self.auditor_grade,
            auditor_grade=self.auditor_grade,
            worker_grade=self.worker_grade,
            grade_status="disputed",
            disagreements=audit.disagreements + (0 if again else 1),
            auditor_reason=store_text(self.auditor_reason, "The auditor's reason", context),
            worker_reason=store_text(self.worker_reason, "The key worker's reason", context),
            impact=store_optional_text(self.impact, "The impact", context) or audit.impact,
        )


def _demand_not_settled(audit: Audit) -> None:
    """A grade settled by advice or decision is final, also before the tool is submitted (7.4)."""
    if audit.grade_final:
        raise Refused("The grade was settled already, and that is final. Submit the audit with it.")


class RaiseConcern(AuditCommand):
    """A child is at immediate risk (A13); raises T2 at once, on any day and at any hour."""

    event: ClassVar[str] = "raise_concern"
    says: str = field("what the concern is; no names")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Count the concern and keep what was said; Refused where the audit was set aside."""
        if audit.set_aside:
            raise Refused(
                "This audit was set aside and raises nothing more. Do not wait for it: turn to "
                f"{_duty_route(context)}, and record the concern on the case file."
            )
        said = store_text(self.says, "The concern", context)
        context.warnings.append(f"Turn to: {_duty_route(context)}.")
        return replace(audit, concerns=audit.concerns + 1, reason=said)


def _duty_route(context: CommandContext) -> str:
    """Whom to turn to at this hour."""
    now = context.attribution.now
    works = context.calendar.is_working_day(london_date(now))
    return context.policy.duty_route(now.astimezone(LONDON).time(), working_day=works)


class Submit(AuditCommand):
    """Submit the audit tool (A14)."""

    event: ClassVar[str] = "submit"
    no_actions_because: str = field("why the plan has no actions, if it has none", default="")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the day; a grade agreed and not Inadequate is final with it (7.4)."""
        because = store_optional_text(self.no_actions_because, "The reason for no actions", context)
        audit = replace(
            audit,
            submitted_on=context.day,
            no_actions_because=because,
            elements_count=context.policy.inadequate_by == "element",
        )
        if audit.inadequate:
            return audit
        if audit.grade_status == "agreed":
            audit = replace(audit, grade_status="final", decided_by=audit.auditor)
        return _sampled(audit, context) if context.sampled() else audit


def _sampled(audit: Audit, context: CommandContext) -> Audit:
    """The audit drawn to be moderated as one of a sample; from submission (7.4)."""
    return replace(audit, moderation="pending", moderation_asked_on=context.day, sampled=True)
