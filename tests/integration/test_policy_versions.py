"""A policy has versions: set by the QA manager with a reason, told before, and really in effect."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from auditflow.audits import Trigger
from auditflow.commands import SetPolicy, escalations, follow_up, meeting, scheduling
from auditflow.commands.office import Case
from auditflow.errors import AuditflowError, BadInput, NotAllowed, NotFound, Refused
from auditflow.guidance.tool import ELEMENTS, Grade
from auditflow.persistence import tables
from auditflow.persistence.journal import read
from auditflow.queries import audit_detail, board
from auditflow.queries.rounds import round_page
from auditflow.sampling import in_share
from support.asking import ask
from support.checks import check_store, due, let_run, the
from support.office import Office, add, at, planned, supervision

pytestmark = pytest.mark.rules

IMMEDIATE = planned("rm", "2026-03-17", immediate=True)


def rows(office: Office, query: Any) -> list[Any]:
    with office.app.store.reading() as connection:
        return list(connection.execute(query))


def march(office: Office, **more: Any) -> str:
    return office.submitted("2026-03", "2026-03-10", "2026-01-20", IMMEDIATE, **more)


@pytest.mark.both
def test_a_change_is_told_before_then_journalled_and_moves_what_is_open(office: Office) -> None:
    ref = march(office)
    kept = office.audit(ref)
    told = office.set("immediate_action", "7 working days", "2026-03-11 09:00", dry_run=True)
    assert office.audit(ref) == kept
    assert rows(office, select(tables.store.c.policy_version)) == [(2,)]
    done = office.set("immediate_action", "7 working days", "2026-03-11 09:00")
    assert done.figures["moved"] == told.figures["moved"]
    (moved,) = done.figures["moved"]
    assert (moved["audit"], moved["from"], moved["to"]) == (ref, "2026-03-17", "2026-03-19")
    assert due(office, ref, "immediate_action") == "2026-03-19"
    (last,) = rows(office, select(tables.policy).where(tables.policy.c.version == 3))
    assert (last.name, last.set_by, last.reason) == (
        "immediate_action", "qam", "The council says so.",
    )  # fmt: skip
    (line,) = [
        read(r.body)
        for r in rows(office, select(tables.journal.c.body).where(tables.journal.c.audit_id == 0))
        if read(r.body)["event"] == "set_policy" and read(r.body)["changed"]["version"] == 3
    ]
    assert line["changed"]["moved"] == done.figures["moved"]
    assert let_run(office, "2026-03-12", "2026-03-19") == []
    assert let_run(office, "2026-03-20", "2026-03-20") == ["2026-03-20 T3 level_2"]
    check_store(office, "2026-03-20 12:00")


def test_s23_what_was_missed_or_is_closed_stays_as_it_was(office: Office) -> None:
    ref = march(office)
    let_run(office, "2026-03-11", "2026-03-18")
    moved = office.set("immediate_action", "20 working days", "2026-03-18 10:00").figures["moved"]
    assert due(office, ref, "immediate_action") == "2026-03-17"
    assert moved == []
    check_store(office, "2026-03-18 12:00")


@pytest.mark.parametrize("who", ["qa1", "aud", "hos", "ad"])
def test_only_the_qa_manager_sets_it(office: Office, who: str) -> None:
    command = SetPolicy(setting="cutoff", value="17:00", reason="We close then.")
    with pytest.raises(NotAllowed):
        office.app.service.do_office(command, by=who, now=at("2026-03-01 09:00"))
    assert rows(office, select(tables.store.c.policy_version)) == [(2,)]


@pytest.mark.parametrize(
    ("name", "value", "reason", "kind"),
    [
        ("cutof", "17:00", "Why.", NotFound),
        ("cutoff", "five", "Why.", BadInput),
        ("cutoff", "17:00", "  ", BadInput),
        ("check_file", "default", "Why.", BadInput),
        ("moderation_share", "0", "Why.", Refused),
        ("supervision_review", "900 months", "Why.", AuditflowError),
    ],
)
def test_what_cannot_be_set_changes_nothing(
    office: Office, name: str, value: str, reason: str, kind: type[AuditflowError]
) -> None:
    ref = march(office)
    kept = office.audit(ref)
    command = SetPolicy(setting=name, value=value, reason=reason)
    with pytest.raises(kind):
        office.app.service.do_office(command, by="qam", now=at("2026-03-11 09:00"))
    assert rows(office, select(tables.store.c.policy_version)) == [(2,)]
    assert office.audit(ref) == kept


def test_an_office_hour_makes_what_is_open_late_that_day(office: Office) -> None:
    ref = march(office)
    (moved, *_) = office.set("cutoff", "17:00", "2026-03-11 09:00").figures["moved"]
    assert moved["from"] == moved["to"]
    (owed,) = [o for o in office.audit(ref).duties if o.duty == "immediate_action"]
    assert owed.overdue_from == at("2026-03-17 17:00")


def test_closing_days_do_not_count(office: Office) -> None:
    ref = march(office)
    office.set("closure_days", "2026-03-16", "2026-03-11 09:00")
    assert due(office, ref, "immediate_action") == "2026-03-18"


def test_months_may_be_left_where_they_end(office: Office) -> None:
    """S4: one month from 24 December is Sat 24 January, or rolled on Mon 26 January."""
    ref = office.submitted("2025-12", "2025-12-24", "2025-10-30")
    assert due(office, ref, "supervision_review") == "2026-01-26"
    office.set("month_roll", "none", "2025-12-29 09:00")
    assert due(office, ref, "supervision_review") == "2026-01-24"


def test_the_meeting_may_have_to_wait_for_the_file_check(office: Office) -> None:
    office.set("file_check_blocks", "yes", "2026-01-19 09:00")
    ref = office.booked("2026-03", "2026-03-10", "2026-01-20")
    start = scheduling.StartAudit(audit=ref, key_worker_present=True)
    with pytest.raises(Refused, match="file check is confirmed"):
        office.do(start, "aud", "2026-03-10 10:00")
    office.do(scheduling.ConfirmFileChecked(audit=ref), "kw", "2026-03-10 10:05")
    assert office.do(start, "aud", "2026-03-10 10:10").audit.state == "in_audit"
    check_store(office, "2026-03-10 12:00")


def test_five_days_may_count_from_the_submission(office: Office) -> None:
    office.set("immediate_from", "submitted_on", "2026-01-19 09:00")
    ref = office.held("2026-03", "2026-03-10", "2026-01-20")
    office.do(add(ref, IMMEDIATE), "aud", "2026-03-10 11:30")
    agreed = meeting.AgreeGrade(audit=ref, grade=Grade.GOOD, impact="The child is safer.")
    office.do(agreed, "aud", "2026-03-10 11:40")
    assert due(office, ref, "immediate_action") is None
    office.do(meeting.Submit(audit=ref), "aud", "2026-03-12 12:00")
    assert due(office, ref, "immediate_action") == "2026-03-19"
    check_store(office, "2026-03-12 13:00")


def test_elements_may_have_to_be_graded_and_one_may_make_it_inadequate(office: Office) -> None:
    office.set("grade_elements", "required", "2026-01-19 09:00")
    office.set("inadequate_by", "element", "2026-01-19 09:00")
    ref = office.booked("2026-03", "2026-03-10", "2026-01-20")
    start = scheduling.StartAudit(audit=ref, key_worker_present=True)
    office.do(start, "aud", "2026-03-10 10:00")
    finding = meeting.RecordFindings(audit=ref, element=ELEMENTS[0].key, evidence="Seen.")
    with pytest.raises(BadInput, match="graded"):
        office.do(finding, "aud", "2026-03-10 10:30")
    for i, element in enumerate(ELEMENTS):
        grade = Grade.GOOD if i else Grade.INADEQUATE
        finding = meeting.RecordFindings(
            audit=ref, element=element.key, evidence="Seen.", grade=grade
        )
        office.do(finding, "aud", "2026-03-10 11:00")
    agreed = meeting.AgreeGrade(audit=ref, grade=Grade.GOOD, impact="The child is safer.")
    office.do(agreed, "aud", "2026-03-10 11:40")
    submit = meeting.Submit(audit=ref, no_actions_because="Nothing to change.")
    office.do(submit, "aud", "2026-03-10 12:00")
    assert the(office, ref, "T8").state == "level_3"
    moderated = follow_up.Moderate(audit=ref, grade=Grade.GOOD, reason="On balance it is good.")
    audit = office.do(moderated, "hos", "2026-03-11 10:00").audit
    assert (audit.grade_status, audit.reaudit_due_on) == ("final", date(2026, 6, 10))
    check_store(office, "2026-03-11 12:00")


def test_the_cap_of_an_agreed_action_may_count_from_the_audit(office: Office) -> None:
    office.set("action_cap_from", "audit", "2026-01-19 09:00")
    office.set("action_cap_months", "2", "2026-01-19 09:00")
    ref = march(office)
    review = supervision(ref)
    office.do(review, "rm", "2026-03-20 10:00")
    office.do(add(ref, planned("kw", "2026-05-11")), "rm", "2026-03-20 10:30")
    with pytest.raises(Refused, match="11 May 2026"):
        office.do(add(ref, planned("kw", "2026-05-12")), "rm", "2026-03-20 10:40")


def test_a_line_manager_may_be_let_extend_further(office: Office) -> None:
    ref = office.booked("2026-03", "2026-03-10", "2026-01-20")
    extend = scheduling.Extend(audit=ref, until=date(2026, 4, 10), reason="Leave.")
    with pytest.raises(Refused):
        office.do(extend, "lm", "2026-03-09 10:00")
    office.set("extension_days", "14", "2026-03-09 11:00")
    assert office.do(extend, "lm", "2026-03-09 12:00").audit.hold_by == date(2026, 4, 10)


def test_what_was_due_before_enforcing_began_raises_nothing_and_says_so(office: Office) -> None:
    office.set("enforce_from", "2026-04-01", "2026-01-19 09:00")
    ref = march(office)
    assert let_run(office, "2026-03-11", "2026-03-20") == ["2026-03-18 pass_over immediate_action"]
    (missed,) = [o for o in office.audit(ref).duties if o.missed]
    assert missed.duty == "immediate_action"
    told = [read(r.body) for r in rows(office, select(tables.journal.c.body))]
    assert [t["missed"] for t in told if t["event"] == "pass_over"] == [
        "immediate_action action 1 2026-03-17"
    ]
    assert office.audit(ref).escalations == ()
    # What falls due from then on is enforced.
    assert let_run(office, "2026-03-21", "2026-04-13") == ["2026-04-13 T4 level_2"]
    check_store(office, "2026-04-13 12:00")


def test_a_child_at_risk_is_enforced_whenever(office: Office) -> None:
    office.set("enforce_from", "2026-12-01", "2026-01-19 09:00")
    ref = office.held("2026-03", "2026-03-10", "2026-01-20")
    office.do(meeting.RaiseConcern(audit=ref, says="At risk."), "aud", "2026-03-10 11:00")
    office.sweep("2026-03-11 00:00")
    assert the(office, ref, "T2").state == "level_4"


def test_levels_are_called_as_the_council_calls_them(office: Office) -> None:
    office.set("level_2", "Practice Improvement", "2026-01-19 09:00")
    ref = march(office)
    office.sweep("2026-03-18 09:00")
    office.app._now = at("2026-03-18 10:00")
    qam = "qam"
    assert (
        ask(office.app, qam, audit_detail, ref).escalations[0].where
        == "Level 2, Practice Improvement"
    )
    assert ask(office.app, qam, board).escalations[0].title == "Practice Improvement"


# The sample that is moderated (7.4).


def drawn_into_the_sample(office: Office) -> str:
    office.set("moderation_share", "100", "2026-01-19 09:00")
    return march(office)


def test_a_seed_draws_about_the_share_it_is_asked_for_and_always_the_same() -> None:
    names = [f"2026-{m:02d}-{n:03d}" for m in range(1, 13) for n in range(200)]
    chosen = {n for n in names if in_share(n, "seed", 10)}
    assert 200 < len(chosen) < 280
    assert chosen == {n for n in reversed(names) if in_share(n, "seed", 10)}
    assert chosen < {n for n in names if in_share(n, "seed", 20)}
    assert chosen != {n for n in names if in_share(n, "other seed", 10)}
    assert not any(in_share(n, "seed", 0) for n in names)
    assert all(in_share(n, "seed", 100) for n in names)


def test_which_are_moderated_can_be_told_from_the_seed_alone(office: Office) -> None:
    office.set("moderation_share", "50", "2026-01-19 09:00")
    cases = [Case(f"C{i}", "child_in_need", "Able", "kw") for i in range(6)]
    office.draw("2026-03", "2026-01-20 09:00", size=6, cases=cases)
    seed = ask(office.app, "qa1", round_page, date(2026, 3, 1)).seed
    for n in range(1, 7):
        ref = f"2026-03-{n:03d}"
        office.do(scheduling.Distribute(audit=ref, auditor="aud"), "qa1", "2026-01-20 10:00")
        booking = scheduling.BookMeeting(audit=ref, on=date(2026, 3, 10))
        office.do(booking, "aud", "2026-01-20 11:00")
        start = scheduling.StartAudit(audit=ref, key_worker_present=True)
        office.do(start, "aud", "2026-03-10 10:00")
        for element in ELEMENTS:
            finding = meeting.RecordFindings(audit=ref, element=element.key, evidence="Seen.")
            office.do(finding, "aud", "2026-03-10 11:00")
        agreed = meeting.AgreeGrade(audit=ref, grade=Grade.GOOD, impact="The child is safer.")
        office.do(agreed, "aud", "2026-03-10 11:40")
        submit = meeting.Submit(audit=ref, no_actions_because="Nothing to change.")
        audit = office.do(submit, "aud", "2026-03-10 12:00").audit
        assert audit.sampled is in_share(ref, seed, 50)
        assert (due(office, ref, "moderate_sample") == "2026-03-24") is audit.sampled


def test_a_sampled_audit_waits_for_another_than_its_auditor(office: Office) -> None:
    ref = drawn_into_the_sample(office)
    assert due(office, ref, "moderate_sample") == "2026-03-24"
    raised = let_run(office, "2026-03-11", "2026-03-25")
    assert raised == ["2026-03-18 T3 level_2", "2026-03-25 T9 level_2"]
    moderated = follow_up.Moderate(audit=ref, grade=Grade.OUTSTANDING, reason="Better than that.")
    with pytest.raises(AuditflowError):
        office.do(moderated, "aud", "2026-03-25 10:00")
    audit = office.do(moderated, "mod", "2026-03-25 10:00").audit
    assert (audit.moderation, audit.grade, audit.moderator) == ("done", Grade.OUTSTANDING, "mod")
    assert the(office, ref, "T9").answer == "done"
    check_store(office, "2026-03-25 12:00")


def test_an_inadequate_found_in_the_sample_goes_to_the_head_of_service(office: Office) -> None:
    ref = drawn_into_the_sample(office)
    found = follow_up.Moderate(audit=ref, grade=Grade.INADEQUATE, reason="It is not safe.")
    audit = office.do(found, "mod", "2026-03-11 10:00").audit
    assert (audit.moderation, audit.sampled, audit.grade_status) == ("pending", False, "advised")
    assert the(office, ref, "T8").state == "level_3"
    assert due(office, ref, "moderate_inadequate") == "2026-03-18"
    audit = office.do(found, "hos", "2026-03-12 10:00").audit
    assert (audit.moderation, audit.grade_status) == ("done", "final")
    check_store(office, "2026-03-12 12:00")


def test_a_dispute_settled_as_inadequate_is_moderated_though_it_was_sampled(
    office: Office,
) -> None:
    office.set("moderation_share", "100", "2026-01-19 09:00")
    ref = office.held("2026-03", "2026-03-10", "2026-01-20")
    disagreement = meeting.RecordDisagreement(
        audit=ref,
        auditor_grade=Grade.REQUIRES_IMPROVEMENT,
        worker_grade=Grade.GOOD,
        auditor_reason="Late.",
        worker_reason="Seen weekly.",
    )
    office.do(disagreement, "aud", "2026-03-10 11:40")
    submit = meeting.Submit(audit=ref, no_actions_because="Nothing to change.")
    assert office.do(submit, "aud", "2026-03-10 12:00").audit.sampled
    n = the(office, ref, "T1").n
    up = escalations.Bypass(audit=ref, escalation=n, level=4, reason="It cannot wait.")
    office.do(up, "qam", "2026-03-11 10:00")
    grade = escalations.Decide(
        audit=ref, escalation=n, grade=Grade.INADEQUATE, reason="It is not safe."
    )
    audit = office.do(grade, "ad", "2026-03-12 10:00").audit
    assert (audit.moderation, audit.sampled) == ("pending", False)
    assert audit.stands(Trigger.T8)
    check_store(office, "2026-03-12 12:00")
