"""S11, S12, S17 and S19: before and during the audit, as far as people can send it now."""

from __future__ import annotations

from datetime import date

import pytest

from auditflow.commands import AuditCommand, follow_up, meeting, scheduling
from auditflow.errors import AuditflowError, BadInput, Refused
from auditflow.guidance.tool import ELEMENTS, Grade
from support.checks import check_store, due, dump, late_by, let_run, the, told, windows
from support.office import Office, add, planned

#: On both databases.
pytestmark = pytest.mark.usefixtures("store_kind")


def distributed_late(office: Office) -> str:
    """Audit month September 2026, distributed Tue 4 August: due was Fri 31 July."""
    ref = office.draw("2026-09", "2026-07-20 09:00")
    assert due(office, ref, "distribute") == "2026-07-31"
    assert let_run(office, "2026-07-21", "2026-08-04") == ["2026-08-03 remind distribute"]
    office.do(scheduling.Distribute(audit=ref, auditor="aud"), "qa1", "2026-08-04 10:00")
    assert late_by("2026-07-31", str(office.audit(ref).distributed_on)) == 2
    assert office.audit(ref).state == "distributed"
    return ref


def test_s11_late_distribution_illness_and_a_weeks_extension(office: Office) -> None:
    ref = distributed_late(office)
    office.do(scheduling.BookMeeting(audit=ref, on=date(2026, 9, 24)), "aud", "2026-08-05 10:00")
    ill = scheduling.CancelMeeting(audit=ref, reason="The key worker is ill.")
    office.do(ill, "kw", "2026-09-23 10:00")
    assert office.audit(ref).state == "distributed"
    assert office.audit(ref).rebooked == 1
    two_weeks = scheduling.Extend(audit=ref, until=date(2026, 10, 14), reason="Ill.")
    with pytest.raises(Refused, match="QA manager"):
        office.do(two_weeks, "lm", "2026-09-29 09:00")
    week = scheduling.Extend(audit=ref, until=date(2026, 10, 7), reason="The key worker is ill.")
    office.do(week, "lm", "2026-09-29 10:00")
    assert due(office, ref, "hold_audit") == "2026-10-07"
    assert office.audit(ref).extended == 1
    assert let_run(office, "2026-09-30", "2026-10-05") == []
    office.do(scheduling.BookMeeting(audit=ref, on=date(2026, 10, 6)), "aud", "2026-10-05 10:00")
    start = scheduling.StartAudit(audit=ref, key_worker_present=True)
    office.do(start, "aud", "2026-10-06 10:00")
    audit = office.audit(ref)
    assert (audit.held_on, audit.month) == (date(2026, 10, 6), date(2026, 9, 1))
    assert due(office, ref, "supervision_review") == "2026-11-06"
    assert follow_up.heading_of(audit) == "Audit Action Plan - September"
    action = planned("rm", "2026-10-13", immediate=True)
    office.do(add(ref, action), "aud", "2026-10-06 11:00")
    assert due(office, ref, "immediate_action") == "2026-10-13"
    assert office.audit(ref).escalations == ()
    check_store(office, "2026-10-06 12:00")


def test_s11_a_line_manager_may_give_one_week_and_not_one_week_again(office: Office) -> None:
    ref = distributed_late(office)
    week = scheduling.Extend(audit=ref, until=date(2026, 10, 7), reason="The key worker is ill.")
    office.do(week, "lm", "2026-09-29 10:00")
    again = scheduling.Extend(audit=ref, until=date(2026, 10, 14), reason="Still ill.")
    with pytest.raises(Refused, match="QA manager"):
        office.do(again, "lm", "2026-10-06 10:00")
    office.do(again, "qam", "2026-10-06 11:00")
    assert due(office, ref, "hold_audit") == "2026-10-14"
    check_store(office, "2026-10-06 12:00")


@pytest.mark.both
def test_s12_an_audit_never_held_climbs_to_the_top(office: Office) -> None:
    ref = office.draw("2025-11", "2025-09-25 09:00")
    office.do(scheduling.Distribute(audit=ref, auditor="aud"), "qa1", "2025-09-25 10:00")
    did = let_run(office, "2025-09-26", "2025-12-31")
    assert did == [
        "2025-10-03 remind arrange_meeting",
        "2025-12-01 T6 level_2",
        "2025-12-09 T6 level_3",
        "2025-12-17 T6 level_4",
        "2025-12-29 T6 level_5",
    ]
    t6 = the(office, ref, "T6")
    assert windows(office, ref, t6.n) == {
        "level_2": "2025-12-08",
        "level_3": "2025-12-16",
        "level_4": "2025-12-24",
    }
    assert ("line_manager", "lm") in told(office, ref, "escalated", f"escalation {t6.n}")
    # Booking after the month is possible once T6 stands (7.4); held, it answers T6.
    office.do(scheduling.BookMeeting(audit=ref, on=date(2026, 1, 8)), "aud", "2026-01-05 10:00")
    start = scheduling.StartAudit(audit=ref, key_worker_present=True)
    office.do(start, "aud", "2026-01-08 10:00")
    assert the(office, ref, "T6").answer == "done"
    check_store(office, "2026-01-08 12:00")


