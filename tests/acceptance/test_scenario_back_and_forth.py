"""What goes back: a meeting moved, an audit returned, an action undone, a pause ended."""

from __future__ import annotations

from datetime import date

import pytest

from auditflow.commands import escalations, follow_up, meeting, scheduling
from auditflow.errors import Refused
from auditflow.guidance.tool import Grade
from support.asking import proof_of
from support.checks import check_store, due, let_run, the
from support.office import Office, planned, supervision

pytestmark = pytest.mark.usefixtures("store_kind")

APRIL = date(2026, 4, 20)


def planned_and_submitted(office: Office) -> str:
    """Held on Tue 10 March 2026 with one agreed action of the key worker's, due Fri 20 March."""
    ref = office.held("2026-03", "2026-03-10", "2026-02-02")
    row = planned("kw", "2026-03-20")
    action = meeting.AddAction(
        audit=ref, what=row.what, success=row.success, resources=row.resources,
        realistic=row.realistic, owner=row.owner, due=row.due,
    )  # fmt: skip
    office.do(action, "aud", "2026-03-10 11:30")
    agreed = meeting.AgreeGrade(audit=ref, grade=Grade.GOOD, impact="The child is safer.")
    office.do(agreed, "aud", "2026-03-10 11:40")
    office.do(meeting.Submit(audit=ref), "aud", "2026-03-10 12:00")
    office.do(supervision(ref), "rm", "2026-03-12 10:00")
    return ref


def done_and_filed(office: Office, ref: str, day: str) -> None:
    done = follow_up.Complete(audit=ref, action=1, evidence="Seen; case note of that day.")
    office.do(done, "kw", f"{day} 10:00")
    filed = follow_up.File(audit=ref, action=1, heading="Audit Action Plan - March")
    office.do(filed, "kw", f"{day} 11:00")


def test_a_meeting_is_moved_within_its_month_and_the_limit_stays(office: Office) -> None:
    ref = office.booked("2026-03", "2026-03-10", "2026-02-02")
    move = scheduling.RebookMeeting(audit=ref, on=date(2026, 3, 17), reason="School trip.")
    office.do(move, "kw", "2026-03-02 10:00")
    audit = office.audit(ref)
    assert (str(audit.meeting_on), audit.rebooked, str(audit.hold_by)) == (
        "2026-03-17", 1, "2026-03-31",
    )  # fmt: skip
    beyond = scheduling.RebookMeeting(audit=ref, on=date(2026, 4, 1), reason="Later still.")
    with pytest.raises(Refused, match="the day lies in the audit month"):
        office.do(beyond, "aud", "2026-03-02 11:00")
    assert due(office, ref, "hold_audit") == "2026-03-31"
    check_store(office, "2026-03-02 12:00")


@pytest.mark.both
def test_what_is_found_wanting_goes_back_and_is_done_again(office: Office) -> None:
    ref = planned_and_submitted(office)
    done_and_filed(office, ref, "2026-03-18")
    assert office.audit(ref).state == "awaiting_verification"
    back = follow_up.Return(audit=ref, action=1, due=APRIL, reason="The note is not there.")
    office.do(back, "qa1", "2026-03-19 10:00")
    audit = office.audit(ref)
    assert (audit.state, audit.actions[0].state) == ("post_audit", "open")
    assert due(office, ref, "agreed_action") == "2026-04-20"
    done_and_filed(office, ref, "2026-04-15")
    office.do(follow_up.Verify(audit=ref), "qa1", "2026-04-16 10:00")
    again = follow_up.Reopen(audit=ref, action=1, due=date(2026, 5, 20), reason="It fell back.")
    office.do(again, "qam", "2026-04-30 10:00")
    audit = office.audit(ref)
    assert (audit.state, audit.closed_on, audit.actions[0].state) == ("post_audit", None, "open")
    done_and_filed(office, ref, "2026-05-18")
    office.do(follow_up.Verify(audit=ref), "qa2", "2026-05-19 10:00")
    assert office.audit(ref).state == "closed"
    assert let_run(office, "2026-05-20", "2026-08-20") == []
    check_store(office, "2026-08-20 12:00")
    assert proof_of(office.app).faults == []


def test_an_action_is_returned_by_itself_and_may_be_cancelled(office: Office) -> None:
    ref = planned_and_submitted(office)
    done = follow_up.Complete(audit=ref, action=1, evidence="Seen; case note of that day.")
    office.do(done, "kw", "2026-03-16 10:00")
    back = follow_up.ReturnAction(audit=ref, action=1, due=APRIL, reason="It was another child.")
    office.do(back, "qa1", "2026-03-17 10:00")
    assert due(office, ref, "agreed_action") == "2026-04-20"
    assert due(office, ref, "file_action") is None
    cancel = follow_up.CancelAction(audit=ref, action=1, reason="The family moved away.")
    office.do(cancel, "qam", "2026-03-18 10:00")
    assert office.audit(ref).state == "awaiting_verification"
    assert due(office, ref, "agreed_action") is None
    check_store(office, "2026-03-18 12:00")


def test_a_pause_ended_by_hand_leaves_what_was_left_of_the_window(office: Office) -> None:
    ref = planned_and_submitted(office)
    let_run(office, "2026-03-13", "2026-03-23")
    late = the(office, ref, "T5")
    assert (late.state, due(office, ref, "answer")) == ("level_1", "2026-03-30")
    pause = escalations.Hold(
        audit=ref, escalation=late.n, until=date(2026, 4, 7), reason="The manager is ill."
    )
    office.do(pause, "qam", "2026-03-24 10:00")
    assert due(office, ref, "answer") is None
    assert let_run(office, "2026-03-25", "2026-03-27") == []
    office.do(escalations.Resume(audit=ref, escalation=late.n), "qam", "2026-03-27 10:00")
    # Three working days it stood still: Wed 25, Thu 26, Fri 27; Fri 3 and Mon 6 April are Easter.
    assert due(office, ref, "answer") == "2026-04-02"
    assert let_run(office, "2026-03-28", "2026-04-07") == ["2026-04-07 T5 level_2"]
    check_store(office, "2026-04-07 12:00")
