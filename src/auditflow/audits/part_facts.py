"""An action, and an escalation, seen within its audit: the guards of their charts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from operator import attrgetter

from auditflow.audits.audit import Audit, is_smart
from auditflow.audits.parts import Action, Escalation
from auditflow.audits.triggers import Level, Trigger
from auditflow.audits.words import Asked, Counted, guard, moment
from auditflow.guidance.tool import Grade


def _noted(where: str, title: str, since: str, means: str) -> Counted:
    """A moment that is noted as it is, in a part of the audit."""
    return moment(title, since, means=means)(attrgetter(where))


def _enters(level: Level, means: str) -> Asked:
    def ask(facts: EscalationFacts) -> bool:
        return facts.escalation.enters is level

    return guard(f"it starts at level {level}", means=means)(ask)


def _bypasses(level: Level) -> Asked:
    def ask(facts: EscalationFacts) -> bool:
        now = facts.escalation.level
        return facts.escalation.bypass_to is level and now is not None and now < level

    means = "Level 2, 3, 4 or 5, and above the level it stands at."
    return guard("the level named is a higher one", means=means)(ask)


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

    revised_on = _noted(
        "action.revised_on",
        "the new date, once one was accepted or it was returned with one",
        "the new date accepted",
        "The new date that was accepted on an escalation, or given when it was returned.",
    )

    @moment("the day the audit was held", "the audit")
    def held_on(self) -> date | None:
        """The day the audit was held; where a council so sets, submitted (or the action added)."""
        submitted = self.audit.submitted_on
        if self.action.from_submission:
            return submitted and max(submitted, self.action.added_on)
        return self.audit.held_on

    due_on = _noted("action.due_on", "its own date", "its own date", "The date that counts now.")
    done_on = _noted("action.done_on", "the day it was done", "being done", "The day it was done.")


class EscalationFacts:
    """One escalation and the audit it stands on."""

    __slots__ = ("audit", "escalation")

    def __init__(self, audit: Audit, escalation: Escalation) -> None:
        self.audit = audit
        self.escalation = escalation

    enters_level_1 = _enters(Level.L1, "T5 of an action that the responsible manager does not own.")
    enters_level_2 = _enters(
        Level.L2,
        "T1, T3, T4, T6, T7, and T5 of the responsible manager's own action; T9 but for level 4.",
    )
    enters_level_3 = _enters(Level.L3, "T2 and T8.")
    enters_level_4 = _enters(
        Level.L4,
        "T9 of what the Head of Service owed: judging the new date of an immediate action.",
    )

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
        level 2; otherwise the dispute goes up the levels and is decided at level 4, or at level 5.
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

    bypass_to_2 = _bypasses(Level.L2)
    bypass_to_3 = _bypasses(Level.L3)
    bypass_to_4 = _bypasses(Level.L4)
    bypass_to_5 = _bypasses(Level.L5)

    told_on = _noted(
        "escalation.told_on",
        "the day the level was told",
        "the level being told",
        "The day the holder of this level was told.",
    )
    window_from = _noted(
        "escalation.window_from",
        "the day the level was told",
        "the level being told",
        "The day from which this level's window counts: told, moved on by a hold.",
    )
    held_until = _noted(
        "escalation.held_until",
        "the review date of the pause",
        "the pause",
        "The day on which its window runs on, unless it is resumed by hand before.",
    )
    answered_on = _noted(
        "escalation.answered_on", "the day of the answer", "the answer", "The day it was answered."
    )


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
