"""Flow Chart 1: the audit process (domain text, section 7)."""

from __future__ import annotations

from auditflow.audits import Audit, Role, Trigger
from auditflow.calendar import By, Months, WorkingDays
from auditflow.guidance.citation import chosen, inferred
from auditflow.machines.notation import Chart, Reminder, State, Up, both, move, owe, stay

QA_TEAM, QA_MANAGER, SYSTEM = Role.QA_TEAM, Role.QA_MANAGER, Role.SYSTEM
AUDITOR, KEY_WORKER, LINE_MANAGER = Role.AUDITOR, Role.KEY_WORKER, Role.LINE_MANAGER
RESPONSIBLE_MANAGER, MODERATOR = Role.RESPONSIBLE_MANAGER, Role.MODERATOR
HEAD_OF_SERVICE, ASSISTANT_DIRECTOR = Role.HEAD_OF_SERVICE, Role.ASSISTANT_DIRECTOR
T1, T2, T4, T6, T7, T8, T9 = (Trigger.T1, Trigger.T2, Trigger.T4, Trigger.T6, Trigger.T7, Trigger.T8, Trigger.T9)


class AuditProcess(Chart):
    """Flow Chart 1 - Audit Process."""

    title = "Flow Chart 1 - Audit Process"
    facts = Audit

    # Where an audit can be, and who holds it there.
    start = State("Not drawn yet", initial=True, no_duty_because="Nothing is owed for a case that is not drawn.")
    selected = State("Selected", QA_TEAM)
    distributed = State("Distributed", AUDITOR)
    meeting_booked = State("Meeting booked", AUDITOR)
    in_audit = State("Audit under way", AUDITOR)
    post_audit = State("After the audit", RESPONSIBLE_MANAGER, parts="action")
    awaiting_verification = State("Awaiting verification", QA_TEAM)
    closed = State("Closed", QA_TEAM, end=True)
    withdrawn = State("Withdrawn", QA_TEAM, final=True)
    exempted = State("Exempted", ASSISTANT_DIRECTOR, final=True)
    voided = State("Voided", QA_MANAGER, final=True)

    before_audit = (selected, distributed, meeting_booked)
    before_submission = (*before_audit, in_audit)
    anywhere = (*before_submission, post_audit, awaiting_verification, closed)

    # What happens, from where to where, who brings it, only when.
    draw = move(start, selected, by=QA_TEAM, when="pool_dated", cite="Prior, 1")
    draw_reaudit = move(start, selected, by=SYSTEM, when="reaudit_linked", cite=inferred("Haringey re-audits Inadequate cases each quarter."))
    distribute = move(selected, distributed, by=QA_TEAM, when="auditor_trained and auditor_independent", cite="Prior, 1")
    decline = stay(distributed, by=AUDITOR, cite=inferred("Child's journey guidance: leave or sickness passes an audit to another auditor; so does a conflict."))
    reallocate = stay(distributed, by=QA_TEAM, when="auditor_trained and auditor_independent", cite=inferred("Comparable councils let an auditor decline for leave, sickness or conflict."))
    book_meeting = move(distributed, meeting_booked, by=AUDITOR, when="key_worker_named and meeting_in_limit", cite="Prior, 2")
    rebook_meeting = stay(meeting_booked, by=(AUDITOR, KEY_WORKER), when="meeting_in_limit", cite=chosen("Meetings move; the month's limit does not."))
    cancel_meeting = move(meeting_booked, distributed, by=(AUDITOR, KEY_WORKER), cite=chosen("A meeting may fall through; it is then to be arranged again."))
    extend = stay(before_audit, by=(LINE_MANAGER, QA_MANAGER), when="extension_in_gift", cite=inferred("Child's journey guidance: the line manager up to a week, a service manager beyond."))
    confirm_file_checked = stay(meeting_booked, by=KEY_WORKER, when="checked_before_meeting", cite="Prior, 3")
    start_audit = move(meeting_booked, in_audit, by=AUDITOR, when="meeting_day_reached and both_present and file_check_settled", cite="Prior, 4; Grading, 1")
    record_findings = stay(in_audit, by=AUDITOR, cite="During, 1; During, 2; During, 3; During, 4")
    add_action = both(
        stay(in_audit, by=AUDITOR, when="plan_smart", cite="During, 5; SMART, 1; SMART, 2; SMART, 3; SMART, 4; SMART, 5"),
        stay(post_audit, by=RESPONSIBLE_MANAGER, when="plan_smart", cite=inferred("Supervision agrees actions after the audit.")),
    )
    agree_grade = stay(in_audit, by=AUDITOR, when="grade_with_impact", answers="Grade agreed? yes", cite="Grading, 1; Grading, 2; Grading, 3; Grading, 5")
    record_disagreement = stay(in_audit, by=(AUDITOR, KEY_WORKER), when="both_positions_given", raises=T1, answers="Grade agreed? no", cite="Grading, 3; Grading, 4")
    raise_concern = stay(anywhere, by=AUDITOR, raises=T2, cite=inferred("Kent and Torbay: a child at immediate risk never waits for the form."))
    submit = move(in_audit, post_audit, by=AUDITOR, when="elements_done and grading_recorded and plan_valid", cite="During, 1; During, 5")
    require_moderation = stay(post_audit, by=SYSTEM, when="inadequate and not moderation_asked", raises=T8, answers="Inadequate? yes", cite=inferred("West Sussex, Haringey and Knowsley: each Inadequate is moderated by a head of service."))
    record_supervision = stay(post_audit, by=RESPONSIBLE_MANAGER, when="agreed_actions_dated", cite="Post, 2")
    moderate = stay(post_audit, by=(MODERATOR, HEAD_OF_SERVICE), when="moderation_pending and moderator_independent", cite=inferred("Durham, Bexley and Kent moderate; never by the auditor."))
    all_done = move(post_audit, awaiting_verification, by=SYSTEM, when="actions_ended and dates_approved and supervised and grade_final and not moderation_pending and not escalation_open", cite=chosen("The loop is closed only when nothing is left to do."))
    verify = move(awaiting_verification, closed, by=QA_TEAM, when="verifier_independent", answers="Found done? yes", cite=inferred("Salford checks compliance after the audit."))
    return_ = move(awaiting_verification, post_audit, by=QA_TEAM, answers="Found done? no", cite=inferred("What is verified may be found wanting."))
    withdraw = move(before_submission, withdrawn, by=QA_TEAM, cite=chosen("A case may close, move or become restricted; a reserve takes its place."))
    reopen = move(closed, post_audit, by=QA_MANAGER, cite=inferred("Mosaic's steps have a status Reopened."))
    exempt = move(before_audit, exempted, by=ASSISTANT_DIRECTOR, cite=inferred("Gloucestershire: the Director approves exemptions."))
    void = move(anywhere, voided, by=QA_MANAGER, cite=chosen("The wrong file was audited; the history stays."))

    # What is owed: where, what, who, how long, since, met by, if missed.
    distribute_duty = owe(selected, "Distribute the case", QA_TEAM, Months(-1), "month", "distribute", Reminder("The guidance sets the month for the QA Team itself; the round is shown as behind."), cite="Prior, 1")
    arrange_meeting = owe(distributed, "Arrange the meeting", AUDITOR, WorkingDays(5), "distributed_on", "book_meeting", Reminder("What counts is that the audit is held in its month (T6)."), when="not declined", cite=chosen("The guidance sets no time for arranging."))
    reallocate_duty = owe(distributed, "Reallocate the declined audit", QA_TEAM, WorkingDays(5), "distributed_on", "reallocate", Reminder("What counts is that the audit is held in its month (T6)."), when="declined", cite=chosen("Declining sets no clock anew; the time for arranging runs on, for the QA Team."))
    check_file = owe(meeting_booked, "Check and update the case file", KEY_WORKER, By(), "meeting_on", "confirm_file_checked", Reminder("A file not checked does not stop the meeting; it is a finding."), when="not file_checked", ahead=2, cite="Prior, 3")
    hold_audit = owe(before_audit, "Hold the audit", AUDITOR, By(), "hold_by", "start_audit", T6, cite=inferred("Child's journey and Kirklees: an audit is done by the end of its month."))
    submit_duty = owe(in_audit, "Submit the audit tool", AUDITOR, WorkingDays(2), "held_on", "submit", T7, cite=chosen("Two working days to write up."))
    supervision_review = owe((in_audit, post_audit), "Review in supervision", RESPONSIBLE_MANAGER, Months(1), "held_on", "record_supervision", T4, when="not supervised", cite="Post, 2")
    moderate_inadequate = owe(post_audit, "Moderate the Inadequate grade", HEAD_OF_SERVICE, WorkingDays(5), "moderation_asked_on", "moderate", Up(T8), when="moderation_pending and inadequate", cite=inferred("The alerts protocol's window."))
    moderate_sample = owe(post_audit, "Moderate the grade", MODERATOR, WorkingDays(10), "moderation_asked_on", "moderate", T9, when="moderation_pending and not inadequate", cite=chosen("Ten working days for a sample."))
    verify_duty = owe(awaiting_verification, "Verify and close", QA_TEAM, WorkingDays(5), "all_done_on", ("verify", "return"), T9, cite=chosen("Five working days, as for every window."))
