"""S1 and S21: an ordinary month, and the same with one action recorded late."""

from __future__ import annotations

from datetime import date

import pytest

from auditflow.commands import escalations, follow_up, meeting, scheduling
from auditflow.errors import BadInput, Refused
from auditflow.guidance.tool import ELEMENTS, Grade
from support.checks import check_store, due, journal, late_by, let_run, the
from support.office import Office, add, at, planned, supervision

#: On both databases.
pytestmark = pytest.mark.usefixtures("store_kind")

MARCH = "2026-03"


def held_in_march(office: Office) -> str:
    """S1 up to the end of the meeting: Good agreed, one immediate action, submitted."""
    ref = office.draw(MARCH, "2026-01-28 09:00")
    assert office.audit(ref).state == "selected"
    assert due(office, ref, "distribute") == "2026-01-30"
    office.do(scheduling.Distribute(audit=ref, auditor="aud"), "qa1", "2026-01-28 10:00")
    assert office.audit(ref).state == "distributed"
    assert due(office, ref, "arrange_meeting") == "2026-02-04"
    booking = scheduling.BookMeeting(audit=ref, on=date(2026, 3, 10))
    office.do(booking, "aud", "2026-02-03 10:00")
    assert office.audit(ref).state == "meeting_booked"
    assert due(office, ref, "hold_audit") == "2026-03-31"
    assert due(office, ref, "arrange_meeting") is None
    office.do(scheduling.ConfirmFileChecked(audit=ref), "kw", "2026-03-09 10:00")
    assert office.audit(ref).file_checked_on == date(2026, 3, 9)
    office.do(scheduling.StartAudit(audit=ref, key_worker_present=True), "aud", "2026-03-10 10:00")
    assert office.audit(ref).state == "in_audit"
    for element in ELEMENTS:
        finding = meeting.RecordFindings(audit=ref, element=element.key, evidence="On file.")
        office.do(finding, "aud", "2026-03-10 10:30")
    office.do(add(ref, planned("rm", "2026-03-17", immediate=True)), "aud", "2026-03-10 11:00")
    agreed = meeting.AgreeGrade(audit=ref, grade=Grade.GOOD, impact="Safer.")
    office.do(agreed, "aud", "2026-03-10 11:30")
    assert office.audit(ref).grade_status == "agreed"
    office.do(meeting.Submit(audit=ref), "aud", "2026-03-10 12:00")
    assert office.audit(ref).state == "post_audit"
    assert office.audit(ref).grade_status == "final"
    assert due(office, ref, "immediate_action") == "2026-03-17"
    assert due(office, ref, "supervision_review") == "2026-04-10"
    return ref


def supervised(office: Office, ref: str) -> None:
    """S1's supervision of Tue 31 March: its cap is Thu 30 April."""
    for over in ("2026-05-01", "2026-05-05"):
        beyond = supervision(ref, planned("kw", over))
        with pytest.raises(Refused, match="30 April 2026"):
            office.do(beyond, "rm", "2026-03-31 15:00")
    plan = (planned("kw", "2026-04-24"), planned("rm", "2026-04-30"))
    review = supervision(ref, *plan)
    assert office.do(review, "rm", "2026-03-31 15:00").warnings == ()
    assert office.audit(ref).supervised_on == date(2026, 3, 31)
    assert due(office, ref, "supervision_review") is None
    assert due(office, ref, "agreed_action", "action 2") == "2026-04-24"
    assert due(office, ref, "agreed_action", "action 3") == "2026-04-30"


@pytest.mark.both
def test_s1_an_ordinary_month_needs_no_escalation(office: Office) -> None:
    ref = held_in_march(office)
    office.done(ref, 1, "rm", "2026-03-16 10:00")
    assert due(office, ref, "file_action") == "2026-03-18"
    wrong = follow_up.File(audit=ref, action=1, heading="Audit Action Plan - April")
    with pytest.raises(BadInput, match="Audit Action Plan - March"):
        office.do(wrong, "rm", "2026-03-16 10:30")
    office.filed(ref, 1, "rm", "2026-03-16 11:00")
    assert follow_up.heading_of(office.audit(ref)) == "Audit Action Plan - March"
    supervised(office, ref)
    office.done(ref, 2, "kw", "2026-04-22 10:00")
    office.filed(ref, 2, "kw", "2026-04-22 11:00")
    office.done(ref, 3, "rm", "2026-04-30 10:00")
    assert office.audit(ref).state == "post_audit"
    office.filed(ref, 3, "rm", "2026-04-30 11:00")
    assert office.audit(ref).state == "awaiting_verification"
    assert office.audit(ref).all_done_on == date(2026, 4, 30)
    assert due(office, ref, "verify") == "2026-05-08"
    office.do(follow_up.Verify(audit=ref), "qa1", "2026-05-06 10:00")
    assert office.audit(ref).state == "closed"
    assert office.audit(ref).duties == ()
    assert let_run(office, "2026-05-07", "2026-06-30") == []
    assert office.audit(ref).escalations == ()
    check_store(office, "2026-07-01 09:00")


