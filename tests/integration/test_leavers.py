"""Starters and leavers: nobody leaves who owes, and a hand-over is one command."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from auditflow.audits import Role
from auditflow.commands import (
    AppointDeputy,
    HandOver,
    ImportPeople,
    Leave,
    Return,
    scheduling,
)
from auditflow.commands.office import Case, OfficeCommand
from auditflow.errors import BadInput, NotAllowed, Refused
from auditflow.guidance.tool import Grade
from auditflow.machines.handover import record_handover
from auditflow.queries import audit_detail, board
from support.asking import ask, everybody, proof_of
from support.checks import check_store, dump, journal, rows
from support.office import Office, at, person, planned, supervision

pytestmark = pytest.mark.rules


def do_office(office: Office, command: OfficeCommand, when: str, by: str = "qa1") -> Any:
    return office.app.service.do_office(command, by=by, now=at(when))


def hand_over(giver: str, taker: str) -> HandOver:
    return HandOver(giver=giver, taker=taker, reason="A new post.")


def leaving(who: str, on: str) -> Leave:
    return Leave(person=who, on=date.fromisoformat(on), reason="A new post.")


def refused(office: Office, command: OfficeCommand, when: str, *words: str) -> None:
    kept = dump(office)
    with pytest.raises(Refused) as refusal:
        do_office(office, command, when)
    assert all(w in str(refusal.value) for w in words), str(refusal.value)
    assert dump(office) == kept


def test_who_owes_does_not_leave_and_is_told_what_they_owe(office: Office) -> None:
    ref = office.booked("2026-03", "2026-03-10", "2026-01-28")
    owes = (f"{ref}: auditor", "Hold the audit by 2026-03-31", "people hand-over --from aud")
    refused(office, leaving("aud", "2026-02-27"), "2026-02-02 10:00", *owes)
    refused(office, leaving("lm", "2026-02-27"), "2026-02-02 10:00", f"{ref}: line manager")
    do_office(office, hand_over("aud", "aud2"), "2026-02-02 11:00")
    do_office(office, leaving("aud", "2026-02-27"), "2026-02-02 12:00")
    check_store(office, "2026-02-02 13:00")


def test_the_last_holder_of_a_post_that_owes_does_not_leave(office: Office) -> None:
    ref = office.submitted("2026-03", "2026-03-10", "2026-01-28", grade=Grade.INADEQUATE)
    command = leaving("hos", "2026-03-20")
    refused(office, command, "2026-03-11 10:00", f"{ref}: Moderate the Inadequate grade", "post")
    second = person("hos2", Role.HEAD_OF_SERVICE, service="North")
    do_office(office, ImportPeople(people=(second,)), "2026-03-11 11:00")
    do_office(office, command, "2026-03-11 12:00")


def test_who_left_does_nothing_from_that_day_and_is_given_nothing(office: Office) -> None:
    ref = office.draw("2026-03", "2026-01-28 09:00")
    do_office(office, leaving("qa2", "2026-02-02"), "2026-01-28 10:00")
    do_office(office, leaving("aud", "2026-02-02"), "2026-01-28 10:00")
    give = scheduling.Distribute(audit=ref, auditor="aud2")
    with pytest.raises(Refused, match="given nothing"):
        office.do(scheduling.Distribute(audit=ref, auditor="aud"), "qa2", "2026-01-29 10:00")
    office.do(give, "qa2", "2026-02-01 23:59")
    kept = dump(office, "access_log")
    again = scheduling.Withdraw(audit=ref, reason="Closed.")
    with pytest.raises(NotAllowed, match="left on Mon 2 February 2026"):
        office.do(again, "qa2", "2026-02-02 00:00")
    with pytest.raises(NotAllowed, match="left on"):
        do_office(office, leaving("mod", "2026-02-09"), "2026-02-02 00:00", by="qa2")
    assert dump(office, "access_log") == kept
    log = rows(office, "SELECT person, what, denied FROM access_log")
    assert log == [("qa2", "withdraw", 1), ("qa2", "leave", 1)]
    office.app._now = at("2026-02-03 10:00")
    with pytest.raises(NotAllowed, match="left on"):
        ask(office.app, "qa2", board)
    page = ask(office.app, "qa1", audit_detail, ref)
    assert "Qa2" in [e.who for e in page.timeline]


def test_nobody_stands_in_for_who_left(office: Office) -> None:
    ref = office.draw("2026-03", "2026-01-28 09:00")
    days = (date(2026, 1, 1), date(2026, 12, 31))
    appointed = AppointDeputy(person="qa2", deputy="qa1", since=days[0], until=days[1])
    do_office(office, appointed, "2026-01-28 10:00", by="qam")
    do_office(office, leaving("qa2", "2026-01-28"), "2026-01-28 10:00")
    with pytest.raises(NotAllowed, match="left on"):
        office.do(
            scheduling.Withdraw(audit=ref, reason="Closed."),
            "qa1",
            "2026-01-29 10:00",
            acting_for="qa2",
        )
    # It was qa1 who was denied something, not the one who is gone.
    denied = "SELECT person FROM access_log WHERE denied = 1"
    assert rows(office, denied) == [("qa1",)]


def test_who_left_comes_back_by_command_and_not_by_an_old_list(office: Office) -> None:
    do_office(office, leaving("mod", "2026-01-28"), "2026-01-28 10:00")
    moved = person("mod", Role.MODERATOR, team="Other")
    do_office(office, ImportPeople(people=(moved,)), "2026-01-29 10:00")
    left = {p.id: p for p in everybody(office.app)}["mod"]
    assert (left.team, left.left_on) == ("Other", date(2026, 1, 28))
    refused(office, leaving("mod", "2026-02-28"), "2026-01-29 10:00", "left on", "already")
    do_office(office, Return(person="mod", reason="Back again."), "2026-01-29 11:00")
    assert {p.id: p for p in everybody(office.app)}["mod"].left_on is None
    refused(office, Return(person="mod", reason="Back."), "2026-01-29 12:00", "has not left")


@pytest.mark.both
def test_a_reason_lies_apart_and_can_be_destroyed(office: Office) -> None:
    do_office(office, leaving("mod", "2026-01-28"), "2026-01-28 10:00")
    told = [b for (b,) in rows(office, "SELECT body FROM journal WHERE audit_id = 0")]
    assert not any("A new post." in b for b in told)
    assert rows(office, "SELECT body FROM texts WHERE audit_id = 0") == [("A new post.",)]


# Handing over.


def many(office: Office, count: int) -> None:
    """So many audits given to aud, each of whom then owes two things by name."""
    office.draw("2026-03", "2026-01-28 09:00", size=count)
    for n in range(1, count + 1):
        given = scheduling.Distribute(audit=f"2026-03-{n:03d}", auditor="aud")
        office.do(given, "qa1", "2026-01-28 10:00")


def named(office: Office, who: str) -> int:
    count = "SELECT count(*) FROM duties WHERE ended_at IS NULL AND owner = ?"
    return int(rows(office, count, who)[0][0])


def test_200_duties_change_hands_in_one_command(office: Office) -> None:
    many(office, 100)
    assert (named(office, "aud"), named(office, "aud2")) == (200, 0)
    settled = do_office(office, hand_over("aud", "aud2"), "2026-01-28 11:00")
    assert (named(office, "aud"), named(office, "aud2")) == (0, 200)
    assert (settled.figures["duties"], len(settled.figures["audits"])) == (200, 100)
    for n in (1, 57, 100):
        line = journal(office, f"2026-03-{n:03d}")[-1]
        assert (line["event"], line["who"], line["before"]) == ("hand_over", "qa1", "distributed")
        assert line["before"] == line["after"]
        assert office.audit(f"2026-03-{n:03d}").auditor == "aud2"
    assert proof_of(office.app).faults == []
    check_store(office, "2026-01-28 12:00")


@pytest.mark.both
def test_a_hand_over_that_fails_half_way_changes_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(office, 5)
    kept, calls = dump(office), list[Any]()

    def fails(*given: Any) -> Any:
        calls.append(given)
        if len(calls) == 4:
            raise RuntimeError("the machine stopped")
        return record_handover(*given)

    monkeypatch.setattr("auditflow.service.unit_of_work.record_handover", fails)
    with pytest.raises(RuntimeError):
        do_office(office, hand_over("aud", "aud2"), "2026-01-28 11:00")
    assert dump(office) == kept


def test_whoever_may_not_audit_one_case_takes_over_none(office: Office) -> None:
    """One case of Baker's, which aud2 is of, among others: it is named, and nothing changes."""
    cases = (
        Case("C-1", "child_in_need", "Able", "kw"),
        Case("C-2", "child_in_need", "Baker", "lm"),
    )
    elsewhere = person("far", Role.AUDITOR, team="Far", service="South", trained=True)
    do_office(office, ImportPeople(people=(elsewhere,)), "2026-01-27 09:00")
    office.draw("2026-03", "2026-01-28 09:00", size=2, cases=cases)
    refs = {office.audit(f"2026-03-00{n}").team: f"2026-03-00{n}" for n in (1, 2)}
    for ref in refs.values():
        office.do(scheduling.Distribute(audit=ref, auditor="far"), "qa1", "2026-01-28 10:00")
    words = (f"{refs['Baker']}: its auditor would be of the case's team", "Nothing was handed over")
    refused(office, hand_over("far", "aud2"), "2026-01-28 11:00", *words)
    new = person("new", Role.AUDITOR, team="Else", trained=False)
    do_office(office, ImportPeople(people=(new,)), "2026-01-28 12:00")
    refused(office, hand_over("far", "new"), "2026-01-28 13:00", "not trained")


