"""The grade of one audited element is set right, and what follows where elements count."""

from __future__ import annotations

import pytest

from auditflow.audits import Role
from auditflow.commands import Correct, ImportPeople, follow_up, meeting, scheduling
from auditflow.errors import NotAllowed, Refused
from auditflow.guidance.tool import ELEMENTS, Grade
from auditflow.queries import audit_detail
from auditflow.service import OfficeDone
from support.asking import ask
from support.checks import check_store, due, the
from support.office import Office, at, person, supervision

pytestmark = pytest.mark.rules

FIRST, SECOND = ELEMENTS[0].key, ELEMENTS[1].key


def graded(office: Office, ref: str, element: str, grade: Grade) -> None:
    finding = meeting.RecordFindings(audit=ref, element=element, evidence="Seen.", grade=grade)
    office.do(finding, "aud", "2026-03-10 11:15")


def by_elements(office: Office, first: Grade) -> str:
    """Submitted as Good where an Inadequate element counts; two elements are graded."""
    office.set("inadequate_by", "element", "2026-01-19 09:00")
    ref = office.held("2026-03", "2026-03-10", "2026-01-20")
    graded(office, ref, FIRST, first)
    graded(office, ref, SECOND, Grade.GOOD)
    agreed = meeting.AgreeGrade(audit=ref, grade=Grade.GOOD, impact="The child is safer.")
    office.do(agreed, "aud", "2026-03-10 11:40")
    submit = meeting.Submit(audit=ref, no_actions_because="Nothing to change.")
    office.do(submit, "aud", "2026-03-10 12:00")
    return ref


def element(office: Office, ref: str, key: str, value: str, by: str = "qam") -> OfficeDone:
    """Correct the grade of an element on Wed 11 March."""
    reason = "It was typed wrongly."
    command = Correct(audit=ref, field="element_grade", element=key, value=value, reason=reason)
    return office.app.service.do_office(command, by=by, now=at("2026-03-11 10:00"))


def grades(office: Office, ref: str) -> dict[str, Grade]:
    return {f.element: f.grade for f in office.audit(ref).findings if f.grade}


@pytest.mark.both
def test_the_grade_of_an_element_is_set_right_and_its_finding_stays(office: Office) -> None:
    ref = office.held("2026-03", "2026-03-10", "2026-01-20")
    graded(office, ref, FIRST, Grade.INADEQUATE)
    kept = office.audit(ref).findings
    with pytest.raises(Refused, match="not noted yet"):
        element(office, ref, SECOND, "Good")
    settled = element(office, ref, FIRST, "Good")
    assert f"element_grade of {FIRST} is corrected" in settled.says
    assert grades(office, ref) == {FIRST: Grade.GOOD}
    assert [(f.element, f.evidence) for f in office.audit(ref).findings] == [
        (f.element, f.evidence) for f in kept
    ]
    page = ask(office.app, "qam", audit_detail, ref)
    said = f"element_grade of {FIRST} Inadequate → Good: It was typed wrongly."
    assert page.timeline[-1].says == said
    with pytest.raises(NotAllowed, match="of their own"):
        element(office, ref, FIRST, "Outstanding")
    check_store(office, "2026-03-11 11:00")


def test_who_recorded_another_element_may_still_not_correct_their_own(office: Office) -> None:
    both = person("qam", Role.QA_MANAGER, Role.AUDITOR, team="Baker", service="North", trained=True)
    office.app.service.do_office(ImportPeople(people=(both,)), by="qa1", now=at("2025-01-02 09:00"))
    other = person("qam2", Role.QA_MANAGER)
    office.app.service.do_office(
        ImportPeople(people=(other,)), by="qa1", now=at("2025-01-02 09:00")
    )
    ref = office.booked("2026-03", "2026-03-10", "2026-01-20", auditor="qam")
    start = scheduling.StartAudit(audit=ref, key_worker_present=True)
    office.do(start, "qam", "2026-03-10 10:00")
    finding = meeting.RecordFindings(
        audit=ref, element=FIRST, evidence="Seen.", grade=Grade.INADEQUATE
    )
    office.do(finding, "qam", "2026-03-10 11:00")
    with pytest.raises(NotAllowed, match="of their own"):
        element(office, ref, FIRST, "Good")
    element(office, ref, FIRST, "Good", by="qam2")
    assert grades(office, ref) == {FIRST: Grade.GOOD}


def test_an_element_that_was_inadequate_after_all_is_moderated(office: Office) -> None:
    ref = by_elements(office, Grade.GOOD)
    assert office.audit(ref).grade_status == "final"
    element(office, ref, FIRST, "Inadequate")
    audit = office.audit(ref)
    assert (audit.grade, audit.grade_status, audit.moderation) == (Grade.GOOD, "advised", "pending")
    assert the(office, ref, "T8").state == "level_3"
    moderated = follow_up.Moderate(audit=ref, grade=Grade.GOOD, reason="On balance it is good.")
    office.do(moderated, "hos", "2026-03-12 10:00")
    assert office.audit(ref).grade_status == "final"
    check_store(office, "2026-03-12 11:00")


def test_an_element_that_was_not_inadequate_is_moderated_no_more(office: Office) -> None:
    ref = by_elements(office, Grade.INADEQUATE)
    assert due(office, ref, "moderate_inadequate") == "2026-03-17"
    element(office, ref, FIRST, "Good")
    audit = office.audit(ref)
    assert (audit.grade_status, audit.moderation, audit.reaudit_due_on) == (
        "final", "not_required", None,
    )  # fmt: skip
    assert the(office, ref, "T8").answer == "done"
    check_store(office, "2026-03-11 11:00")


def test_an_element_corrected_where_elements_do_not_count_changes_no_standing(
    office: Office,
) -> None:
    ref = office.held("2026-03", "2026-03-10", "2026-01-20")
    graded(office, ref, FIRST, Grade.GOOD)
    agreed = meeting.AgreeGrade(audit=ref, grade=Grade.GOOD, impact="The child is safer.")
    office.do(agreed, "aud", "2026-03-10 11:40")
    submit = meeting.Submit(audit=ref, no_actions_because="Nothing to change.")
    office.do(submit, "aud", "2026-03-10 12:00")
    element(office, ref, FIRST, "Inadequate")
    audit = office.audit(ref)
    assert (audit.grade_status, audit.moderation, audit.escalations) == (
        "final",
        "not_required",
        (),
    )


def test_past_moderation_no_element_makes_an_audit_inadequate_unseen(office: Office) -> None:
    ref = by_elements(office, Grade.GOOD)
    office.do(
        supervision(ref),
        "rm",
        "2026-03-10 13:00",
    )
    assert office.audit(ref).state == "awaiting_verification"
    with pytest.raises(Refused, match="Send it back first"):
        element(office, ref, FIRST, "Inadequate")
    element(office, ref, FIRST, "Outstanding")
    office.do(follow_up.Verify(audit=ref), "qa1", "2026-03-11 12:00")
    with pytest.raises(Refused, match="can be corrected once it is reopened, for an action"):
        element(office, ref, SECOND, "Outstanding")
    check_store(office, "2026-03-11 13:00")
