"""Deputies: on which days, with whose roles, and what neither of the two may check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from auditflow.audits import Person, Role
from auditflow.commands import (
    AppointDeputy,
    AuditCommand,
    Correct,
    ImportPeople,
    follow_up,
    meeting,
    scheduling,
)
from auditflow.commands import escalations as on
from auditflow.commands.office import Case
from auditflow.errors import BadInput, NotAllowed, NotFound, Refused
from auditflow.guidance.tool import Grade
from auditflow.queries import Reading, audit_detail, board, deputyships
from support.asking import ask, everybody, listed
from support.checks import check_store, dump, journal, let_run, rows, the
from support.office import PEOPLE, Office, at, person, planned, supervision

pytestmark = pytest.mark.rules

MORE = (
    person("atm", Role.KEY_WORKER, team="Able", service="North", line=("rm", "hos")),
    person("qam2", Role.QA_MANAGER),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    made.app.service.do_office(ImportPeople(people=MORE), by="qa1", now=at("2026-01-02 09:00"))
    yield made
    made.app.close()


def appoint(
    office: Office, deputy: str, whom: str, since: str, until: str, by: str = "qam"
) -> None:
    command = AppointDeputy(
        person=whom,
        deputy=deputy,
        since=date.fromisoformat(since),
        until=date.fromisoformat(until),
    )
    office.app.service.do_office(command, by=by, now=at("2026-01-20 09:00"))


def denied(
    office: Office, command: AuditCommand, by: str, when: str, whom: str = "", words: str = "."
) -> None:
    """Nothing changes but the access log, which has one line more."""
    kept, log = dump(office, "access_log"), rows(office, "SELECT * FROM access_log")
    with pytest.raises((NotAllowed, NotFound), match=words):
        office.do(command, by, when, acting_for=whom)
    assert dump(office, "access_log") == kept
    new = rows(office, "SELECT person, what, denied FROM access_log")[len(log) :]
    assert new == [(by, command.event, 1)]


@pytest.mark.parametrize(
    ("when", "stands"),
    [
        ("2026-03-08 23:59", False),
        ("2026-03-09 00:00", True),
        ("2026-03-12 23:59", True),
        ("2026-03-13 00:00", False),
    ],
)
def test_a_deputyship_stands_from_its_first_day_to_its_last(
    office: Office, when: str, *, stands: bool
) -> None:
    ref = office.booked("2026-03", "2026-03-16", "2026-01-28")
    appoint(office, "atm", "kw", "2026-03-09", "2026-03-12")
    check = scheduling.ConfirmFileChecked(audit=ref)
    if not stands:
        denied(office, check, "atm", when, "kw", "does not stand in for Kw")
        return
    office.do(check, "atm", when, acting_for="kw")
    line = journal(office, ref)[-1]
    assert (line["who"], line["for"]) == ("atm", "kw")


@pytest.mark.both
def test_the_history_says_x_for_y(office: Office) -> None:
    plan = planned("rm", "2026-03-17", immediate=True)
    ref = office.submitted("2026-03", "2026-03-10", "2026-01-28", plan)
    appoint(office, "atm", "rm", "2026-03-10", "2026-03-31")
    review = supervision(ref)
    denied(office, review, "atm", "2026-03-11 09:00")
    office.do(review, "atm", "2026-03-11 10:00", acting_for="rm")
    office.app._now = at("2026-03-11 12:00")
    with office.app.reading("atm", "rm") as reading:
        page = audit_detail(reading, ref)
    assert "Atm for Rm" in [e.who for e in page.timeline]
    with pytest.raises(NotFound):
        ask(office.app, MORE[0], audit_detail, ref)
    check_store(office, "2026-03-11 13:00")


def test_a_deputy_has_the_roles_of_the_one_stood_in_for_and_no_others(office: Office) -> None:
    ref = office.booked("2026-03", "2026-03-10", "2026-01-28")
    appoint(office, "qa1", "kw", "2026-01-01", "2026-12-31")
    withdraw = scheduling.Withdraw(audit=ref, reason="Closed.")
    denied(office, withdraw, "qa1", "2026-03-02 10:00", "kw", "Qa1 for Kw is none of these")
    office.do(scheduling.ConfirmFileChecked(audit=ref), "qa1", "2026-03-02 10:00", acting_for="kw")


def test_a_deputyship_is_no_chain(office: Office) -> None:
    ref = office.booked("2026-03", "2026-03-10", "2026-01-28")
    appoint(office, "atm", "rm", "2026-01-01", "2026-12-31")
    appoint(office, "rm", "kw", "2026-01-01", "2026-12-31")
    denied(office, scheduling.ConfirmFileChecked(audit=ref), "atm", "2026-03-02 10:00", "kw")


def test_given_again_it_has_another_end(office: Office) -> None:
    ref = office.booked("2026-03", "2026-03-16", "2026-01-28")
    appoint(office, "atm", "kw", "2026-03-01", "2026-03-31")
    appoint(office, "atm", "kw", "2026-03-01", "2026-03-05")
    denied(office, scheduling.ConfirmFileChecked(audit=ref), "atm", "2026-03-06 10:00", "kw")
    assert [d.until for d in ask(office.app, "qa1", deputyships)] == [date(2026, 3, 5)]


@pytest.mark.parametrize(
    ("deputy", "whom", "until", "error", "words"),
    [
        ("rm", "rm", "2026-12-31", BadInput, "stand in for themselves"),
        ("qam", "rm", "2026-12-31", NotAllowed, "Nobody appoints themselves"),
        ("atm", "rm", "2025-12-31", BadInput, "is before"),
        ("zoe", "rm", "2026-12-31", NotFound, "no person “zoe”"),
    ],
)
def test_what_is_no_deputyship(
    office: Office, deputy: str, whom: str, until: str, error: Any, words: str
) -> None:
    kept = dump(office, "access_log")
    with pytest.raises(error, match=words):
        appoint(office, deputy, whom, "2026-01-01", until)
    assert dump(office, "access_log") == kept


# Separation looks at both persons.


def verifying(office: Office) -> str:
    """An audit awaiting verification; qa1 owns one of its actions."""
    mine = planned("qa1", "2026-04-10")
    ref = office.submitted("2026-03", "2026-03-10", "2026-01-28", mine)
    office.do(
        supervision(ref),
        "rm",
        "2026-03-12 10:00",
    )
    office.done(ref, 1, "qa1", "2026-03-12 11:00")
    office.filed(ref, 1, "rm", "2026-03-12 12:00")
    return ref


def test_neither_of_the_two_may_own_what_is_verified(office: Office) -> None:
    ref = verifying(office)
    for pair in (("qa1", "qa2"), ("qa2", "qa1")):
        appoint(office, *pair, "2026-03-01", "2026-03-31")
        verify = follow_up.Verify(audit=ref)
        denied(office, verify, pair[0], "2026-03-13 10:00", pair[1], "owns none of the actions")
    office.do(follow_up.Verify(audit=ref), "qa2", "2026-03-13 11:00")


def test_who_did_an_action_for_its_owner_does_not_verify_it(office: Office) -> None:
    plan = planned("rm", "2026-03-17", immediate=True)
    ref = office.submitted("2026-03", "2026-03-10", "2026-01-28", plan)
    appoint(office, "qa1", "rm", "2026-03-01", "2026-03-31")
    office.done(ref, 1, "qa1", "2026-03-11 10:00", acting_for="rm")
    office.filed(ref, 1, "rm", "2026-03-11 11:00")
    office.do(
        supervision(ref),
        "rm",
        "2026-03-12 10:00",
    )
    denied(office, follow_up.Verify(audit=ref), "qa1", "2026-03-13 10:00", "", "did none")
    office.do(follow_up.Verify(audit=ref), "qa2", "2026-03-13 11:00")


@pytest.mark.parametrize("who", [("qa1", ""), ("qa2", "qa1")])
def test_neither_of_the_two_may_judge_what_either_answered(
    office: Office, who: tuple[str, str]
) -> None:
    plan = planned("rm", "2026-03-17", immediate=True)
    ref = office.submitted("2026-03", "2026-03-10", "2026-01-28", plan)
    let_run(office, "2026-03-18", "2026-03-18")
    n = the(office, ref, "T3").n
    appoint(office, "qa2", "qa1", "2026-03-01", "2026-03-31")
    appoint(office, "qa1", "qam2", "2026-03-01", "2026-03-31")
    office.do(
        on.Answer(audit=ref, escalation=n, says="Seen."),
        who[0],
        "2026-03-18 10:00",
        acting_for=who[1],
    )
    accept, words = on.Accept(audit=ref, escalation=n), "Nobody judges an answer"
    denied(office, accept, "qa1", "2026-03-18 11:00", "", words)
    denied(office, accept, "qa2", "2026-03-18 11:00", "qa1", words)
    denied(office, accept, "qa1", "2026-03-18 11:00", "qam2", words)
    if who[0] == "qa2":
        denied(office, accept, "qa2", "2026-03-18 11:00", "", words)
    office.do(accept, "qam", "2026-03-18 12:00")


def test_what_answered_by_being_done_is_not_accepted_by_who_did_it(office: Office) -> None:
    ref = office.submitted("2026-03", "2026-03-10", "2026-01-28", planned("qa1", "2026-03-20"))
    let_run(office, "2026-03-23", "2026-03-23")
    office.done(ref, 1, "qa1", "2026-03-23 10:00")
    office.filed(ref, 1, "rm", "2026-03-23 11:00")
    n = the(office, ref, "T5").n
    accept = on.Accept(audit=ref, escalation=n)
    denied(office, accept, "qa1", "2026-03-23 12:00", "", "Nobody judges")
    office.do(accept, "qa2", "2026-03-23 12:00")


def disputed(office: Office) -> str:
    """A grade on which qa1 has advised."""
    ref = office.held("2026-03", "2026-03-10", "2026-01-28")
    disagreement = meeting.RecordDisagreement(
        audit=ref,
        auditor_grade=Grade.GOOD,
        worker_grade=Grade.OUTSTANDING,
        auditor_reason="Seen so.",
        worker_reason="Not so.",
        impact="Safer.",
    )
    office.do(disagreement, "aud", "2026-03-10 12:00")
    advice = on.Answer(audit=ref, escalation=1, says="Good.", grade=Grade.GOOD)
    office.do(advice, "qa1", "2026-03-11 10:00")
    return ref


def test_one_person_does_not_accept_for_both_sides(office: Office) -> None:
    ref, accept = disputed(office), on.Accept(audit="2026-03-001", escalation=1)
    for deputy, whom in (("mod", "aud"), ("mod", "kw"), ("aud", "kw"), ("kw", "aud")):
        appoint(office, deputy, whom, "2026-03-01", "2026-03-31")
    denied(office, accept, "aud", "2026-03-11 11:00", "kw", "may not stand in for Kw")
    denied(office, accept, "kw", "2026-03-11 11:00", "aud", "not of the case's team")
    office.do(accept, "mod", "2026-03-11 12:00", acting_for="aud")
    denied(office, accept, "mod", "2026-03-11 13:00", "kw", "accepted for the other side")
    assert office.audit(ref).grade_status == "disputed"
    office.do(accept, "kw", "2026-03-11 14:00")
    assert office.audit(ref).grade_status == "final"


def test_the_auditors_deputy_is_not_of_the_case_either(office: Office) -> None:
    ref = office.booked("2026-03", "2026-03-10", "2026-01-28")
    for deputy in ("kw2", "hos", "aud2"):
        appoint(office, deputy, "aud", "2026-03-01", "2026-03-31")
    begin = scheduling.StartAudit(audit=ref, key_worker_present=True)
    denied(office, begin, "kw2", "2026-03-10 10:00", "aud", "not of the case's team")
    denied(office, begin, "hos", "2026-03-10 10:00", "aud", "in its line")
    office.do(begin, "aud2", "2026-03-10 10:00", acting_for="aud")
    assert office.audit(ref).present == ("aud2", "aud", "kw")


# Restricted records.


@pytest.fixture
def restricted(office: Office) -> str:
    """A restricted record's audit; qa2 and ad are cleared, and aud, who audits it."""
    cleared = tuple(_cleared(p) for p in PEOPLE if p.id in ("qa2", "ad", "aud"))
    office.app.service.do_office(ImportPeople(people=cleared), by="qa1", now=at("2026-01-03 09:00"))
    case = Case("R-1", "child_in_need", "Able", "kw", restricted=True)
    return office.draw("2026-03", "2026-01-28 09:00", cases=(case,))