def test_s1_nothing_but_what_is_due_is_done_by_the_clock(office: Office) -> None:
    """S1 with the clock running each midnight: it never speaks."""
    ref = office.draw(MARCH, "2026-01-28 09:00")
    assert let_run(office, "2026-01-29", "2026-01-31") == []
    assert let_run(office, "2026-02-01", "2026-02-02") == ["2026-02-02 remind distribute"]
    office.do(scheduling.Distribute(audit=ref, auditor="aud"), "qa1", "2026-02-02 10:00")
    assert let_run(office, "2026-02-03", "2026-02-11") == ["2026-02-10 remind arrange_meeting"]
    booking = scheduling.BookMeeting(audit=ref, on=date(2026, 3, 10))
    office.do(booking, "aud", "2026-02-11 10:00")
    # Two working days before the meeting the key worker is reminded of the file check (A7).
    assert let_run(office, "2026-02-12", "2026-03-31") == ["2026-03-06 remind check_file"]
    assert let_run(office, "2026-04-01", "2026-04-01") == ["2026-04-01 T6 level_2"]
    check_store(office, "2026-04-01 09:00")


def test_s21_done_on_time_and_recorded_late(office: Office) -> None:
    ref = held_in_march(office)
    assert let_run(office, "2026-03-11", "2026-03-25") == ["2026-03-18 T3 level_2"]
    assert str(the(office, ref, "T3").overdue_since) == "2026-03-18 00:00:00+00:00"
    office.done(ref, 1, "rm", "2026-03-25 10:00", happened_at="2026-03-16 16:00")
    action, late = office.audit(ref).actions[0], the(office, ref, "T3")
    assert (action.state, action.done_on) == ("done", date(2026, 3, 16))
    assert late_by("2026-03-17", str(action.done_on)) == 0
    assert (late.state, late.answer, late.answered_by) == ("level_2", "done", "system")
    line = next(x for x in journal(office, ref) if x["event"] == "complete")
    assert line["happened_at"] == "2026-03-16T16:00:00Z"
    assert line["recorded_at"] == "2026-03-25T10:00:00Z"
    office.do(escalations.Accept(audit=ref, escalation=late.n), "qa1", "2026-03-25 11:00")
    settled = the(office, ref, "T3")
    assert (settled.state, settled.resolution) == ("resolved", "done")
    assert settled.resolved_on == date(2026, 3, 25)
    check_store(office, "2026-03-25 12:00")


def test_s21_without_dated_evidence_it_is_late_by_six(office: Office) -> None:
    ref = held_in_march(office)
    let_run(office, "2026-03-18", "2026-03-25")
    office.done(ref, 1, "rm", "2026-03-25 10:00")
    assert office.audit(ref).actions[0].done_on == date(2026, 3, 25)
    assert late_by("2026-03-17", "2026-03-25") == 6
    check_store(office, "2026-03-25 12:00")


def test_an_event_is_never_dated_forward_nor_before_the_audit(office: Office) -> None:
    ref = held_in_march(office)
    with pytest.raises(BadInput, match="in the future"):
        office.done(ref, 1, "rm", "2026-03-16 10:00", happened_at="2026-03-16 10:01")
    with pytest.raises(BadInput, match="10 March 2026"):
        office.done(ref, 1, "rm", "2026-03-16 10:00", happened_at="2026-03-09 10:00")
    office.done(ref, 1, "rm", "2026-03-16 10:00", happened_at=at("2026-03-16 10:00"))
    check_store(office, "2026-03-16 10:00")
