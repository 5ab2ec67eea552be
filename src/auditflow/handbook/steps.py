"""Each event of the charts in plain words: what is done, and what follows from it.

Blanks such as `{limits[submit]}` are filled in from the code.
"""

from __future__ import annotations

from typing import Final

AUDIT: Final = {
    "draw": "The cases of a month are drawn at random; see “How cases are drawn”. The audit month"
    " is fixed, and with it the day until which the audit may be held: the month's last day.",
    "draw_reaudit": "auditflow makes the re-audit of an Inadequate case; see “Inadequate”.",
    "distribute": "The case is given to an auditor. After the last day on time that is late by so"
    " many working days and the audit is marked short notice; it is not stopped.",
    "decline": "The auditor cannot take it: a conflict, leave, sickness. It stays where it is, and"
    " the QA Team owes another auditor by the day by which the meeting was to be arranged.",
    "reallocate": "Another auditor takes the case, declined or not. No time limit starts anew: the"
    " days for arranging the meeting still count from the distribution.",
    "book_meeting": "The day is fixed with the key worker. A past day is refused; a day that is no"
    " working day is taken with a warning.",
    "rebook_meeting": "Another day. The changes are counted; the day until which the audit may be"
    " held does not move.",
    "cancel_meeting": "The meeting is off and must be arranged anew, and the file check confirmed"
    " anew. The changes are counted; the day until which the audit may be held does not move.",
    "extend": "A later last day for holding the audit, counted as extended. It is taken as given,"
    " and T6 is raised only after it. An audit held in its extension is still an audit of its own"
    " month.",
    "confirm_file_checked": "The key worker has gone through the case file and brought it up to"
    " date.",
    "start_audit": "The audit meeting begins, and it is said that the key worker is there. This day"
    " is the day the audit was held. The limits of the submission, the immediate actions and the"
    " review in supervision count from it, however late the tool is submitted. The versions of"
    " guidance and tool are noted.",
    "record_findings": "The tool is filled in, part by part or at once, as often as need be: the"
    " {elements} elements, the quality of the record, the indicators, feedback of the family (or"
    " why not asked), Signs of Safety, good practice.",
    "add_action": "One more action. It begins a chart of its own (One action),"
    " in the state Open. The auditor adds it in the meeting, the responsible manager after it.",
    "agree_grade": "Auditor and key worker agree on {grades}.",
    "record_disagreement": "Both grades and both reasons are kept. The auditor's stands"
    " provisionally, and T1 is raised at once. Submission and time limits wait for nothing. A"
    " disagreement recorded again while T1 is open raises no second one.",
    "raise_concern": "A child is at immediate risk. T2 is raised that minute, at any hour and on"
    " any day, from any state but the three exits; the audit goes on.",
    "submit": "The tool is handed in. An agreed grade other than Inadequate is final with it. An"
    " Inadequate one, agreed or provisional, brings “require moderation”. Of the others"
    " {settings[moderation_share]} % are drawn to be moderated; see “Moderation of a sample”.",
    "require_moderation": "Moderation is asked for that day, the day of the re-audit is set, and"
    " T8 is raised; see “Inadequate”. It comes with the submission, or later if only then the"
    " grade becomes Inadequate.",
    "record_supervision": "The day of the review, who took part, and the actions agreed in it. The"
    " cap of these actions counts from that day.",
    "moderate": "The grade as moderated, with the reason. It is then final, but where it is still"
    " disputed; see “The grade”.",
    "all_done": "By itself, in the minute the last of these conditions comes to hold.",
    "verify": "What was agreed is found done and filed. The audit is closed. Before “all done” it"
    " is refused, and what is still wanting is named, such as a grade that is not final.",
    "return": "It is not: the action named is Open again with a new date, and the audit goes back.",
    "withdraw": "The case has closed, moved or become restricted. A reserve takes its place; see"
    " “Withdrawing a case”. What is owed on it ends, and its escalations but T2.",
    "reopen": "As “return”, from a closed audit.",
    "exempt": "It counts neither as held nor as missed. What is owed on it ends, and its"
    " escalations but T2.",
    "void": "The wrong file was audited. What is owed on it ends, and its escalations but T2; its"
    " history stays.",
}

ACTION: Final = {
    "agree_action": "It comes with “add action” or “record supervision” of Flow Chart 1. Whoever"
    " adds it says whether it is immediate, to be done at once by the responsible manager, or"
    " agreed, to be done by its owner until its date.",
    "approve_date": "The QA Team takes the date that lies beyond the cap. Until then the audit can"
    " neither be submitted nor go on to verification.",
    "complete": "What was done, when, and where on Mosaic that can be seen. Recorded later, it is"
    " dated back to the day it was done.",
    "file": "It is on the case file under “Audit Action Plan - ” and the audit month, such as"
    " “Audit Action Plan - March”. Any other heading is refused.",
    "return_action": "It is not done as agreed. It is owed again by a new date, which must lie"
    " ahead; it comes with “return” or “reopen” of Flow Chart 1, or by itself.",
    "cancel_action": "The responsible manager asks for it; the QA manager approves it by doing it.",
}

ESCALATION: Final = {
    "raise": "By itself, or by the QA Team with a reason, for a thing that will plainly be missed"
    " and is not late yet; nothing is then raised a second time for it. Once for each thing missed"
    " and its last day on time (T1: each disagreement, T2: each concern, T8: each grading). A new"
    " date that is missed in turn is a new thing.",
    "acknowledge": "Somebody has taken it on. The window runs on all the same; only for T2 is it"
    " owed by itself.",
    "answer": "In words; with a new date for a late action; or, for T1, with the grade advised. It"
    " is then judged: it stays at its level, marked answered, and the level's window stops.",
    "answer_by_doing": "What was late is done; that is its answer. A person still judges it.",
    "accept": "What was wrong is put right, or will be by the new date. For T1 it is resolved once"
    " both have accepted; the first acceptance only notes who.",
    "decide": "The Assistant Director names the grade, whether or not it was answered. That is"
    " final, and T1 is resolved with it. Where the council lets the QA Team's advice be final, the"
    " advice decides in the same way at level 2.",
    "reject": "The answer does not do. It moves up the same day, and the next level begins afresh:"
    " told that day, not acknowledged, not answered. At the top level it stays and may be answered"
    " again.",
    "pass_unanswered": "On the first working day after the window it moves up by itself; for T2 at"
    " 00:00 of the very next day.",
    "bypass": "It cannot wait. It moves up the same day, past the levels between.",
    "hold": "The window stands still until a review date, which must lie ahead. Judging an answer"
    " is not held.",
    "resume": "By hand, or by itself on the review date. The window is longer by the working days"
    " it stood still.",
    "end_with_audit": "What the audit owed is owed no more. A child at risk is still at risk: T2"
    " goes on.",
}

STEPS: Final = {"audit": AUDIT, "action": ACTION, "escalation": ESCALATION}
