"""D6: who decides a disputed grade: the ladder or, where a council lets it, advice."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditflow.audits import Audit, Role
from auditflow.commands import ImportPeople, escalations, follow_up, meeting, scheduling
from auditflow.errors import NotAllowed, Refused
from auditflow.guidance.tool import ELEMENTS, Grade
from support.asking import proof_of
from support.checks import check_store, due, journal, let_run, the, told
from support.office import Office, at, person, supervision
from support.shell import Shell

#: On both databases.
pytestmark = pytest.mark.usefixtures("store_kind")

GOOD, RI, INADEQUATE = Grade.GOOD, Grade.REQUIRES_IMPROVEMENT, Grade.INADEQUATE


@pytest.fixture
def final(office: Office) -> Office:
    """The office of a council that lets the QA Team's advice be final."""
    office.set("grade_decided_by", "qa_advice", "2025-11-01 09:00")
    return office


def disagree(office: Office, ref: str, mine: Grade, when: str, by: str = "aud") -> None:
    disagreement = meeting.RecordDisagreement(
        audit=ref,
        auditor_grade=mine,
        worker_grade=GOOD,
        auditor_reason="The plan is not current.",
        worker_reason="The child is seen weekly.",
        impact="Drift.",
    )
    office.do(disagreement, by, when)


def disputed(office: Office, mine: Grade = RI) -> str:
    """Held and submitted on Thu 15 January 2026, the grade not agreed."""
    ref = office.held("2026-01", "2026-01-15", "2025-11-20")
    disagree(office, ref, mine, "2026-01-15 11:45")
    submit = meeting.Submit(audit=ref, no_actions_because="All is under way.")
    office.do(submit, "aud", "2026-01-15 12:00")
    return ref


def advise(office: Office, ref: str, grade: Grade, when: str, by: str = "qa1") -> Audit:
    n = the(office, ref, "T1").n
    advice = escalations.Answer(audit=ref, escalation=n, says="Having read both.", grade=grade)
    return office.do(advice, by, when).audit


def decide(office: Office, ref: str, grade: Grade, by: str, when: str) -> Audit:
    n = the(office, ref, "T1").n
    decision = escalations.Decide(audit=ref, escalation=n, grade=grade, reason="On balance.")
    return office.do(decision, by, when).audit


def test_by_default_advice_waits_for_both_and_the_qa_team_decides_nothing(office: Office) -> None:
    ref = disputed(office)
    with pytest.raises(NotAllowed, match="is for: Assistant Director"):
        decide(office, ref, RI, "qa1", "2026-01-20 09:00")
    audit = advise(office, ref, RI, "2026-01-20 10:00")
    assert (audit.grade_status, the(office, ref, "T1").state) == ("disputed", "level_2")
    assert due(office, ref, "accept_advice") == "2026-01-27"
    assert set(told(office, ref, "answer")) == {("auditor", "aud"), ("key_worker", "kw")}


@pytest.mark.both
def test_final_advice_settles_the_dispute_and_the_grade_with_it(final: Office) -> None:
    ref = disputed(final)
    audit = advise(final, ref, GOOD, "2026-01-20 10:00")
    assert (audit.grade, audit.grade_status, audit.decided_by) == (GOOD, "final", "qa1")
    t1 = the(final, ref, "T1")
    assert (t1.state, t1.resolution, t1.advised) == ("resolved", "decision", GOOD)
    assert [line["event"] for line in journal(final, ref)][-2:] == ["answer", "decide"]
    assert {o.duty for o in audit.duties} == {"supervision_review"}
    assert told(final, ref, "answer") == []
    assert {who for _, who in told(final, ref, "resolved")} == {"aud", "kw", "rm"}
    with pytest.raises(Refused):
        final.do(escalations.Accept(audit=ref, escalation=t1.n), "kw", "2026-01-20 11:00")
    final.do(
        supervision(ref),
        "rm",
        "2026-01-21 10:00",
    )
    assert final.audit(ref).state == "awaiting_verification"
    check_store(final, "2026-01-21 12:00")
    assert proof_of(final.app).faults == []


def test_the_qa_team_may_decide_it_without_advising_first(final: Office) -> None:
    ref = disputed(final)
    audit = decide(final, ref, RI, "qa2", "2026-01-20 10:00")
    assert (audit.grade, audit.grade_status, audit.decided_by) == (RI, "final", "qa2")
    check_store(final, "2026-01-20 12:00")


def test_above_level_2_the_ladder_goes_on_as_it_does(final: Office) -> None:
    ref = disputed(final)
    did = let_run(final, "2026-01-16", "2026-01-23")
    assert [x for x in did if "T1" in x] == ["2026-01-23 T1 level_3"]
    audit = advise(final, ref, RI, "2026-01-26 10:00", by="hos")
    assert (audit.grade_status, the(final, ref, "T1").answer) == ("disputed", "advice")
    with pytest.raises(NotAllowed):
        decide(final, ref, RI, "qa1", "2026-01-26 11:00")
    reject = escalations.Reject(audit=ref, escalation=the(final, ref, "T1").n, reason="No.")
    final.do(reject, "kw", "2026-01-26 12:00")
    assert decide(final, ref, RI, "ad", "2026-01-27 10:00").decided_by == "ad"
    check_store(final, "2026-01-27 12:00")


