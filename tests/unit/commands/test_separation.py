"""Nobody checks their own work, and what is not yours reads as if it were not there."""

from __future__ import annotations

import pytest

from auditflow.audits import Person, Role
from auditflow.commands import AuditCommand, ImportPeople, escalations, follow_up, scheduling
from auditflow.errors import NotAllowed, NotFound, Refused
from auditflow.guidance.tool import Grade
from support.checks import dump, let_run, rows, the
from support.office import Office, at, person, planned, supervision


def refused(office: Office, command: AuditCommand, by: str, when: str, words: str) -> None:
    kept = dump(office)
    with pytest.raises(Refused, match=words):
        office.do(command, by, when)
    assert dump(office) == kept


def denied(office: Office, command: AuditCommand, by: str, when: str, words: str) -> None:
    """Not allowed: nothing is changed, and the access log has one line more."""
    kept = dump(office, "access_log")
    count = "SELECT count(*) FROM access_log WHERE denied = 1 AND person = ?"
    before = rows(office, count, by)[0][0]
    with pytest.raises(NotAllowed, match=words):
        office.do(command, by, when)
    assert dump(office, "access_log") == kept
    assert rows(office, count, by)[0][0] == before + 1


def with_people(office: Office, *people: Person) -> None:
    office.app.service.do_office(ImportPeople(people=people), by="qa1", now=at("2026-01-02 09:00"))


@pytest.mark.parametrize(
    ("auditor", "words"),
    [
        (person("mate", Role.AUDITOR, team="Able", trained=True), "not of the case's team"),
        (person("rm", Role.AUDITOR, team="Elsewhere", trained=True), "nor in its line"),
        (person("ad", Role.AUDITOR, team="Elsewhere", trained=True), "nor in its line"),
        (person("kw", Role.AUDITOR, team="Elsewhere", trained=True), "nor its key worker"),
        (person("new", Role.AUDITOR, team="Baker"), "train"),
    ],
    ids=lambda p: getattr(p, "id", ""),
)
def test_the_auditor_is_trained_and_not_of_the_cases_team_or_line(
    office: Office, auditor: Person, words: str
) -> None:
    ref = office.draw("2026-03", "2026-01-20 09:00")
    with_people(office, auditor)
    give = scheduling.Distribute(audit=ref, auditor=auditor.id)
    refused(office, give, "qa1", "2026-01-20 10:00", words)


def test_the_moderator_is_not_the_auditor(office: Office) -> None:
    both = person("aud", Role.AUDITOR, Role.MODERATOR, team="Baker", service="North", trained=True)
    with_people(office, both)
    ref = office.submitted("2026-03", "2026-03-10", "2026-01-28", grade=Grade.INADEQUATE)
    own = follow_up.Moderate(audit=ref, grade=Grade.GOOD, reason="It is.")
    denied(office, own, "aud", "2026-03-11 10:00", "auditor does not moderate")
    office.do(own, "mod", "2026-03-11 11:00")
    assert office.audit(ref).moderator == "mod"


def test_the_verifier_owns_none_of_the_actions(office: Office) -> None:
    of_qa = planned("qa1", "2026-04-10")
    plan = planned("rm", "2026-03-17", immediate=True)
    ref = office.submitted("2026-03", "2026-03-10", "2026-01-28", plan, of_qa)
    office.do(
        supervision(ref),
        "rm",
        "2026-03-12 10:00",
    )
    office.done(ref, 1, "rm", "2026-03-12 11:00")
    office.done(ref, 2, "qa1", "2026-03-12 11:00")
    for n in (1, 2):
        office.filed(ref, n, "rm", "2026-03-12 12:00")
    verify = follow_up.Verify(audit=ref)
    denied(office, verify, "qa1", "2026-03-13 10:00", "Whoever verifies owns none")
    office.do(verify, "qa2", "2026-03-13 10:00")


def test_nobody_judges_an_answer_of_their_own(office: Office) -> None:
    plan = planned("rm", "2026-03-17", immediate=True)
    ref = office.submitted("2026-03", "2026-03-10", "2026-01-28", plan)
    let_run(office, "2026-03-18", "2026-03-18")
    n = the(office, ref, "T3").n
    office.do(escalations.Answer(audit=ref, escalation=n, says="Seen."), "qa1", "2026-03-18 10:00")
    own = (
        escalations.Accept(audit=ref, escalation=n),
        escalations.Reject(audit=ref, escalation=n, reason="No."),
    )
    for judging in own:
        denied(office, judging, "qa1", "2026-03-18 11:00", "Nobody judges an answer")
    office.do(own[1], "qa2", "2026-03-18 11:00")
    assert the(office, ref, "T3").state == "level_3"


@pytest.mark.parametrize(("n", "by", "allowed"), [(1, "kw", "rm"), (2, "rm", "kw")])
def test_an_immediate_action_is_the_managers_an_agreed_one_its_owners(
    office: Office, n: int, by: str, allowed: str
) -> None:
    immediate = planned("kw", "2026-03-17", immediate=True)
    ref = office.submitted(
        "2026-03", "2026-03-10", "2026-01-28", immediate, planned("kw", "2026-04-10")
    )
    with pytest.raises(NotAllowed, match="complete"):
        office.done(ref, n, by, "2026-03-11 10:00")
    assert rows(office, "SELECT person, what, denied FROM access_log") == [(by, "complete", 1)]
    office.done(ref, n, allowed, "2026-03-11 11:00")


@pytest.mark.parametrize("who", ["kw2", "aud2", "mod"])
def test_what_is_denied_reads_like_what_is_not_there_and_is_logged(
    office: Office, who: str
) -> None:
    ref = office.booked("2026-03", "2026-03-10", "2026-01-28")
    kept = dump(office, "access_log")
    said = []
    for reference in (ref, "2026-03-777"):
        with pytest.raises(NotFound) as refusal:
            office.do(scheduling.StartAudit(audit=reference), who, "2026-03-10 10:00")
        assert refusal.value.exit_code == 3
        said.append(str(refusal.value).replace(reference, "?"))
    assert said[0] == said[1]
    assert dump(office, "access_log") == kept
    log = rows(office, "SELECT at, person, audit_id, what, denied FROM access_log")
    assert log == [("2026-03-10T10:00:00.000000+00:00", who, 1, "start_audit", 1)]


@pytest.mark.parametrize("part", ["action", "escalation"])
def test_a_stranger_is_not_told_which_parts_there_are(office: Office, part: str) -> None:
    ref = office.booked("2026-03", "2026-03-10", "2026-01-28")
    asks: dict[str, AuditCommand] = {
        "action": follow_up.ApproveDate(audit=ref, action=9),
        "escalation": escalations.Acknowledge(audit=ref, escalation=9),
    }
    with pytest.raises(NotFound, match="There is no audit"):
        office.do(asks[part], "kw2", "2026-03-10 10:00")
