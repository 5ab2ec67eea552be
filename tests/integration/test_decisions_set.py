"""Decisions of section 13 that a council sets: each both ways, and tried before it is set."""

from __future__ import annotations

from datetime import date

import pytest

from auditflow.commands import (
    Correct,
    DrawRound,
    ImportCases,
    escalations,
    follow_up,
    meeting,
    scheduling,
)
from auditflow.commands.office import Case
from auditflow.guidance.tool import ELEMENTS, Grade
from auditflow.queries import audit_detail
from auditflow.reports import report
from support.asking import ask, proof_of
from support.checks import check_store, dump, let_run, the, told
from support.office import Office, at, planned, supervision

pytestmark = pytest.mark.rules

WHY = "The school is shut."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("distribution_from", "meeting"),
        ("file_check_reminder_days", "5"),
        ("reaudit_from", "close"),
        ("grade_decided_by", "qa_advice"),
    ],
)
def test_a_decision_that_is_only_tried_changes_nothing(
    office: Office, name: str, value: str
) -> None:
    office.booked("2026-03", "2026-03-10", "2026-01-20")
    kept = dump(office)
    told = office.set(name, value, "2026-01-21 09:00", dry_run=True)
    assert f"{name} would be “{value}”" in told.says
    assert dump(office) == kept
    assert office.set(name, value, "2026-01-21 09:00").figures["moved"] == told.figures["moved"]


# A7: when the key worker is reminded of the file check.


@pytest.mark.both
def test_a7_by_default_the_file_check_is_reminded_of_two_working_days_before(
    office: Office,
) -> None:
    office.booked("2026-03", "2026-03-10", "2026-01-20")
    assert let_run(office, "2026-02-01", "2026-03-10") == ["2026-03-06 remind check_file"]


def test_a7_it_is_reminded_of_as_long_before_as_the_council_says(office: Office) -> None:
    ref = office.booked("2026-03", "2026-03-10", "2026-01-20")
    (moved,) = office.set("file_check_reminder_days", "5", "2026-02-02 09:00").figures["moved"]
    assert (moved["duty"], moved["from"], moved["to"]) == ("check_file", "2026-03-10", "2026-03-10")
    assert moved["noticed_from"] == "2026-03-03T00:00:00+00:00"
    # The deadline itself stays, so that nobody is told it moved.
    assert told(office, ref, "moved") == []
    assert let_run(office, "2026-02-03", "2026-03-10") == ["2026-03-03 remind check_file"]
    assert told(office, ref, "remind") == [("key_worker", "kw")]
    check_store(office, "2026-03-10 12:00")
    assert proof_of(office.app).faults == []


def test_a7_what_was_checked_is_reminded_of_no_more(office: Office) -> None:
    office.set("file_check_reminder_days", "5", "2026-01-19 09:00")
    ref = office.booked("2026-03", "2026-03-10", "2026-01-20")
    office.do(scheduling.ConfirmFileChecked(audit=ref), "kw", "2026-03-02 10:00")
    assert let_run(office, "2026-03-03", "2026-03-10") == []


# D1: a month before the audit month, or before the meeting.


def given(office: Office, when: str) -> str:
    """An audit of March 2026, distributed at this moment; due was Fri 30 January."""
    ref = office.draw("2026-03", "2026-01-20 09:00")
    office.do(scheduling.Distribute(audit=ref, auditor="aud"), "qa1", when)
    return ref


def booked(office: Office, ref: str, on: date, when: str) -> tuple[str, ...]:
    """The warnings when the meeting is booked."""
    return office.do(scheduling.BookMeeting(audit=ref, on=on), "aud", when).warnings


def rebooked(office: Office, ref: str, on: date, when: str) -> tuple[str, ...]:
    moved = scheduling.RebookMeeting(audit=ref, on=on, reason=WHY)
    return office.do(moved, "aud", when).warnings


def test_d1_by_default_the_month_s_notice_is_before_the_audit_month(office: Office) -> None:
    late = given(office, "2026-02-02 09:00")
    assert office.audit(late).short_notice
    # More than a month ahead of its meeting, and still distributed late for its month.
    assert booked(office, late, date(2026, 3, 31), "2026-02-02 10:00") == ()
    assert office.audit(late).short_notice
    page = ask(office.app, "aud", audit_detail, late)
    assert page.short_notice


