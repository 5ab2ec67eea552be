"""Rules set right after trial: who raises a concern, how a dispute ends, who is at supervision."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner

from auditflow.audits import Role
from auditflow.cli import main
from auditflow.commands import (
    AuditCommand,
    escalations,
    follow_up,
    meeting,
    scheduling,
)
from auditflow.errors import BadInput, NotFound, Refused
from auditflow.guidance.tool import Grade
from auditflow.reports import report
from support.asking import ask, proof_of
from support.checks import check_store, due, let_run, rows, the
from support.office import Office, at, planned, supervision

pytestmark = pytest.mark.usefixtures("store_kind")

GOOD, RI = Grade.GOOD, Grade.REQUIRES_IMPROVEMENT


def concern(ref: str) -> meeting.RaiseConcern:
    return meeting.RaiseConcern(audit=ref, says="The child is alone at night.")


# C1: whoever may see an audit may raise a concern, wherever it stands but after an exit.


def selected(office: Office) -> str:
    return office.draw("2026-03", "2026-02-02 09:00")


def distributed(office: Office) -> str:
    ref = selected(office)
    office.do(scheduling.Distribute(audit=ref, auditor="aud"), "qa1", "2026-02-02 10:00")
    return ref


def booked(office: Office) -> str:
    return office.booked("2026-03", "2026-03-10", "2026-02-02")


def under_way(office: Office) -> str:
    return office.held("2026-03", "2026-03-10", "2026-02-02")


def after(office: Office) -> str:
    return office.submitted("2026-03", "2026-03-10", "2026-02-02")


def to_verify(office: Office) -> str:
    ref = after(office)
    office.do(supervision(ref), "rm", "2026-03-11 10:00")
    return ref


def closed(office: Office) -> str:
    ref = to_verify(office)
    office.do(follow_up.Verify(audit=ref), "qa1", "2026-03-12 10:00")
    return ref


ROADS: dict[str, Callable[[Office], str]] = {
    "selected": selected,
    "distributed": distributed,
    "meeting_booked": booked,
    "in_audit": under_way,
    "post_audit": after,
    "awaiting_verification": to_verify,
    "closed": closed,
}
SEES = ("kw", "rm", "hos", "ad", "ed", "qa1", "qam")


@pytest.mark.parametrize("state", ROADS)
def test_c1_whoever_sees_it_raises_a_concern_wherever_it_stands(office: Office, state: str) -> None:
    ref = ROADS[state](office)
    assert office.audit(ref).state == state
    raisers = SEES if state == "selected" else (*SEES, "aud")
    for n, who in enumerate(raisers, start=1):
        office.do(concern(ref), who, f"2026-03-16 10:{n:02d}")
        assert sum(e.trigger == "T2" for e in office.audit(ref).escalations) == n
    with pytest.raises(NotFound):
        office.do(concern(ref), "lm", "2026-03-16 11:00")
    assert office.audit(ref).state == state
    check_store(office, "2026-03-16 12:00")


@pytest.mark.parametrize(
    ("leave", "who"),
    [
        (
            scheduling.Withdraw(
                audit="2026-03-001", reason="The case closed.", without_substitute=True
            ),
            "qa1",
        ),
        (scheduling.Exempt(audit="2026-03-001", reason="The family moved."), "ad"),
        (scheduling.Void(audit="2026-03-001", reason="Wrong file."), "qam"),
    ],
)
def test_c1_after_an_exit_the_refusal_says_whom_to_turn_to(
    office: Office, leave: AuditCommand, who: str
) -> None:
    ref = distributed(office)
    office.set("daytime_route", "the hub, 020 7946 0000", "2026-02-03 09:00")
    office.set("emergency_route", "the duty team, 020 7946 0999", "2026-02-03 09:00")
    office.do(leave, who, "2026-02-04 10:00")
    with pytest.raises(Refused, match="turn to the hub, 020 7946 0000, and record"):
        office.do(concern(ref), "kw", "2026-02-05 10:00")
    with pytest.raises(Refused, match="turn to the duty team, 020 7946 0999, and record"):
        office.do(concern(ref), "kw", "2026-02-05 22:00")
    assert office.audit(ref).escalations == ()


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("2026-03-16 07:59", "the duty team, 020 7946 0999"),
        ("2026-03-16 08:00", "the hub, 020 7946 0000"),
        ("2026-03-16 16:59", "the hub, 020 7946 0000"),
        ("2026-03-16 17:00", "the duty team, 020 7946 0999"),
        ("2026-03-15 12:00", "the duty team, 020 7946 0999"),  # a Sunday
        ("2026-04-03 12:00", "the duty team, 020 7946 0999"),  # Good Friday
    ],
)
def test_c1_whoever_raises_is_told_the_route_of_that_hour(
    office: Office, when: str, told: str
) -> None:
    ref = under_way(office)
    office.set("daytime_route", "the hub, 020 7946 0000", "2026-02-03 09:00")
    office.set("emergency_route", "the duty team, 020 7946 0999", "2026-02-03 09:00")
    assert office.do(concern(ref), "kw", when).warnings == (f"Turn to: {told}.",)


def test_c1_a_route_needs_a_number_and_its_want_is_said(office: Office) -> None:
    ref = under_way(office)
    for setting in ("daytime_route", "emergency_route"):
        with pytest.raises(BadInput, match="has no telephone number"):
            office.set(setting, "the duty team", "2026-02-03 09:00")
    (said,) = office.do(concern(ref), "kw", "2026-03-16 10:00").warnings
    assert "(no telephone number is set)" in said
    asked = CliRunner().invoke(main, ["--db", office.url, "doctor"])
    assert all(
        f"policy set {name} " in asked.output for name in ("daytime_route", "emergency_route")
    )
    office.set("daytime_route", "the hub, 020 7946 0000", "2026-03-16 11:00")
    again = CliRunner().invoke(main, ["--db", office.url, "doctor"])
    assert "policy set daytime_route " not in again.output
    assert "policy set emergency_route " in again.output


# C13: a dispute can always be ended.


def disputed(office: Office) -> str:
    """Held and submitted on Thu 15 January 2026, the grade not agreed."""
    ref = office.held("2026-01", "2026-01-15", "2025-11-20")
    disagreement = meeting.RecordDisagreement(
        audit=ref,
        auditor_grade=RI,
        worker_grade=GOOD,
        auditor_reason="The plan is not current.",
        worker_reason="The child is seen weekly.",
        impact="Drift.",
    )
    office.do(disagreement, "aud", "2026-01-15 11:45")
    submit = meeting.Submit(audit=ref, no_actions_because="All is under way.")
    office.do(submit, "aud", "2026-01-15 12:00")
    return ref


def advise(office: Office, ref: str, by: str, when: str) -> None:
    n = the(office, ref, "T1").n
    advice = escalations.Answer(audit=ref, escalation=n, says="Having read both.", grade=RI)
    office.do(advice, by, when)


def decide(office: Office, ref: str, by: str, when: str) -> None:
    n = the(office, ref, "T1").n
    decision = escalations.Decide(audit=ref, escalation=n, grade=RI, reason="On balance.")
    office.do(decision, by, when)


@pytest.mark.parametrize("accepts", [(), ("aud",), ("kw",)])
def test_c13_who_says_nothing_to_the_advice_has_not_accepted(
    office: Office, accepts: tuple[str, ...]
) -> None:
    ref = disputed(office)
    advise(office, ref, "qa1", "2026-01-20 10:00")
    assert due(office, ref, "accept_advice") == "2026-01-27"
    for who in accepts:
        n = the(office, ref, "T1").n
        office.do(escalations.Accept(audit=ref, escalation=n), who, "2026-01-21 10:00")
    assert let_run(office, "2026-01-21", "2026-01-27") == []
    assert let_run(office, "2026-01-28", "2026-01-28") == ["2026-01-28 T1 level_3"]
    assert [e.trigger for e in office.audit(ref).escalations] == ["T1"]  # and no T9
    raised = the(office, ref, "T1")
    assert (raised.answer, raised.accepted_by, str(raised.told_on)) == ("", (), "2026-01-28")
    check_store(office, "2026-01-28 12:00")
    assert proof_of(office.app).faults == []


@pytest.mark.both
def test_c13_at_level_5_the_executive_director_decides(office: Office) -> None:
    ref = disputed(office)
    n = the(office, ref, "T1").n
    up = escalations.Bypass(audit=ref, escalation=n, level=5, reason="Nobody moves.")
    office.do(up, "ad", "2026-01-16 10:00")
    office.do(supervision(ref), "rm", "2026-01-16 11:00")
    assert let_run(office, "2026-01-17", "2026-03-01") == []
    with pytest.raises(Exception, match="is for: Executive Director"):
        decide(office, ref, "ad", "2026-03-02 09:00")
    decide(office, ref, "ed", "2026-03-02 10:00")
    audit = office.audit(ref)
    assert (audit.grade, audit.grade_status, audit.decided_by) == (RI, "final", "ed")
    assert the(office, ref, "T1").state == "resolved"
    assert proof_of(office.app).faults == []


def test_c13_a_judgement_that_level_3_owed_goes_to_level_4(office: Office) -> None:
    """An immediate action's new date is judged by the Head of Service; late, above that post."""
    ref = office.submitted(
        "2026-03", "2026-03-10", "2026-02-02", planned("rm", "2026-03-17", immediate=True)
    )
    let_run(office, "2026-03-11", "2026-03-18")
    n = the(office, ref, "T3").n
    answer = escalations.Answer(
        audit=ref,
        escalation=n,
        says="By the end of the month.",
        new_date=at("2026-03-31 00:00").date(),
    )
    office.do(answer, "qa1", "2026-03-18 10:00")
    owed = next(o for o in office.audit(ref).duties if o.duty == "judge_answer")
    assert (owed.role, str(owed.due)) == (Role.HEAD_OF_SERVICE, "2026-03-25")
    assert let_run(office, "2026-03-19", "2026-03-26") == ["2026-03-26 T9 level_4"]
    assert proof_of(office.app).faults == []


