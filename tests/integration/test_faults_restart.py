"""The server stops, crashes and comes back: what was sent is done once or told, work goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from signal import SIGQUIT
from typing import Any

import pytest

from auditflow.persistence.register import Register
from support import postgres
from support.checks import check_store
from support.office import Office, add, at, planned
from support.postgres import Server

pytestmark = pytest.mark.only("postgres")

NOW = at("2026-03-10 14:00")


@pytest.fixture
def server() -> Iterator[Server]:
    with postgres.own(wal_writer_delay="10s") as own:
        yield own


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
