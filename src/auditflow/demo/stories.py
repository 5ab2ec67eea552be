"""What befalls the audits of the demo, a story each."""

from __future__ import annotations

from collections.abc import Callable

from auditflow.audits import Trigger
from auditflow.commands import escalations, meeting, scheduling
from auditflow.commands.follow_up import Moderate
from auditflow.demo.script import Script, escalated
from auditflow.guidance.tool import Grade

T1, T2, T3, T4, T5 = Trigger.T1, Trigger.T2, Trigger.T3, Trigger.T4, Trigger.T5
Story = Callable[[Script], None]


def ordinary(s: Script) -> None:
    """Everything in time, closed."""
    _to_the_end(s, Grade.GOOD)
    s.verify(s.later(22))


def outstanding(s: Script) -> None:
    """Everything in time, and outstanding."""
    _to_the_end(s, Grade.OUTSTANDING)
    s.verify(s.later(21))


def _accept(s: Script, days: int, who: str, trigger: Trigger) -> None:
    """Somebody accepts the answer to the newest escalation of a trigger."""
    ref = s.reference
    s.on(
        s.later(days),
        10,
        who,
        lambda a: escalations.Accept(audit=ref, escalation=escalated(a, trigger)),
    )


def _to_the_end(s: Script, grade: Grade) -> None:
    s.hold()
    s.grade(grade)
    s.plan_immediate()
    s.submit()
    s.do_and_file(1, s.later(4), "responsible_manager")
    s.supervise(s.later(12), s.later(20))
    s.do_and_file(2, s.later(19), "key_worker")


def unverified(s: Script) -> None:
    """All done, but nobody has verified it."""
    _to_the_end(s, Grade.GOOD)


def verified_late(s: Script) -> None:
    """All done, and verified only after the QA Team's own time was up (T9)."""
    _to_the_end(s, Grade.GOOD)
    s.verify(s.later(40))
    _accept(s, 41, "quinn", Trigger.T9)


def late_but_answered(s: Script) -> None:
    """The immediate action is late; done, and the answer accepted (T3)."""
    s.hold(checked=False)
    s.grade(Grade.REQUIRES_IMPROVEMENT)
    s.plan_immediate("Complete the overdue risk assessment")
    s.submit()
    s.do_and_file(1, s.later(9), "responsible_manager")
    _accept(s, 10, "idris", T3)
    s.supervise(s.later(14))
    s.verify(s.later(17))


def nobody_answers(s: Script) -> None:
    """The immediate action is never done; the escalation climbs by itself (T3, then T4)."""
    s.hold()
    s.grade(Grade.REQUIRES_IMPROVEMENT)
    s.plan_immediate("Visit the child at home and see the child alone")
    s.submit()


def new_date(s: Script) -> None:
    """The key worker's action slips; a new date is proposed, accepted and kept (T5)."""
    s.hold()
    s.grade(Grade.GOOD)
    s.plan_immediate()
    s.submit()
    s.do_and_file(1, s.later(3), "responsible_manager")
    s.supervise(s.later(10), s.later(15))
    new = s.later(24)
    s.on(
        s.later(17),
        10,
        "responsible_manager",
        lambda a: escalations.Answer(
            audit=s.reference,
            escalation=escalated(a, T5),
            says="The family was away.",
            new_date=new,
        ),
    )
    _accept(s, 18, "tess", T5)
    s.do_and_file(2, s.later(22), "key_worker")
    s.verify(s.later(26))


def _dispute(s: Script, mine: Grade, theirs: Grade) -> None:
    """They cannot agree; the QA Team advises."""
    s.hold()
    s.on(
        s.meeting,
        12,
        "auditor",
        lambda _: meeting.RecordDisagreement(
            audit=s.reference,
            auditor_grade=mine,
            worker_grade=theirs,
            auditor_reason="The plan is out of date.",
            worker_reason="The work itself has moved on.",
            impact="The child is safe but waits for decisions.",
        ),
    )
    s.plan_immediate()
    s.submit()
    s.do_and_file(1, s.later(4), "responsible_manager")
    s.supervise(s.later(13))
    s.on(
        s.later(3),
        9,
        "tess",
        lambda a: escalations.Answer(
            audit=s.reference,
            escalation=escalated(a, T1),
            says="The plan decides it.",
            grade=Grade.REQUIRES_IMPROVEMENT,
        ),
    )


