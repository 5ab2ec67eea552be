"""The network swallows what is said without closing: nobody hangs, all goes on by itself after."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from auditflow.application import App
from auditflow.errors import StoreTrouble
from auditflow.persistence.register import Register
from auditflow.queries import board
from auditflow.service import sweeping
from support import stores
from support.asking import ask
from support.checks import check_store, rows
from support.load import LONGEST, Load, people, setting
from support.office import Office, at
from support.proxy import Proxy
from support.workers import Worker, set_clock, swept_at, until

pytestmark = pytest.mark.only("postgres")

LONG = bool(os.environ.get("AUDITFLOW_LONG"))
#: After how many seconds of being heard again everybody must have been served.
AGAIN = 10.0


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.app.close()


@pytest.fixture
def proxy(office: Office) -> Iterator[Proxy]:
    made = Proxy(office.url)
    yield made
    made.close()


def test_a_sweep_does_not_wait_anew_for_each_audit(
    office: Office, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 5)
    office.draw("2026-03", "2026-01-20 09:00", size=30)
    office.app.close()
    recorded, batches = Register.record, count(1)
    with ExitStack() as silence, closing(App(proxy.url)) as app:

        def record(register: Register, *what: Any) -> None:
            recorded(register, *what)
            if next(batches) == 3:
                silence.enter_context(proxy.silence(lost=False))

        monkeypatch.setattr(Register, "record", record)
        begun = time.monotonic()
        with pytest.raises(StoreTrouble, match=r"Check the server|Look whether"):
            app.service.sweep(at("2026-04-01 09:00"))
        assert time.monotonic() - begun < LONGEST
    # What was done stays done, the next sweep does the rest; each once.
    check_store(office, "2026-04-01 09:00")
    raised = "SELECT audit_id, count(*) FROM escalations GROUP BY audit_id"
    assert [n for _, n in rows(office, raised)] == [1] * 30


@pytest.mark.parametrize("lost", [True, False] if LONG else [True])
def test_a_worker_goes_on_by_itself(
    office: Office, proxy: Proxy, tmp_path: Path, lost: bool
) -> None:
    moment = at("2026-01-20 10:00")
    set_clock(office.url, moment)
    worker = Worker(proxy.url, tmp_path, "worker", every=1)
    try:
        until(lambda: swept_at(office.url, moment), 30, "the worker does not come")
        with proxy.silence(lost=lost):
            time.sleep(60 if LONG else 8)
        set_clock(office.url, moment := moment + timedelta(days=1))
        took = until(lambda: swept_at(office.url, moment), 45, worker.said.read_text())
        print(f"swept again after {took:.1f} s")
        assert worker.process.poll() is None
    finally:
        worker.stop()


@pytest.mark.parametrize("lost", [False, True], ids=["held-back", "lost"])
@pytest.mark.parametrize("seconds", [5, 15, 60] if LONG else [5])
def test_silence(office: Office, proxy: Proxy, seconds: float, lost: bool) -> None:
    senders = people(office, 3) | {"setter": setting()}
    office.app.close()
    with closing(App(proxy.url)) as app:
        load = Load(app, senders | {"reader": lambda *_: ask(app, "qam", board)})
        with load.running():
            time.sleep(0.5)
            with proxy.silence(lost=lost):
                time.sleep(seconds)
            load.wait_for_all(time.monotonic(), AGAIN)
            time.sleep(0.5)
    load.demand_truth(office.url)
    proxy.close()
    stores.alone(office.url)
    check_store(office, "2026-03-10 15:00")
