"""The machine's clock jumps by hours and days, both ways, and is set right again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

import auditflow.application
from auditflow.application import App
from auditflow.commands import scheduling
from auditflow.errors import AuditflowError
from support import stores
from support.asking import proof_of
from support.checks import check_store, rows
from support.killing import everything
from support.long import daily
from support.office import Office, at
from support.shell import Shell
from support.stores import Kind
from support.workers import set_clock

AUDITS = 6
BEGUN = at("2025-01-06 09:00")
#: Long enough for reminders, for what is missed at the end of its month, and for levels to pass.
DAYS = 90
CAUSES = "SELECT audit_id, trigger, cause FROM escalations ORDER BY 1, 2, 3"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    made.draw("2025-02", "2025-01-06 09:00", size=AUDITS)
    made.app.close()
    yield made
    made.app.close()


class Machine:
    """A machine on which auditflow runs, with a clock that may be wrong."""

    def __init__(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        self.office, self.app = office, App(office.url)
        self.wrong = timedelta()
        self.right = BEGUN
        monkeypatch.setattr(auditflow.application, "clock", lambda: self.right + self.wrong)

    def turn_to(self, right: datetime) -> None:
        self.right = right
        if not self.office.url.startswith("sqlite"):
            set_clock(self.office.url, right)

    def live_through(self, jumps: list[timedelta]) -> None:
        """A look each day, and each other week somebody gives an audit to an auditor."""
        for day, jump in enumerate(jumps):
            self.turn_to(BEGUN + timedelta(days=day))
            self.wrong = jump
            assert not self.app.service.sweep(self.app.clock()).failed
            if day % 14 == 3:
                ref = f"2025-02-{1 + day // 14:03d}"
                given = scheduling.Distribute(audit=ref, auditor="aud")
                with suppress(AuditflowError):
                    self.app.service.do(given, by="qa1", now=self.app.clock())
        self.app.close()


def jumps(seed: int) -> list[timedelta]:
    chance = random.Random(seed)
    hours = [0, 1, -1, 5, -5, 24, -24, 40 * 24, -40 * 24]
    return [timedelta(hours=chance.choice([0, *hours])) for _ in range(DAYS)]


@pytest.mark.parametrize("seed", daily([1], long=list(range(12))))
def test_nothing_is_raised_twice_nothing_missed_and_no_history_set_back(
    office: Office, store_kind: Kind, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    fresh = stores.Fresh(office.url)
    Machine(office, monkeypatch).live_through([timedelta()] * DAYS)
    wanted, causes = everything(office.url), rows(office, CAUSES)
    fresh.renew()
    Machine(office, monkeypatch).live_through([*jumps(seed), timedelta()])
    if store_kind == "postgres":
        # The server's clock is the store's, whatever the machine's says.
        assert everything(office.url) == wanted
    else:
        assert set(rows(office, CAUSES)) >= set(causes), "missed"
    with closing(App(office.url)) as app:
        assert proof_of(app).faults == []
    check_store(office, "2025-05-30 10:00")


@pytest.mark.only("sqlite")
def test_what_a_clock_that_ran_ahead_raised_is_not_raised_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(office, monkeypatch)
    machine.turn_to(at("2025-01-20 10:00"))
    machine.wrong = timedelta(days=50)
    ahead = machine.app.service.sweep(machine.app.clock()).raised
    assert {str(r.trigger) for r in ahead if r.trigger} == {"T6"}
    machine.wrong = timedelta()
    machine.app.service.sweep(machine.app.clock())
    machine.turn_to(at("2025-03-03 10:00"))
    assert not [r for r in machine.app.service.sweep(machine.app.clock()).raised if r.trigger]
    assert len(rows(office, CAUSES)) == AUDITS
    machine.app.close()
    check_store(office, "2025-03-11 10:00")


@pytest.mark.only("postgres")
def test_what_is_past_is_said_by_the_servers_clock(office: Office, tmp_path: Path) -> None:
    set_clock(office.url, at("2025-01-20 10:00"))
    shell = Shell(tmp_path, url=office.url)
    result = shell.tries("qam", "", "where", "--as-at", "2025-01-21T09:00")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is not past yet" in result.stderr
    shell.says("qam", "", "where", "--as-at", "2025-01-20T09:00")


def test_a_history_is_in_order_within_one_second_too(office: Office) -> None:
    given = scheduling.Distribute(audit="2025-02-001", auditor="aud")
    booked = scheduling.BookMeeting(audit="2025-02-001", on=date(2025, 2, 4))
    on_the_second = at("2025-01-07 10:00")
    office.app.service.do(given, by="qa1", now=on_the_second)
    just_after = on_the_second + timedelta(milliseconds=500)
    office.app.service.do(booked, by="aud", now=just_after)
    assert proof_of(office.app).faults == []
