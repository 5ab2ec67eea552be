"""One audit: what is noted about it, and the guards of Flow Chart 1 worked out from that."""

from __future__ import annotations

from auditflow.audits.facts import Noted
from auditflow.audits.parts import Action
from auditflow.audits.triggers import Trigger
from auditflow.guidance.tool import ELEMENTS

EXITS = frozenset({"withdrawn", "exempted", "voided"})
#: Where an audit that took place can be.
HELD = frozenset({"in_audit", "post_audit", "awaiting_verification", "closed"})


class Audit(Noted, frozen=True, omit_defaults=True):
    """Everything known about one audit, and what follows from it. Guards read facts only."""

    @property
    def pool_dated(self) -> bool:
        """The pool it was drawn from has an as-at date."""
        return self.as_at is not None

    @property
    def reaudit_linked(self) -> bool:
        """It says which audit it repeats."""
        return self.repeats is not None

    @property
    def auditor_independent(self) -> bool:
        """The auditor is not of the case's team, nor in its line, nor its key worker."""
        return (
            self.auditor_team != self.team
            and self.auditor not in self.case_line
            and self.auditor != self.key_worker
        )

    @property
    def declined(self) -> bool:
        """The auditor declined it, and it waits for another."""
        return self.declined_on is not None

    @property
    def key_worker_named(self) -> bool:
        """The meeting has a key worker."""
        return bool(self.key_worker)

    @property
    def meeting_in_limit(self) -> bool:
        """The meeting is inside the audit month or its extension, or T6 stands already."""
        if self.meeting_on is None or self.meeting_on < self.month:
            return False
        return self.meeting_on <= self.hold_by or self.stands(Trigger.T6)

    @property
    def extension_in_gift(self) -> bool:
        """It is extended by a week at most, or by the QA manager."""
        return self.extended_by_qa or not self.extension_over_a_week

    @property
    def checked_before_meeting(self) -> bool:
        """The file was checked no later than the day of the meeting."""
        checked, meeting = self.file_checked_on, self.meeting_on
        return checked is not None and meeting is not None and checked <= meeting

    @property
    def file_checked(self) -> bool:
        """The key worker has confirmed the file check."""
        return self.file_checked_on is not None

    @property
    def file_check_settled(self) -> bool:
        """The file was checked, or the meeting need not wait for that."""
        return self.file_checked or not self.file_check_demanded

    @property
    def meeting_day_reached(self) -> bool:
        """The audit is held on the day of its meeting, or after."""
        held, meeting = self.held_on, self.meeting_on
        return held is not None and meeting is not None and held >= meeting

    @property
    def both_present(self) -> bool:
        """Auditor and key worker are both there, for it is done in partnership."""
        return {self.auditor, self.key_worker} <= set(self.present)

    @property
    def grade_with_impact(self) -> bool:
        """A grade is given, with its impact on the child."""
        return self.grade is not None and bool(self.impact)

    @property
    def both_positions_given(self) -> bool:
        """Both grades are stated, and they differ."""
        mine, theirs = self.auditor_grade, self.worker_grade
        return mine is not None and theirs is not None and mine is not theirs

    @property
    def elements_done(self) -> bool:
        """Each audited element has a finding."""
        return {f.element for f in self.findings} >= {e.key for e in ELEMENTS}

    @property
    def grading_recorded(self) -> bool:
        """A grade is agreed, or both positions are recorded."""
        return self.grade_status != "none"

    @property
    def plan_valid(self) -> bool:
        """The plan has actions whose dates need no approval, or a reason for having none."""
        if not self.actions:
            return bool(self.no_actions_because)
        return self.dates_approved

    @property
    def dates_approved(self) -> bool:
        """No action that counts waits for the approval of its date."""
        return not any(a.needs_approval for a in self.actions if a.state != "cancelled")

    @property
    def plan_smart(self) -> bool:
        """Each action of the plan is SMART."""
        return all(is_smart(a) for a in self.actions)

    @property
    def inadequate(self) -> bool:
        """The overall grade, provisional or final, is Inadequate (or one element, if set so)."""
        return self.inadequate_with(self.grade)

    @property
    def moderation_asked(self) -> bool:
        """Moderation was asked for already, and not as a sample.

        Otherwise: moderation was not asked for yet, but as a sample.
        """
        return self.moderation_asked_on is not None and not self.sampled

    @property
    def moderation_pending(self) -> bool:
        """It waits to be moderated.

        Otherwise: it does not wait to be moderated.
        """
        return self.moderation == "pending"

    @property
    def moderator_independent(self) -> bool:
        """The moderator is not the auditor."""
        return self.moderator != self.auditor

    @property
    def agreed_actions_dated(self) -> bool:
        """Each agreed action has an owner and a date."""
        return all(bool(a.owner) for a in self.actions if not a.immediate)

    @property
    def actions_ended(self) -> bool:
        """Each action is filed or cancelled."""
        return all(a.state in ("filed", "cancelled") for a in self.actions)

    @property
    def supervised(self) -> bool:
        """The audit was reviewed in supervision."""
        return self.supervised_on is not None

    @property
    def grade_final(self) -> bool:
        """The grade can change no more."""
        return self.grade_status == "final"

    @property
    def escalation_open(self) -> bool:
        """Some escalation of this audit is open.

        Otherwise: no escalation of this audit is open.
        """
        return any(True for _ in self.open_escalations())

    @property
    def verifier_independent(self) -> bool:
        """Who verifies owns none of the actions."""
        return self.verifier not in {a.owner for a in self.actions}

    @property
    def placed(self) -> frozenset[str]:
        """Everybody with a place in it, or an action of it."""
        named = {self.auditor, self.key_worker, self.responsible_manager, self.line_manager}
        named |= {self.moderator, *(a.owner for a in self.actions)}
        return frozenset(named - {""})

    # Moments from which time limits count, beside the dates above.

    @property
    def ended(self) -> bool:
        """It left by one of the three exits."""
        return self.state in EXITS


def is_smart(action: Action) -> bool:
    """Each of the five SMART questions has its answer (their content is checked when typed)."""
    return all((action.what, action.success, action.achievable, action.realistic, action.owner))
