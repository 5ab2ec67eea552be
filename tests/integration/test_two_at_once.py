"""Two people, or two clocks, at the same moment: one wins, the other is told, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier

import pytest

from auditflow.application import App
from auditflow.commands import scheduling
from auditflow.errors import AuditflowError, ChangedMeanwhile, Refused, StoreTrouble
from auditflow.persistence.register import AuditStep, Register
from auditflow.service import Service
from support.checks import check_store, dump, rows
from support.office import Office, add, at, planned

ROUNDS = 50
NOW = at("2026-03-10 14:00")


def at_once(office: Office, *works: Callable[[Service], object]) -> list[object]:
    """Each work in a thread with a service of its own, all let go together; what each came to."""
    start = Barrier(len(works))

    def run(work: Callable[[Service], object]) -> object:
        app = App(office.url)
        start.wait()
        try:
            return work(app.service)
        except AuditflowError as refusal:
            return refusal
        finally:
            app.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_of_two_that_exclude_each_other_one_wins_and_the_other_is_told(office: Office) -> None:
    office.draw("2026-03", "2026-01-20 09:00", size=ROUNDS)
    now = at("2026-01-21 10:00")

    def distributing(ref: str, auditor: str, by: str) -> Callable[[Service], object]:
        command = scheduling.Distribute(audit=ref, auditor=auditor)
        return lambda service: service.do(command, by=by, now=now)

    for n in range(1, ROUNDS + 1):
        ref = f"2026-03-{n:03d}"
        came = at_once(office, distributing(ref, "aud", "qa1"), distributing(ref, "aud2", "qa2"))
        told = [c for c in came if isinstance(c, AuditflowError)]
        assert len(told) == 1
        assert isinstance(told[0], Refused | ChangedMeanwhile)
        assert office.audit(ref).auditor == ("aud2" if came[0] is told[0] else "aud")
    lines = 'SELECT count(*) FROM journal WHERE body LIKE \'%"event":"distribute"%\''
    assert rows(office, lines) == [(ROUNDS,)]
    check_store(office, "2026-01-21 11:00")


def test_of_two_that_agree_with_each_other_neither_is_lost(office: Office) -> None:
    ref = office.held("2026-03", "2026-03-10", "2026-01-28")

    def adding(service: Service) -> None:
        for i in range(ROUNDS // 2):
            day = date(2026, 3, 16 + i % 5)
            command = add(ref, planned("kw", day.isoformat()))
            service.do(command, by="aud", now=NOW)

    assert at_once(office, adding, adding) == [None, None]
    assert [a.n for a in office.audit(ref).actions] == list(range(1, ROUNDS + 1))
    check_store(office, "2026-03-10 15:00")


def test_the_same_form_sent_twice_at_once_is_done_once(office: Office) -> None:
    ref = office.held("2026-03", "2026-03-10", "2026-01-28")
    for n in range(10):
        command = add(ref, planned("kw", "2026-03-31"))
        came = at_once(
            office,
            *[lambda s, c=command, k=f"form-{n}": s.do(c, by="aud", now=NOW, key=k)] * 2,
        )
        assert sorted(c.repeated for c in came) == [False, True]  # type: ignore[attr-defined]
    assert len(office.audit(ref).actions) == 10
    check_store(office, "2026-03-10 15:00")


def test_two_clocks_raise_each_thing_once(office: Office) -> None:
    office.draw("2026-03", "2026-01-20 09:00", size=20)
    for moment in ("2026-04-01 00:00", "2026-04-01 00:00", "2026-05-01 08:00"):
        now: datetime = at(moment)
        at_once(office, *[lambda s, now=now: s.sweep(now)] * 3)
    raised = "SELECT audit_id, count(*) FROM escalations GROUP BY audit_id"
    assert [n for _, n in rows(office, raised)] == [1] * 20
    check_store(office, "2026-05-01 08:00")


@pytest.mark.only("postgres")
def test_an_audit_that_somebody_holds_holds_up_no_other(office: Office) -> None:
    office.draw("2026-03", "2026-01-20 09:00", size=5)
    held = "SELECT 1 FROM audits WHERE reference = '2026-03-003' FOR UPDATE"
    now = at("2026-04-01 00:00")
    with office.app.store.writing() as other:
        other.exec_driver_sql(held)
        raised = {r.reference for r in office.app.service.sweep(now).raised}
        assert raised == {f"2026-03-00{n}" for n in (1, 2, 4, 5)}
    assert {r.reference for r in office.app.service.sweep(now).raised} == {"2026-03-003"}
    check_store(office, "2026-04-01 00:00")


@pytest.mark.only("postgres")
def test_an_audit_that_somebody_holds_for_long_is_told_to_be_busy(office: Office) -> None:
    ref = office.draw("2026-03", "2026-01-20 09:00")
    kept = dump(office)
    with office.app.store.writing() as other:
        other.exec_driver_sql(f"SELECT 1 FROM audits WHERE reference = '{ref}' FOR UPDATE")
        with pytest.raises(StoreTrouble, match="is busy: others have held it for 3 seconds"):
            office.do(scheduling.Distribute(audit=ref, auditor="aud"), "qa1", "2026-01-21 10:00")
    assert dump(office) == kept
    office.do(scheduling.Distribute(audit=ref, auditor="aud"), "qa1", "2026-01-21 10:00")


def test_a_sweep_and_a_person_at_once(office: Office) -> None:
    office.draw("2026-03", "2026-01-20 09:00", size=10)
    for n in range(1, 11):
        ref = f"2026-03-{n:03d}"
        office.do(scheduling.Distribute(audit=ref, auditor="aud"), "qa1", "2026-01-21 10:00")
        exempt = scheduling.Exempt(audit=ref, reason="The service was inspected.")
        at_once(
            office,
            lambda s: s.sweep(at("2026-04-01 09:00")),
            lambda s, c=exempt: s.do(c, by="ad", now=at("2026-04-01 09:00")),  # type: ignore[misc]
        )
        assert office.audit(ref).state == "exempted"
        assert not list(office.audit(ref).open_escalations())
    check_store(office, "2026-04-01 09:00")


def test_writing_onto_an_audit_that_changed_meanwhile_is_told(office: Office) -> None:
    ref = office.held("2026-03", "2026-03-10", "2026-01-28")
    store = office.app.store
    with store.reading() as connection:
        stale, *_, versions, _ = Register(connection).open(ref, "")
    assert stale is not None
    office.do(add(ref, planned("kw", "2026-03-31")), "aud", "2026-03-10 14:00")
    done = office.do(add(ref, planned("kw", "2026-03-31")), "aud", "2026-03-10 14:01")
    step = AuditStep(loaded=stale, audit=done.audit, outcomes=done.outcomes)
    with pytest.raises(ChangedMeanwhile, match="Look at it again") as told:  # noqa: SIM117
        with store.writing() as connection:
            Register(connection).record([step], versions)
    assert told.value.exit_code == 6
    check_store(office, "2026-03-10 15:00")
