"""An action, and an escalation, seen within its audit: the guards of their charts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from auditflow.audits.audit import Audit, is_smart
from auditflow.audits.parts import Action, Escalation
from auditflow.audits.triggers import Level, Trigger
from auditflow.guidance.tool import Grade


class ActionFacts:
    """One action and the audit it arises from."""

    __slots__ = ("action", "audit")

    def __init__(self, audit: Audit, action: Action) -> None:
        self.audit = audit
        self.action = action

    @property
    def smart(self) -> bool:
        """It answers the five SMART questions."""
        return is_smart(self.action)

    @property
    def immediate(self) -> bool:
        """It is an immediate action.

        Otherwise: it is an agreed action.
        """
        return self.action.immediate

    @property
    def needs_approval(self) -> bool:
        """Its date lies beyond the cap, and waits for the QA Team's approval."""
        return self.action.needs_approval

    @property
    def evidence_given(self) -> bool:
        """It is said when it was done, and by what that can be seen."""
        return self.action.done_on is not None and bool(self.action.evidence)

    @property
    def revised_on(self) -> date | None:
        """The new date that was accepted on an escalation, or given when it was returned."""
        return self.action.revised_on

    @property
    def held_on(self) -> date | None:
        """The day the audit was held; where a council so sets, submitted (or the action added)."""
        submitted = self.audit.submitted_on
        if self.action.from_submission:
            return submitted and max(submitted, self.action.added_on)
        return self.audit.held_on

    @property
    def due_on(self) -> date:
        """The date that counts now."""
        return self.action.due_on

    @property
    def done_on(self) -> date | None:
        """The day it was done."""
        return self.action.done_on


class EscalationFacts:
    """One escalation and the audit it stands on."""

    __slots__ = ("audit", "escalation")

    def __init__(self, audit: Audit, escalation: Escalation) -> None:
        self.audit = audit
        self.escalation = escalation

    @property
    def enters_level_1(self) -> bool:
        """It starts at level 1: an owner who is not the manager is late with an agreed action."""
        return self.escalation.enters is Level.L1

    @property
    def enters_level_2(self) -> bool:
        """It starts at level 2: it is about the manager, the auditor or a grade (8.2)."""
        return self.escalation.enters is Level.L2

    @property
    def enters_level_3(self) -> bool:
        """It starts at level 3: it is about a child at risk, or an Inadequate grade (8.2)."""
        return self.escalation.enters is Level.L3

    @property
    def concern(self) -> bool:
        """It is an immediate safeguarding concern (T2).

        Otherwise: it is no immediate safeguarding concern (T2).
        """
        return self.escalation.trigger is Trigger.T2

    @property
    def grade_dispute(self) -> bool:
        """It is about a grade that was not agreed (T1)."""
        return self.escalation.trigger is Trigger.T1

    @property
    def acknowledged(self) -> bool:
        """Somebody at this level has acknowledged it; an answer does so too."""
        return bool(self.escalation.acknowledged_by) or self.answered

    @property
    def answered(self) -> bool:
        """An answer given at this level waits to be judged (for T8, words alone are none).

        Otherwise: no answer given at this level waits to be judged.
        """
        unmoderated = self.escalation.trigger is Trigger.T8 and self.audit.moderation_pending
        return bool(self.escalation.answer) and not unmoderated

    @property
    def held(self) -> bool:
        """Its window is paused.

        Otherwise: its window is not paused.
        """
        return self.escalation.held_until is not None

    @property
    def window_passed(self) -> bool:
        """The window of the level it stands at has passed (noted by the clock)."""
        return (
            self.escalation.lapsed is not None and self.escalation.lapsed is self.escalation.level
        )

    @property
    def judge_independent(self) -> bool:
        """The answer is judged by somebody else than who gave it."""
        return self.escalation.judge != self.escalation.answered_by

    @property
    def all_accepted(self) -> bool:
        """Whoever must accept it has: of a grade auditor and key worker, otherwise one judge.

        Otherwise: somebody must still accept it.
        """
        if self.escalation.trigger is not Trigger.T1:
            return True
        return {self.audit.auditor, self.audit.key_worker} <= set(self.escalation.accepted_by)

    @property
    def grade_decided(self) -> bool:
        """The decision names a grade."""
        return isinstance(self.escalation.advised, Grade)

    @property
    def advice_final(self) -> bool:
        """The council lets the QA Team's advice on a grade be final."""
        return self.escalation.advice_final

    @property
    def audit_ended(self) -> bool:
        """The audit was withdrawn, exempted or voided."""
        return self.audit.ended

    @property
    def done_unnoted(self) -> bool:
        """What it is about was done, and that does not stand as its answer yet."""
        return not self.escalation.done_noted and self.thing_done

    @property
    def thing_done(self) -> bool:
        """What it is about was done since (8.2, "what settles it")."""
        return _SETTLED[self.escalation.trigger](self)

    @property
    def cause_stands(self) -> bool:
        """The duty whose missing raised it is still owed, whatever its date is now."""
        cause = self.escalation.cause
        return any(cause.startswith(f"{o.duty} {o.subject} ") for o in self.audit.duties)

    def action_is(self, *states: str) -> bool:
        """The action it is about is in one of these states, or cancelled."""
        action = self.audit.action(self.escalation.action)
        return action is None or action.state in (*states, "cancelled")

    def _bypass(self, level: Level) -> bool:
        now = self.escalation.level
        return self.escalation.bypass_to is level and now is not None and now < level

    @property
    def bypass_to_2(self) -> bool:
        """It is to be moved straight to level 2, which is above where it stands."""
        return self._bypass(Level.L2)

    @property
    def bypass_to_3(self) -> bool:
        """It is to be moved straight to level 3, which is above where it stands."""
        return self._bypass(Level.L3)

    @property
    def bypass_to_4(self) -> bool:
        """It is to be moved straight to level 4, which is above where it stands."""
        return self._bypass(Level.L4)

    @property
    def bypass_to_5(self) -> bool:
        """It is to be moved straight to level 5, which is above where it stands."""
        return self._bypass(Level.L5)

    @property
    def told_on(self) -> date | None:
        """The day the holder of this level was told."""
        return self.escalation.told_on

    @property
    def window_from(self) -> date | None:
        """The day from which this level's window counts: told, moved on by a hold."""
        return self.escalation.window_from

    @property
    def answered_on(self) -> date | None:
        """The day it was answered."""
        return self.escalation.answered_on


def _moderated(facts: EscalationFacts) -> bool:
    audit = facts.audit
    return audit.moderation == "done" or (audit.grade_final and not audit.inadequate)


#: What counts as the thing done, for each trigger (8.2, "what settles it"; 7.4).
_SETTLED: dict[Trigger, Callable[[EscalationFacts], bool]] = {
    Trigger.T1: lambda f: f.audit.grade_status in ("agreed", "final"),
    Trigger.T2: lambda _: False,
    Trigger.T3: lambda f: f.action_is("done", "filed"),
    Trigger.T4: lambda f: f.audit.supervised,
    Trigger.T5: lambda f: f.action_is("filed"),
    Trigger.T6: lambda f: f.audit.held_on is not None,
    Trigger.T7: lambda f: f.audit.submitted_on is not None,
    Trigger.T8: _moderated,
    Trigger.T9: lambda f: not f.cause_stands,
}


def cause_of(duty: str, subject: str, due: date) -> str:
    """The unique key of an escalation that a missed duty raises: the duty and its due date."""
    return f"{duty} {subject} {due.isoformat()}"
