"""One audit: what is noted about it, and the guards of Flow Chart 1 worked out from that."""

from auditflow.audits.facts import AuditFacts
from auditflow.audits.parts import Action
from auditflow.audits.triggers import Trigger
from auditflow.audits.words import guard
from auditflow.guidance.tool import ELEMENTS


class Audit(AuditFacts, frozen=True, omit_defaults=True):
    """Everything known about one audit, and what follows from it. Guards read facts only."""

    @guard("the case list has its as-at date")
    def pool_dated(self) -> bool:
        """The list that cases are drawn from says as at which day it was made."""
        return self.as_at is not None

    @guard("the audit to repeat is named")
    def reaudit_linked(self) -> bool:
        """A re-audit names the audit of which it is the repeat."""
        return self.repeats is not None

    @guard(
        "the auditor is independent of the case",
        hint="Choose one who is not of the case's team, nor in its line, nor its key worker.",
    )
    def auditor_independent(self) -> bool:
        """The auditor is not of the case's team, is neither its responsible manager nor a manager
        above, and is not its key worker.
        """
        return (
            self.auditor_team != self.team
            and self.auditor not in self.case_line
            and self.auditor != self.key_worker
        )

    @guard("the auditor declined it", otherwise="nobody declined it")
    def declined(self) -> bool:
        """The auditor gave a reason. It waits on the QA Team's list until another auditor has it,
        or until this one books a meeting after all.
        """
        return self.declined_on is not None

    @guard("a key worker is named", hint="Name one with --key-worker.")
    def key_worker_named(self) -> bool:
        """The case list names the case's worker, or the auditor names one in booking."""
        return bool(self.key_worker)

    @guard("the day lies in the audit month or its extension")
    def meeting_in_limit(self) -> bool:
        """From the 1st of the audit month to its last day, or to the day it was extended to. Once
        T6 stands (the audit was not held in time) a later day is taken as well; T6 goes on.
        """
        if self.meeting_on is None or self.meeting_on < self.month:
            return False
        return self.meeting_on <= self.hold_by or self.stands(Trigger.T6)

    @guard("the extension is theirs to give", hint="A longer one is the QA manager's to give.")
    def extension_in_gift(self) -> bool:
        """The auditor's line manager: to {settings[extension_days]} days after the last day of the
        audit month and no further, however often it is asked for. Further: the QA manager only.
        """
        return self.extended_by_qa or not self.extension_over_a_week

    @guard("the file was checked by the day of the meeting")
    def checked_before_meeting(self) -> bool:
        """The day of the check is the day of the meeting or an earlier one."""
        checked, meeting = self.file_checked_on, self.meeting_on
        return checked is not None and meeting is not None and checked <= meeting

    @guard("the file check is confirmed", otherwise="the file check is not confirmed yet")
    def file_checked(self) -> bool:
        """Confirmed by the key worker for the meeting that is booked; a meeting called off takes
        the confirmation with it.
        """
        return self.file_checked_on is not None

    @guard(
        "the file check is confirmed or not demanded",
        hint="Confirm it: auditflow audit confirm-file-checked.",
    )
    def file_check_settled(self) -> bool:
        """A missing file check does not stop the meeting; it is a finding. Only where the council
        sets that it blocks (setting file_check_blocks) must it be confirmed first.
        """
        return self.file_checked or not self.file_check_demanded

    @guard("the day of the meeting has come", hint="Say when it was held: --happened-at.")
    def meeting_day_reached(self) -> bool:
        """The audit is held on the day booked for the meeting, or later."""
        held, meeting = self.held_on, self.meeting_on
        return held is not None and meeting is not None and held >= meeting

    @guard(
        "auditor and key worker are both there",
        hint="Say that the key worker is there: --key-worker-present.",
    )
    def both_present(self) -> bool:
        """The audit is done in partnership, never alone."""
        return {self.auditor, self.key_worker} <= set(self.present)

    @guard("a grade is given, with its impact on the child")
    def grade_with_impact(self) -> bool:
        """One of the four grades, and in words what the work has changed for the child."""
        return self.grade is not None and bool(self.impact)

    @guard("both grades are given, and they differ")
    def both_positions_given(self) -> bool:
        """The auditor's grade and the key worker's, each with its reason."""
        mine, theirs = self.auditor_grade, self.worker_grade
        return mine is not None and theirs is not None and mine is not theirs

    @guard("each element has a finding", hint="Record them: auditflow audit record-findings.")
    def elements_done(self) -> bool:
        """All {elements} audited elements of the tool."""
        return {f.element for f in self.findings} >= {e.key for e in ELEMENTS}

    @guard(
        "a grade is agreed, or both positions are recorded",
        hint="Record it: auditflow audit agree-grade, or auditflow audit record-disagreement.",
    )
    def grading_recorded(self) -> bool:
        """A disputed grade does not hold up the submission."""
        return self.grade_status != "none"

    @guard(
        "the plan is complete",
        hint="Add an action (auditflow audit add-action), have a date beyond the cap approved "
        "(auditflow action approve-date), or give --no-actions-because.",
    )
    def plan_valid(self) -> bool:
        """It has actions, and the QA Team has approved each date beyond the cap; or it has none and
        says why.
        """
        if not self.actions:
            return bool(self.no_actions_because)
        return self.dates_approved

    @guard("no date waits for approval")
    def dates_approved(self) -> bool:
        """The QA Team has approved each date beyond the cap; cancelled actions do not count."""
        return not any(a.needs_approval for a in self.actions if not a.where.set_aside)

    @guard("each action is SMART")
    def plan_smart(self) -> bool:
        """Each action answers the five SMART questions; the checks are listed in the chart of one
        action.
        """
        return all(is_smart(a) for a in self.actions)

    @guard("the grade is Inadequate", otherwise="the grade is not Inadequate")
    def inadequate(self) -> bool:
        """The overall grade, also while it is provisional (the auditor's, while auditor and key
        worker disagree). A council may set that one Inadequate element counts as much (setting
        inadequate_by).
        """
        return self.inadequate_with(self.grade)

    @guard("moderation was asked for", otherwise="moderation was not asked for yet")
    def moderation_asked(self) -> bool:
        """Moderation because the grade is Inadequate is meant, not being drawn for the sample."""
        return self.moderation_asked_on is not None and not self.sampled

    @guard("moderation is awaited", otherwise="no moderation is awaited")
    def moderation_pending(self) -> bool:
        """It was asked for (an Inadequate grade, or the sample), and nobody moderated yet."""
        return self.moderation == "pending"

    @guard("the moderator is not the auditor")
    def moderator_independent(self) -> bool:
        """Nobody moderates an audit of their own."""
        return self.moderator != self.auditor

    @guard("each agreed action has an owner")
    def agreed_actions_dated(self) -> bool:
        """One named person, beside the date every action has."""
        return all(bool(a.owner) for a in self.actions if not a.immediate)

    @guard("each action is filed or cancelled")
    def actions_ended(self) -> bool:
        """Being done is not enough: it must be on the file."""
        return all(a.where.ended for a in self.actions)

    @guard("it was reviewed in supervision", otherwise="it was not reviewed in supervision yet")
    def supervised(self) -> bool:
        """The responsible manager has recorded the review."""
        return self.supervised_on is not None

    @guard("the grade is final")
    def grade_final(self) -> bool:
        """It can change no more; see “The grade”."""
        return self.grade_status == "final"

    @guard("an escalation is open", otherwise="no escalation is open")
    def escalation_open(self) -> bool:
        """One is open while it stands at a level, be it answered or not."""
        return any(True for _ in self.open_escalations())

    @guard("who verifies owns none of the actions")
    def verifier_independent(self) -> bool:
        """Nor have they done one of them, nor does the person they stand in for own one."""
        return self.verifier not in {a.owner for a in self.actions}

    @property
    def placed(self) -> frozenset[str]:
        """Everybody with a place in it, or an action of it."""
        named = {self.auditor, self.key_worker, self.responsible_manager, self.line_manager}
        named |= {self.moderator, *(a.owner for a in self.actions)}
        return frozenset(named - {""})

    @property
    def undistributed(self) -> bool:
        """It waits to be given to an auditor."""
        return self.where.live and self.distributed_on is None

    @property
    def awaits_meeting(self) -> bool:
        """Its meeting is still to be held."""
        return self.where.live and not self.where.took_place

    @property
    def took_place(self) -> bool:
        """Its meeting was held, and it was not set aside since."""
        return self.where.took_place

    @property
    def set_aside(self) -> bool:
        """It left by one of the three exits."""
        return self.where.set_aside


def is_smart(action: Action) -> bool:
    """Each of the five SMART questions has its answer (their content is checked when typed)."""
    return all((action.what, action.success, action.achievable, action.realistic, action.owner))
