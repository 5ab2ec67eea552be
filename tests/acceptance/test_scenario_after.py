"""S15, S16, S18 and S24: a child at risk, a date that slips, late supervision, who may judge."""

from __future__ import annotations

from datetime import date

import pytest

from auditflow.audits import Level
from auditflow.commands import escalations, follow_up, meeting, scheduling
from auditflow.errors import NotAllowed, NotFound, Refused
from auditflow.queries import audit_detail
from support.asking import ask
from support.checks import check_store, due, late_by, let_run, rows, the, told, windows
from support.office import Office, add, at, planned, supervision

#: On both databases.
pytestmark = pytest.mark.usefixtures("store_kind")


def concerned(office: Office) -> str:
    """Fri 3 July 2026, in the meeting: a child is at immediate risk."""
    ref = office.held("2026-07", "2026-07-03", "2026-05-20")
    action = planned("rm", "2026-07-10", immediate=True)
    office.do(add(ref, action), "aud", "2026-07-03 15:00")
    concern = meeting.RaiseConcern(audit=ref, says="Seen alone with the adult he must not see.")
    office.do(concern, "aud", "2026-07-03 15:40")
    return ref


def test_s15_a_concern_on_a_friday_is_answered_on_monday(office: Office) -> None:
    ref = concerned(office)
    t2 = the(office, ref, "T2")
    assert (t2.state, t2.level, t2.raised_on) == ("level_3", Level.L3, date(2026, 7, 3))
    raised = told(office, ref, "escalated", f"escalation {t2.n}")
    assert {r for r, _ in raised} == {"head_of_service", "responsible_manager", "qa_team"}
    at_once = rows(office, "SELECT DISTINCT deliver_from FROM outbox WHERE kind = 'escalated'")
    assert at_once == [("2026-07-03T14:40:00.000000+00:00",)]
    page = ask(office.app, "hos", audit_detail, ref)
    # C1: two routes; none has a number yet, and that is said.
    assert page.escalations[0].out_of_hours == (
        "by day the council's safeguarding duty team (no telephone number is set); out of hours "
        "the council's emergency duty team (no telephone number is set)"
    )
    assert due(office, ref, "acknowledge_concern") == "2026-07-03"
    assert due(office, ref, "act_on_concern") == "2026-07-06"
    assert due(office, ref, "immediate_action") == "2026-07-10"
    office.do(escalations.Acknowledge(audit=ref, escalation=t2.n), "rm", "2026-07-03 16:05")
    assert the(office, ref, "T2").acknowledged_by == "rm"
    assert due(office, ref, "acknowledge_concern") is None
    assert office.audit(ref).state == "in_audit"
    assert let_run(office, "2026-07-04", "2026-07-06") == []
    answer = escalations.Answer(audit=ref, escalation=t2.n, says="Strategy discussion held.")
    office.do(answer, "hos", "2026-07-06 11:00")
    answered = the(office, ref, "T2")
    assert (answered.answer, answered.answered_by) == ("in_words", "hos")
    office.do(escalations.Accept(audit=ref, escalation=t2.n), "qa1", "2026-07-06 12:00")
    assert the(office, ref, "T2").state == "resolved"
    assert ask(office.app, "hos", audit_detail, ref).escalations[0].out_of_hours == ""
    check_store(office, "2026-07-06 13:00")


def test_s15_without_an_acknowledgement_it_is_with_the_assistant_director_at_midnight(
    office: Office,
) -> None:
    ref = concerned(office)
    n = the(office, ref, "T2").n
    assert office.sweep("2026-07-03 23:59").raised == []
    assert let_run(office, "2026-07-04", "2026-07-04") == ["2026-07-04 T2 level_4"]
    moved = the(office, ref, "T2")
    assert (moved.state, moved.told_on) == ("level_4", date(2026, 7, 4))
    assert ("assistant_director", "") in told(office, ref, "escalated", f"escalation {n}")
    assert windows(office, ref, n, "acknowledge_concern") == {
        "level_3": "2026-07-03",
        "level_4": "2026-07-04",
    }
    assert let_run(office, "2026-07-05", "2026-07-10") == [
        "2026-07-05 T2 level_5",
        "2026-07-08 T7 level_2",  # the tool, due Tue 7 July, is not submitted either
    ]
    check_store(office, "2026-07-10 12:00")


