"""8.3, raise (system or QA): what will plainly be missed is raised by hand, and only once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from auditflow.audits import Escalation, Role
from auditflow.commands import ImportCalendar, escalations, follow_up, scheduling
from auditflow.commands.raising import Raise
from auditflow.errors import AuditflowError, BadInput, NotAllowed, Refused
from auditflow.queries import audit_detail
from support.asking import ask, proof_of
from support.checks import check_store, due, let_run, the, told, windows
from support.office import Office, at, planned, supervision

#: On both databases.
pytestmark = pytest.mark.usefixtures("store_kind")

WHY = "The manager is away until May."


def by_hand(office: Office, ref: str, duty: str, when: str, **more: Any) -> Escalation:
    """Raised by qa1; the newest escalation."""
    command = Raise(audit=ref, duty=duty, reason=WHY, **more)
    return office.do(command, "qa1", when).audit.escalations[-1]


def accept(office: Office, ref: str, n: int, when: str, by: str = "qa2") -> None:
    office.do(escalations.Accept(audit=ref, escalation=n), by, when)


@pytest.fixture
def march(office: Office) -> str:
    """Held and submitted on Tue 10 March 2026: supervision is due by Fri 10 April."""
    return office.submitted("2026-03", "2026-03-10", "2026-01-20")


@pytest.mark.both
def test_it_is_raised_as_the_chart_says_for_that_duty_before_it_is_late(
    office: Office, march: str
) -> None:
    raised = by_hand(office, march, "supervision_review", "2026-03-20 10:00")
    assert (raised.trigger, raised.state, raised.raised_by) == ("T4", "level_2", "qa1")
    assert (raised.raised_on, raised.overdue_since) == (date(2026, 3, 20), None)
    assert windows(office, march, raised.n) == {"level_2": "2026-03-27"}
    assert set(told(office, march, "escalated")) == {
        (Role.QA_TEAM, ""), (Role.RESPONSIBLE_MANAGER, "rm"),
    }  # fmt: skip
    page = ask(office.app, "qa1", audit_detail, march)
    assert page.escalations[0].raised_by == "Qa1"
    assert page.timeline[-1].says == f"{WHY}; Review in supervision, due Fri 10 April 2026"
    check_store(office, "2026-03-20 12:00")
    assert proof_of(office.app).faults == []


def test_when_its_date_passes_the_clock_raises_nothing_beside_it(
    office: Office, march: str
) -> None:
    by_hand(office, march, "supervision_review", "2026-04-08 10:00")
    assert let_run(office, "2026-04-09", "2026-04-13") == ["2026-04-13 remind supervision_review"]
    assert the(office, march, "T4").overdue_since is None
    # It climbs from the day its holder was told, as any other.
    assert let_run(office, "2026-04-14", "2026-04-16") == ["2026-04-16 T4 level_3"]
    check_store(office, "2026-04-16 12:00")


def test_done_in_time_after_all_it_answers_for_itself_and_a_person_accepts(
    office: Office, march: str
) -> None:
    n = by_hand(office, march, "supervision_review", "2026-03-20 10:00").n
    office.do(
        supervision(march),
        "rm",
        "2026-03-24 10:00",
    )
    answered = the(office, march, "T4")
    assert (answered.answer, answered.answered_by) == ("done", "system")
    with pytest.raises(NotAllowed):
        accept(office, march, n, "2026-03-24 11:00", "rm")
    accept(office, march, n, "2026-03-24 11:00")
    settled = the(office, march, "T4")
    assert (settled.state, settled.resolution) == ("resolved", "done")
    assert office.audit(march).state == "awaiting_verification"
    check_store(office, "2026-03-24 12:00")


def booked(office: Office) -> str:
    return office.booked("2026-03", "2026-03-10", "2026-01-20")


def held(office: Office) -> str:
    return office.held("2026-03", "2026-03-10", "2026-01-20")


def with_actions(office: Office) -> str:
    immediate = planned("rm", "2026-03-17", immediate=True)
    agreed = (planned("kw", "2026-04-10"), planned("rm", "2026-04-10"))
    return office.submitted("2026-03", "2026-03-10", "2026-01-20", immediate, *agreed)


def done(office: Office) -> str:
    ref = with_actions(office)
    office.done(ref, 2, "kw", "2026-03-10 13:00")
    return ref


def sampled(office: Office) -> str:
    office.set("moderation_share", "100", "2026-01-19 09:00")
    return office.submitted("2026-03", "2026-03-10", "2026-01-20")


def all_done(office: Office) -> str:
    ref = office.submitted("2026-03", "2026-03-10", "2026-01-20")
    office.do(
        supervision(ref),
        "rm",
        "2026-03-10 13:00",
    )
    return ref


def answered(office: Office) -> str:
    ref = office.submitted("2026-03", "2026-03-10", "2026-01-20")
    n = by_hand(office, ref, "supervision_review", "2026-03-10 13:00").n
    answer = escalations.Answer(audit=ref, escalation=n, says="A stand-in takes it.")
    office.do(answer, "qa1", "2026-03-10 14:00")
    return ref


@pytest.mark.parametrize(
    ("road", "duty", "about", "trigger", "level"),
    [
        (booked, "hold_audit", "", "T6", "level_2"),
        (held, "submit", "", "T7", "level_2"),
        (held, "supervision_review", "audit", "T4", "level_2"),
        (with_actions, "immediate_action", "", "T3", "level_2"),
        (with_actions, "agreed_action", "action 2", "T5", "level_1"),
        (with_actions, "agreed_action", "action 3", "T5", "level_2"),
        (done, "file_action", "action 2", "T5", "level_1"),
        (sampled, "moderate_sample", "", "T9", "level_2"),
        (all_done, "verify", "", "T9", "level_2"),
        (answered, "judge_answer", "escalation 1", "T9", "level_2"),
    ],
)
def test_each_duty_that_escalates_may_be_raised_once_and_starts_where_it_would_if_missed(
    office: Office, road: Any, duty: str, about: str, trigger: str, level: str
) -> None:
    ref = road(office)
    raised = by_hand(office, ref, duty, "2026-03-10 15:00", about=about)
    assert (raised.trigger, raised.state) == (trigger, level)
    with pytest.raises(Refused, match=f"raised already: it is escalation {raised.n}"):
        by_hand(office, ref, duty, "2026-03-10 15:30", about=about)
    late_by = {"T6": "2026-04-01", "T4": "2026-04-13"}.get(trigger, "2026-03-25")
    let_run(office, "2026-03-11", late_by)
    about_it = (f"{duty} ", raised.action, raised.about)
    found = [e for e in office.audit(ref).escalations if e.cause.startswith(about_it[0])]
    assert [e.n for e in found if (e.action, e.about) == about_it[1:]] == [raised.n]
    check_store(office, f"{late_by} 12:00")


@pytest.mark.parametrize(
    ("road", "said", "kind", "says"),
    [
        (booked, {"duty": "check_file"}, Refused, "only reminded of"),
        (booked, {"duty": "arrange_meeting"}, Refused, "only reminded of"),
        (answered, {"duty": "answer"}, Refused, "escalation bypass"),
        (booked, {"duty": "supervision_review"}, Refused, "What may be raised: hold_audit"),
        (booked, {"duty": "the meeting"}, Refused, "“the meeting” is not owed here now"),
        (with_actions, {"duty": "agreed_action"}, BadInput, "agreed_action \\(action 3\\)"),
        (with_actions, {"duty": "agreed_action", "about": "action 1"}, Refused, "not owed here"),
        (held, {"duty": "submit", "reason": " "}, BadInput, "reason is empty"),
    ],
)
def test_what_is_not_raised_by_hand(
    office: Office, road: Any, said: dict[str, str], kind: type[AuditflowError], says: str
) -> None:
    ref = road(office)
    kept = office.audit(ref)
    with pytest.raises(kind, match=says):
        office.do(Raise(**{"audit": ref, "reason": WHY, **said}), "qa1", "2026-03-10 15:00")
    assert office.audit(ref) == kept


def test_where_nothing_escalates_that_is_said(office: Office) -> None:
    ref = office.booked("2026-03", "2026-03-10", "2026-01-20")
    office.do(scheduling.Void(audit=ref, reason="The wrong file."), "qam", "2026-01-21 09:00")
    with pytest.raises(Refused, match="Nothing that escalates is owed"):
        by_hand(office, ref, "hold_audit", "2026-01-21 10:00")


def test_what_is_late_the_clock_has_raised_already(office: Office, march: str) -> None:
    with pytest.raises(Refused, match="raised already: it is escalation 1"):
        by_hand(office, march, "supervision_review", "2026-04-20 10:00")
    assert let_run(office, "2026-04-20", "2026-04-20") == ["2026-04-20 T4 level_2"]


def test_what_is_late_from_before_enforcing_began_stays_let_pass(office: Office) -> None:
    office.set("enforce_from", "2026-05-01", "2026-01-19 09:00")
    ref = office.submitted("2026-03", "2026-03-10", "2026-01-20")
    let_run(office, "2026-04-13", "2026-04-13")
    with pytest.raises(Refused, match="is past"):
        by_hand(office, ref, "supervision_review", "2026-04-14 10:00")


@pytest.mark.parametrize("who", ["aud", "rm", "hos", "ad"])
def test_only_the_qa_team_raises_by_hand(office: Office, march: str, who: str) -> None:
    command = Raise(audit=march, duty="supervision_review", reason=WHY)
    with pytest.raises(NotAllowed):
        office.do(command, who, "2026-03-20 10:00")


def test_settled_in_words_and_late_all_the_same_it_is_raised_again(
    office: Office, march: str
) -> None:
    n = by_hand(office, march, "supervision_review", "2026-03-20 10:00").n
    answer = escalations.Answer(audit=march, escalation=n, says="It will be held on 9 April.")
    office.do(answer, "qa1", "2026-03-20 11:00")
    accept(office, march, n, "2026-03-20 12:00")
    with pytest.raises(Refused, match="raised already"):
        by_hand(office, march, "supervision_review", "2026-03-23 10:00")
    assert let_run(office, "2026-03-21", "2026-04-13") == ["2026-04-13 T4 level_2"]
    again = office.audit(march).escalations[1]
    assert again.overdue_since == at("2026-04-11 00:00")
    assert let_run(office, "2026-04-14", "2026-04-17") == []
    assert proof_of(office.app).faults == []
    check_store(office, "2026-04-17 12:00")


def test_its_duty_may_get_another_date_while_it_stands_and_is_still_not_doubled(
    office: Office,
) -> None:
    ref = booked(office)
    by_hand(office, ref, "hold_audit", "2026-03-20 10:00")
    extend = scheduling.Extend(audit=ref, until=date(2026, 4, 7), reason="Ill.")
    office.do(extend, "lm", "2026-03-24 10:00")
    did = let_run(office, "2026-03-25", "2026-04-08")
    assert did == ["2026-03-30 T6 level_3", "2026-04-08 remind hold_audit"]
    assert the(office, ref, "T6").raised_by == "qa1"
    check_store(office, "2026-04-08 12:00")


def test_a_date_that_a_new_holiday_moves_does_not_count_as_done(office: Office) -> None:
    ref = all_done(office)
    n = by_hand(office, ref, "verify", "2026-03-11 10:00").n
    assert due(office, ref, "verify") == "2026-03-17"
    command = ImportCalendar(days={date(2026, 3, 13): "Day of thanks"}, through=None, source="x")
    office.app.service.do_office(command, by="qam", now=at("2026-03-11 11:00"))
    assert due(office, ref, "verify") == "2026-03-18"
    office.do(escalations.Acknowledge(audit=ref, escalation=n), "qa1", "2026-03-12 10:00")
    assert the(office, ref, "T9").answer == ""
    office.do(follow_up.Verify(audit=ref), "qa1", "2026-03-16 10:00")
    assert the(office, ref, "T9").answer == "done"
    check_store(office, "2026-03-16 12:00")


def test_a_new_date_that_was_accepted_and_is_missed_again_escalates_again(office: Office) -> None:
    ref = with_actions(office)
    n = by_hand(office, ref, "agreed_action", "2026-03-12 10:00", about="action 2").n
    new = date(2026, 4, 20)
    answer = escalations.Answer(audit=ref, escalation=n, says="The school is shut.", new_date=new)
    office.do(answer, "rm", "2026-03-12 11:00")
    accept(office, ref, n, "2026-03-12 12:00")
    assert due(office, ref, "agreed_action", "action 2") == "2026-04-20"
    did = let_run(office, "2026-03-13", "2026-04-21")
    assert [d for d in did if d.endswith("T5 level_1")] == ["2026-04-21 T5 level_1"]
    check_store(office, "2026-04-21 12:00")
