"""What is recorded in one transaction: caught up before it, told of, and written as one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from auditflow.audits import SYSTEM
from auditflow.machines.events import Event
from auditflow.persistence import tables
from auditflow.persistence.journal import read
from auditflow.persistence.rules import RulesCache
from auditflow.service.unit_of_work import UnitOfWork, transact
from support.asking import proof_of
from support.office import Office, at

#: The month's audits were to be distributed by 30 January.
LATE = "2026-02-10 09:00"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Two audits that are not distributed."""
    made = Office(tmp_path)
    made.draw("2026-03", "2026-01-28 09:00", size=2)
    return made


def count(unit: UnitOfWork, table: Any) -> int:
    return unit.register.connection.execute(select(func.count()).select_from(table)).scalar_one()


def exempt_both(unit: UnitOfWork) -> None:
    for loaded in unit.rounds.audits_of(date(2026, 3, 1)):
        step = unit.load(loaded)
        reason = unit.keep_text(step, "It was talked over.")
        unit.record(step, replace(step.audit, reason=reason), (Event("audit", 0, "exempt"),))


def within(office: Office, when: str, work: Callable[[UnitOfWork], Any]) -> Any:
    return transact(office.app.store, RulesCache(), at(when), work, who="ad")


def test_nothing_is_written_before_it_is_asked_for_or_the_work_is_done(office: Office) -> None:
    def work(unit: UnitOfWork) -> list[int]:
        found = [count(unit, tables.journal)]
        exempt_both(unit)
        found.append(count(unit, tables.journal))
        unit.write()
        return [*found, count(unit, tables.journal)]

    before, recorded, written = within(office, "2026-01-28 10:00", work)
    assert (recorded, written) == (before, before + 2)
    assert proof_of(office.app).lines == written
    assert proof_of(office.app).faults == []


def test_what_is_recorded_is_written_though_nobody_asks_for_it(office: Office) -> None:
    within(office, "2026-01-28 10:00", exempt_both)
    assert {office.audit(f"2026-03-00{n}").set_aside for n in (1, 2)} == {True}


def test_work_that_fails_leaves_nothing_of_what_it_recorded(office: Office) -> None:
    def work(unit: UnitOfWork) -> None:
        exempt_both(unit)
        unit.write()
        raise ZeroDivisionError

    kept = office.audit("2026-03-001")
    with pytest.raises(ZeroDivisionError):
        within(office, "2026-01-28 10:00", work)
    assert office.audit("2026-03-001") == kept


def test_what_had_fallen_due_comes_first_by_the_clock_and_is_told_of(office: Office) -> None:
    def work(unit: UnitOfWork) -> None:
        told = count(unit, tables.outbox)
        exempt_both(unit)
        unit.write()
        assert count(unit, tables.outbox) == told + 2

    within(office, LATE, work)
    with office.app.store.reading() as connection:
        query = select(tables.journal.c.body).where(tables.journal.c.audit_id == 1)
        lines = connection.execute(query.order_by(tables.journal.c.seq)).scalars().all()
    found = [(line["who"], line["event"]) for line in map(read, lines)]
    assert found == [("qa1", "draw"), (SYSTEM.id, "remind"), ("ad", "exempt")]
