"""Forms after the audit: supervision, moderation, verification, actions (A16 to A29)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import ClassVar

from msgspec.structs import replace

from auditflow.audits import Action, Audit, GradeStatus
from auditflow.calendar import month_name
from auditflow.commands.base import AuditCommand, Noting, WithReason, option, told
from auditflow.commands.plan import PlannedAction, acts_for, with_actions
from auditflow.errors import BadInput, NotFound, Refused
from auditflow.guidance.tool import Grade
from auditflow.machines.duties import World
from auditflow.machines.transition import Act, reaudit_due


@dataclass(frozen=True, kw_only=True)
class RecordSupervision(AuditCommand):
    """Record that the audit was reviewed in supervision, with the actions agreed there (A17)."""

    event: ClassVar[str] = "record_supervision"
    attendees: str = option("who took part")
    plan: tuple[PlannedAction, ...] = option("a CSV file of the actions agreed", default=())

    def acts(self, audit: Audit) -> tuple[Act, ...]:
        """The actions agreed there, then the review itself."""
        return (*acts_for(audit, self.plan), Act("audit", 0, self.event))

    def note(self, audit: Audit, noting: Noting) -> Audit:
        """Note the day and who took part; the cap of new actions counts from that day."""
        reason = told(self.attendees, "Who took part", noting)
        audit = replace(audit, supervised_on=noting.day, reason=reason)
        return with_actions(audit, self.plan, noting)


@dataclass(frozen=True, kw_only=True)
class Moderate(AuditCommand):
    """Moderate the grade (A15, A20)."""

    event: ClassVar[str] = "moderate"
    grade: Grade = option("the grade as moderated")
    reason: str = option("why it stays or changes")

    def acts(self, audit: Audit) -> tuple[Act, ...]:
        """The moderation; the grade counts once the chart has seen that one was asked for."""
        del audit
        return (Act("audit", 0, self.event, partial(_moderated, grade=self.grade)),)

    def note(self, audit: Audit, noting: Noting) -> Audit:
        """Note who moderates and why."""
        decided = any(e.resolution == "decision" for e in audit.escalations)
        if decided and audit.grade is not None and self.grade is not audit.grade:
            raise Refused(
                f"The grade was decided and is final: {audit.grade.title} (8.4). "
                "Moderate with that grade, and say in the reason what you think of it."
            )
        reason = told(self.reason, "The reason", noting)
        return replace(audit, moderator=noting.actor.id, reason=reason)


def _moderated(audit: Audit, today: date, world: World, *, grade: Grade) -> Audit:
    """The audit with its grade as moderated: final unless a dispute about it stands (7.4)."""
    del today, world
    disputed = audit.grade_status == "disputed"
    inadequate = audit.inadequate_with(grade)
    # An Inadequate found in the sample is for the head of service, as any other (A15).
    settled: GradeStatus = "advised" if audit.sampled and inadequate else "final"
    return replace(
        audit,
        grade=grade,
        moderation="done",
        grade_status=audit.grade_status if disputed else settled,
        decided_by=audit.decided_by if disputed else audit.moderator,
        reaudit_due_on=audit.reaudit_due_on if inadequate else None,
    )


@dataclass(frozen=True, kw_only=True)
class Verify(AuditCommand):
    """Verify that what was agreed was done and filed, and close the audit (A22)."""

    event: ClassVar[str] = "verify"

    def note(self, audit: Audit, noting: Noting) -> Audit:
        """Note who verifies and when; and when it is audited again, where that waited for this."""
        closed = replace(audit, verifier=noting.actor.id, closed_on=noting.day)
        waited = audit.reaudit_due_on is None or noting.policy.reaudit_from == "close"
        if audit.inadequate and waited:
            return replace(closed, reaudit_due_on=reaudit_due(closed, noting.world))
        return closed


@dataclass(frozen=True, kw_only=True)
class _WithActionReturned(AuditCommand):
    action: int = option("the number of the action that is to be done again")
    due: date = option("the date it is due now")
    reason: str = option("what was found wanting")

    def acts(self, audit: Audit) -> tuple[Act, ...]:
        """The audit goes back, and with it the action."""
        del audit
        return Act("audit", 0, self.event), Act("action", self.action, "return_action")

    def note(self, audit: Audit, noting: Noting) -> Audit:
        """Open the action again with its new date."""
        noted = returned(audit, self.action, self.due, noting)
        # Where it counts from the close, it is to be closed anew first.
        again = None if noting.policy.reaudit_from == "close" else audit.reaudit_due_on
        return replace(
            noted,
            reason=told(self.reason, "The reason", noting),
            all_done_on=None,
            closed_on=None,
            verifier="",
            reaudit_due_on=again,
        )


@dataclass(frozen=True, kw_only=True)
class Return(_WithActionReturned):
    """Send the audit back, for an action is not done as agreed (A23)."""

    event: ClassVar[str] = "return"


@dataclass(frozen=True, kw_only=True)
class Reopen(_WithActionReturned):
    """Open a closed audit again, for an action is not done as agreed (A26)."""

    event: ClassVar[str] = "reopen"


@dataclass(frozen=True, kw_only=True)
class _ActionCommand(AuditCommand):
    kind: ClassVar[str] = "action"
    action: int = option("the action's number")

    @property
    def part(self) -> int:
        """The action's number."""
        return self.action