def test_s15_acknowledged_but_nothing_recorded_by_the_end_of_monday(office: Office) -> None:
    ref = concerned(office)
    n = the(office, ref, "T2").n
    office.do(escalations.Acknowledge(audit=ref, escalation=n), "hos", "2026-07-03 16:05")
    assert let_run(office, "2026-07-04", "2026-07-07") == ["2026-07-07 T2 level_4"]
    held = escalations.Hold(audit=ref, escalation=n, until=date(2026, 7, 20), reason="No.")
    with pytest.raises(Refused):
        office.do(held, "qam", "2026-07-07 09:00")
    check_store(office, "2026-07-07 12:00")


def slipped(office: Office) -> str:
    """S16: supervision on Fri 12 June 2026, one action of the worker's due Fri 10 July."""
    ref = office.submitted("2026-06", "2026-06-05", "2026-04-20")
    beyond = supervision(ref, planned("kw", "2026-07-14"))
    with pytest.raises(Refused, match="13 July 2026"):
        office.do(beyond, "rm", "2026-06-12 10:00")
    plan = (planned("kw", "2026-07-10"),)
    review = supervision(ref, *plan)
    office.do(review, "rm", "2026-06-12 10:00")
    return ref


@pytest.mark.both
def test_s16_a_new_date_is_accepted_and_both_dates_are_kept(office: Office) -> None:
    ref = slipped(office)
    (duty,) = (o for o in office.audit(ref).duties if o.duty == "agreed_action")
    assert duty.overdue_from == at("2026-07-11 00:00")
    assert let_run(office, "2026-06-13", "2026-07-17") == ["2026-07-13 T5 level_1"]
    t5 = the(office, ref, "T5")
    assert windows(office, ref, t5.n) == {"level_1": "2026-07-20"}
    answer = escalations.Answer(
        audit=ref, escalation=t5.n, says="The worker was ill.", new_date=date(2026, 7, 31)
    )
    office.do(answer, "rm", "2026-07-17 10:00")
    office.do(escalations.Accept(audit=ref, escalation=t5.n), "qa1", "2026-07-17 11:00")
    t5 = the(office, ref, "T5")
    assert (t5.state, t5.resolution, t5.new_date) == ("resolved", "new_date", date(2026, 7, 31))
    assert due(office, ref, "agreed_action") == "2026-07-31"
    assert let_run(office, "2026-07-18", "2026-07-30") == []
    office.done(ref, 1, "kw", "2026-07-30 10:00")
    office.filed(ref, 1, "kw", "2026-07-30 11:00")
    (action,) = office.audit(ref).actions
    assert (action.original_due_on, action.due_on) == (date(2026, 7, 10), date(2026, 7, 31))
    assert late_by(str(action.due_on), str(action.done_on)) == 0
    assert late_by(str(action.original_due_on), str(action.done_on)) == 14
    assert office.audit(ref).state == "awaiting_verification"
    check_store(office, "2026-07-30 12:00")


def test_s16_a_new_date_missed_again_escalates_again(office: Office) -> None:
    ref = slipped(office)
    let_run(office, "2026-07-13", "2026-07-13")
    answer = escalations.Answer(audit=ref, escalation=1, says="Later.", new_date=date(2026, 7, 31))
    office.do(answer, "rm", "2026-07-17 10:00")
    office.do(escalations.Accept(audit=ref, escalation=1), "qa1", "2026-07-17 11:00")
    assert let_run(office, "2026-07-18", "2026-08-03") == ["2026-08-03 T5 level_1"]
    assert len(office.audit(ref).escalations) == 2
    check_store(office, "2026-08-03 12:00")


def test_s16_the_responsible_managers_own_action_goes_to_level_2(office: Office) -> None:
    ref = office.submitted("2026-06", "2026-06-05", "2026-04-20")
    plan = (planned("rm", "2026-07-10"),)
    review = supervision(ref, *plan)
    office.do(review, "rm", "2026-06-12 10:00")
    assert let_run(office, "2026-06-13", "2026-07-13") == ["2026-07-13 T5 level_2"]


