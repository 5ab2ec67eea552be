"""The network swallows what is said without closing: nobody hangs, all goes on by itself after."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from auditflow.application import App
from auditflow.errors import StoreTrouble
from auditflow.persistence import postgres_connection
from auditflow.persistence.register import Register
from auditflow.queries import board
from auditflow.service import sweeping
from support import stores
from support.asking import ask
from support.checks import check_store, rows
from support.load import Load, people, setting
from support.long import daily
from support.office import Office, at
from support.proxy import Proxy
from support.waiting import until
from support.workers import Worker, set_clock, swept_at

pytestmark = pytest.mark.only("postgres")

#: The longest that anybody is kept waiting, in seconds.
LONGEST = 15.0
#: More answers than anybody waits for.
MANY = 1_000_000
#: Seconds of silence; none: until everybody was told of it, which nobody is who hangs.
SILENCES = daily([(5, False)], long=[(s, lost) for s in (0, 5, 60) for lost in (False, True)])


@pytest.fixture
def proxy(office: Office) -> Iterator[Proxy]:
    made = Proxy(office.url)
    yield made
    made.close()


class Waits:
    """A server that falls silent after so many answers, and a clock that only waiting for it moves.

    So what is kept waiting is counted, whatever else this machine is at.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.answers = time.monotonic(), MANY
        self._wait, self._connect = psycopg.Connection.wait, postgres_connection.Bounded.connect
        monkeypatch.setattr(psycopg.Connection, "wait", self._waited())
        monkeypatch.setattr(postgres_connection.Bounded, "connect", self._connected)
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(time, "sleep", self._pass)

    def _answers(self) -> bool:
        self.answers -= 1
        return self.answers >= 0

    def _pass(self, seconds: float | None) -> None:
        assert seconds is not None, "it would wait for ever"
        self.now += seconds

    def _waited(self) -> Callable[..., Any]:
        def wait(
            connection: psycopg.Connection[Any],
            said: Any,
            interval: float = 0.1,
            timeout: float | None = None,
        ) -> Any:
            if self._answers():
                return self._wait(connection, said, interval, timeout)
            self._pass(timeout)
            raise psycopg.errors.OperationalError("timeout expired")

        return wait

    def _connected(self, *where: Any, **how: Any) -> Any:
        if self._answers():
            return self._connect(*where, **how)
        self._pass(how["connect_timeout"])
        raise psycopg.errors.ConnectionTimeout("timeout expired")


@pytest.mark.parametrize("what", ["a person", "the office", "a reader", "the clock"])
def test_wherever_it_begins_nobody_is_kept_waiting_for_long(
    office: Office, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    person = next(iter(people(office, 1).values()))
    office.draw("2026-04", "2026-02-02 09:00", size=3)
    app, numbers, policy = office.app, count(1), setting()
    works: dict[str, Callable[[], object]] = {
        "a person": lambda: person(app.service, f"person {next(numbers)}"),
        "the office": lambda: policy(app.service, f"setter {next(numbers)}"),
        "a reader": lambda: ask(app, "qam", board),
        "the clock": lambda: app.service.sweep(
            at("2026-03-12 10:00") + timedelta(7 * next(numbers))
        ),
    }
    waits, longest, told = Waits(monkeypatch), 0.0, 0
    works[what]()
    for answers in count(0):
        begun, waits.answers = waits.now, answers
        try:
            works[what]()
        except StoreTrouble:
            told += 1
        longest, left = max(longest, waits.now - begun), waits.answers
        waits.answers = MANY
        if left >= 0:
            break
    print(f"{what}: silent in {answers} places, told in {told}, at most {longest:.1f} s")
    assert told > 2
    assert longest <= LONGEST
    check_store(office, "2027-12-01 15:00")


def test_a_sweep_does_not_wait_anew_for_each_audit(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 5)
    office.draw("2026-03", "2026-01-20 09:00", size=30)
    waits, recorded, batches = Waits(monkeypatch), Register.record, count(1)

    def record(register: Register, *what: Any) -> None:
        recorded(register, *what)
        if next(batches) == 3:
            waits.answers = 0

    monkeypatch.setattr(Register, "record", record)
    begun = waits.now
    with pytest.raises(StoreTrouble, match=r"Check the server|Look whether"):
        office.app.service.sweep(at("2026-04-01 09:00"))
    assert waits.now - begun <= LONGEST
    waits.answers = MANY
    # What was done stays done, the next sweep does the rest; each once.
    check_store(office, "2026-04-01 09:00")
    raised = "SELECT audit_id, count(*) FROM escalations GROUP BY audit_id"
    assert [n for _, n in rows(office, raised)] == [1] * 30


@pytest.mark.parametrize("lost", daily([True], long=[True, False]))
def test_a_worker_goes_on_by_itself(
    office: Office, proxy: Proxy, tmp_path: Path, lost: bool
) -> None:
    moment = at("2026-01-20 10:00")
    set_clock(office.url, moment)
    worker = Worker(proxy.url, tmp_path, "worker", every=1)
    try:
        until(lambda: swept_at(office.url, moment), "the worker does not come")
        with proxy.silence(lost=lost):
            time.sleep(daily(5, long=60))
        set_clock(office.url, moment := moment + timedelta(days=1))
        took = until(lambda: swept_at(office.url, moment), worker.said.read_text)
        print(f"swept again after {took:.1f} s")
        assert worker.process.poll() is None
    finally:
        worker.stop()


@pytest.mark.parametrize(("seconds", "lost"), SILENCES)
def test_silence(office: Office, proxy: Proxy, seconds: float, lost: bool) -> None:
    senders = people(office, 3) | {"setter": setting()}
    office.app.close()
    with closing(App(proxy.url)) as app:
        load = Load(app, senders | {"reader": lambda *_: ask(app, "qam", board)})
        with load.running():
            load.until_served()
            with proxy.silence(lost=bool(lost)):
                if not seconds:
                    load.until_told()
                time.sleep(seconds)
            load.until_served()
    load.demand_truth(office.url)
    proxy.close()
    stores.alone(office.url)
    check_store(office, "2026-03-10 15:00")
