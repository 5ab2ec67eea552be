"""An action, and an escalation, seen within its audit: the guards of their charts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from auditflow.audits.audit import Audit, is_smart
from auditflow.audits.parts import Action, Escalation
from auditflow.audits.triggers import Level, Trigger
from auditflow.audits.words import guard, moment
from auditflow.guidance.tool import Grade


class ActionFacts:
    """One action and the audit it arises from."""

    __slots__ = ("action", "audit")

    def __init__(self, audit: Audit, action: Action) -> None:
        self.audit = audit
        self.action = action

    @guard("it is SMART")
    def smart(self) -> bool:
        """It answers the five SMART questions; see “The SMART test”."""
        return is_smart(self.action)

    @guard("it is an immediate action", otherwise="it is an agreed action")
    def immediate(self) -> bool:
        """Whoever adds the action says so. Every other action is an agreed one."""
        return self.action.immediate

    @guard("its date waits for approval")
    def needs_approval(self) -> bool:
        """The date lies beyond the cap, with a reason, and the QA Team has not approved it yet."""
        return self.action.needs_approval

    @guard("day and evidence are given")
    def evidence_given(self) -> bool:
        """The day it was done, and in words what was done and where on Mosaic that can be seen."""
        return self.action.done_on is not None and bool(self.action.evidence)

    @moment(
        "the new date, once one was accepted or it was returned with one", "the new date accepted"
    )
    def revised_on(self) -> date | None:
        """The new date that was accepted on an escalation, or given when it was returned."""
        return self.action.revised_on

    @moment("the day the audit was held", "the audit")
    def held_on(self) -> date | None:
        """The day the audit was held; where a council so sets, submitted (or the action added)."""
        submitted = self.audit.submitted_on
        if self.action.from_submission:
            return submitted and max(submitted, self.action.added_on)
        return self.audit.held_on

    @moment("its own date", "its own date")
    def due_on(self) -> date:
        """The date that counts now."""
        return self.action.due_on

    @moment("the day it was done", "being done")
    def done_on(self) -> date | None:
        """The day it was done."""
        return self.action.done_on


class EscalationFacts:
    """One escalation and the audit it stands on."""

    __slots__ = ("audit", "escalation")

    def __init__(self, audit: Audit, escalation: Escalation) -> None:
        self.audit = audit
        self.escalation = escalation

    @guard("it starts at level 1")
    def enters_level_1(self) -> bool:
        """T5 of an action that the responsible manager does not own."""
        return self.escalation.enters is Level.L1

    @guard("it starts at level 2")
    def enters_level_2(self) -> bool:
        """T1, T3, T4, T6, T7 and T9, and T5 of the responsible manager's own action."""
        return self.escalation.enters is Level.L2

    @guard("it starts at level 3")
    def enters_level_3(self) -> bool:
        """T2 and T8."""
        return self.escalation.enters is Level.L3

    @guard("it starts at level 4")
    def enters_level_4(self) -> bool:
        """T9 of what the Head of Service owed: judging the new date of an immediate action."""
        return self.escalation.enters is Level.L4

    @guard("it is a safeguarding concern (T2)", otherwise="it is no safeguarding concern (T2)")
    def concern(self) -> bool:
        """The trigger is T2."""
        return self.escalation.trigger is Trigger.T2

    @guard("it is about a disputed grade (T1)", otherwise="it is not about a grade")
    def grade_dispute(self) -> bool:
        """The trigger is T1."""
        return self.escalation.trigger is Trigger.T1

    @guard("it is acknowledged", otherwise="nobody has acknowledged it yet")
    def acknowledged(self) -> bool:
        """Any of its addressees may acknowledge it, at each level anew; an answer does so too."""
        return bool(self.escalation.acknowledged_by) or self.answered

    @guard("there is an answer to judge", otherwise="there is no answer yet")
    def answered(self) -> bool:
        """An answer given at this level and not rejected. For T8 words alone are none while the
        moderation is awaited.
        """
        unmoderated = self.escalation.trigger is Trigger.T8 and self.audit.moderation_pending
        return bool(self.escalation.answer) and not unmoderated

    @guard("its window is paused", otherwise="its window is not paused")
    def held(self) -> bool:
        """The QA manager holds it until a review date that has not come."""
        return self.escalation.held_until is not None

    @guard("the level's window has passed")
    def window_passed(self) -> bool:
        """Auditflow noted it on the first working day after; for T2, at 00:00 of the next day."""
        return (
            self.escalation.lapsed is not None and self.escalation.lapsed is self.escalation.level
        )

    @guard("the answer is not their own", hint="Whoever gave it, it is judged by somebody else.")
    def judge_independent(self) -> bool:
        """Nobody judges an answer they gave, nor one given by or for a person they stand in for. A
        thing done late is the answer of whoever did it.
        """
        return self.escalation.judge != self.escalation.answered_by

    @guard("all who must accept it have", otherwise="another must still accept it")
    def all_accepted(self) -> bool:
        """For T1 both auditor and key worker, in either order; for any other trigger one judge."""
        if self.escalation.trigger is not Trigger.T1:
            return True
        return {self.audit.auditor, self.audit.key_worker} <= set(self.escalation.accepted_by)

    @guard("the decision names a grade")
    def grade_decided(self) -> bool:
        """One of the four."""
        return isinstance(self.escalation.advised, Grade)

    @guard("the council lets the QA Team's advice be final")
    def advice_final(self) -> bool:
        """The setting grade_decided_by was qa_advice when the dispute was raised, and it stands at
        level 2; otherwise the dispute goes up the levels, and the Assistant Director decides.
        """
        return self.escalation.advice_final

    @guard("the audit has left the process")
    def audit_ended(self) -> bool:
        """It was withdrawn, exempted or voided."""
        return self.audit.set_aside

    @guard("what it is about was done since")
    def done_unnoted(self) -> bool:
        """See “Done means” in the table of triggers. It counts as an answer once."""
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

    @property
    def action_done(self) -> bool:
        """The action it is about was done, or is no longer to be done."""
        action = self.audit.action(self.escalation.action)
        return action is None or action.done_on is not None or action.where.set_aside

    @property
    def action_ended(self) -> bool:
        """The action it is about was filed too, or is no longer to be done."""
        action = self.audit.action(self.escalation.action)
        return action is None or action.where.ended

    def _bypass(self, level: Level) -> bool:
        now = self.escalation.level
        return self.escalation.bypass_to is level and now is not None and now < level

    @guard("the level named is a higher one")
    def bypass_to_2(self) -> bool:
        """Level 2, 3, 4 or 5, and above the level it stands at."""
        return self._bypass(Level.L2)

    @guard("the level named is a higher one")
    def bypass_to_3(self) -> bool:
        """Level 2, 3, 4 or 5, and above the level it stands at."""
        return self._bypass(Level.L3)

    @guard("the level named is a higher one")
    def bypass_to_4(self) -> bool:
        """Level 2, 3, 4 or 5, and above the level it stands at."""
        return self._bypass(Level.L4)

    @guard("the level named is a higher one")
    def bypass_to_5(self) -> bool:
        """Level 2, 3, 4 or 5, and above the level it stands at."""
        return self._bypass(Level.L5)

    @moment("the day the level was told", "the level being told")
    def told_on(self) -> date | None:
        """The day the holder of this level was told."""
        return self.escalation.told_on

    @moment("the day the level was told", "the level being told")
    def window_from(self) -> date | None:
        """The day from which this level's window counts: told, moved on by a hold."""
        return self.escalation.window_from

    @moment("the review date of the pause", "the pause")
    def held_until(self) -> date | None:
        """The day on which its window runs on, unless it is resumed by hand before."""
        return self.escalation.held_until

    @moment("the day of the answer", "the answer")
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
    Trigger.T3: lambda f: f.action_done,
    Trigger.T4: lambda f: f.audit.supervised,
    Trigger.T5: lambda f: f.action_ended,
    Trigger.T6: lambda f: f.audit.held_on is not None,
    Trigger.T7: lambda f: f.audit.submitted_on is not None,
    Trigger.T8: _moderated,
    Trigger.T9: lambda f: not f.cause_stands,
}


def cause_of(duty: str, subject: str, due: date) -> str:
    """The unique key of an escalation that a missed duty raises: the duty and its due date."""
    return f"{duty} {subject} {due.isoformat()}"