def test_the_manager_of_a_case_may_not_become_its_auditor_by_the_back_door(office: Office) -> None:
    ref = office.booked("2026-03", "2026-03-10", "2026-01-28")
    refused(office, hand_over("rm", "aud"), "2026-02-02 10:00", ref, "in its line")
    refused(office, hand_over("kw", "aud"), "2026-02-02 10:00", ref, "key worker")


def test_every_place_goes_over_and_what_was_done_stays(office: Office) -> None:
    plans = (
        planned("rm", "2026-03-17", immediate=True),
        planned("kw", "2026-04-10"),
        planned("kw", "2026-04-09"),
    )
    ref = office.submitted("2026-03", "2026-03-10", "2026-01-28", *plans)
    office.do(
        supervision(ref),
        "rm",
        "2026-03-12 10:00",
    )
    office.done(ref, 3, "kw", "2026-03-12 11:00")
    office.filed(ref, 3, "kw", "2026-03-12 12:00")
    rm2 = person("rm2", Role.RESPONSIBLE_MANAGER, team="Able", service="North", line=("hos",))
    do_office(office, ImportPeople(people=(rm2,)), "2026-03-12 13:00")
    due = {o.key: o.due for o in office.audit(ref).duties}
    do_office(office, hand_over("rm", "rm2"), "2026-03-13 10:00")
    do_office(office, hand_over("kw", "kw2"), "2026-03-13 10:00")
    audit = office.audit(ref)
    assert (audit.responsible_manager, audit.case_line[0]) == ("rm2", "rm2")
    assert (audit.key_worker, audit.present) == ("kw2", ("aud", "kw"))
    assert [a.owner for a in audit.actions] == ["rm2", "kw2", "kw"]
    assert {o.key: o.due for o in audit.duties} == due
    told = rows(office, "SELECT person FROM outbox WHERE kind = 'hand_over' ORDER BY person")
    assert ("rm2",) in told
    assert ("kw2",) in told
    with pytest.raises(NotAllowed):
        office.done(ref, 2, "kw", "2026-03-13 11:00")
    office.done(ref, 2, "kw2", "2026-03-13 11:00")
    check_store(office, "2026-03-13 12:00")


