"""Forms of the audit meeting and its submission (A9 to A14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace

from auditflow.audits import Audit, Trigger
from auditflow.commands.base import AuditCommand, Noting, option, told, told_if
from auditflow.commands.findings import RecordFindings
from auditflow.commands.plan import PlannedAction, acts_for, with_actions
from auditflow.errors import Refused
from auditflow.guidance.tool import Grade
from auditflow.machines.transition import Act

__all__ = [
    "AddAction",
    "AgreeGrade",
    "RaiseConcern",
    "RecordDisagreement",
    "RecordFindings",
    "Submit",
]


@dataclass(frozen=True, kw_only=True)
class AddAction(AuditCommand, PlannedAction):
    """Add one SMART action to the plan (A10)."""

    event: ClassVar[str] = "add_action"

    def acts(self, audit: Audit) -> tuple[Act, ...]:
        """Agree the action, then note that the plan grew."""
        return acts_for(audit, (self,))

    def note(self, audit: Audit, noting: Noting) -> Audit:
        """Note the action."""
        return with_actions(audit, (self,), noting)


@dataclass(frozen=True, kw_only=True)
class AgreeGrade(AuditCommand):
    """Record the grade that auditor and key worker agree (A11)."""

    event: ClassVar[str] = "agree_grade"
    grade: Grade = option("outstanding, good, requires improvement or inadequate")
    impact: str = option("the impact of the work on the outcomes for the child")

    def note(self, audit: Audit, noting: Noting) -> Audit:
        """Note the grade as agreed."""
        _demand_not_settled(audit)
        return replace(
            audit,
            grade=self.grade,
            auditor_grade=self.grade,
            worker_grade=self.grade,
            grade_status="agreed",
            impact=told(self.impact, "The impact", noting),
        )


@dataclass(frozen=True, kw_only=True)
class RecordDisagreement(AuditCommand):
    """Record both grades and both reasons where no grade could be agreed (A12); raises T1."""

    event: ClassVar[str] = "record_disagreement"
    auditor_grade: Grade = option("the auditor's grade")
    worker_grade: Grade = option("the key worker's grade")
    auditor_reason: str = option("why the auditor holds that grade")
    worker_reason: str = option("why the key worker holds the other")
    impact: str = option("the impact of the work on the outcomes for the child", default="")

    def note(self, audit: Audit, noting: Noting) -> Audit:
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
            auditor_reason=told(self.auditor_reason, "The auditor's reason", noting),
            worker_reason=told(self.worker_reason, "The key worker's reason", noting),
            impact=told_if(self.impact, "The impact", noting) or audit.impact,
        )


def _demand_not_settled(audit: Audit) -> None:
    """A grade settled by advice or decision is final, also before the tool is submitted (7.4)."""
    if audit.grade_final:
        raise Refused("The grade was settled already, and that is final. Submit the audit with it.")


@dataclass(frozen=True, kw_only=True)
class RaiseConcern(AuditCommand):
    """A child is at immediate risk (A13); raises T2 at once, on any day and at any hour."""

    event: ClassVar[str] = "raise_concern"
    says: str = option("what the concern is; no names")

    def note(self, audit: Audit, noting: Noting) -> Audit:
        """Count the concern and keep what was said."""
        said = told(self.says, "The concern", noting)
        noting.warnings.append(f"Out of hours turn to: {noting.policy.emergency_route}.")
        return replace(audit, concerns=audit.concerns + 1, reason=said)


@dataclass(frozen=True, kw_only=True)
class Submit(AuditCommand):
    """Submit the audit tool (A14)."""

    event: ClassVar[str] = "submit"
    no_actions_because: str = option("why the plan has no actions, if it has none", default="")

    def note(self, audit: Audit, noting: Noting) -> Audit:
        """Note the day; a grade agreed and not Inadequate is final with it (7.4)."""
        because = told_if(self.no_actions_because, "The reason for no actions", noting)
        audit = replace(
            audit,
            submitted_on=noting.day,
            no_actions_because=because,
            elements_count=noting.policy.inadequate_by == "element",
        )
        if audit.inadequate:
            return audit
        if audit.grade_status == "agreed":
            audit = replace(audit, grade_status="final", decided_by=audit.auditor)
        return _sampled(audit, noting) if noting.sampled() else audit


def _sampled(audit: Audit, noting: Noting) -> Audit:
    """The audit drawn to be moderated as one of a sample; from submission (7.4)."""
    return replace(audit, moderation="pending", moderation_asked_on=noting.day, sampled=True)
