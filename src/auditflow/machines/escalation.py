"""Flow Chart 2: the escalation process (domain text, section 8)."""

from __future__ import annotations

from auditflow.audits import EscalationFacts, Role, Trigger
from auditflow.calendar import By, WorkingDays
from auditflow.guidance.citation import chosen, inferred
from auditflow.machines.notation import Chart, State, Up, both, climb, decision, move, owe, stay

HOLDER, JUDGE, SYSTEM, QA_MANAGER = Role.HOLDER, Role.JUDGE, Role.SYSTEM, Role.QA_MANAGER
QA_TEAM, ASSISTANT_DIRECTOR = Role.QA_TEAM, Role.ASSISTANT_DIRECTOR

ALERTS = inferred("Safeguarding alerts protocols: no answer, or not satisfied, moves up a stage.")
BYPASS = inferred("IRO Handbook: a manager may go straight to a higher level.")


class EscalationProcess(Chart):
    """Flow Chart 2 - Escalation Process."""

    title = "Flow Chart 2 - Escalation Process"
    facts = EscalationFacts
    exclusive = (("enters_level_1", "enters_level_2", "enters_level_3"), ("bypass_to_2", "bypass_to_3", "bypass_to_4", "bypass_to_5"))

    # Where an escalation can stand, and who must answer it there.
    start = State("Not raised yet", initial=True, no_duty_because="Nothing is owed before it is raised.")
    level_1 = State("Level 1", Role.RESPONSIBLE_MANAGER)
    level_2 = State("Level 2", Role.QA_TEAM)
    level_3 = State("Level 3", Role.HEAD_OF_SERVICE)
    level_4 = State("Level 4", Role.ASSISTANT_DIRECTOR)
    level_5 = State("Level 5", Role.EXECUTIVE_DIRECTOR, no_duty_because="The top level stays open and stands on every board report.")
    resolved = State("Resolved", Role.QA_TEAM, final=True)

    ladder = (level_1, level_2, level_3, level_4, level_5)

    # What happens, from where to where, who brings it, only when.
    raise_ = decision(
        "Who missed it?",
        move(start, level_1, by=(SYSTEM, QA_TEAM), when="enters_level_1", cite=chosen("It starts at the first level above whoever missed the deadline.")),
        move(start, level_2, by=(SYSTEM, QA_TEAM), when="enters_level_2", cite="Grading, 4"),
        move(start, level_3, by=SYSTEM, when="enters_level_3", cite=inferred("Kent, Torbay: at once; West Sussex: a head of service moderates.")),
    )
    acknowledge = stay(ladder, by=HOLDER, cite=chosen("It stops reminders, not the window."))
    answer = stay(ladder, by=HOLDER, when="not answered", cite=ALERTS)
    answer_by_doing = stay(ladder, by=SYSTEM, when="done_unnoted", cite=chosen("A thing done late answers for itself; a person still accepts it."))
    accept = decision(
        "Have all accepted?",
        move(ladder, resolved, by=JUDGE, when="answered and judge_independent and all_accepted", cite=ALERTS),
        stay(ladder, by=JUDGE, when="answered and judge_independent and not all_accepted", cite=chosen("For a grade both auditor and key worker accept.")),
    )
    decide = both(
        move(level_2, resolved, by=HOLDER, when="grade_dispute and grade_decided and advice_final", cite=chosen("The guidance is silent on who decides; a council may let the QA Team's advice be final.")),
        move(level_4, resolved, by=ASSISTANT_DIRECTOR, when="grade_dispute and grade_decided", cite=inferred("West Sussex and Haringey: director level decides, and that is final.")),
    )
    reject = both(
        climb(ladder, by=JUDGE, when="answered and judge_independent", cite=ALERTS),
        stay(level_5, by=JUDGE, when="answered and judge_independent", cite=chosen("There is no level above; it stays open.")),
    )
    pass_unanswered = climb(ladder, by=SYSTEM, when="not answered and window_passed", cite=ALERTS)
    bypass = decision(
        "Straight to which level?",
        move(level_1, level_2, by=(QA_MANAGER, ASSISTANT_DIRECTOR), when="bypass_to_2", cite=BYPASS),
        move((level_1, level_2), level_3, by=(QA_MANAGER, ASSISTANT_DIRECTOR), when="bypass_to_3", cite=BYPASS),
        move((level_1, level_2, level_3), level_4, by=(QA_MANAGER, ASSISTANT_DIRECTOR), when="bypass_to_4", cite=BYPASS),
        move((level_1, level_2, level_3, level_4), level_5, by=(QA_MANAGER, ASSISTANT_DIRECTOR), when="bypass_to_5", cite=BYPASS),
    )
    hold = stay(ladder, by=QA_MANAGER, when="not concern and not held", cite=chosen("A pause with a reason and a review date; never for a child at risk."))
    resume = stay(ladder, by=(QA_MANAGER, SYSTEM), when="held", cite=chosen("By hand or at the review date; the window then runs on."))
    end_with_audit = move(ladder, resolved, by=SYSTEM, when="audit_ended and not concern", cite=chosen("An audit withdrawn, exempted or voided owes nothing; a child at risk is still at risk."))

    # What is owed: where, what, who, how long, since, met by, if missed.
    answer_duty = owe((level_1, level_2, level_3, level_4), "Answer", HOLDER, WorkingDays(5), "window_from", "answer", Up(), when="not concern and not answered and not held", cite=inferred("The alerts protocol's window."))
    acknowledge_concern = owe((level_3, level_4), "Acknowledge the concern", HOLDER, By(), "told_on", "acknowledge", Up(), when="concern and not acknowledged", any_day=True, cite=inferred("A child at risk is acknowledged the same day."))
    act_on_concern = owe((level_3, level_4), "Record what was done", HOLDER, WorkingDays(1), "told_on", "answer", Up(), when="concern and not answered", any_day=True, cite=inferred("One working day for a decision on a referral."))
    judge_answer = owe(ladder, "Accept or reject the answer", JUDGE, WorkingDays(5), "answered_on", ("accept", "reject"), Trigger.T9, when="answered", cite=chosen("Five working days, as for every window."))