def test_s12_an_exemption_ends_it(office: Office) -> None:
    ref = office.draw("2025-11", "2025-09-25 09:00")
    office.do(scheduling.Distribute(audit=ref, auditor="aud"), "qa1", "2025-09-25 10:00")
    let_run(office, "2025-12-01", "2025-12-02")
    exempt = scheduling.Exempt(audit=ref, reason="The service was inspected that month.")
    office.do(exempt, "ad", "2025-12-02 10:00")
    audit = office.audit(ref)
    assert (audit.state, audit.duties) == ("exempted", ())
    assert (the(office, ref, "T6").state, the(office, ref, "T6").resolution) == (
        "resolved",
        "audit_ended",
    )
    assert let_run(office, "2025-12-03", "2026-02-01") == []
    check_store(office, "2026-02-01 12:00")


def refused(office: Office, command: AuditCommand, why: type[AuditflowError], words: str) -> None:
    """Said on Tue 14 October 2025 and refused; the audit stays where it is, the store as it was."""
    before_it = dump(office)
    with pytest.raises(why, match=words):
        office.do(command, "aud", "2025-10-14 11:00")
    assert dump(office) == before_it
    assert office.audit(command.audit).state == "in_audit"


def test_s17_asap_is_no_timescale(office: Office) -> None:
    ref = office.held("2025-10", "2025-10-14", "2025-08-20")
    assert len(office.audit(ref).findings) == len(ELEMENTS)
    agreed = meeting.AgreeGrade(audit=ref, grade=Grade.GOOD, impact="Safer.")
    office.do(agreed, "aud", "2025-10-14 10:30")

    refused(office, add(ref, planned("kw", "ASAP")), BadInput, "ASAP")
    refused(office, add(ref, planned("the team", "2025-10-28")), BadInput, "the team")
    refused(office, add(ref, planned("kw", "2025-10-13")), Refused, "past")
    too_late = add(ref, planned("rm", "2025-10-22", immediate=True))
    refused(office, too_late, Refused, "21 October 2025")
    saturday = planned("kw", "2025-11-15")
    refused(office, add(ref, saturday), Refused, "14 November 2025")
    refused(office, meeting.Submit(audit=ref), Refused, "the plan is complete")

    over = planned("kw", "2025-11-15", because="The school is closed until then.")
    done = office.do(add(ref, over), "aud", "2025-10-14 11:30")
    assert any("Saturday" in w for w in done.warnings)
    assert any("must approve" in w for w in done.warnings)
    refused(office, meeting.Submit(audit=ref), Refused, "the plan is complete")
    office.do(follow_up.ApproveDate(audit=ref, action=1), "qa1", "2025-10-14 12:00")
    good = add(ref, planned("kw", "2025-10-28"))
    assert office.do(good, "aud", "2025-10-14 12:10").warnings == ()
    office.do(meeting.Submit(audit=ref), "aud", "2025-10-14 12:20")
    assert office.audit(ref).state == "post_audit"
    check_store(office, "2025-10-14 13:00")


def test_s19_a_case_that_closes_is_withdrawn_and_owes_nothing(office: Office) -> None:
    ref = office.draw("2026-05", "2026-03-20 09:00")
    assert due(office, ref, "distribute") == "2026-04-01"
    office.do(scheduling.Distribute(audit=ref, auditor="aud"), "qa1", "2026-04-01 10:00")
    assert due(office, ref, "hold_audit") == "2026-05-31"
    with pytest.raises(BadInput, match="reason is empty"):
        office.do(scheduling.Withdraw(audit=ref, reason=" "), "qa1", "2026-04-20 10:00")
    withdraw = scheduling.Withdraw(audit=ref, reason="Case closed.", without_substitute=True)
    office.do(withdraw, "qa1", "2026-04-20 10:00")
    audit = office.audit(ref)
    assert (audit.state, audit.duties, audit.escalations) == ("withdrawn", (), ())
    assert let_run(office, "2026-04-21", "2026-06-10") == []
    with pytest.raises(Refused, match="Withdrawn"):
        office.do(
            scheduling.BookMeeting(audit=ref, on=date(2026, 6, 12)), "aud", "2026-06-10 10:00"
        )
    check_store(office, "2026-06-10 12:00")


def test_s19_what_is_due_of_a_meeting_in_may(office: Office) -> None:
    action = planned("rm", "2026-05-19", immediate=True)
    ref = office.submitted("2026-05", "2026-05-12", "2026-03-20", action)
    assert due(office, ref, "immediate_action") == "2026-05-19"
    assert due(office, ref, "supervision_review") == "2026-06-12"
    check_store(office, "2026-05-12 13:00")