def test_the_assistant_director_decides_at_level_4_only(final: Office) -> None:
    ref = disputed(final)
    with pytest.raises(NotAllowed):
        decide(final, ref, RI, "ad", "2026-01-20 10:00")


@pytest.mark.parametrize(("begun", "then"), [("ladder", "qa_advice"), ("qa_advice", "ladder")])
def test_a_dispute_is_settled_by_the_rule_under_which_it_was_raised(
    office: Office, begun: str, then: str
) -> None:
    office.set("grade_decided_by", begun, "2025-11-01 09:00")
    ref = disputed(office)
    office.set("grade_decided_by", then, "2026-01-16 09:00")
    audit = advise(office, ref, RI, "2026-01-20 10:00")
    assert audit.grade_status == ("final" if begun == "qa_advice" else "disputed")


def test_an_inadequate_grade_that_is_final_is_still_moderated_and_kept(final: Office) -> None:
    ref = disputed(final, INADEQUATE)
    audit = advise(final, ref, INADEQUATE, "2026-01-20 10:00")
    assert (audit.grade_status, audit.moderation) == ("final", "pending")
    assert audit.reaudit_due_on is not None
    other = follow_up.Moderate(audit=ref, grade=GOOD, reason="It reads well.")
    with pytest.raises(Refused, match="decided and is final: Inadequate"):
        final.do(other, "hos", "2026-01-20 11:00")
    same = follow_up.Moderate(audit=ref, grade=INADEQUATE, reason="Read in full.")
    assert final.do(same, "hos", "2026-01-20 12:00").audit.moderation == "done"
    check_store(final, "2026-01-20 13:00")


def test_a_better_final_grade_settles_t8_and_drops_the_reaudit(final: Office) -> None:
    ref = disputed(final, INADEQUATE)
    audit = advise(final, ref, RI, "2026-01-20 10:00")
    assert (audit.moderation, audit.reaudit_due_on) == ("not_required", None)
    assert the(final, ref, "T8").answer == "done"
    check_store(final, "2026-01-20 12:00")


def test_it_may_be_settled_before_the_tool_is_submitted(final: Office) -> None:
    ref = final.held("2026-01", "2026-01-15", "2025-11-20")
    disagree(final, ref, RI, "2026-01-15 11:45")
    advise(final, ref, RI, "2026-01-16 10:00")
    agreed = meeting.AgreeGrade(audit=ref, grade=GOOD, impact="Safer.")
    with pytest.raises(Refused, match="settled already"):
        final.do(agreed, "aud", "2026-01-16 11:00")
    submit = meeting.Submit(audit=ref, no_actions_because="All is under way.")
    audit = final.do(submit, "aud", "2026-01-16 12:00").audit
    assert (audit.state, audit.grade, audit.grade_status) == ("post_audit", RI, "final")
    check_store(final, "2026-01-16 13:00")


@pytest.mark.parametrize("rule", ["ladder", "qa_advice"])
def test_nobody_decides_by_advice_a_dispute_of_their_own(office: Office, rule: str) -> None:
    office.set("grade_decided_by", rule, "2025-11-01 09:00")
    both = person("qa1", Role.QA_TEAM, Role.AUDITOR, team="Baker", service="North", trained=True)
    office.app.service.do_office(ImportPeople(people=(both,)), by="qa2", now=at("2025-11-01 10:00"))
    ref = office.booked("2026-01", "2026-01-15", "2025-11-20", auditor="qa1")
    office.do(scheduling.StartAudit(audit=ref, key_worker_present=True), "qa1", "2026-01-15 10:00")
    for element in ELEMENTS:
        finding = meeting.RecordFindings(audit=ref, element=element.key, evidence="Seen.")
        office.do(finding, "qa1", "2026-01-15 11:00")
    disagree(office, ref, RI, "2026-01-15 11:45", by="qa1")
    if rule == "ladder":
        assert advise(office, ref, RI, "2026-01-16 10:00").grade_status == "disputed"
        return
    with pytest.raises(NotAllowed, match="decides a grade they disagree about"):
        advise(office, ref, RI, "2026-01-16 10:00")
    assert advise(office, ref, RI, "2026-01-16 11:00", by="qa2").grade_status == "final"


def test_in_a_terminal_the_answer_says_that_it_settled_it(final: Office, tmp_path: Path) -> None:
    ref = disputed(final)
    n = str(the(final, ref, "T1").n)
    final.app.close()
    shell = Shell(tmp_path, url=final.url)
    typed = ("escalation", "answer", ref, n, "--grade", "good", "--says", "Having read both.")
    said = shell.says("qa1", "2026-01-20T10:00", *typed)
    assert f"escalation {n}: decide → Resolved" in said
    page = shell.says("kw", "2026-01-20T11:00", "audit", "show", ref)
    assert "grade: Good (final)" in page
    assert "resolved on Tue 20 January 2026 (decision)" in page
