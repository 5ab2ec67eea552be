"""A3: an auditor declines an audit; it waits, seen by the QA Team, until another has it."""

from __future__ import annotations

from datetime import date

import pytest

from auditflow.audits import Role
from auditflow.commands import HandOver, scheduling
from auditflow.errors import BadInput, NotFound, Refused
from auditflow.queries import Declined, audit_detail, work
from support.asking import ask, proof_of
from support.checks import check_store, due, journal, let_run, told
from support.office import Office, at

#: On both databases.
pytestmark = pytest.mark.usefixtures("store_kind")

LEAVE = "I am on leave in March."


@pytest.fixture
def ref(office: Office) -> str:
    """An audit of March 2026, given to aud on Wed 28 January."""
    drawn = office.draw("2026-03", "2026-01-28 09:00")
    office.do(scheduling.Distribute(audit=drawn, auditor="aud"), "qa1", "2026-01-28 10:00")
    return drawn


def decline(office: Office, ref: str, when: str = "2026-01-29 09:00", by: str = "aud") -> None:
    office.do(scheduling.Decline(audit=ref, reason=LEAVE), by, when)


def reallocate(office: Office, ref: str, to: str, when: str = "2026-01-30 09:00") -> None:
    given = scheduling.Reallocate(audit=ref, auditor=to, reason="Accepted.")
    office.do(given, "qa1", when)


def owed_by(office: Office, who: str, when: str) -> set[tuple[str, str, bool]]:
    office.app._now = at(when)
    jobs = ask(office.app, who, work)
    return {(j.what, str(j.due), j.overdue) for j in jobs}


def test_a_declined_audit_stays_where_it_is_and_is_the_qa_teams_to_give_away(
    office: Office, ref: str
) -> None:
    kept = due(office, ref, "arrange_meeting")
    decline(office, ref)
    audit = office.audit(ref)
    assert (audit.state, audit.auditor, audit.declined_on) == (
        "distributed", "aud", date(2026, 1, 29),
    )  # fmt: skip
    assert due(office, ref, "arrange_meeting") is None
    # Declining restarts no clock (7.4): the days run on from the distribution.
    assert due(office, ref, "reallocate") == kept == "2026-02-04"
    assert ("Reallocate the declined audit", "2026-02-04", False) in owed_by(
        office, "qa2", "2026-01-29 10:00"
    )
    assert {what for what, *_ in owed_by(office, "aud", "2026-01-29 10:00")} == {"Hold the audit"}
    assert told(office, ref, "decline") == [(Role.QA_TEAM, "")]
    check_store(office, "2026-01-29 12:00")


def test_its_page_says_who_declined_and_why_until_another_has_it(office: Office, ref: str) -> None:
    qa = "qa1"
    assert ask(office.app, qa, audit_detail, ref).declined is None
    decline(office, ref)
    page = ask(office.app, qa, audit_detail, ref)
    assert page.declined == Declined(date(2026, 1, 29), "Aud", LEAVE)
    assert (page.timeline[-1].what, page.timeline[-1].says) == ("decline", LEAVE)
    reallocate(office, ref, "aud2")
    assert ask(office.app, qa, audit_detail, ref).declined is None
    assert office.audit(ref).declined_because == ""


@pytest.mark.both
def test_the_qa_team_accepts_by_giving_it_to_another(office: Office, ref: str) -> None:
    decline(office, ref)
    with pytest.raises(Refused, match="has it already"):
        reallocate(office, ref, "aud")
    with pytest.raises(Refused, match="trained"):
        reallocate(office, ref, "untrained")
    assert office.audit(ref).declined
    reallocate(office, ref, "aud2")
    audit = office.audit(ref)
    assert (audit.auditor, audit.declined) == ("aud2", False)
    assert due(office, ref, "reallocate") is None
    assert due(office, ref, "arrange_meeting") == "2026-02-04"
    ended = [line.get("ended", {}) for line in journal(office, ref)][-1]
    assert ended == {"reallocate|audit|2026-02-04": "met"}
    assert ("auditor", "aud2") in told(office, ref, "distributed")
    check_store(office, "2026-01-30 12:00")


def test_it_is_reallocated_without_a_decline_too(office: Office, ref: str) -> None:
    """The auditor fell ill and cannot say so."""
    reallocate(office, ref, "aud2")
    assert office.audit(ref).auditor == "aud2"
    # Whoever has it now may decline it in turn.
    decline(office, ref, "2026-02-02 09:00", by="aud2")
    assert office.audit(ref).declined


def test_a_declined_audit_that_waits_too_long_is_only_reminded_of(office: Office, ref: str) -> None:
    decline(office, ref)
    assert let_run(office, "2026-01-30", "2026-02-06") == ["2026-02-05 remind reallocate"]
    assert told(office, ref, "remind") == [(Role.QA_TEAM, "")]
    # Not held by the end of its month it is T6, whoever was to hold it.
    assert let_run(office, "2026-02-07", "2026-04-01") == ["2026-04-01 T6 level_2"]
    check_store(office, "2026-04-01 12:00")


def test_who_books_the_meeting_after_all_has_it_again(office: Office, ref: str) -> None:
    decline(office, ref)
    booking = scheduling.BookMeeting(audit=ref, on=date(2026, 3, 10))
    office.do(booking, "aud", "2026-01-30 09:00")
    audit = office.audit(ref)
    assert (audit.state, audit.declined) == ("meeting_booked", False)
    cancelled = scheduling.CancelMeeting(audit=ref, reason="The key worker is ill.")
    office.do(cancelled, "kw", "2026-03-09 09:00")
    assert due(office, ref, "reallocate") is None
    assert due(office, ref, "arrange_meeting") == "2026-02-04"


def test_a_hand_over_to_another_auditor_settles_it(office: Office, ref: str) -> None:
    decline(office, ref)
    assert let_run(office, "2026-01-30", "2026-02-06") == ["2026-02-05 remind reallocate"]
    command = HandOver(giver="aud", taker="aud2", reason="On leave.")
    office.app.service.do_office(command, by="qa1", now=at("2026-02-06 09:00"))
    audit = office.audit(ref)
    assert (audit.auditor, audit.declined) == ("aud2", False)
    # The time for arranging is up, and its new auditor is told so at once.
    assert ("auditor", "aud2") in told(office, ref, "remind")
    check_store(office, "2026-02-06 12:00")
    assert proof_of(office.app).faults == []


def test_what_cannot_be_declined(office: Office, ref: str) -> None:
    with pytest.raises(BadInput, match="reason is empty"):
        office.do(scheduling.Decline(audit=ref, reason=" "), "aud", "2026-01-29 09:00")
    with pytest.raises(NotFound, match="no audit"):
        decline(office, ref, by="aud2")
    decline(office, ref)
    with pytest.raises(Refused, match="declined already"):
        decline(office, ref, "2026-01-29 10:00")
    booking = scheduling.BookMeeting(audit=ref, on=date(2026, 3, 10))
    office.do(booking, "aud", "2026-01-30 09:00")
    with pytest.raises(Refused, match="done at “Distributed”"):
        decline(office, ref, "2026-01-30 10:00")
