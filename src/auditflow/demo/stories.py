"""What befalls the audits of the demo, a story each."""

from collections.abc import Callable
from typing import Any

from auditflow.audits import Trigger
from auditflow.commands import escalations, meeting, scheduling
from auditflow.commands.follow_up import Moderate
from auditflow.demo.script import Script, newest
from auditflow.guidance.tool import Grade

Story = Callable[[Script], None]


def ordinary(s: Script) -> None:
    """Everything in time, closed."""
    _to_the_end(s, Grade.GOOD)
    s.verify(22)


def outstanding(s: Script) -> None:
    """Everything in time, and outstanding."""
    _to_the_end(s, Grade.OUTSTANDING)
    s.verify(21)


def _to_the_end(s: Script, grade: Grade) -> None:
    _submitted(s, grade)
    s.do_and_file(1, 4)
    s.supervise(12, due=20)
    s.do_and_file(2, 19, "key_worker")


def _submitted(s: Script, grade: Grade, *action: str, days: int = 1) -> None:
    s.hold()
    s.grade(grade)
    s.plan_immediate(*action)
    s.submit(days)


def _answer(s: Script, days: int, hour: int, who: str, about: Trigger, **said: Any) -> None:
    """Somebody answers the newest escalation of a trigger."""
    s.on(s.later(days), hour, who, escalations.Answer, escalation=newest(about), **said)


def _accept(s: Script, days: int, who: str, about: Trigger) -> None:
    """Somebody accepts the answer to it."""
    s.on(s.later(days), 10, who, escalations.Accept, escalation=newest(about))


def unverified(s: Script) -> None:
    """All done, but nobody has verified it."""
    _to_the_end(s, Grade.GOOD)


def verified_late(s: Script) -> None:
    """All done, and verified only after the QA Team's own time was up (T9)."""
    _to_the_end(s, Grade.GOOD)
    s.verify(40)
    _accept(s, 41, "quinn", Trigger.T9)


def late_but_answered(s: Script) -> None:
    """The immediate action is late; done, and the answer accepted (T3)."""
    s.hold(checked=False)
    s.grade(Grade.REQUIRES_IMPROVEMENT)
    s.plan_immediate("Complete the overdue risk assessment")
    s.submit()
    s.do_and_file(1, 9)
    _accept(s, 10, "idris", Trigger.T3)
    s.supervise(14)
    s.verify(17)


def nobody_answers(s: Script) -> None:
    """The immediate action is never done; the escalation climbs by itself (T3, then T4)."""
    _submitted(s, Grade.REQUIRES_IMPROVEMENT, "Visit the child at home and see the child alone")


def new_date(s: Script) -> None:
    """The key worker's action slips; a new date is proposed, accepted and kept (T5)."""
    _submitted(s, Grade.GOOD)
    s.do_and_file(1, 3)
    s.supervise(10, due=15)
    said = {"says": "The family was away.", "new_date": s.later(24)}
    _answer(s, 17, 10, "responsible_manager", Trigger.T5, **said)
    _accept(s, 18, "tess", Trigger.T5)
    s.do_and_file(2, 22, "key_worker")
    s.verify(26)


def _dispute(s: Script) -> None:
    """They cannot agree; the QA Team advises."""
    s.hold()
    s.on(
        s.meeting,
        12,
        "auditor",
        meeting.RecordDisagreement,
        auditor_grade=Grade.REQUIRES_IMPROVEMENT,
        worker_grade=Grade.GOOD,
        auditor_reason="The plan is out of date.",
        worker_reason="The work itself has moved on.",
        impact="The child is safe but waits for decisions.",
    )
    s.plan_immediate()
    s.submit()
    s.do_and_file(1, 4)
    s.supervise(13)
    said = {"says": "The plan decides it.", "grade": Grade.REQUIRES_IMPROVEMENT}
    _answer(s, 3, 9, "tess", Trigger.T1, **said)