def _cleared(p: Person) -> Person:
    return replace(p, cleared=True)


def test_a_restricted_record_is_for_those_cleared_or_with_a_place(
    office: Office, restricted: str
) -> None:
    give = scheduling.Distribute(audit=restricted, auditor="aud")
    denied(office, give, "qa1", "2026-01-28 10:00", "", "There is no audit")
    to_other = scheduling.Distribute(audit=restricted, auditor="aud2")
    with pytest.raises(Refused, match="not cleared"):
        office.do(to_other, "qa2", "2026-01-28 10:00")
    office.do(give, "qa2", "2026-01-28 10:00")
    sees = {
        p.id
        for p in everybody(office.app)
        if [ask(office.app, p, Reading.audit, r.reference) for r in listed(office.app, p)]
    }
    assert sees == {"qa2", "ad", "aud", "kw", "rm"}
    assert not any(p.audits for p in ask(office.app, "qam", board).places)


def test_the_deputy_needs_clearance_too(office: Office, restricted: str) -> None:
    appoint(office, "qa1", "qa2", "2026-01-01", "2026-12-31")
    give = scheduling.Distribute(audit=restricted, auditor="aud")
    denied(office, give, "qa1", "2026-01-28 10:00", "qa2", "There is no audit")


def test_nobody_corrects_what_they_may_not_know_of(office: Office, restricted: str) -> None:
    give = scheduling.Distribute(audit=restricted, auditor="aud")
    office.do(give, "qa2", "2026-01-28 10:00")
    kept, log = dump(office, "access_log"), rows(office, "SELECT * FROM access_log")
    wrong = Correct(audit=restricted, field="held_on", value="2026-03-09", reason="Typed wrongly.")
    with pytest.raises(NotFound, match="There is no audit"):
        office.app.service.do_office(wrong, by="qam", now=at("2026-01-28 11:00"))
    assert dump(office, "access_log") == kept
    new = rows(office, "SELECT person, what, denied FROM access_log")[len(log) :]
    assert new == [("qam", "correct", 1)]
