"""Whatever ails the store: plain words, exit code 1, nothing changed."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event

from auditflow.application import App, init
from auditflow.commands import AuditCommand, scheduling
from auditflow.errors import AuditflowError, BadInput, StoreTrouble
from auditflow.persistence import sqlite as stores
from support.checks import check_store, dump
from support.nobody import as_nobody
from support.office import Office, at

pytestmark = pytest.mark.only("sqlite")

NOW = at("2026-03-02 10:00")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    made.booked("2026-03", "2026-03-10", "2026-01-28")
    yield made
    made.app.close()


def rebooking(reason: str = "The worker is ill.") -> AuditCommand:
    return scheduling.RebookMeeting(audit="2026-03-001", on=date(2026, 3, 11), reason=reason)


def refused(url: str, words: str) -> StoreTrouble:
    """The store at this address takes no command, and says why and what to do."""
    with pytest.raises(StoreTrouble, match=words) as refusal:
        App(url).service.do(rebooking(), by="aud", now=NOW)
    assert refusal.value.exit_code == 1
    assert "sqlite" not in str(refusal.value).removeprefix(url).lower().replace(url, "")
    return refusal.value


def path_of(office: Office) -> Path:
    return Path(office.url.removeprefix("sqlite:///"))


def test_held_by_another_program(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "BUSY_MS", 50)
    kept = dump(office)
    with closing(sqlite3.connect(path_of(office), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused(office.url, "is busy: .* Try again")
        with App(office.url).store.reading():
            pass  # whoever only reads need not wait
        other.execute("ROLLBACK")
    assert dump(office) == kept
    App(office.url).service.do(rebooking(), by="aud", now=NOW)
    check_store(office, "2026-03-02 11:00")


def test_no_room_left(office: Office) -> None:
    kept = dump(office)
    app = App(office.url)

    def limit(connection: sqlite3.Connection, _: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(app.store.engine, "connect", limit)
    with pytest.raises(StoreTrouble, match="disk is full"):
        app.service.do(rebooking("x" * 20_000), by="aud", now=NOW)
    app.close()
    assert dump(office) == kept
    check_store(office, "2026-03-02 11:00")


@pytest.mark.parametrize("what", ["file", "folder", "both"])
def test_a_store_that_may_not_be_written(office: Office, readable: Path, what: str) -> None:
    office.app.close()
    copy = readable / "office.db"
    shutil.copy(path_of(office), copy)
    copy.chmod(0o444 if what in ("file", "both") else 0o666)
    readable.chmod(0o555 if what in ("folder", "both") else 0o777)
    kept = copy.read_bytes()
    app = App(f"sqlite:///{copy}")
    said = as_nobody(lambda: str(app.service.do(rebooking(), by="aud", now=NOW)))
    assert said.startswith("StoreTrouble: The store ")
    assert "may not be written" in said or "may be written" in said
    assert copy.read_bytes() == kept


def test_of_a_newer_version(office: Office) -> None:
    with closing(sqlite3.connect(path_of(office))) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.commit()
    kept = dump(office)
    refused(office.url, "newer version \\(9999\\).*Use the newer auditflow")
    assert dump(office) == kept


def test_of_an_older_version(office: Office) -> None:
    with closing(sqlite3.connect(path_of(office))) as other:
        other.execute("UPDATE alembic_version SET version_num = '0000'")
        other.commit()
    refused(office.url, "older version \\(0000\\). Type: auditflow db upgrade")


@pytest.mark.parametrize(
    "content",
    [b"A letter to the council, and not a database at all. " * 200, b"SQLite format 3\0" * 200],
)
def test_not_a_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.db"
    path.write_bytes(content)
    refused(f"sqlite:///{path}", "no store of auditflow's. Give the right file with --db")
    assert path.read_bytes() == content


def test_a_database_of_somebody_else(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
        other.commit()
    refused(f"sqlite:///{path}", "no store of auditflow's. Give the right file with --db")


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    refused(f"sqlite:///{tmp_path / 'empty.db'}", "no store of auditflow's")


def test_a_file_that_was_cut_off(office: Office) -> None:
    office.app.close()
    path = path_of(office)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    refused(office.url, "is damaged. Restore the last backup|no store of auditflow's")


def test_a_folder(tmp_path: Path) -> None:
    refused(f"sqlite:///{tmp_path}", "is a folder. Give a file")


def test_no_store_at_all(tmp_path: Path) -> None:
    refused(f"sqlite:///{tmp_path / 'none.db'}", "no store at .* init")
    assert list(tmp_path.iterdir()) == []


def test_no_folder(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'none' / 'office.db'}"
    refused(url, "no store at .* init")
    with pytest.raises(StoreTrouble, match="Check that its folder exists"):
        init(url, rehearsal=True, now=NOW)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["mysql://x/y", "://", "oracle:///x", "postgresql+odd://x/y"])
def test_another_kind_of_store(url: str) -> None:
    with pytest.raises((BadInput, StoreTrouble)) as refusal:
        App(url)
    assert str(refusal.value).endswith(".")


def test_a_store_is_not_made_over_another(office: Office) -> None:
    kept = dump(office)
    with pytest.raises(AuditflowError, match="already"):
        init(office.url, rehearsal=True, now=NOW)
    assert dump(office) == kept
