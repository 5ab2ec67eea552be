"""The chart of one action of the action plan (domain text, A10, A16, A18, A19, A23, A29)."""

from auditflow.audits import ActionFacts, Role, Trigger
from auditflow.calendar import By, WorkingDays
from auditflow.guidance.citation import chosen, inferred
from auditflow.machines.notation import Chart, State, decision, move, owe, stay

AUDITOR, RESPONSIBLE_MANAGER, KEY_WORKER = Role.AUDITOR, Role.RESPONSIBLE_MANAGER, Role.KEY_WORKER
OWNER, QA_TEAM, QA_MANAGER = Role.OWNER, Role.QA_TEAM, Role.QA_MANAGER
T3, T5 = Trigger.T3, Trigger.T5


class ActionProgress(Chart):
    """One action: agreed, done, filed."""

    title = "One action of the action plan"
    facts = ActionFacts

    start = State("Not agreed yet", initial=True, no_duty_because="Nothing is owed before it is agreed.")
    open = State("Open", OWNER)
    done = State("Done", RESPONSIBLE_MANAGER)
    filed = State("Filed", QA_TEAM, ended=True)
    cancelled = State("Cancelled", QA_MANAGER, ended=True, final=True, set_aside=True)

    agree_action = move(start, open, by=(AUDITOR, RESPONSIBLE_MANAGER), comes_with=("add_action", "record_supervision"), when="smart", cite="During, 5; SMART, 1; SMART, 2; SMART, 3; SMART, 4; SMART, 5", says="It comes with “add action” or “record supervision” of Flow Chart 1. Whoever adds it says whether it is immediate, to be done at once by the responsible manager, or agreed, to be done by its owner until its date.")
    approve_date = stay((open, done, filed), by=QA_TEAM, when="needs_approval", cite=chosen("A date beyond the cap needs a reason and the QA Team's approval."), says="The QA Team takes the date that lies beyond the cap. Until then the audit can neither be submitted nor go on to verification.")
    complete = decision(
        "Immediate or agreed?",
        move(open, done, by=RESPONSIBLE_MANAGER, when="immediate and evidence_given", cite="Post, 1"),
        move(open, done, by=OWNER, when="not immediate and evidence_given", cite="Post, 2"),
        says="What was done, when, and where on Mosaic that can be seen. Recorded later, it is dated back to the day it was done.",
    )
    file = move(done, filed, by=(RESPONSIBLE_MANAGER, KEY_WORKER), cite="Post, 3", says="It is on the case file under “Audit Action Plan - ” and the audit month, such as “Audit Action Plan - March”. Any other heading is refused.")
    return_action = move((done, filed), open, by=QA_TEAM, cite=inferred("What is verified may be found wanting."), says="It is not done as agreed. It is owed again by a new date, which must lie ahead; it comes with “return” or “reopen” of Flow Chart 1, or by itself.")
    cancel_action = move(open, cancelled, by=QA_MANAGER, cite=chosen("The responsible manager asks; the QA manager approves."), says="The responsible manager asks for it; the QA manager approves it by doing it.")

    immediate_action = owe(open, "Complete the immediate action", RESPONSIBLE_MANAGER, WorkingDays(5), "held_on", "complete", T3, when="immediate", instead="revised_on", cite="Post, 1")
    agreed_action = owe(open, "Complete the agreed action", OWNER, By(), "due_on", "complete", T5, when="not immediate", cite="Post, 2")
    file_action = owe(done, "File it under Audit Action Plan", (RESPONSIBLE_MANAGER, KEY_WORKER), WorkingDays(2), "done_on", "file", T5, at_least="due_on", cite="Post, 3")