def test_d1_counted_from_the_meeting_one_booked_too_soon_is_marked_and_warned_of(
    office: Office,
) -> None:
    office.set("distribution_from", "meeting", "2026-01-19 09:00")
    ref = given(office, "2026-02-06 09:00")
    assert not office.audit(ref).short_notice, "not before a meeting says so"
    # One month before Fri 6 March is Fri 6 February, the day it was distributed.
    (warning,) = booked(office, ref, date(2026, 3, 5), "2026-02-06 10:00")
    assert warning == (
        "That is short notice: for Thu 5 March 2026 it was to be distributed by "
        "Thu 5 February 2026, and was on Fri 6 February 2026."
    )
    assert office.audit(ref).short_notice
    assert office.audit(ref).state == "meeting_booked", "it is not blocked"
    assert rebooked(office, ref, date(2026, 3, 6), "2026-02-06 11:00") == ()
    assert not office.audit(ref).short_notice
    (warning,) = rebooked(office, ref, date(2026, 3, 4), "2026-02-06 12:00")
    assert "by Wed 4 February 2026" in warning
    check_store(office, "2026-02-06 13:00")


def test_d1_the_notice_rolls_back_so_that_it_is_never_less_than_the_month(office: Office) -> None:
    office.set("distribution_from", "meeting", "2026-01-19 09:00")
    ref = given(office, "2026-02-28 09:00")
    # One month before Mon 30 March is Sat 28 February: by Fri 27 (TR5).
    (warning,) = booked(office, ref, date(2026, 3, 30), "2026-02-28 10:00")
    assert "to be distributed by Fri 27 February 2026" in warning


def test_d1_a_reserve_stays_at_short_notice_whenever_its_meeting_is(office: Office) -> None:
    office.set("distribution_from", "meeting", "2026-01-19 09:00")
    cases = tuple(Case(f"C{i}", "child_in_need", "Able", "kw") for i in range(4))
    now = at("2026-01-20 09:00")
    do_office = office.app.service.do_office
    do_office(ImportCases(cases=cases, as_at=now.date()), by="qa1", now=now)
    do_office(DrawRound(month=date(2026, 3, 1), size=1, reserves=2), by="qa1", now=now)
    gone = scheduling.Withdraw(audit="2026-03-001", reason="It has closed.")
    ref = office.do(gone, "qa1", "2026-01-20 10:00").substitute
    office.do(scheduling.Distribute(audit=ref, auditor="aud"), "qa1", "2026-01-20 11:00")
    assert booked(office, ref, date(2026, 3, 10), "2026-01-20 12:00") == ()
    assert office.audit(ref).short_notice


def test_d1_the_report_counts_from_what_the_council_set(office: Office) -> None:
    ref = given(office, "2026-02-02 09:00")
    booked(office, ref, date(2026, 3, 31), "2026-02-02 10:00")
    office.app._now = at("2026-02-03 09:00")
    qa = "qa1"
    assert ask(office.app, qa, report, "distribution").tables[1].rows[0][3] == 1
    office.set("distribution_from", "meeting", "2026-02-03 09:00")
    assert ask(office.app, qa, report, "distribution").tables[1].rows[0][3] == 0


# D10: three months from the meeting, or from the close.


def moderated(office: Office) -> str:
    """Inadequate at its meeting on Thu 5 March 2026, and moderated as that."""
    action = planned("rm", "2026-03-12", immediate=True)
    ref = office.submitted("2026-03", "2026-03-05", "2026-01-20", action, grade=Grade.INADEQUATE)
    kept = follow_up.Moderate(audit=ref, grade=Grade.INADEQUATE, reason="Read in full.")
    office.do(kept, "hos", "2026-03-10 10:00")
    n = the(office, ref, "T8").n
    office.do(escalations.Accept(audit=ref, escalation=n), "qa1", "2026-03-10 11:00")
    return ref


def done(office: Office, ref: str, day: str) -> None:
    office.done(ref, 1, "rm", f"{day} 09:00")
    office.filed(ref, 1, "rm", f"{day} 09:30")
    if not office.audit(ref).supervised:
        office.do(
            supervision(ref),
            "rm",
            f"{day} 10:00",
        )


