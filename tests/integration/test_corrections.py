"""A wrong entry is set right by a second person and a second line; what counts from it moves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from auditflow.application import App
from auditflow.audits import Role
from auditflow.commands import Correct, ImportPeople, meeting, scheduling
from auditflow.errors import AuditflowError, BadInput, NotAllowed, NotFound, Refused
from auditflow.guidance.tool import ELEMENTS, Grade
from auditflow.persistence import tables
from auditflow.persistence.journal import read
from auditflow.queries import Reading, audit_detail
from auditflow.service import OfficeDone
from support.asking import ask
from support.checks import check_store, due, let_run, the
from support.office import PEOPLE, Office, at, person, planned, supervision

pytestmark = pytest.mark.rules

IMMEDIATE = planned("rm", "2026-03-17", immediate=True)


def correct(office: Office, ref: str, when: str, by: str = "qam", **said: Any) -> OfficeDone:
    command = Correct(**{"audit": ref, "reason": "It was typed wrongly.", **said})
    return office.app.service.do_office(command, by=by, now=at(when))


def lines(office: Office, ref: str) -> list[dict[str, Any]]:
    journal = tables.journal
    with office.app.store.reading() as connection:
        query = select(journal.c.body).where(journal.c.audit_id == office.audit(ref).id)
        return [read(b) for b in connection.execute(query.order_by(journal.c.seq)).scalars()]


def march(office: Office, **more: Any) -> str:
    return office.submitted("2026-03", "2026-03-10", "2026-01-20", IMMEDIATE, **more)


@pytest.mark.both
def test_the_day_it_was_held_is_set_right_and_deadlines_move_with_it(office: Office) -> None:
    ref = office.booked("2026-03", "2026-03-09", "2026-01-20")
    start = scheduling.StartAudit(audit=ref, key_worker_present=True)
    office.do(start, "aud", "2026-03-10 10:00")
    kept = lines(office, ref)
    assert due(office, ref, "supervision_review") == "2026-04-10"
    settled = correct(office, ref, "2026-03-10 15:00", field="held_on", value="2026-03-09")
    assert {"duty": "supervision_review", "subject": "audit", "from": "2026-04-10",
            "to": "2026-04-09"} in settled.figures["moved"]  # fmt: skip
    assert office.audit(ref).held_on == date(2026, 3, 9)
    assert due(office, ref, "submit") == "2026-03-11"
    now = lines(office, ref)
    assert now[: len(kept)] == kept, "the first line stays as it was"
    (line,) = now[len(kept) :]
    assert (line["event"], line["who"], line["subject"]) == ("correct", "qam", "audit")
    assert line["changed"]["held_on"] == "2026-03-09"
    page = ask(office.app, "qam", audit_detail, ref)
    assert page.timeline[-1].says == "held_on 2026-03-10 → 2026-03-09: It was typed wrongly."
    check_store(office, "2026-03-10 16:00")


def test_what_is_late_by_the_corrected_day_is_raised_at_once(office: Office) -> None:
    ref = office.booked("2026-03", "2026-03-03", "2026-01-20")
    start = scheduling.StartAudit(audit=ref, key_worker_present=True)
    office.do(start, "aud", "2026-03-10 10:00")
    correct(office, ref, "2026-03-10 15:00", field="held_on", value="2026-03-03")
    assert the(office, ref, "T7").state == "level_2"
    check_store(office, "2026-03-10 16:00")


def test_the_past_still_says_what_was_thought_then(office: Office) -> None:
    ref = march(office)
    review = supervision(ref)
    office.do(review, "rm", "2026-03-20 10:00")
    correct(office, ref, "2026-03-24 10:00", field="supervised_on", value="2026-03-19")
    app = App(office.url, at("2026-06-01 09:00"), at("2026-03-23 10:00"))
    assert ask(app, "qam", Reading.audit, ref).supervised_on == date(2026, 3, 20)
    app.close()
    assert office.audit(ref).supervised_on == date(2026, 3, 19)


def test_the_day_an_action_was_done_is_set_right(office: Office) -> None:
    ref = march(office)
    office.done(ref, 1, "rm", "2026-03-16 10:00")
    assert due(office, ref, "file_action") == "2026-03-18"
    correct(office, ref, "2026-03-16 12:00", field="done_on", value="2026-03-12", action=1)
    assert due(office, ref, "file_action") == "2026-03-17"
    check_store(office, "2026-03-16 13:00")


def test_the_day_an_action_was_filed_is_set_right(office: Office) -> None:
    ref = march(office)
    office.done(ref, 1, "rm", "2026-03-12 10:00")
    office.filed(ref, 1, "kw", "2026-03-16 10:00")
    for field, value, says in (
        ("filed_on", "2026-03-11", "before done_on of action 1"),
        ("filed_on", "2026-03-17", "still to come"),
        ("done_on", "2026-03-17", "filed_on of action 1 .* would be before done_on"),
    ):
        with pytest.raises(Refused, match=says):
            correct(office, ref, "2026-03-16 12:00", field=field, value=value, action=1)
    correct(office, ref, "2026-03-16 12:00", field="filed_on", value="2026-03-13", action=1)
    action = office.audit(ref).action(1)
    assert action is not None
    assert (action.state, action.done_on, action.filed_on) == (
        "filed", date(2026, 3, 12), date(2026, 3, 13),
    )  # fmt: skip
    # Who corrected one of its dates did not thereby enter the other.
    correct(office, ref, "2026-03-16 12:30", field="done_on", value="2026-03-11", action=1)
    with pytest.raises(NotAllowed, match="of their own"):
        correct(office, ref, "2026-03-16 13:00", field="filed_on", value="2026-03-12", action=1)
    check_store(office, "2026-03-16 13:00")


@pytest.mark.parametrize(
    ("said", "kind", "says"),
    [
        ({"field": "held_on", "value": "2026-03-09"}, Refused, "the day of the meeting"),
        ({"field": "held_on", "value": "2026-03-11"}, Refused, "before held_on"),
        ({"field": "submitted_on", "value": "2026-03-09"}, Refused, "before held_on"),
        ({"field": "submitted_on", "value": "2026-03-25"}, Refused, "still to come"),
        ({"field": "submitted_on", "value": "2026-03-10"}, Refused, "says so already"),
        ({"field": "file_checked_on", "value": "2026-03-11"}, Refused, "day of the meeting"),
        ({"field": "supervised_on", "value": "2026-03-11"}, Refused, "not noted yet"),
        ({"field": "held_on", "value": "March"}, BadInput, "write it as"),
        ({"field": "auditor", "value": "aud2"}, BadInput, "cannot be corrected"),
        ({"field": "held_on", "value": "2026-03-10", "action": 1}, BadInput, "Leave out"),
        ({"field": "done_on", "value": "2026-03-10"}, BadInput, "--action"),
        ({"field": "done_on", "value": "2026-03-10", "action": 4}, NotFound, "no action 4"),
        ({"field": "filed_on", "value": "2026-03-10", "action": 1}, Refused, "not noted yet"),
        ({"field": "grade", "value": "Inadequate"}, Refused, "it is final"),
        ({"field": "element_grade", "value": "Good"}, BadInput, "Say which with --element"),
        ({"field": "element_grade", "element": "x", "value": "Good"}, BadInput, "--element"),
        (
            {"field": "element_grade", "element": ELEMENTS[0].key, "value": "fine"},
            BadInput,
            "grade",
        ),
        (
            {"field": "grade", "element": ELEMENTS[0].key, "value": "Good"},
            BadInput,
            "Leave out --element",
        ),
        (
            {"field": "submitted_on", "value": "2026-03-11", "reason": " "},
            AuditflowError,
            "The reason is empty",
        ),
        ({"field": "held_on", "value": "2026-03-11", "audit": "2020-01-001"}, NotFound, "no audit"),
    ],
)
def test_what_cannot_have_been_so_is_refused_and_changes_nothing(
    office: Office, said: dict[str, Any], kind: type[AuditflowError], says: str
) -> None:
    ref = march(office)
    kept = office.audit(ref)
    with pytest.raises(kind, match=says):
        correct(office, ref, "2026-03-11 10:00", **said)
    assert office.audit(ref) == kept


def test_only_the_qa_manager_corrects(office: Office) -> None:
    ref = march(office)
    for who in ("qa1", "aud", "rm", "ad"):
        with pytest.raises(NotAllowed):
            correct(office, ref, "2026-03-11 10:00", who, field="submitted_on", value="2026-03-11")


def test_nobody_corrects_an_entry_of_their_own(office: Office) -> None:
    both = person("both", Role.QA_MANAGER, Role.RESPONSIBLE_MANAGER, team="Able", service="North")
    people = tuple(both if p.id == "rm" else replace(p, line=()) for p in PEOPLE)
    office.app.service.do_office(ImportPeople(people=people), by="qa1", now=at("2025-01-02 09:00"))
    ref = office.held("2026-03", "2026-03-10", "2026-01-20")
    agreed = meeting.AgreeGrade(audit=ref, grade=Grade.GOOD, impact="The child is safer.")
    office.do(agreed, "aud", "2026-03-10 11:40")
    submit = meeting.Submit(audit=ref, no_actions_because="Nothing to change.")
    office.do(submit, "aud", "2026-03-10 12:00")
    correct(office, ref, "2026-03-12 10:00", field="submitted_on", value="2026-03-11")
    # What one corrected is that one's entry too.
    with pytest.raises(NotAllowed, match="of their own"):
        correct(office, ref, "2026-03-12 11:00", field="submitted_on", value="2026-03-12")
    correct(office, ref, "2026-03-12 11:00", "both", field="submitted_on", value="2026-03-12")
    assert office.audit(ref).submitted_on == date(2026, 3, 12)


def test_a_grade_is_corrected_until_it_is_final(office: Office) -> None:
    ref = office.held("2026-03", "2026-03-10", "2026-01-20")
    agreed = meeting.AgreeGrade(audit=ref, grade=Grade.GOOD, impact="The child is safer.")
    office.do(agreed, "aud", "2026-03-10 11:40")
    correct(office, ref, "2026-03-10 11:50", field="grade", value="Inadequate")
    submit = meeting.Submit(audit=ref, no_actions_because="All is under way.")
    office.do(submit, "aud", "2026-03-10 12:00")
    assert the(office, ref, "T8").state == "level_3"
    again = {"field": "grade", "value": "requires improvement"}
    with pytest.raises(NotAllowed, match="of their own"):
        correct(office, ref, "2026-03-11 10:00", **again)
    check_store(office, "2026-03-11 11:00")


def test_an_inadequate_typed_by_mistake_is_moderated_no_more(office: Office) -> None:
    ref = march(office, grade=Grade.INADEQUATE)
    assert due(office, ref, "moderate_inadequate") == "2026-03-17"
    correct(office, ref, "2026-03-11 10:00", field="grade", value="Good")
    audit = office.audit(ref)
    assert (audit.grade_status, audit.moderation, audit.reaudit_due_on) == (
        "final", "not_required", None,
    )  # fmt: skip
    assert the(office, ref, "T8").answer == "done"
    assert let_run(office, "2026-03-12", "2026-03-16") == []
    check_store(office, "2026-03-16 12:00")


def test_a_disputed_position_is_set_right(office: Office) -> None:
    ref = office.held("2026-03", "2026-03-10", "2026-01-20")
    disagreement = meeting.RecordDisagreement(
        audit=ref,
        auditor_grade=Grade.INADEQUATE,
        worker_grade=Grade.GOOD,
        auditor_reason="Late.",
        worker_reason="Seen weekly.",
    )
    office.do(disagreement, "aud", "2026-03-10 11:40")
    with pytest.raises(Refused, match="differ"):
        correct(office, ref, "2026-03-10 11:50", field="auditor_grade", value="Good")
    value = "Requires Improvement"
    correct(office, ref, "2026-03-10 11:50", field="auditor_grade", value=value)
    audit = office.audit(ref)
    assert (audit.grade, audit.auditor_grade) == (Grade.REQUIRES_IMPROVEMENT,) * 2
    check_store(office, "2026-03-10 12:00")


def test_what_is_voided_is_not_set_right_any_more(office: Office) -> None:
    ref = office.held("2026-03", "2026-03-10", "2026-01-20")
    agreed = meeting.AgreeGrade(audit=ref, grade=Grade.GOOD, impact="The child is safer.")
    office.do(agreed, "aud", "2026-03-10 11:40")
    office.do(scheduling.Void(audit=ref, reason="The wrong file."), "qam", "2026-03-10 12:00")
    kept = office.audit(ref)
    for field, value in (("grade", "Outstanding"), ("held_on", "2026-03-09")):
        with pytest.raises(Refused, match="stays as it is"):
            correct(office, ref, "2026-03-11 10:00", field=field, value=value, by="qam")
    assert office.audit(ref) == kept
    check_store(office, "2026-03-11 11:00")