@dataclass(frozen=True, kw_only=True)
class Complete(_ActionCommand):
    """The action is done (A16, A18); `--happened-at` says when, if not today."""

    event: ClassVar[str] = "complete"
    evidence: str = option("what was done, and where on Mosaic that can be seen")

    def note(self, audit: Audit, noting: Noting) -> Audit:
        """Note the day it was done and the evidence."""
        evidence = told(self.evidence, "The evidence", noting)
        return changed(
            audit, self.action, done_on=noting.day, done_by=noting.both, evidence=evidence
        )


@dataclass(frozen=True, kw_only=True)
class File(_ActionCommand):
    """The action is on the case file under its heading (A19)."""

    event: ClassVar[str] = "file"
    heading: str = option(
        "the heading as it stands on the file, such as “Audit Action Plan - March”"
    )

    def note(self, audit: Audit, noting: Noting) -> Audit:
        """Note the day, if the heading is the audit month's."""
        wanted = heading_of(audit)
        said = " ".join(self.heading.replace("–", "-").replace("'", "").split())
        if said.casefold() != wanted.casefold():
            raise BadInput(
                f"--heading “{self.heading[:60]}” is not this audit's. File it under “{wanted}”."
            )
        return changed(audit, self.action, filed_on=noting.day)


@dataclass(frozen=True, kw_only=True)
class ReturnAction(_ActionCommand):
    """The action is not done as agreed; it is open again with a new date (A23)."""

    event: ClassVar[str] = "return_action"
    due: date = option("the date it is due now")
    reason: str = option("what was found wanting")

    def note(self, audit: Audit, noting: Noting) -> Audit:
        """Open it again with its new date."""
        noted = returned(audit, self.action, self.due, noting)
        return replace(noted, reason=told(self.reason, "The reason", noting))


@dataclass(frozen=True, kw_only=True)
class CancelAction(WithReason, _ActionCommand):
    """Cancel the action; the responsible manager asks, the QA manager approves (A29)."""

    event: ClassVar[str] = "cancel_action"
    reason: str = option("why it is not to be done")


@dataclass(frozen=True, kw_only=True)
class ApproveDate(_ActionCommand):
    """Approve a date that lies beyond the cap (7.4)."""

    event: ClassVar[str] = "approve_date"

    def acts(self, audit: Audit) -> tuple[Act, ...]:
        """The approval; only then is none needed any more."""
        del audit
        return (Act("action", self.action, self.event, partial(_approved, n=self.action)),)


def _approved(audit: Audit, today: date, world: World, *, n: int) -> Audit:
    del today, world
    return changed(audit, n, needs_approval=False)


def heading_of(audit: Audit) -> str:
    """The heading on the case file: “Audit Action Plan - March”."""
    return f"Audit Action Plan - {month_name(audit.month)}"


def found(audit: Audit, n: int) -> Action:
    """Action `n`; NotFound if there is none."""
    action = audit.action(n)
    if action is None:
        raise NotFound(f"This audit has no action {n}; it has {len(audit.actions)}.")
    return action


def changed(audit: Audit, n: int, **facts: object) -> Audit:
    """The audit with facts of one action changed."""
    new = replace(found(audit, n), **facts)
    return replace(audit, actions=tuple(new if a.n == n else a for a in audit.actions))


def returned(audit: Audit, n: int, on: date, noting: Noting) -> Audit:
    """The audit with one action owed again by a new date; its escalations may be answered anew."""
    if on <= noting.day:
        raise BadInput(f"--due {on} is not ahead. Give the date by which it is to be done now.")
    again = tuple(
        replace(e, done_noted=False) if e.action == n and e.level else e for e in audit.escalations
    )
    audit = replace(audit, escalations=again)
    return changed(
        audit, n, due_on=on, revised_on=on, done_on=None, done_by=(), filed_on=None, evidence=""
    )
