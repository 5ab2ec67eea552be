"""Forms after the audit: supervision, moderation, verification, actions (A15 to A29)."""

from datetime import date
from typing import ClassVar

from msgspec.structs import replace

from auditflow.audits import Action, Audit, GradeStatus
from auditflow.calendar import month_name
from auditflow.commands.base import (
    AuditCommand,
    CommandContext,
    WithReason,
    field,
    store_optional_text,
    store_text,
)
from auditflow.commands.plan import PlannedAction, acts_for, with_actions
from auditflow.errors import BadInput, NotFound, Refused
from auditflow.guidance.tool import Grade
from auditflow.machines.duties import Rules
from auditflow.machines.effects import reaudit_due
from auditflow.machines.events import Effect, Event


class RecordSupervision(AuditCommand):
    """Record that the audit was reviewed in supervision, with the actions agreed there (A17)."""

    event: ClassVar[str] = "record_supervision"
    attendees: str = field("who took part")
    key_worker_present: bool = field("the key worker took part", default=False)
    without_key_worker_because: str = field("why not, if the key worker was not there", default="")
    plan: tuple[PlannedAction, ...] = field("a CSV file of the actions agreed", default=())
    no_actions_because: str = field("why no actions were agreed, if none were", default="")

    def events(self, audit: Audit) -> tuple[Event, ...]:
        """The actions agreed there, then the review itself."""
        return (*acts_for(audit, self.plan), Event("audit", 0, self.event))

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the day and who took part; the cap of new actions counts from that day."""
        self._demand_whole()
        reason = store_text(self.attendees, "Who took part", context)
        because = self.without_key_worker_because, "Why the key worker was not there"
        nothing = self.no_actions_because, "Why no actions were agreed"
        audit = replace(
            audit,
            supervised_on=context.day,
            reason=reason,
            supervised_without_worker=store_optional_text(*because, context),
            supervised_without_actions=store_optional_text(*nothing, context),
        )
        return with_actions(audit, self.plan, context)

    def _demand_whole(self) -> None:
        """Supervision is with the worker, and agrees what is to be done (C18)."""
        if self.key_worker_present is bool(self.without_key_worker_because.strip()):
            raise BadInput(
                "Supervision is with the key worker. Say --key-worker-present, or why not with "
                "--without-key-worker-because."
            )
        if bool(self.plan) is bool(self.no_actions_because.strip()):
            raise BadInput(
                "Give the actions agreed with --plan, or say with --no-actions-because why none "
                "were."
            )


class Moderate(AuditCommand):
    """Moderate the grade (A15, A20)."""

    event: ClassVar[str] = "moderate"
    grade: Grade = field("the grade as moderated")
    reason: str = field("why it stays or changes")

    def then(self) -> Effect:
        """The grade counts once the chart has seen that a moderation was asked for."""
        return self._moderated

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note who moderates and why."""
        decided = any(e.resolution == "decision" for e in audit.escalations)
        if decided and audit.grade is not None and self.grade is not audit.grade:
            raise Refused(
                f"The grade was decided and is final: {audit.grade.title} (8.4). "
                "Moderate with that grade, and say in the reason what you think of it."
            )
        reason = store_text(self.reason, "The reason", context)
        return replace(audit, moderator=context.actor.id, reason=reason)

    def _moderated(self, audit: Audit, _today: date, _rules: Rules) -> Audit:
        """The audit with its grade as moderated: final unless a dispute about it stands (7.4)."""
        done = replace(audit, moderation="done")
        if audit.grade_status == "disputed":
            return with_grade(done, self.grade, "disputed", audit.decided_by)
        # An Inadequate found in the sample is for the head of service, as any other (A15).
        open_ = audit.sampled and audit.inadequate_with(self.grade)
        return with_grade(done, self.grade, "advised" if open_ else "final", audit.moderator)


def with_grade(audit: Audit, grade: Grade | None, status: GradeStatus, by: str) -> Audit:
    """The audit with its grade settled so: only an Inadequate is moderated, and audited again."""
    inadequate = audit.inadequate_with(grade)
    dropped = audit.moderation == "pending" and not inadequate
    return replace(
        audit,
        grade=grade,
        grade_status=status,
        decided_by=by,
        moderation="not_required" if dropped else audit.moderation,
        reaudit_due_on=audit.reaudit_due_on if inadequate else None,
    )


