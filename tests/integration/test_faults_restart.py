"""The server stops, crashes and comes back: what was sent is done once or told, work goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from signal import SIGINT, SIGQUIT, Signals
from typing import Any

import pytest

from auditflow.application import App
from auditflow.persistence.register import Register
from auditflow.queries import board
from support import postgres
from support.asking import ask
from support.checks import check_store
from support.load import NOW, Load, people, setting
from support.long import daily
from support.office import Office, add, planned
from support.postgres import Server
from support.waiting import until
from support.workers import Worker, set_clock, swept_at

pytestmark = pytest.mark.only("postgres")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres.own(wal_writer_delay="10s", listen_addresses="127.0.0.1") as own:
        yield own


@pytest.mark.parametrize("how", daily([SIGQUIT], long=[SIGINT, SIGQUIT]))
def test_under_load(server: Server, tmp_path: Path, how: Signals) -> None:
    office = Office(tmp_path)
    senders = people(office, 3) | {"setter": setting()}
    office.app.close()
    set_clock(office.url, moment := NOW)
    worker = Worker(office.url, tmp_path, "worker", every=1)
    try:
        until(partial(swept_at, office.url, moment), "the worker does not come")
        with closing(App(office.url)) as app:
            load = Load(app, senders | {"reader": lambda *_: ask(app, "qam", board)})
            with load.running():
                for seconds in (0, 3):
                    time.sleep(0.5)
                    server.stop(how)
                    time.sleep(seconds)
                    server.start()
                    load.until_served()
        load.demand_truth(office.url)
        set_clock(office.url, moment := moment + timedelta(hours=1))
        until(partial(swept_at, office.url, moment), worker.said.read_text)
        assert worker.process.poll() is None
    finally:
        worker.stop()
    check_store(office, "2026-03-10 15:30")
    office.app.close()


def test_the_server_probes_for_clients_that_went_silent(server: Server, tmp_path: Path) -> None:
    office = Office(tmp_path)
    url = server.tcp_url(postgres.name_of(office.url))
    with closing(App(url)) as app, app.store.reading() as connection:
        asked = "SELECT name, setting FROM pg_settings WHERE starts_with(name, 'tcp_')"
        found = {name: int(value) for name, value in connection.exec_driver_sql(asked)}
    assert found["tcp_keepalives_idle"] + 3 * found["tcp_keepalives_interval"] <= 11
    assert (found["tcp_keepalives_count"], found["tcp_user_timeout"]) == (3, 10_000)
    office.app.close()


def test_another_change_under_the_same_number_is_not_taken_for_this_one(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that crashes gives numbers that never reached its disk to others afterwards."""
    office = Office(tmp_path)
    ref = office.held("2026-03", "2026-03-10", "2026-01-28")
    recorded, crashes = Register.record, [SIGQUIT]

    def record(register: Register, *what: Any) -> None:
        recorded(register, *what)
        if crashes:
            mine = register.connection.exec_driver_sql("SELECT pg_current_xact_id()::text").scalar()
            server.stop(crashes.pop())
            server.start()
            while int(next_number(office.url)) < int(str(mine)):
                pass

    monkeypatch.setattr(Register, "record", record)
    office.do(add(ref, planned("kw", "2026-03-31")), "aud", "2026-03-10 14:00")
    assert not crashes
    assert len(office.audit(ref).actions) == 1
    check_store(office, "2026-03-10 15:00")
    office.app.close()


def next_number(url: str) -> str:
    """Use up a number of a transaction."""
    ((number,),) = postgres.asked(url, "SELECT pg_current_xact_id()::text")
    return str(number)