# C18: supervision is with the worker, and from the audit on.


def review(ref: str, **said: object) -> follow_up.RecordSupervision:
    return follow_up.RecordSupervision(audit=ref, attendees="kw and rm", **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"no_actions_because": "None."}, "Say --key-worker-present, or why not"),
        (
            {"key_worker_present": True, "without_key_worker_because": "Ill.",
             "no_actions_because": "None."},
            "Say --key-worker-present, or why not",
        ),
        ({"key_worker_present": True}, "Give the actions agreed with --plan"),
        (
            {"key_worker_present": True, "plan": (planned("kw", "2026-04-10"),),
             "no_actions_because": "None."},
            "Give the actions agreed with --plan",
        ),
    ],
)  # fmt: skip
def test_c18_the_worker_is_named_and_actions_or_why_none(
    office: Office, said: dict[str, object], words: str
) -> None:
    ref = after(office)
    with pytest.raises(BadInput, match=words):
        office.do(review(ref, **said), "rm", "2026-03-12 10:00")
    assert office.audit(ref).supervised_on is None


def test_c18_supervision_may_be_recorded_before_the_tool_is_submitted(office: Office) -> None:
    ref = under_way(office)
    office.do(supervision(ref, planned("kw", "2026-04-10")), "rm", "2026-03-10 15:00")
    audit = office.audit(ref)
    assert (audit.state, str(audit.supervised_on), len(audit.actions)) == (
        "in_audit", "2026-03-10", 1,
    )  # fmt: skip
    assert due(office, ref, "supervision_review") is None
    check_store(office, "2026-03-10 16:00")
    assert proof_of(office.app).faults == []


def test_c18_a_review_without_the_worker_is_reported_with_its_reason(office: Office) -> None:
    ref = after(office)
    without = review(ref, without_key_worker_because="Ill.", no_actions_because="None needed.")
    office.do(without, "rm", "2026-03-12 10:00")
    found = ask(office.app, "qa1", report, "supervision")
    assert "Ill." in str(found)
    assert rows(office, "SELECT count(*) FROM texts WHERE body = 'None needed.'") == [(1,)]
