"""What is noted about one audit: its facts, its parts, and finding one of them."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

import msgspec

from auditflow.audits.parts import (
    Action,
    Escalation,
    Finding,
    Indicator,
    OpenDuty,
    Remark,
    Sealed,
    YesNo,
)
from auditflow.audits.states import State, state_of
from auditflow.audits.triggers import Trigger
from auditflow.audits.words import Guard, Moment
from auditflow.guidance.tool import Grade

GradeStatus = Literal["none", "agreed", "disputed", "advised", "final"]
Moderation = Literal["not_required", "pending", "done"]
Day = date | None
Kind = Literal["random", "reaudit", "thematic", "requested"]


class AuditFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything noted about one audit. The journal's changes, folded, give exactly this."""

    id: int
    #: Opaque: the case reference lies apart, so that it can be erased.
    case: int
    kind: Kind
    month: Annotated[date, Moment("the 1st of the audit month", "the audit month")]
    hold_by: Annotated[
        date,
        Moment(
            "the last day of the audit month, or of its extension",
            "the end of the audit month or its extension",
        ),
    ]
    stratum: str
    team: str
    service: str
    state: str
    #: A restricted record: only for those cleared, and those with a place in this audit.
    restricted: bool = False
    version: int = 0
    as_at: date | None = None
    #: The audit of which this is the re-audit.
    repeats: int | None = None
    #: The withdrawn audit whose place this reserve took.
    substitutes: int | None = None
    #: The auditor had less than the month the guidance gives.
    short_notice: bool = False

    auditor: str = ""
    auditor_team: str = ""
    auditor_service: str = ""
    auditor_trained: Annotated[
        bool, Guard("the auditor is trained", means="The people list says of the auditor: trained.")
    ] = False
    line_manager: str = ""
    key_worker: str = ""
    responsible_manager: str = ""
    #: The responsible manager and the managers above: none of them may audit the case.
    case_line: tuple[str, ...] = ()

    drawn_on: date | None = None
    distributed_on: Annotated[Day, Moment("the day it was distributed", "distribution")] = None
    #: The auditor declined it, and why; it waits for another.
    declined_on: date | None = None
    declined_because: Sealed = ""
    meeting_on: Annotated[Day, Moment("the day of the meeting", "the meeting")] = None
    file_checked_on: date | None = None
    #: A council may set that the meeting waits for the file check (D12).
    file_check_demanded: bool = False
    held_on: Annotated[Day, Moment("the day the audit was held", "the audit")] = None
    present: tuple[str, ...] = ()
    submitted_on: Annotated[Day, Moment("the day the tool was submitted", "the submission")] = None
    #: Why the key worker was not at the supervision that reviewed it; nothing where they were.
    supervised_without_worker: Sealed = ""
    #: Why no actions were agreed there.
    supervised_without_actions: Sealed = ""
    supervised_on: Annotated[Day, Moment("the day of the review in supervision", "supervision")] = (
        None
    )
    all_done_on: Annotated[Day, Moment("the day on which all was done", "all being done")] = None
    closed_on: Annotated[Day, Moment("the day it was closed", "the close")] = None
    rebooked: int = 0
    extended: int = 0
    extension_over_a_week: bool = False
    extended_by_qa: bool = False

    findings: tuple[Finding, ...] = ()
    guidance_version: str = ""
    tool_version: str = ""
    record_quality: tuple[Remark, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    feedback_explored: YesNo = ""
    #: What the family said, or why they were not asked.
    feedback: Sealed = ""
    signs_of_safety: YesNo = ""
    good_practice: Sealed = ""

    #: A council may set that one Inadequate element is as an Inadequate grade (D10).
    elements_count: bool = False
    grade: Grade | None = None
    grade_status: GradeStatus = "none"
    auditor_grade: Grade | None = None
    worker_grade: Grade | None = None
    auditor_reason: Sealed = ""
    worker_reason: Sealed = ""
    decided_by: str = ""
    impact: Sealed = ""
    disagreements: int = 0
    concerns: int = 0
    moderation: Moderation = "not_required"
    moderation_asked_on: Annotated[
        Day, Moment("the day moderation was asked for", "being asked")
    ] = None
    #: Drawn to be moderated as a sample, and not for its grade.
    sampled: bool = False
    moderator: str = ""
    reaudit_due_on: Annotated[
        Day, Moment("the day the re-audit is due", "the audit that is repeated")
    ] = None

    no_actions_because: Sealed = ""
    verifier: str = ""
    reason: Sealed = ""

    actions: tuple[Action, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    duties: tuple[OpenDuty, ...] = ()

    @property
    def where(self) -> State:
        """What Flow Chart 1 says of where it is."""
        return state_of("audit", self.state)

    # Finding parts.

    def action(self, n: int) -> Action | None:
        """Action `n` of the plan."""
        return next((a for a in self.actions if a.n == n), None)

    def escalation(self, n: int) -> Escalation | None:
        """Escalation `n` of this audit."""
        return next((e for e in self.escalations if e.n == n), None)

    def open_escalations(self) -> Iterator[Escalation]:
        """The escalations that stand at a level."""
        return (e for e in self.escalations if e.level)

    def stands(self, trigger: Trigger) -> bool:
        """Whether an escalation of this trigger is open."""
        return any(e.trigger is trigger for e in self.open_escalations())

    def inadequate_with(self, grade: Grade | None) -> bool:
        """Whether it counts as Inadequate if this is its overall grade."""
        grades = {grade, *(f.grade for f in self.findings if self.elements_count)}
        return Grade.INADEQUATE in grades