def test_what_fell_due_before_is_noticed_first(office: Office) -> None:
    ref = office.booked("2026-03", "2026-03-10", "2026-01-28")
    do_office(office, hand_over("aud", "aud2"), "2026-04-02 10:00")
    events = [(line["event"], line["who"]) for line in journal(office, ref)]
    assert events.index(("raise", "system")) < events.index(("hand_over", "qa1"))
    check_store(office, "2026-04-02 11:00")


def test_there_must_be_something_and_two_people(office: Office) -> None:
    refused(office, hand_over("aud", "aud2"), "2026-01-28 11:00", "nothing to hand over")
    with pytest.raises(BadInput, match="to themselves"):
        do_office(office, hand_over("aud", "aud"), "2026-01-28 11:00")
    many(office, 1)
    do_office(office, leaving("untrained", "2026-03-01"), "2026-01-28 11:00")
    refused(office, hand_over("aud", "untrained"), "2026-01-28 12:00", "given nothing")


def test_a_circle_in_the_line_of_management_is_refused(office: Office) -> None:
    circle = person("hos", Role.HEAD_OF_SERVICE, service="North", line=("rm",))
    kept = dump(office)
    with pytest.raises(BadInput, match="circle"):
        do_office(office, ImportPeople(people=(circle,)), "2026-01-28 11:00")
    assert dump(office) == kept