def advice_taken(s: Script) -> None:
    """The grade is disputed; both accept the QA Team's advice (T1)."""
    _dispute(s, Grade.REQUIRES_IMPROVEMENT, Grade.GOOD)
    for who in ("auditor", "key_worker"):
        _accept(s, 4, who, T1)
    s.verify(s.later(16))


def decided_at_the_top(s: Script) -> None:
    """The advice is rejected, nobody answers at level 3; the Assistant Director decides (T1)."""
    _dispute(s, Grade.REQUIRES_IMPROVEMENT, Grade.GOOD)
    s.on(
        s.later(4),
        13,
        "key_worker",
        lambda a: escalations.Reject(
            audit=s.reference,
            escalation=escalated(a, T1),
            reason="The plan was updated the day after.",
        ),
    )
    s.on(
        s.later(11),
        10,
        "bram",
        lambda a: escalations.Decide(
            audit=s.reference,
            escalation=escalated(a, T1),
            grade=Grade.REQUIRES_IMPROVEMENT,
            reason="What counts is the day of the audit.",
        ),
    )
    s.verify(s.later(16))


def inadequate(s: Script) -> None:
    """Graded Inadequate: the head of service moderates, a re-audit is due (T8)."""
    s.hold()
    s.grade(Grade.INADEQUATE)
    s.plan_immediate("Hold a strategy discussion with the police")
    s.submit(0)
    s.on(
        s.later(3),
        9,
        "head",
        lambda _: Moderate(
            audit=s.reference, grade=Grade.INADEQUATE, reason="The risk was known and not acted on."
        ),
    )
    _accept(s, 4, "idris", Trigger.T8)
    s.do_and_file(1, s.later(4), "responsible_manager")
    s.supervise(s.later(9), s.later(20))


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
    ref = s.reference
    s.on(
        s.meeting,
        12,
        "auditor",
        lambda _: meeting.RaiseConcern(
            audit=ref, says="An adult who may not be in the home is living there."
        ),
    )
    s.on(
        s.meeting,
        13,
        "head",
        lambda a: escalations.Acknowledge(audit=ref, escalation=escalated(a, T2)),
    )
    s.on(
        s.later(1),
        11,
        "head",
        lambda a: escalations.Answer(
            audit=ref,
            escalation=escalated(a, T2),
            says="Strategy discussion held; the child is with an aunt.",
        ),
    )
    _accept(s, 2, "tess", T2)
    s.on(
        s.meeting,
        14,
        "auditor",
        lambda _: meeting.AgreeGrade(
            audit=ref, grade=Grade.REQUIRES_IMPROVEMENT, impact="The child was not safe and now is."
        ),
    )
    s.on(
        s.later(1),
        14,
        "auditor",
        lambda _: meeting.Submit(
            audit=ref, no_actions_because="Everything was done within the concern."
        ),
    )


def withdrawn(s: Script) -> None:
    """The case closed before the meeting."""
    s.distribute()
    why = "The case has closed."
    closed = scheduling.Withdraw(audit=s.reference, reason=why, without_substitute=True)
    s.on(s.later(6, s.drawn), 9, "tess", lambda _: closed)


def exempted(s: Script) -> None:
    """The Assistant Director exempts it."""
    s.distribute()
    exempt = scheduling.Exempt(audit=s.reference, reason="The team is under inspection this month.")
    s.on(s.later(6, s.drawn), 9, "bram", lambda _: exempt)


def voided(s: Script) -> None:
    """The wrong file was audited."""
    s.hold()
    s.on(
        s.later(1),
        9,
        "quinn",
        lambda _: scheduling.Void(audit=s.reference, reason="A sibling's file was audited."),
    )


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
