"""S13 and S14: a grade not agreed, settled by advice or by the Assistant Director."""

from __future__ import annotations

from datetime import date

import pytest

from auditflow.audits import Trigger
from auditflow.commands import escalations, follow_up, meeting
from auditflow.errors import Refused
from auditflow.guidance.tool import Grade
from support.checks import check_store, due, let_run, the, told, windows
from support.office import Office, add, planned, supervision

#: On both databases.
pytestmark = pytest.mark.usefixtures("store_kind")

GOOD, RI, INADEQUATE = Grade.GOOD, Grade.REQUIRES_IMPROVEMENT, Grade.INADEQUATE


def disputed(office: Office, day: str, drawn: str, mine: Grade, theirs: Grade) -> str:
    """Held and submitted on the day of the meeting with both positions."""
    ref = office.held(day[:7], day, drawn)
    limit = {"2026-01-15": "2026-01-22", "2026-03-05": "2026-03-12"}[day]
    office.do(add(ref, planned("rm", limit, immediate=True)), "aud", f"{day} 11:30")
    disagreement = meeting.RecordDisagreement(
        audit=ref,
        auditor_grade=mine,
        worker_grade=theirs,
        auditor_reason="The plan is not current.",
        worker_reason="The child is seen weekly.",
        impact="Drift.",
    )
    office.do(disagreement, "aud", f"{day} 11:45")
    assert the(office, ref, "T1").state == "level_2"
    office.do(meeting.Submit(audit=ref), "aud", f"{day} 12:00")
    return ref


def advised(office: Office, ref: str, grade: Grade, by: str, when: str) -> int:
    n = the(office, ref, "T1").n
    advice = escalations.Answer(audit=ref, escalation=n, says="Having read both.", grade=grade)
    office.do(advice, by, when)
    return n


def test_s13_advice_that_both_accept_settles_the_grade(office: Office) -> None:
    ref = disputed(office, "2026-01-15", "2025-11-20", RI, GOOD)
    audit = office.audit(ref)
    assert (audit.state, audit.grade_status) == ("post_audit", "disputed")
    assert (audit.auditor_grade, audit.worker_grade) == (RI, GOOD)
    raised = the(office, ref, "T1")
    assert (raised.state, raised.raised_on) == ("level_2", date(2026, 1, 15))
    assert windows(office, ref, raised.n) == {"level_2": "2026-01-22"}
    assert ("responsible_manager", "rm") in told(office, ref, "escalated")
    assert due(office, ref, "immediate_action") == "2026-01-22"
    assert due(office, ref, "supervision_review") == "2026-02-16"
    assert let_run(office, "2026-01-16", "2026-01-20") == []

    n = advised(office, ref, RI, "qa1", "2026-01-20 10:00")
    with pytest.raises(Refused):
        office.do(follow_up.Verify(audit=ref), "qa1", "2026-01-20 10:30")
    office.do(escalations.Accept(audit=ref, escalation=n), "kw", "2026-01-20 11:00")
    assert office.audit(ref).grade_status == "disputed"
    assert the(office, ref, "T1").state == "level_2"
    office.do(escalations.Accept(audit=ref, escalation=n), "aud", "2026-01-20 12:00")
    audit = office.audit(ref)
    assert (audit.grade_status, audit.grade, audit.decided_by) == ("final", RI, "qa1")
    assert (the(office, ref, "T1").state, the(office, ref, "T1").resolution) == (
        "resolved",
        "advice",
    )
    assert audit.worker_grade is GOOD
    check_store(office, "2026-01-20 13:00")


