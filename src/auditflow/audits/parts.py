"""The parts of an audit: its actions, its escalations, what is owed. All frozen; all data."""

from datetime import date, datetime
from typing import Literal

import msgspec

from auditflow.audits.roles import Role
from auditflow.audits.states import State, state_of
from auditflow.audits.triggers import Level, Trigger, level_of
from auditflow.guidance.tool import Answer as Indication
from auditflow.guidance.tool import Grade

#: A text is kept apart under the audit's own key; here stands only its digest.
Sealed = str


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the auditor recorded against one audited element (domain text, section 11)."""

    element: str
    evidence: Sealed
    strengths: Sealed = ""
    change: Sealed = ""
    grade: Grade | None = None


class Remark(msgspec.Struct, frozen=True):
    """What was said on one point of the quality of the child's record."""

    point: str
    says: Sealed


class Indicator(msgspec.Struct, frozen=True):
    """How one headline indicator was answered."""

    key: str
    answer: Indication


#: A question answered yes or no, or not yet.
YesNo = Literal["", "yes", "no"]


class Action(msgspec.Struct, frozen=True, omit_defaults=True):
    """One SMART action of the action plan."""

    n: int
    state: str
    immediate: bool
    owner: str
    due_on: date
    what: Sealed
    success: Sealed
    achievable: Sealed
    realistic: Sealed
    added_on: date
    #: The date first agreed; `due_on` is the one that counts now.
    original_due_on: date
    #: Set when a new date was accepted on an escalation.
    revised_on: date | None = None
    needs_approval: bool = False
    #: Why its date lies beyond the cap.
    because: Sealed = ""
    #: An immediate action counts from the submission, where a council so sets (D4).
    from_submission: bool = False
    done_on: date | None = None
    #: Who said so, and for whom where it was a deputy.
    done_by: tuple[str, ...] = ()
    evidence: Sealed = ""
    filed_on: date | None = None

    @property
    def where(self) -> State:
        """What the chart of actions says of where it is."""
        return state_of("action", self.state)


Answer = Literal["", "done", "new_date", "advice", "in_words"]
Resolution = Literal["", "done", "new_date", "advice", "in_words", "decision", "audit_ended"]


class Escalation(msgspec.Struct, frozen=True, omit_defaults=True):
    """One escalation: the answer to one missed duty, disagreement, concern or grading."""

    n: int
    state: str
    trigger: Trigger
    #: What it is about, the unique key of its effect: a duty and its due date, `disagreement 1` …
    cause: str
    #: The action it is about, or 0.
    action: int
    #: The escalation whose answer was not judged (T9), or 0.
    about: int
    enters: Level
    raised_on: date
    overdue_since: datetime | None
    #: Who raised it by hand, ahead of the duty's date; nobody where the clock or an event did.
    raised_by: str = ""
    told_on: date | None = None
    window_from: date | None = None
    acknowledged_by: str = ""
    answer: Answer = ""
    answered_by: str = ""
    #: Whom the answerer stood in for, or nothing.
    answered_for: str = ""
    answered_on: date | None = None
    answer_says: Sealed = ""
    new_date: date | None = None
    #: The council let the QA Team's advice on a grade be final (D6) when this was raised.
    advice_final: bool = False
    advised: Grade | None = None
    accepted_by: tuple[str, ...] = ()
    judge: str = ""
    #: The level whose window has passed unanswered; set by the clock only.
    lapsed: Level | None = None
    bypass_to: Level | None = None
    held_since: date | None = None
    held_until: date | None = None
    #: That the thing was done has already been counted as an answer.
    done_noted: bool = False
    resolution: Resolution = ""
    resolved_on: date | None = None

    @property
    def level(self) -> Level | None:
        """The level it stands at; None before it is raised and once it is resolved."""
        return level_of(self.state)

    @property
    def final_here(self) -> bool:
        """Whether the QA Team's advice, at its level, decides the grade."""
        return self.advice_final and self.level is Level.L2


class OpenDuty(msgspec.Struct, frozen=True, omit_defaults=True):
    """One duty standing now: what somebody owes, by when."""

    duty: str
    #: `audit`, `action 2` or `escalation 1 level_2`.
    subject: str
    role: Role
    #: The person, where one is named; otherwise whoever holds the role.
    owner: str
    since: date
    due: date
    #: The first instant that is late (TR6).
    overdue_from: datetime
    #: The first instant at which the clock acts on it (TR7).
    raise_from: datetime
    missed: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What it is; a duty stands at most once for each subject."""
        return self.duty, self.subject