class Verify(AuditCommand):
    """Verify that what was agreed was done and filed, and close the audit (A22)."""

    event: ClassVar[str] = "verify"

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note who verifies and when; and when it is audited again, where that waited for this."""
        closed = replace(audit, verifier=context.actor.id, closed_on=context.day)
        waited = audit.reaudit_due_on is None or context.policy.reaudit_from == "close"
        if audit.inadequate and waited:
            return replace(closed, reaudit_due_on=reaudit_due(closed, context.rules))
        return closed


class _WithActionReturned(AuditCommand):
    action: int = field("the number of the action that is to be done again")
    due: date = field("the date it is due now")
    reason: str = field("what was found wanting")

    def events(self, audit: Audit) -> tuple[Event, ...]:
        """The audit goes back, and with it the action."""
        del audit
        return Event("audit", 0, self.event), Event("action", self.action, "return_action")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Open the action again with its new date."""
        noted = returned(audit, self.action, self.due, context)
        # Where it counts from the close, it is to be closed anew first.
        again = None if context.policy.reaudit_from == "close" else audit.reaudit_due_on
        return replace(
            noted,
            reason=store_text(self.reason, "The reason", context),
            all_done_on=None,
            closed_on=None,
            verifier="",
            reaudit_due_on=again,
        )


class Return(_WithActionReturned):
    """Send the audit back, for an action is not done as agreed (A23)."""

    event: ClassVar[str] = "return"


class Reopen(_WithActionReturned):
    """Open a closed audit again, for an action is not done as agreed (A26)."""

    event: ClassVar[str] = "reopen"


class _ActionCommand(AuditCommand):
    kind: ClassVar[str] = "action"
    action: int = field("the action's number")

    @property
    def part(self) -> int:
        """The action's number."""
        return self.action


class Complete(_ActionCommand):
    """The action is done (A16, A18); `--happened-at` says when, if not today."""

    event: ClassVar[str] = "complete"
    evidence: str = field("what was done, and where on Mosaic that can be seen")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the day it was done and the evidence."""
        evidence = store_text(self.evidence, "The evidence", context)
        return changed(
            audit, self.action, done_on=context.day, done_by=context.both, evidence=evidence
        )


class File(_ActionCommand):
    """The action is on the case file under its heading (A19)."""

    event: ClassVar[str] = "file"
    heading: str = field(
        "the heading as it stands on the file, such as “Audit Action Plan - March”"
    )

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the day, if the heading is the audit month's."""
        wanted = heading_of(audit)
        said = " ".join(self.heading.replace("–", "-").replace("'", "").split())
        if said.casefold() != wanted.casefold():
            raise BadInput(
                f"--heading “{self.heading[:60]}” is not this audit's. File it under “{wanted}”."
            )
        return changed(audit, self.action, filed_on=context.day)


class ReturnAction(_ActionCommand):
    """The action is not done as agreed; it is open again with a new date (A23)."""

    event: ClassVar[str] = "return_action"
    due: date = field("the date it is due now")
    reason: str = field("what was found wanting")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Open it again with its new date."""
        noted = returned(audit, self.action, self.due, context)
        return replace(noted, reason=store_text(self.reason, "The reason", context))


class CancelAction(WithReason, _ActionCommand):
    """Cancel the action; the responsible manager asks, the QA manager approves (A29)."""

    event: ClassVar[str] = "cancel_action"
    reason: str = field("why it is not to be done")


class ApproveDate(_ActionCommand):
    """Approve a date that lies beyond the cap (7.4)."""

    event: ClassVar[str] = "approve_date"

    def then(self) -> Effect:
        """Only then is no approval needed any more."""
        return lambda audit, _today, _rules: changed(audit, self.action, needs_approval=False)


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


def returned(audit: Audit, n: int, on: date, context: CommandContext) -> Audit:
    """The audit with one action owed again by a new date; its escalations may be answered anew."""
    if on <= context.day:
        raise BadInput(f"--due {on} is not ahead. Give the date by which it is to be done now.")
    again = tuple(
        replace(e, done_noted=False) if e.action == n and e.level else e for e in audit.escalations
    )
    audit = replace(audit, escalations=again)
    return changed(
        audit, n, due_on=on, revised_on=on, done_on=None, done_by=(), filed_on=None, evidence=""
    )
