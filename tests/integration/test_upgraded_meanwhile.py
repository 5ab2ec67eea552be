"""A program that runs on while its store is brought to another version writes nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from auditflow.commands import meeting
from auditflow.errors import StoreTrouble
from auditflow.guidance.tool import ELEMENTS
from auditflow.persistence import schema
from auditflow.persistence.database import Mode
from auditflow.persistence.store import Store
from support import stores
from support.checks import dump, rows
from support.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    made.held("2026-03", "2026-03-10", "2026-01-28")
    yield made
    made.app.close()


def finding() -> meeting.RecordFindings:
    return meeting.RecordFindings(
        audit="2026-03-001", element=ELEMENTS[0].key, evidence="Seen on file once more."
    )


def upgraded(url: str) -> None:
    """Brought to the version after this one, which another table belongs to."""
    with closing(Store(url)) as other, other.writing(Mode.WHOLE) as connection:
        connection.exec_driver_sql("CREATE TABLE what_comes_next (id INTEGER)")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")


def test_after_an_upgrade_an_old_program_is_told_to_start_again(office: Office) -> None:
    office.do(finding(), "aud", "2026-03-10 12:00")
    kept = dump(office)
    upgraded(office.url)
    with pytest.raises(StoreTrouble, match=r"newer version \(9999\).* start again what still runs"):
        office.do(finding(), "aud", "2026-03-10 12:10")
    with pytest.raises(StoreTrouble, match=r"newer version \(9999\)"):
        office.sweep("2026-06-01 09:00")
    counted = "SELECT count(*) FROM journal"
    assert stores.asked(office.url, counted) == [(len(kept["journal"]),)]


def test_what_was_taken_back_meanwhile_is_refused_too(office: Office) -> None:
    office.do(finding(), "aud", "2026-03-10 12:00")
    with closing(Store(office.url)) as other:
        schema.downgrade(other, "0001")
    with pytest.raises(StoreTrouble, match=r"older version \(0001\)\. Type: auditflow db upgrade"):
        office.do(finding(), "aud", "2026-03-10 12:10")


def test_what_does_not_change_the_version_stops_nobody(office: Office) -> None:
    office.do(finding(), "aud", "2026-03-10 12:00")
    lines = rows(office, "SELECT count(*) FROM journal")[0][0]
    with closing(Store(office.url)) as other, other.writing(Mode.WHOLE) as connection:
        connection.exec_driver_sql("CREATE INDEX by_hand ON cases (team)")
    office.do(finding(), "aud", "2026-03-10 12:10")
    assert rows(office, "SELECT count(*) FROM journal")[0][0] == lines + 1
