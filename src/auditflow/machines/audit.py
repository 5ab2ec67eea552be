"""Flow Chart 1: the audit process (domain text, section 7)."""

from auditflow.audits import Audit, Role, Trigger
from auditflow.calendar import By, Months, WorkingDays
from auditflow.guidance.citation import chosen, inferred
from auditflow.machines.notation import Chart, Reminder, State, Up, both, move, owe, stay

QA_TEAM, QA_MANAGER, READER, SYSTEM = Role.QA_TEAM, Role.QA_MANAGER, Role.READER, Role.SYSTEM
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
    in_audit = State("Audit under way", AUDITOR, took_place=True)
    post_audit = State("After the audit", RESPONSIBLE_MANAGER, took_place=True, parts="action")
    awaiting_verification = State("Awaiting verification", QA_TEAM, took_place=True)
    closed = State("Closed", QA_TEAM, took_place=True, ended=True)
    withdrawn = State("Withdrawn", QA_TEAM, ended=True, final=True, set_aside=True)
    exempted = State("Exempted", ASSISTANT_DIRECTOR, ended=True, final=True, set_aside=True)
    voided = State("Voided", QA_MANAGER, ended=True, final=True, set_aside=True)

    before_audit = (selected, distributed, meeting_booked)
    before_submission = (*before_audit, in_audit)
    anywhere = (*before_submission, post_audit, awaiting_verification, closed)

    # What happens, from where to where, who brings it, only when.
    draw = move(start, selected, by=QA_TEAM, comes_with=("draw_round",), when="pool_dated", cite="Prior, 1", says="The cases of a month are drawn at random; see “How cases are drawn”. The audit month is fixed, and with it the day until which the audit may be held: the month's last day.")
    draw_reaudit = move(start, selected, by=SYSTEM, moment="reaudit_due_on", when="reaudit_linked", cite=inferred("Haringey re-audits Inadequate cases each quarter."), says="auditflow makes the re-audit of an Inadequate case; see “Inadequate”.")
    distribute = move(selected, distributed, by=QA_TEAM, appoints=(AUDITOR, LINE_MANAGER), when="auditor_trained and auditor_independent", cite="Prior, 1", says="The case is given to an auditor. After the last day on time that is late by so many working days and the audit is marked short notice; it is not stopped.")
    decline = stay(distributed, by=AUDITOR, cite=inferred("Child's journey guidance: leave or sickness passes an audit to another auditor; so does a conflict."), says="The auditor cannot take it: a conflict, leave, sickness. It stays where it is, and the QA Team owes another auditor by the day by which the meeting was to be arranged.")
    reallocate = stay(distributed, by=QA_TEAM, when="auditor_trained and auditor_independent", cite=inferred("Comparable councils let an auditor decline for leave, sickness or conflict."), says="Another auditor takes the case, declined or not. No time limit starts anew: the days for arranging the meeting still count from the distribution.")
    book_meeting = move(distributed, meeting_booked, by=AUDITOR, when="key_worker_named and meeting_in_limit", cite="Prior, 2", says="The day is fixed with the key worker. A past day is refused; a day that is no working day is taken with a warning.")
    rebook_meeting = stay(meeting_booked, by=(AUDITOR, KEY_WORKER), when="meeting_in_limit", cite=chosen("Meetings move; the month's limit does not."), says="Another day. The changes are counted; the day until which the audit may be held does not move.")
    cancel_meeting = move(meeting_booked, distributed, by=(AUDITOR, KEY_WORKER), cite=chosen("A meeting may fall through; it is then to be arranged again."), says="The meeting is off and must be arranged anew, and the file check confirmed anew. The changes are counted; the day until which the audit may be held does not move.")
    extend = both(
        stay(selected, by=QA_MANAGER, when="extension_in_gift", cite=inferred("Child's journey guidance: the line manager up to a week, a service manager beyond.")),
        stay((distributed, meeting_booked), by=(LINE_MANAGER, QA_MANAGER), when="extension_in_gift", cite=inferred("Child's journey guidance: the line manager up to a week, a service manager beyond.")),
        says="A later last day for holding the audit, counted as extended. It is taken as given, and T6 is raised only after it. An audit held in its extension is still an audit of its own month.",
    )
    confirm_file_checked = stay(meeting_booked, by=KEY_WORKER, when="checked_before_meeting", cite="Prior, 3", says="The key worker has gone through the case file and brought it up to date.")
    start_audit = move(meeting_booked, in_audit, by=AUDITOR, when="meeting_day_reached and both_present and file_check_settled", cite="Prior, 4; Grading, 1", says="The audit meeting begins, and it is said that the key worker is there. This day is the day the audit was held. The limits of the submission, the immediate actions and the review in supervision count from it, however late the tool is submitted. The versions of guidance and tool are noted.")
    record_findings = stay(in_audit, by=AUDITOR, cite="During, 1; During, 2; During, 3; During, 4", says="The tool is filled in, part by part or at once, as often as need be: the {elements} elements, the quality of the record, the indicators, feedback of the family (or why not asked), Signs of Safety, good practice.")
    add_action = both(
        stay(in_audit, by=(AUDITOR, RESPONSIBLE_MANAGER), when="plan_smart", cite="During, 5; SMART, 1; SMART, 2; SMART, 3; SMART, 4; SMART, 5"),
        stay(post_audit, by=RESPONSIBLE_MANAGER, when="plan_smart", cite=inferred("Supervision agrees actions after the audit.")),
        says="One more action. It begins a chart of its own (One action), in the state Open. The auditor adds it in the meeting, the responsible manager after it.",
    )
    agree_grade = stay(in_audit, by=AUDITOR, when="grade_with_impact", answers="Grade agreed? yes", cite="Grading, 1; Grading, 2; Grading, 3; Grading, 5", says="Auditor and key worker agree on {grades}.")
    record_disagreement = stay(in_audit, by=(AUDITOR, KEY_WORKER), when="both_positions_given", raises=T1, answers="Grade agreed? no", cite="Grading, 3; Grading, 4", says="Both grades and both reasons are kept. The auditor's stands provisionally, and T1 is raised at once. Submission and time limits wait for nothing. A disagreement recorded again while T1 is open raises no second one.")
    raise_concern = stay(anywhere, by=READER, raises=T2, cite=inferred("Kent and Torbay: a child at immediate risk never waits for the form."), says="A child is at immediate risk. T2 is raised that minute, at any hour and on any day, from any state but the three exits; the audit goes on.")
    submit = move(in_audit, post_audit, by=AUDITOR, when="elements_done and grading_recorded and plan_valid", cite="During, 1; During, 5", says="The tool is handed in. An agreed grade other than Inadequate is final with it. An Inadequate one, agreed or provisional, brings “require moderation”. Of the others {settings[moderation_share]} % are drawn to be moderated; see “Moderation of a sample”.")
    require_moderation = stay(post_audit, by=SYSTEM, by_itself=True, when="inadequate and not moderation_asked", raises=T8, answers="Inadequate? yes", cite=inferred("West Sussex, Haringey and Knowsley: each Inadequate is moderated by a head of service."), says="Moderation is asked for that day, the day of the re-audit is set, and T8 is raised; see “Inadequate”. It comes with the submission, or later if only then the grade becomes Inadequate.")
    record_supervision = stay((in_audit, post_audit), by=RESPONSIBLE_MANAGER, when="agreed_actions_dated", cite="Post, 2", says="The day of the review, who took part, and the actions agreed in it. The cap of these actions counts from that day.")
    moderate = stay(post_audit, by=(MODERATOR, HEAD_OF_SERVICE), when="moderation_pending and moderator_independent", cite=inferred("Durham, Bexley and Kent moderate; never by the auditor."), says="The grade as moderated, with the reason. It is then final, but where it is still disputed; see “The grade”.")
    all_done = move(post_audit, awaiting_verification, by=SYSTEM, by_itself=True, when="actions_ended and dates_approved and supervised and grade_final and not moderation_pending and not escalation_open", cite=chosen("The loop is closed only when nothing is left to do."), says="By itself, in the minute the last of these conditions comes to hold.")
    verify = move(awaiting_verification, closed, by=QA_TEAM, when="verifier_independent", answers="Found done? yes", cite=inferred("Salford checks compliance after the audit."), says="What was agreed is found done and filed. The audit is closed. Before “all done” it is refused, and what is still wanting is named, such as a grade that is not final.")
    return_ = move(awaiting_verification, post_audit, by=QA_TEAM, answers="Found done? no", cite=inferred("What is verified may be found wanting."), says="It is not: the action named is Open again with a new date, and the audit goes back.")
    withdraw = move(before_submission, withdrawn, by=QA_TEAM, cite=chosen("A case may close, move or become restricted; a reserve takes its place."), says="The case has closed, moved or become restricted. A reserve takes its place; see “Withdrawing a case”. What is owed on it ends, and its escalations but T2.")
    reopen = move(closed, post_audit, by=QA_MANAGER, cite=inferred("Mosaic's steps have a status Reopened."), says="As “return”, from a closed audit.")
    exempt = move(before_audit, exempted, by=ASSISTANT_DIRECTOR, cite=inferred("Gloucestershire: the Director approves exemptions."), says="It counts neither as held nor as missed. What is owed on it ends, and its escalations but T2.")
    void = move(anywhere, voided, by=QA_MANAGER, cite=chosen("The wrong file was audited; the history stays."), says="The wrong file was audited. What is owed on it ends, and its escalations but T2; its history stays.")

    # What is owed: where, what, who, how long, since, met by, if missed.
    distribute_duty = owe(selected, "Distribute the case", QA_TEAM, Months(-1), "month", "distribute", Reminder("The guidance sets the month for the QA Team itself; the round is shown as behind."), cite="Prior, 1")
    arrange_meeting = owe(distributed, "Arrange the meeting", AUDITOR, WorkingDays(5), "distributed_on", "book_meeting", Reminder("What counts is that the audit is held in its month (T6)."), when="not declined", cite=chosen("The guidance sets no time for arranging."))
    reallocate_duty = owe(distributed, "Reallocate the declined audit", QA_TEAM, WorkingDays(5), "distributed_on", "reallocate", Reminder("What counts is that the audit is held in its month (T6)."), when="declined", cite=chosen("Declining sets no clock anew; the time for arranging runs on, for the QA Team."))
    check_file = owe(meeting_booked, "Check and update the case file", KEY_WORKER, By(), "meeting_on", "confirm_file_checked", Reminder("A file not checked does not stop the meeting; it is a finding."), when="not file_checked", ahead=2, cite="Prior, 3")
    hold_audit = owe(before_audit, "Hold the audit", AUDITOR, By(), "hold_by", "start_audit", T6, after="book_meeting", cite=inferred("Child's journey and Kirklees: an audit is done by the end of its month."))
    submit_duty = owe(in_audit, "Submit the audit tool", AUDITOR, WorkingDays(2), "held_on", "submit", T7, cite=chosen("Two working days to write up."))
    supervision_review = owe((in_audit, post_audit), "Review in supervision", RESPONSIBLE_MANAGER, Months(1), "held_on", "record_supervision", T4, when="not supervised", cite="Post, 2")
    moderate_inadequate = owe(post_audit, "Moderate the Inadequate grade", HEAD_OF_SERVICE, WorkingDays(5), "moderation_asked_on", "moderate", Up(T8), when="moderation_pending and inadequate", cite=inferred("The alerts protocol's window."))
    moderate_sample = owe(post_audit, "Moderate the grade", MODERATOR, WorkingDays(10), "moderation_asked_on", "moderate", T9, when="moderation_pending and not inadequate", cite=chosen("Ten working days for a sample."))
    verify_duty = owe(awaiting_verification, "Verify and close", QA_TEAM, WorkingDays(5), "all_done_on", ("verify", "return"), T9, cite=chosen("Five working days, as for every window."))
