"""Flow Chart 2: the escalation process (domain text, section 8)."""

from auditflow.audits import EscalationFacts, Role, Trigger
from auditflow.calendar import By, WorkingDays
from auditflow.guidance.citation import chosen, inferred
from auditflow.machines.notation import (
    Chart,
    Reminder,
    State,
    Up,
    both,
    climb,
    decision,
    move,
    owe,
    stay,
)

HOLDER, JUDGE, SYSTEM, QA_MANAGER = Role.HOLDER, Role.JUDGE, Role.SYSTEM, Role.QA_MANAGER
QA_TEAM, ASSISTANT_DIRECTOR, EXECUTIVE_DIRECTOR = Role.QA_TEAM, Role.ASSISTANT_DIRECTOR, Role.EXECUTIVE_DIRECTOR

ALERTS = inferred("Safeguarding alerts protocols: no answer, or not satisfied, moves up a stage.")
BYPASS = inferred("IRO Handbook: a manager may go straight to a higher level.")


class EscalationProcess(Chart):
    """Flow Chart 2 - Escalation Process."""

    title = "Flow Chart 2 - Escalation Process"
    facts = EscalationFacts
    exclusive = (("enters_level_1", "enters_level_2", "enters_level_3", "enters_level_4"), ("bypass_to_2", "bypass_to_3", "bypass_to_4", "bypass_to_5"))

    # Where an escalation can stand, and who must answer it there.
    start = State("Not raised yet", initial=True, no_duty_because="Nothing is owed before it is raised.")
    level_1 = State("Level 1", Role.RESPONSIBLE_MANAGER, level=1)
    level_2 = State("Level 2", Role.QA_TEAM, level=2)
    level_3 = State("Level 3", Role.HEAD_OF_SERVICE, level=3)
    level_4 = State("Level 4", Role.ASSISTANT_DIRECTOR, level=4)
    level_5 = State("Level 5", Role.EXECUTIVE_DIRECTOR, level=5, no_duty_because="The top level stays open and stands on every board report.")
    resolved = State("Resolved", Role.QA_TEAM, ended=True, final=True)

    ladder = (level_1, level_2, level_3, level_4, level_5)

    # What happens, from where to where, who brings it, only when.
    raise_ = decision(
        "Who missed it?",
        move(start, level_1, by=(SYSTEM, QA_TEAM), when="enters_level_1", cite=chosen("It starts at the first level above whoever missed the deadline.")),
        move(start, level_2, by=(SYSTEM, QA_TEAM), when="enters_level_2", cite="Grading, 4"),
        move(start, level_3, by=SYSTEM, when="enters_level_3", cite=inferred("Kent, Torbay: at once; West Sussex: a head of service moderates.")),
        move(start, level_4, by=SYSTEM, when="enters_level_4", cite=chosen("What level 3 owed and did not do is for the level above it.")),
        says="By itself, or by the QA Team with a reason, for a thing that will plainly be missed and is not late yet; nothing is then raised a second time for it. Once for each thing missed and its last day on time (T1: each disagreement, T2: each concern, T8: each grading). A new date that is missed in turn is a new thing.",
    )
    acknowledge = stay(ladder, by=HOLDER, cite=chosen("It stops reminders, not the window."), says="Somebody has taken it on. The window runs on all the same; only for T2 is it owed by itself.")
    answer = stay(ladder, by=HOLDER, when="not answered", cite=ALERTS, says="In words; with a new date for a late action; or, for T1, with the grade advised. It is then judged: it stays at its level, marked answered, and the level's window stops.")
    end_with_audit = move(ladder, resolved, by=SYSTEM, by_itself=True, when="audit_ended and not concern", cite=chosen("An audit withdrawn, exempted or voided owes nothing; a child at risk is still at risk."), says="What the audit owed is owed no more. A child at risk is still at risk: T2 goes on.")
    answer_by_doing = stay(ladder, by=SYSTEM, by_itself=True, when="done_unnoted", cite=chosen("A thing done late answers for itself; a person still accepts it."), says="What was late is done; that is its answer. A person still judges it.")
    accept = decision(
        "Have all accepted?",
        move(ladder, resolved, by=JUDGE, when="answered and judge_independent and all_accepted", cite=ALERTS),
        stay(ladder, by=JUDGE, when="answered and judge_independent and not all_accepted", cite=chosen("For a grade both auditor and key worker accept.")),
        says="What was wrong is put right, or will be by the new date. For T1 it is resolved once both have accepted; the first acceptance only notes who.",
    )
    decide = both(
        move(level_2, resolved, by=HOLDER, when="grade_dispute and grade_decided and advice_final", cite=chosen("The guidance is silent on who decides; a council may let the QA Team's advice be final.")),
        move(level_4, resolved, by=ASSISTANT_DIRECTOR, when="grade_dispute and grade_decided", cite=inferred("West Sussex and Haringey: director level decides, and that is final.")),
        move(level_5, resolved, by=EXECUTIVE_DIRECTOR, when="grade_dispute and grade_decided", cite=chosen("A dispute can always be ended: at the top level its holder decides.")),
        says="The Assistant Director, or at level 5 the Executive Director, names the grade, whether or not it was answered. That is final, and T1 is resolved with it. Where the council lets the QA Team's advice be final, the advice decides in the same way at level 2.",
    )
    reject = both(
        climb(ladder, by=JUDGE, when="answered and judge_independent", cite=ALERTS),
        stay(level_5, by=JUDGE, when="answered and judge_independent", cite=chosen("There is no level above; it stays open.")),
        says="The answer does not do. It moves up the same day, and the next level begins afresh: told that day, not acknowledged, not answered. At the top level it stays and may be answered again.",
    )
    pass_unanswered = climb(ladder, by=SYSTEM, when="not answered and window_passed", cite=ALERTS, says="On the first working day after the window it moves up by itself; for T2 at 00:00 of the very next day.")
    pass_unaccepted = climb(ladder, by=SYSTEM, when="answered and grade_dispute and window_passed", cite=chosen("A dispute can always be ended: who says nothing to the advice has not accepted it."), says="Auditor and key worker did not both accept the advice in time. On the first working day after, the dispute moves up by itself; nobody is late by it.")
    bypass = decision(
        "Straight to which level?",
        move(level_1, level_2, by=(QA_MANAGER, ASSISTANT_DIRECTOR), when="bypass_to_2", cite=BYPASS),
        move((level_1, level_2), level_3, by=(QA_MANAGER, ASSISTANT_DIRECTOR), when="bypass_to_3", cite=BYPASS),
        move((level_1, level_2, level_3), level_4, by=(QA_MANAGER, ASSISTANT_DIRECTOR), when="bypass_to_4", cite=BYPASS),
        move((level_1, level_2, level_3, level_4), level_5, by=(QA_MANAGER, ASSISTANT_DIRECTOR), when="bypass_to_5", cite=BYPASS),
        says="It cannot wait. It moves up the same day, past the levels between.",
    )
    hold = stay(ladder, by=QA_MANAGER, when="not concern and not held", cite=chosen("A pause with a reason and a review date; never for a child at risk."), says="The window stands still until a review date, which must lie ahead. Judging an answer is not held.")
    resume = stay(ladder, by=(QA_MANAGER, SYSTEM), moment="held_until", when="held", cite=chosen("By hand or at the review date; the window then runs on."), says="By hand, or by itself on the review date. The window is longer by the working days it stood still.")

    # What is owed: where, what, who, how long, since, met by, if missed.
    answer_duty = owe((level_1, level_2, level_3, level_4), "Answer", HOLDER, WorkingDays(5), "window_from", "answer", Up(), when="not concern and not answered and not held", cite=inferred("The alerts protocol's window."))
    acknowledge_concern = owe((level_3, level_4), "Acknowledge the concern", HOLDER, By(), "told_on", "acknowledge", Up(), when="concern and not acknowledged", any_day=True, cite=inferred("A child at risk is acknowledged the same day."))
    act_on_concern = owe((level_3, level_4), "Record what was done", HOLDER, WorkingDays(1), "told_on", "answer", Up(), when="concern and not answered", any_day=True, cite=inferred("One working day for a decision on a referral."))
    accept_advice = owe((level_1, level_2, level_3, level_4), "Accept or reject the advice on the grade", JUDGE, WorkingDays(5), "answered_on", ("accept", "reject"), Up(event="pass_unaccepted"), when="answered and grade_dispute", cite=chosen("Five working days, as for every window; who says nothing has not accepted."))
    accept_top_advice = owe(level_5, "Accept or reject the last advice", JUDGE, WorkingDays(5), "answered_on", ("accept", "reject"), Reminder("There is no level above; the Executive Director may decide."), when="answered and grade_dispute", cite=chosen("Five working days, as for every window."))
    judge_answer = owe(ladder, "Accept or reject the answer", JUDGE, WorkingDays(5), "answered_on", ("accept", "reject"), Trigger.T9, when="answered and not grade_dispute", cite=chosen("Five working days, as for every window."))