def advice_taken(s: Script) -> None:
    """The grade is disputed; both accept the QA Team's advice (T1)."""
    _dispute(s)
    for who in ("auditor", "key_worker"):
        _accept(s, 4, who, Trigger.T1)
    s.verify(16)


def decided_at_the_top(s: Script) -> None:
    """The advice is rejected, nobody answers at level 3; the Assistant Director decides (T1)."""
    _dispute(s)
    dispute = newest(Trigger.T1)
    why = "The plan was updated the day after."
    s.on(s.later(4), 13, "key_worker", escalations.Reject, escalation=dispute, reason=why)
    decided = {
        "grade": Grade.REQUIRES_IMPROVEMENT,
        "reason": "What counts is the day of the audit.",
    }
    s.on(s.later(11), 10, "bram", escalations.Decide, escalation=dispute, **decided)
    s.verify(16)


def inadequate(s: Script) -> None:
    """Graded Inadequate: the head of service moderates, a re-audit is due (T8)."""
    _submitted(s, Grade.INADEQUATE, "Hold a strategy discussion with the police", days=0)
    why = "The risk was known and not acted on."
    s.on(s.later(3), 9, "head", Moderate, grade=Grade.INADEQUATE, reason=why)
    _accept(s, 4, "idris", Trigger.T8)
    s.do_and_file(1, 4)
    s.supervise(9, due=20)


def never_held(s: Script) -> None:
    """Booked, and never held (T6)."""
    s.distribute()
    s.book()


def never_booked(s: Script) -> None:
    """Distributed, and nothing after."""
    s.distribute()


def concern(s: Script) -> None:
    """A child at immediate risk: told at once, acknowledged, acted on, accepted (T2)."""
    s.hold()
    danger = "An adult who may not be in the home is living there."
    s.on(s.meeting, 12, "auditor", meeting.RaiseConcern, says=danger)
    s.on(s.meeting, 13, "head", escalations.Acknowledge, escalation=newest(Trigger.T2))
    done = "Strategy discussion held; the child is with an aunt."
    _answer(s, 1, 11, "head", Trigger.T2, says=done)
    _accept(s, 2, "tess", Trigger.T2)
    graded = {"grade": Grade.REQUIRES_IMPROVEMENT, "impact": "The child was not safe and now is."}
    s.on(s.meeting, 14, "auditor", meeting.AgreeGrade, **graded)
    s.submit(no_actions_because="Everything was done within the concern.")


def withdrawn(s: Script) -> None:
    """The case closed before the meeting."""
    s.distribute()
    said = {"reason": "The case has closed.", "without_substitute": True}
    s.on(s.later(6, s.drawn), 9, "tess", scheduling.Withdraw, **said)


def exempted(s: Script) -> None:
    """The Assistant Director exempts it."""
    s.distribute()
    why = "The team is under inspection this month."
    s.on(s.later(6, s.drawn), 9, "bram", scheduling.Exempt, reason=why)


def voided(s: Script) -> None:
    """The wrong file was audited."""
    s.hold()
    s.on(s.later(1), 9, "quinn", scheduling.Void, reason="A sibling's file was audited.")


def not_submitted(s: Script) -> None:
    """Held, and the tool not submitted (T7)."""
    s.hold()
    s.grade(Grade.GOOD)


def drawn_only(s: Script) -> None:
    """Drawn, and not given to anybody yet."""


#: Seven audits a round, oldest round first, from three months ago to two months ahead.
ROUNDS: tuple[tuple[Story, ...], ...] = (
    (ordinary, nobody_answers, decided_at_the_top, outstanding, ordinary, withdrawn, ordinary),
    (late_but_answered, ordinary, inadequate, advice_taken, never_held, verified_late, exempted),
    (ordinary, new_date, nobody_answers, concern, unverified, not_submitted, voided),
    (ordinary, late_but_answered, inadequate, ordinary, concern, never_booked, advice_taken),
    (ordinary, ordinary, never_booked, ordinary, never_booked, ordinary, drawn_only),
    (drawn_only,) * 7,
)
