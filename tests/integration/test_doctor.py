"""What the doctor finds: nothing where all is well, and what to type for everything else."""

from __future__ import annotations

import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from auditflow.application import init
from auditflow.operations import doctor
from auditflow.operations.doctor import examine
from auditflow.persistence import schema, sqlite, tables
from auditflow.persistence.database import Mode
from auditflow.persistence.office import Office as Rows
from auditflow.persistence.store import Store
from auditflow.queries.health import Finding, Health
from auditflow.settings.reading import read
from support import stores
from support.checks import rows
from support.office import Office, at

NOW = at("2026-03-02 10:00")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office that is no rehearsal, swept a minute ago."""
    made = Office(tmp_path)
    made.booked("2026-03", "2026-03-10", "2026-01-28")
    with made.app.store.writing(Mode.WHOLE) as connection:
        connection.execute(tables.store.update().values(rehearsal=0))
        Rows(connection).beat("sweep", NOW - timedelta(minutes=1))
    yield made
    made.app.close()


def look(url: str, now: datetime = NOW) -> Health:
    return examine(lambda: read(db=url), now)


def found(health: Health) -> dict[str, str]:
    """What is wrong, by what it is about; the server for tests is set to be fast, not safe."""
    return {f.about: f.says for f in health.findings if f.wrong and f.about != "database"}


def test_all_is_well(office: Office) -> None:
    health = look(office.url)
    assert found(health) == {}
    assert health.database is not None
    assert health.database.kind == {"sqlite": "SQLite", "postgres": "PostgreSQL"}[stores.kind]
    assert health.well is (stores.kind == "sqlite")
    assert (health.version, health.calendar_ends) == (tables.SCHEMA, date(2028, 12, 31))
    assert (health.free is None) is (stores.kind == "postgres")


def test_the_figures_are_those_of_the_store(office: Office) -> None:
    office.submitted("2026-04", "2026-04-14", "2026-02-25")
    office.sweep("2026-06-01 09:00")
    figures = look(office.url, at("2026-06-01 09:01")).figures
    assert figures is not None
    assert figures.lines_of_history == rows(office, "SELECT count(*) FROM journal")[0][0]
    assert dict(figures.audits_by_state) == dict(
        rows(office, "SELECT state, count(*) FROM audits GROUP BY state")
    )
    assert dict(figures.open_escalations_by_level) == dict(
        rows(
            office,
            "SELECT state, count(*) FROM escalations WHERE state <> 'resolved' GROUP BY state",
        )
    )
    assert figures.open_escalations_by_level
    waiting = rows(office, "SELECT count(*) FROM outbox WHERE sent_at IS NULL")[0][0]
    assert 0 < figures.notices_waiting <= waiting
    (first,) = rows(office, "SELECT min(deliver_from) FROM outbox WHERE sent_at IS NULL")
    assert figures.notices_since == datetime.fromisoformat(first[0])
    assert figures.unraised == 0
    assert bool(figures.jobs_by_status) is (stores.kind == "postgres")


def test_no_case_is_in_it(office: Office) -> None:
    said = msgspec.json.encode(look(office.url)).decode()
    for (reference,) in rows(office, "SELECT reference FROM cases"):
        assert reference not in said
    for (name,) in rows(office, "SELECT name FROM people"):
        assert name not in said


def test_what_is_late_and_not_raised_is_found(office: Office) -> None:
    later = at("2026-04-08 10:00")
    with office.app.store.writing() as connection:
        Rows(connection).beat("sweep", later)
    assert "missed deadline" in found(look(office.url, later))["duties"]
    assert "Type: auditflow sweep" in found(look(office.url, later))["duties"]
    office.sweep("2026-04-08 10:00")
    assert found(look(office.url, later)) == {}


def test_a_sweep_that_stopped_is_found(office: Office) -> None:
    assert found(look(office.url, NOW + timedelta(minutes=9))) == {}
    says = found(look(office.url, NOW + timedelta(minutes=11)))["sweep"]
    assert says.startswith("It was last swept on Mon 2 March 2026 at 09:59. See that one of these")
    with office.app.store.writing() as connection:
        connection.execute(tables.beats.delete())
    assert found(look(office.url))["sweep"].startswith("Nothing sweeps this store.")


def test_a_slow_sweep_is_given_its_time(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITFLOW_SWEEP_SECONDS", "600")
    assert found(look(office.url, NOW + timedelta(minutes=45))) == {}
    assert "sweep" in found(look(office.url, NOW + timedelta(minutes=51)))


def test_notices_that_are_held_are_found(office: Office) -> None:
    with office.app.store.writing() as connection:
        Rows(connection).keep_notices_back(back=True)
    says = found(look(office.url))["notices"]
    assert says.startswith("Notices are held back since a restore; ")
    assert "should be out, the oldest since Wed 28 January 2026 at 10:00." in says
    assert "auditflow db release-notices --reason" in says


@pytest.mark.only("postgres")
@pytest.mark.parametrize("become", ["status = 'doing'", "status = 'failed'"])
def test_jobs_that_came_to_no_end_are_found(office: Office, become: str) -> None:
    stores.asked(office.url, f"UPDATE procrastinate_jobs SET {become}")
    ((jobs, last),) = stores.asked(
        office.url,
        "SELECT count(DISTINCT job_id), max(at) FROM procrastinate_events",
    )
    says = found(look(office.url))["jobs"]
    assert says.startswith(f"{jobs} jobs of a worker came to no end, the last on ")
    assert says.endswith("type: auditflow sweep")
    with office.app.store.writing() as connection:
        Rows(connection).beat("sweep", datetime.fromisoformat(last) + timedelta(seconds=1))
    health = look(office.url)
    assert "jobs" not in found(health)
    assert [f.says.endswith("did what was left.") for f in health.findings if f.about == "jobs"]


def test_a_calendar_that_runs_out_is_found_half_a_year_before(office: Office) -> None:
    assert "calendar" not in found(look(office.url, at("2028-06-30 10:00")))
    says = found(look(office.url, at("2028-07-02 10:00")))["calendar"]
    assert says.startswith("Bank holidays are known until 31 December 2028 only")
    assert says.endswith("and type: auditflow calendar import FILE")


def known(health: Health) -> list[Finding]:
    """What is well to know, but for the duty routes that this office has not set."""
    return [f for f in health.findings if not f.wrong and f.about != "concerns"]


def test_a_rehearsal_is_not_asked_whether_its_clock_acts(tmp_path: Path) -> None:
    made = Office(tmp_path)
    made.booked("2026-03", "2026-03-10", "2026-01-28")
    health = look(made.url, at("2026-09-01 10:00"))
    assert found(health) == {}
    assert [f.about for f in known(health)] == ["clock"]
    made.app.close()


def test_settings_that_are_wrong_are_found(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITFLOW_DBB", "x")
    health = look(office.url)
    assert found(health) == {}
    assert [f.says for f in known(health)] == [
        "AUDITFLOW_DBB is no setting, so it does nothing. Did you mean AUDITFLOW_DB?"
    ]
    monkeypatch.setenv("AUDITFLOW_STALLED_SECONDS", "soon")
    health = look(office.url)
    assert found(health)["settings"].startswith("AUDITFLOW_STALLED_SECONDS “soon” will not do.")
    assert health.database is None


def test_charts_that_cannot_be_drawn_are_well_to_know(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(doctor, "find_spec", lambda _: None)
    health = look(office.url)
    assert found(health) == {}
    assert health.pictures is None
    assert "apt-get install graphviz" in health.findings[-1].says


# A store that is not as it should be.


@pytest.mark.parametrize(
    ("version", "says"),
    [
        ("0000", "is of an older version (0000). Type: auditflow db upgrade"),
        ("9999", "is of a newer version (9999) than this auditflow knows"),
    ],
)
def test_a_store_of_another_version_is_found(office: Office, version: str, says: str) -> None:
    with office.app.store.writing(Mode.WHOLE) as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
    health = look(office.url)
    assert says in found(health)["version"]
    assert (health.version, health.figures) == (version, None)
    assert health.database is not None


def test_a_store_of_the_version_before_is_found(office: Office) -> None:
    office.app.close()
    store = Store(office.url)
    schema.downgrade(store, "0001")
    store.close()
    assert found(look(office.url))["version"].endswith("Type: auditflow db upgrade")


def test_a_database_of_somebody_else_is_found(tmp_path: Path) -> None:
    url = stores.vacant(tmp_path)
    if stores.kind == "sqlite":
        with closing(sqlite3.connect(tmp_path / "restored.db")) as other:
            other.execute("CREATE TABLE recipes (name TEXT)")
    assert "but no store of auditflow's" in found(look(url))["version"]


def test_a_store_that_lacks_its_tables_is_found(office: Office) -> None:
    with office.app.store.writing(Mode.WHOLE) as connection:
        connection.exec_driver_sql("DROP TABLE beats")
    says = found(look(office.url))["store"]
    assert says.endswith("lacks a table or a column that its version has. Restore the last backup.")


@pytest.mark.only("sqlite")
def test_a_store_that_is_not_there_is_found(tmp_path: Path) -> None:
    assert "Make one with" in found(look(str(tmp_path / "none.db")))["store"]
    assert "is a folder" in found(look(str(tmp_path)))["store"]
    (tmp_path / "letter").write_text("A letter to the council. " * 100)
    assert "is no store of auditflow's" in found(look(str(tmp_path / "letter")))["store"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["letter"]


@pytest.mark.only("sqlite")
def test_a_store_that_others_hold_is_found(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MS", 50)
    path = office.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        health = look(office.url)
        other.execute("ROLLBACK")
    assert "is busy: " in found(health)["store"]
    assert health.figures is not None, "what may be read is read all the same"


@pytest.mark.only("sqlite")
def test_a_disk_that_is_nearly_full_is_found(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as the library's
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, 99_000_000))
    says = found(look(office.url))["disk"]
    assert says.startswith("Only 99 MB are free where the store lies")


@pytest.mark.only("postgres")
def test_a_server_that_cannot_be_reached_is_found() -> None:
    health = look("postgresql+psycopg://qa:geheim@127.0.0.1:1/able")
    assert "cannot be reached, or does not answer." in found(health)["store"]
    assert "geheim" not in msgspec.json.encode(health).decode()
    assert health.store == "postgresql+psycopg://qa:***@127.0.0.1:1/able"


@pytest.mark.only("postgres")
def test_a_server_that_is_set_to_be_fast_and_not_safe_is_found(office: Office) -> None:
    says = [f.says for f in look(office.url).findings if f.about == "database"]
    assert [s.split(":")[0] for s in says] == [
        "The server's fsync is off",
        "The server's full_page_writes is off",
        "The server's synchronous_commit is off",
    ]
    assert all("Type in psql: ALTER SYSTEM SET " in s for s in says)


def test_a_new_store_is_well(tmp_path: Path) -> None:
    url = stores.vacant(tmp_path)
    init(url, rehearsal=False, now=NOW)
    assert found(look(url)) == {}