def test_s13_closing_before_the_grade_is_final_is_refused(office: Office) -> None:
    ref = disputed(office, "2026-01-15", "2025-11-20", RI, GOOD)
    office.done(ref, 1, "rm", "2026-01-16 10:00")
    office.filed(ref, 1, "rm", "2026-01-16 10:00")
    review = supervision(ref)
    office.do(review, "rm", "2026-01-16 11:00")
    assert office.audit(ref).state == "post_audit"
    with pytest.raises(Refused):
        office.do(follow_up.Verify(audit=ref), "qa1", "2026-01-16 12:00")
    n = advised(office, ref, GOOD, "qa1", "2026-01-19 10:00")
    office.do(escalations.Accept(audit=ref, escalation=n), "aud", "2026-01-19 11:00")
    office.do(escalations.Accept(audit=ref, escalation=n), "kw", "2026-01-19 12:00")
    assert office.audit(ref).state == "awaiting_verification"
    check_store(office, "2026-01-19 13:00")


def inadequate(office: Office) -> str:
    return disputed(office, "2026-03-05", "2026-01-20", INADEQUATE, RI)


def test_s14_an_inadequate_grade_raises_t8_while_it_is_disputed(office: Office) -> None:
    ref = inadequate(office)
    t1, t8 = the(office, ref, "T1"), the(office, ref, "T8")
    assert windows(office, ref, t1.n) == {"level_2": "2026-03-12"}
    assert (t8.state, t8.raised_on) == ("level_3", date(2026, 3, 5))
    raised = told(office, ref, "escalated", f"escalation {t8.n}")
    assert {role for role, _ in raised} == {"head_of_service", "qa_team", "assistant_director"}
    assert due(office, ref, "moderate_inadequate") == "2026-03-12"
    audit = office.audit(ref)
    assert (audit.grade, audit.moderation) == (INADEQUATE, "pending")
    assert audit.reaudit_due_on == date(2026, 6, 5)
    assert due(office, ref, "supervision_review") == "2026-04-07"
    check_store(office, "2026-03-05 13:00")


@pytest.mark.both
def test_s14_the_assistant_director_decides_and_that_is_final(office: Office) -> None:
    ref = inadequate(office)
    assert let_run(office, "2026-03-06", "2026-03-11") == []
    n = advised(office, ref, INADEQUATE, "qa1", "2026-03-11 10:00")
    rejected = escalations.Reject(audit=ref, escalation=n, reason="The work is not that poor.")
    office.do(rejected, "kw", "2026-03-11 12:00")
    t1 = the(office, ref, "T1")
    assert (t1.state, t1.told_on) == ("level_3", date(2026, 3, 11))
    assert windows(office, ref, n)["level_3"] == "2026-03-18"

    moderation = follow_up.Moderate(audit=ref, grade=INADEQUATE, reason="Read in full.")
    office.do(moderation, "hos", "2026-03-12 10:00")
    assert office.audit(ref).grade_status == "disputed"
    t8 = the(office, ref, "T8")
    assert (t8.state, t8.answer) == ("level_3", "done")
    office.do(escalations.Accept(audit=ref, escalation=t8.n), "qa1", "2026-03-12 11:00")
    assert the(office, ref, "T8").state == "resolved"

    did = let_run(office, "2026-03-13", "2026-03-24")
    assert [x for x in did if "T1" in x] == ["2026-03-19 T1 level_4"]
    assert windows(office, ref, n)["level_4"] == "2026-03-26"
    early = escalations.Accept(audit=ref, escalation=n)
    with pytest.raises(Refused):
        office.do(early, "kw", "2026-03-24 09:00")
    decision = escalations.Decide(audit=ref, escalation=n, grade=INADEQUATE, reason="On balance.")
    office.do(decision, "ad", "2026-03-24 10:00")
    audit = office.audit(ref)
    assert (audit.grade, audit.grade_status, audit.decided_by) == (INADEQUATE, "final", "ad")
    assert (the(office, ref, "T1").state, the(office, ref, "T1").resolution) == (
        "resolved",
        "decision",
    )
    assert audit.worker_grade is RI
    assert audit.reaudit_due_on == date(2026, 6, 5)
    check_store(office, "2026-03-24 12:00")


def test_s14_without_moderation_t8_goes_to_the_assistant_director(office: Office) -> None:
    ref = inadequate(office)
    did = [x for x in let_run(office, "2026-03-06", "2026-03-13") if "T8" in x]
    assert did == ["2026-03-13 T8 level_4"]
    assert Trigger.T9 not in {e.trigger for e in office.audit(ref).escalations}
    check_store(office, "2026-03-13 12:00")