def test_s16_done_in_time_but_not_filed_is_escalated_too(office: Office) -> None:
    ref = slipped(office)
    office.done(ref, 1, "kw", "2026-07-10 10:00")
    assert due(office, ref, "file_action") == "2026-07-14"
    assert let_run(office, "2026-07-11", "2026-07-15") == ["2026-07-15 T5 level_1"]
    office.filed(ref, 1, "rm", "2026-07-16 10:00")
    assert the(office, ref, "T5").answer == "done"
    check_store(office, "2026-07-16 12:00")


def test_s18_a_supervision_late_over_the_august_holiday(office: Office) -> None:
    ref = office.submitted("2025-07", "2025-07-24", "2025-05-20")
    assert due(office, ref, "supervision_review") == "2025-08-26"
    assert let_run(office, "2025-07-25", "2025-09-09") == [
        "2025-08-27 T4 level_2",
        "2025-09-04 T4 level_3",
    ]
    t4 = the(office, ref, "T4")
    assert windows(office, ref, t4.n) == {"level_2": "2025-09-03", "level_3": "2025-09-11"}
    office.do(
        supervision(ref),
        "rm",
        "2025-09-09 15:00",
    )
    assert late_by("2025-08-26", "2025-09-09") == 10
    answered = the(office, ref, "T4")
    assert (answered.state, answered.answer) == ("level_3", "done")
    office.do(escalations.Accept(audit=ref, escalation=t4.n), "qa1", "2025-09-10 10:00")
    assert the(office, ref, "T4").state == "resolved"
    assert let_run(office, "2025-09-11", "2025-09-15") == []
    check_store(office, "2025-09-15 12:00")


def test_s24_nobody_verifies_or_judges_what_is_their_own(office: Office) -> None:
    ref = office.submitted(
        "2026-03", "2026-03-10", "2026-01-28", planned("rm", "2026-03-17", immediate=True)
    )
    office.do(
        supervision(ref),
        "rm",
        "2026-03-12 10:00",
    )
    let_run(office, "2026-03-18", "2026-03-19")
    answer = escalations.Answer(audit=ref, escalation=1, says="The manager was reminded.")
    office.do(answer, "qa1", "2026-03-19 10:00")
    accept = escalations.Accept(audit=ref, escalation=1)
    with pytest.raises(NotAllowed, match="Nobody judges an answer of their own"):
        office.do(accept, "qa1", "2026-03-19 11:00")
    office.do(accept, "qa2", "2026-03-19 11:00")
    assert the(office, ref, "T3").state == "resolved"
    office.done(ref, 1, "rm", "2026-03-20 10:00")
    office.filed(ref, 1, "rm", "2026-03-20 10:00")
    assert office.audit(ref).state == "awaiting_verification"
    with pytest.raises(NotAllowed):
        office.do(follow_up.Verify(audit=ref), "rm", "2026-03-20 11:00")
    assert rows(office, "SELECT person, what, denied FROM access_log") == [
        ("qa1", "accept", 1),
        ("rm", "verify", 1),
    ]
    office.do(follow_up.Verify(audit=ref), "qa1", "2026-03-20 12:00")
    assert office.audit(ref).state == "closed"
    check_store(office, "2026-03-20 13:00")


def test_s24_a_colleagues_audit_reads_as_if_it_were_not_there(office: Office) -> None:
    ref = office.booked("2026-03", "2026-03-10", "2026-01-28")
    checked = scheduling.ConfirmFileChecked(audit=ref)
    with pytest.raises(NotFound) as denied:
        office.do(checked, "kw2", "2026-03-09 10:00")
    with pytest.raises(NotFound) as missing:
        office.do(scheduling.ConfirmFileChecked(audit="2026-03-009"), "kw2", "2026-03-09 10:00")
    assert str(denied.value).replace(ref, "?") == str(missing.value).replace("2026-03-009", "?")
    log = rows(office, "SELECT person, what, denied FROM access_log")
    assert log == [("kw2", "confirm_file_checked", 1)]
    assert office.audit(ref).file_checked_on is None