def closed(office: Office, ref: str, day: str) -> date | None:
    """Done and verified; when it falls due again."""
    done(office, ref, day)
    return office.do(follow_up.Verify(audit=ref), "qa1", f"{day} 11:00").audit.reaudit_due_on


def reopened(office: Office, ref: str, when: str) -> date | None:
    again = follow_up.Reopen(audit=ref, action=1, due=date(2026, 4, 10), reason="Not done.")
    return office.do(again, "qam", when).audit.reaudit_due_on


def test_d10_by_default_three_months_count_from_the_meeting(office: Office) -> None:
    ref = moderated(office)
    assert office.audit(ref).reaudit_due_on == date(2026, 6, 5)
    assert closed(office, ref, "2026-03-12") == date(2026, 6, 5)
    assert reopened(office, ref, "2026-03-20 10:00") == date(2026, 6, 5)
    assert closed(office, ref, "2026-04-08") == date(2026, 6, 5)


def test_d10_counted_from_the_close_it_waits_until_the_audit_is_closed(office: Office) -> None:
    office.set("reaudit_from", "close", "2026-01-19 09:00")
    ref = moderated(office)
    assert office.audit(ref).reaudit_due_on is None
    assert closed(office, ref, "2026-03-12") == date(2026, 6, 12)
    # Reopened, it counts from the day it is closed anew.
    assert reopened(office, ref, "2026-03-20 10:00") is None
    assert closed(office, ref, "2026-04-08") == date(2026, 7, 8)
    # One month before 1 July is Mon 1 June.
    assert not any("draw_reaudit" in x for x in let_run(office, "2026-04-09", "2026-05-31"))
    assert let_run(office, "2026-06-01", "2026-06-01") == ["2026-06-01 draw_reaudit "]
    assert office.audit("2026-07-001").repeats == office.audit(ref).id
    check_store(office, "2026-06-01 12:00")
    assert proof_of(office.app).faults == []


def test_d10_a_grade_that_is_not_inadequate_falls_due_no_more_by_closing(office: Office) -> None:
    office.set("reaudit_from", "close", "2026-01-19 09:00")
    ref = office.submitted("2026-03", "2026-03-05", "2026-01-20", grade=Grade.GOOD)
    office.do(
        supervision(ref),
        "rm",
        "2026-03-12 10:00",
    )
    verified = office.do(follow_up.Verify(audit=ref), "qa1", "2026-03-12 11:00").audit
    assert (verified.state, verified.reaudit_due_on) == ("closed", None)


def test_d10_set_back_before_the_close_it_counts_from_the_meeting(office: Office) -> None:
    office.set("reaudit_from", "close", "2026-01-19 09:00")
    ref = moderated(office)
    office.set("reaudit_from", "meeting", "2026-03-11 09:00")
    assert closed(office, ref, "2026-03-12") == date(2026, 6, 5)


@pytest.mark.parametrize(("start", "again"), [("meeting", date(2026, 6, 4)), ("close", None)])
def test_d10_a_corrected_meeting_moves_only_what_counts_from_it(
    office: Office, start: str, again: date | None
) -> None:
    office.set("reaudit_from", start, "2026-01-19 09:00", dry_run=start == "meeting")
    ref = office.booked("2026-03", "2026-03-04", "2026-01-20")
    office.do(scheduling.StartAudit(audit=ref, key_worker_present=True), "aud", "2026-03-05 10:00")
    for element in ELEMENTS:
        finding = meeting.RecordFindings(audit=ref, element=element.key, evidence="Seen.")
        office.do(finding, "aud", "2026-03-05 11:00")
    agreed = meeting.AgreeGrade(audit=ref, grade=Grade.INADEQUATE, impact="At risk.")
    office.do(agreed, "aud", "2026-03-05 11:40")
    submit = meeting.Submit(audit=ref, no_actions_because="All is under way.")
    office.do(submit, "aud", "2026-03-05 12:00")
    command = Correct(audit=ref, field="held_on", value="2026-03-04", reason="A slip.")
    office.app.service.do_office(command, by="qam", now=at("2026-03-05 15:00"))
    assert office.audit(ref).reaudit_due_on == again