def test_s14_a_final_grade_other_than_inadequate_settles_t8(office: Office) -> None:
    ref = inadequate(office)
    n = advised(office, ref, RI, "qa1", "2026-03-11 10:00")
    office.do(escalations.Accept(audit=ref, escalation=n), "kw", "2026-03-11 11:00")
    office.do(escalations.Accept(audit=ref, escalation=n), "aud", "2026-03-11 12:00")
    audit = office.audit(ref)
    assert (audit.grade, audit.grade_status) == (RI, "final")
    assert (audit.moderation, audit.reaudit_due_on) == ("not_required", None)
    assert due(office, ref, "moderate_inadequate") is None
    t8 = the(office, ref, "T8")
    assert t8.answer == "done"
    office.do(escalations.Accept(audit=ref, escalation=t8.n), "qa1", "2026-03-11 13:00")
    assert the(office, ref, "T8").state == "resolved"
    check_store(office, "2026-03-11 14:00")


def test_s14_moderation_still_missing_moves_t8_even_if_it_was_answered_in_words(
    office: Office,
) -> None:
    """8.2: what settles T8 is moderation recorded; without it, to the Assistant Director."""
    ref = inadequate(office)
    n = the(office, ref, "T8").n
    answer = escalations.Answer(audit=ref, escalation=n, says="A plan is in place.")
    office.do(answer, "hos", "2026-03-09 10:00")
    let_run(office, "2026-03-10", "2026-03-13")
    assert the(office, ref, "T8").state == "level_4"


def test_s14_what_the_assistant_director_decided_no_moderator_changes(office: Office) -> None:
    ref = inadequate(office)
    n = the(office, ref, "T1").n
    up = escalations.Bypass(audit=ref, escalation=n, level=4, reason="It must not wait.")
    office.do(up, "qam", "2026-03-05 14:00")
    decision = escalations.Decide(audit=ref, escalation=n, grade=INADEQUATE, reason="On balance.")
    office.do(decision, "ad", "2026-03-06 10:00")
    other = follow_up.Moderate(audit=ref, grade=GOOD, reason="It reads well.")
    with pytest.raises(Refused, match="decided and is final: Inadequate"):
        office.do(other, "hos", "2026-03-09 10:00")
    same = follow_up.Moderate(audit=ref, grade=INADEQUATE, reason="Read in full.")
    office.do(same, "hos", "2026-03-09 11:00")
    assert office.audit(ref).grade is INADEQUATE
    assert office.audit(ref).moderation == "done"
    check_store(office, "2026-03-09 12:00")


def test_a_grade_settled_before_submission_is_not_agreed_away(office: Office) -> None:
    ref = office.held("2026-01", "2026-01-15", "2025-11-20")
    disagreement = meeting.RecordDisagreement(
        audit=ref,
        auditor_grade=RI,
        worker_grade=GOOD,
        auditor_reason="Drift.",
        worker_reason="Seen weekly.",
        impact="Drift.",
    )
    office.do(disagreement, "kw", "2026-01-15 12:00")
    n = advised(office, ref, RI, "qa1", "2026-01-16 10:00")
    for who in ("aud", "kw"):
        office.do(escalations.Accept(audit=ref, escalation=n), who, "2026-01-16 11:00")
    assert office.audit(ref).grade_status == "final"
    agreed = meeting.AgreeGrade(audit=ref, grade=GOOD, impact="Safer.")
    for again in (agreed, disagreement):
        with pytest.raises(Refused, match="settled already"):
            office.do(again, "aud", "2026-01-16 12:00")
    reason = meeting.Submit(audit=ref, no_actions_because="Nothing needs to change.")
    office.do(reason, "aud", "2026-01-16 13:00")
    assert (office.audit(ref).grade, office.audit(ref).grade_status) == (RI, "final")
    check_store(office, "2026-01-16 14:00")
