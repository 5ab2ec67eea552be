"""Forms from the distribution of a case to the start of its audit (A2 to A8, A24, A27, A28)."""

from calendar import monthrange
from datetime import date
from typing import ClassVar

from msgspec.structs import replace

from auditflow.audits import Audit
from auditflow.calendar import due, long_day
from auditflow.commands.base import AuditCommand, CommandContext, WithReason, field, store_text
from auditflow.errors import BadInput, Refused
from auditflow.guidance.items import GUIDANCE_VERSION
from auditflow.guidance.tool import TOOL_VERSION
from auditflow.machines.charts import DUTIES
from auditflow.machines.duties import limit_of
from auditflow.machines.handover import with_auditor


def _with_auditor(audit: Audit, who: str, context: CommandContext) -> Audit:
    auditor = context.person(who)
    if audit.restricted and not auditor.cleared:
        raise Refused(
            f"This record is restricted and {auditor.name} is not cleared for such records. "
            "Choose an auditor who is."
        )
    return with_auditor(audit, auditor)


class Distribute(AuditCommand):
    """Give the drawn case to an auditor (A2)."""

    event: ClassVar[str] = "distribute"
    auditor: str = field("the auditor's id; trained, and not of the case's team or its line")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the auditor, the day, and whether it leaves them less than the month's notice."""
        by_month = context.policy.distribution_from == "month"
        late = any(o.duty == "distribute" and o.due < context.day for o in audit.duties)
        return replace(
            _with_auditor(audit, self.auditor, context),
            distributed_on=context.day,
            short_notice=audit.short_notice or (by_month and late),
        )


class Decline(WithReason):
    """Decline the audit given to you, for a conflict or leave (A3); the QA Team finds another."""

    event: ClassVar[str] = "decline"
    reason: str = field("why, such as a conflict of interest or leave")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the day and the reason; it stays with its auditor until another has it."""
        if audit.declined:
            raise Refused(
                "It was declined already and waits for another auditor. To take it after all, "
                "book the meeting."
            )
        noted = super().apply(audit, context)
        return replace(noted, declined_on=context.day, declined_because=noted.reason)


class Reallocate(WithReason):
    """Give it to another auditor, for the first declined or cannot hold it (A3)."""

    event: ClassVar[str] = "reallocate"
    auditor: str = field("the new auditor's id")
    reason: str = field("why the first auditor does not hold it")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the new auditor and the reason."""
        if self.auditor == audit.auditor:
            raise Refused("This auditor has it already. Name another with --auditor.")
        return _with_auditor(super().apply(audit, context), self.auditor, context)


class BookMeeting(AuditCommand):
    """Arrange the audit meeting with the key worker (A4)."""

    event: ClassVar[str] = "book_meeting"
    on: date = field("the day of the meeting, such as 2026-03-10")
    key_worker: str = field("the key worker's id, if not the one on the case list", default="")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the day and the key worker."""
        worker = context.person(self.key_worker).id if self.key_worker else audit.key_worker
        return replace(
            audit,
            meeting_on=_ahead(self.on, context),
            short_notice=_short_notice(audit, self.on, context),
            key_worker=worker,
            file_check_demanded=context.policy.file_check_blocks,
            # Who declined and books all the same has it after all.
            declined_on=None,
            declined_because="",
        )


class RebookMeeting(AuditCommand):
    """Move the meeting to another day (A5); the month's limit stays."""

    event: ClassVar[str] = "rebook_meeting"
    on: date = field("the new day of the meeting")
    reason: str = field("why it is moved")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the new day and count the change."""
        return replace(
            audit,
            meeting_on=_ahead(self.on, context),
            short_notice=_short_notice(audit, self.on, context),
            rebooked=audit.rebooked + 1,
            reason=store_text(self.reason, "The reason", context),
        )


class CancelMeeting(AuditCommand):
    """Call the meeting off; it is to be arranged again (A5)."""

    event: ClassVar[str] = "cancel_meeting"
    reason: str = field("why it is cancelled")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Forget the day, keep the reason and the count."""
        return replace(
            audit,
            meeting_on=None,
            file_checked_on=None,
            rebooked=audit.rebooked + 1,
            reason=store_text(self.reason, "The reason", context),
        )


class Extend(AuditCommand):
    """Extend the month (A6): the line manager by a week at most, the QA manager by more."""

    event: ClassVar[str] = "extend"
    until: date = field("the new last day for holding the audit")
    reason: str = field("why it needs longer")

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the new last day; how far beyond the month it lies decides in whose gift it is."""
        if self.until <= audit.hold_by:
            raise BadInput(
                f"--until {self.until} is no extension: the audit may be held until "
                f"{audit.hold_by} already. Give a later day."
            )
        # From the month's own end, so that one week after another is no way round the QA manager.
        days = (self.until - month_end(audit.month)).days
        return replace(
            audit,
            hold_by=self.until,
            extended=audit.extended + 1,
            extension_over_a_week=days > context.policy.extension_days,
            extended_by_qa="qa_manager" in context.whose.roles,
            reason=store_text(self.reason, "The reason", context),
        )


class ConfirmFileChecked(AuditCommand):
    """The key worker has checked and updated the case file on Mosaic (A7)."""

    event: ClassVar[str] = "confirm_file_checked"

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the day."""
        return replace(audit, file_checked_on=context.day)


class StartAudit(AuditCommand):
    """Begin the audit meeting (A8); the versions of tool and guidance are pinned."""

    event: ClassVar[str] = "start_audit"
    key_worker_present: bool = field("the key worker is in the meeting", default=False)

    def apply(self, audit: Audit, context: CommandContext) -> Audit:
        """Note the day it is held and who is there."""
        with_worker = (audit.key_worker,) if self.key_worker_present else ()
        return replace(
            audit,
            held_on=context.day,
            present=(*context.both, *with_worker),
            file_check_demanded=context.policy.file_check_blocks,
            guidance_version=GUIDANCE_VERSION,
            tool_version=TOOL_VERSION,
        )


class Withdraw(WithReason):
    """Take the case out of the round (A24); a reserve of its stratum takes its place."""

    event: ClassVar[str] = "withdraw"
    without_substitute: bool = field("no reserve is to take its place", default=False)


class Exempt(WithReason):
    """Exempt it from auditing (A27): neither held nor missed."""

    event: ClassVar[str] = "exempt"


class Void(WithReason):
    """Void it (A28), for the wrong file was audited; what is owed ends, the history stays."""

    event: ClassVar[str] = "void"


def month_end(month: date) -> date:
    """The last day of the month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def _ahead(on: date, context: CommandContext) -> date:
    if on < context.day:
        raise BadInput(f"--on {on} is past. Give the day on which the meeting is to be held.")
    if not context.calendar.is_working_day(on):
        context.warnings.append(f"{on} is a {context.calendar.why_closed(on)}.")
    return on


def _short_notice(audit: Audit, on: date, context: CommandContext) -> bool:
    """Whether its auditor has less than the month, where that counts from the meeting (D1)."""
    if context.policy.distribution_from == "month" or audit.distributed_on is None:
        return audit.short_notice
    last = due(limit_of(DUTIES["distribute"], context.rules), on, context.calendar)
    short = audit.distributed_on > last
    if short:
        context.warnings.append(
            f"That is short notice: for {long_day(on)} it was to be distributed by "
            f"{long_day(last)}, and was on {long_day(audit.distributed_on)}."
        )
    # A reserve came at short notice, whenever its meeting is.
    return short or audit.substitutes is not None
