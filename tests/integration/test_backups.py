"""Backups: taken while others write, restored after the store is lost, refused where not whole."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from typing import Any

import msgspec
import pytest

from auditflow.application import App
from auditflow.commands import ReleaseNotices, meeting
from auditflow.errors import BadInput, Damaged, NotAllowed, Refused, StoreTrouble
from auditflow.guidance.tool import ELEMENTS
from auditflow.operations.backup import CheckedBackup, backup, restore
from auditflow.persistence import schema, tables
from auditflow.persistence.database import Mode
from auditflow.persistence.office import Office as OfficeRows
from auditflow.persistence.postgres_backup import found
from auditflow.persistence.store import Store
from auditflow.queries import board
from auditflow.verify import verify
from support import stores
from support.asking import ask, proof_of
from support.checks import check_store, dump, rows
from support.office import Office, at, planned
from support.waiting import until

NOW = at("2026-06-01 10:00")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An audit in each of some states, with actions, escalations, texts and notices."""
    made = Office(tmp_path)
    made.booked("2026-02", "2026-02-10", "2026-01-14")
    made.submitted("2026-03", "2026-03-10", "2026-01-28", planned("kw", "2026-03-31"))
    made.held("2026-04", "2026-04-14", "2026-02-25")
    made.sweep("2026-06-01 09:00")
    yield made
    made.app.close()


def board_of(url: str) -> Any:
    app = App(url, now=NOW)
    try:
        return msgspec.to_builtins(ask(app, "qa1", board))
    finally:
        app.close()


def at_url(office: Office, url: str) -> Office:
    """The same office, looked at in another store."""
    office.app.close()
    office.url, office.app = url, App(url)
    return office


def finding() -> meeting.RecordFindings:
    """A change that may be made any number of times."""
    return meeting.RecordFindings(
        audit="2026-04-001", element=ELEMENTS[0].key, evidence="Seen on file once more."
    )


def without_held(found: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    return {**found, "store": [row[:-1] for row in found["store"]]}


# The drill.


def test_a_store_that_was_lost_is_restored_as_it_was(office: Office, tmp_path: Path) -> None:
    before, seen = dump(office), board_of(office.url)
    done = backup(office.url, tmp_path, now=NOW)
    assert re.fullmatch(r"[\w]+-20260601T090000Z\.backup", done.file.name)
    assert done.faults == []
    assert (done.holdings.audits, done.holdings.lines) == (3, len(before["journal"]))
    assert done.size == done.file.stat().st_size
    office.app.close()
    stores.destroy(office.url)
    url = stores.vacant(tmp_path)
    again = restore(url, done.file)
    assert (again.holdings, again.checksum) == (done.holdings, True)
    restored = at_url(office, url)
    assert without_held(dump(restored)) == without_held(before)
    assert board_of(url) == seen
    restored.do(finding(), "aud", "2026-06-01 10:00")
    check_store(restored, "2026-06-02 09:00")


def test_what_is_copied_while_others_write_is_one_moment(office: Office, tmp_path: Path) -> None:
    stop, written, copies = Event(), Event(), list[CheckedBackup]()

    def write() -> None:
        app = App(office.url)
        while not stop.is_set():
            app.service.do(finding(), by="aud", now=NOW)
            written.set()
        app.close()

    writer = Thread(target=write)
    writer.start()
    try:
        for n in range(3):
            written.clear()
            until(lambda: written.is_set() or not writer.is_alive(), "nothing is written")
            copies.append(backup(office.url, tmp_path / f"{n}.backup", now=NOW))
    finally:
        stop.set()
        writer.join()
    counts = [c.holdings.lines for c in copies]
    assert counts == sorted(set(counts)), "others went on writing between the copies"
    for copy in copies:
        assert copy.faults == []
        assert copy.holdings.rows["journal"] == copy.holdings.lines
    url = stores.vacant(tmp_path)
    again = restore(url, copies[1].file)
    assert again.holdings == copies[1].holdings
    check_store(at_url(office, url), "2026-06-02 09:00")


def test_a_backup_is_one_file_for_its_owner_alone_with_its_checksum(
    office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    file = backup(office.url, folder / "x.backup", now=NOW).file
    assert sorted(p.name for p in folder.iterdir()) == ["x.backup", "x.backup.sha256"]
    assert file.stat().st_mode & 0o077 == 0
    url = stores.vacant(tmp_path)
    (folder / "x.backup.sha256").unlink()
    assert not restore(url, file).checksum


# Notices.


def test_notices_are_held_after_a_restore_until_somebody_lets_them_go(
    office: Office, tmp_path: Path
) -> None:
    url = stores.vacant(tmp_path)
    restore(url, backup(office.url, tmp_path / "x.backup", now=NOW).file)
    restored = at_url(office, url)
    assert rows(restored, "SELECT notices_held FROM store") == [(1,)]
    command = ReleaseNotices(reason="The mail server's log shows what was sent.")
    do_office = restored.app.service.do_office
    with pytest.raises(NotAllowed, match="QA manager or Technical administrator"):
        do_office(command, by="qa1", now=NOW)
    waiting = rows(restored, "SELECT count(*) FROM outbox WHERE sent_at IS NULL")[0][0]
    assert waiting > 1
    said = do_office(command, by="qam", now=NOW).says
    assert said == f"Notices are held back no longer; {waiting} notices waited."
    assert rows(restored, "SELECT notices_held FROM store") == [(0,)]
    last = rows(restored, "SELECT body FROM journal WHERE audit_id = 0 ORDER BY seq DESC")[0][0]
    line = json.loads(last)
    assert (line["event"], line["who"]) == ("release_notices", "qam")
    assert line["changed"] == {"reason": command.reason, "waiting": waiting}
    with pytest.raises(Refused, match="No notices are held back"):
        do_office(command, by="qam", now=NOW)
    with pytest.raises(BadInput, match="reason is empty"):
        do_office(ReleaseNotices(reason=" "), by="qam", now=NOW)
    assert proof_of(restored.app).faults == []


@pytest.mark.only("postgres")
def test_a_restore_that_is_killed_leaves_no_notices_that_are_not_held(
    office: Office, tmp_path: Path
) -> None:
    file = backup(office.url, tmp_path / "x.backup", now=NOW).file
    programs, url = tmp_path / "programs", stores.vacant(tmp_path)
    programs.mkdir()
    wrapper = programs / "pg_restore"
    # Whoever asked for all there is dies once it is told.
    wrapper.write_text(
        f'#!/bin/sh\n{found("pg_restore", 18, None).path} "$@"\n'
        'case "$*" in *--data-only*|--version) ;; *) sleep 0.5; kill -9 $PPID ;; esac\n'
    )
    wrapper.chmod(0o755)
    (programs / "pg_dump").symlink_to(found("pg_dump", 18, None).path)
    said = [sys.executable, "-m", "auditflow", "db", "restore", str(file), "--db", url]
    bin_of = os.environ | {"AUDITFLOW_PG_BIN": str(programs)}
    done = subprocess.run(said, env=bin_of, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    stores.alone(url)
    assert nothing_at(url)
    restore(url, file)
    assert stores.asked(url, "SELECT notices_held FROM store") == [(1,)]


def test_a_restore_that_fails_while_notices_are_held_leaves_nothing(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise StoreTrouble("the disk is full")

    file, url = backup(office.url, tmp_path / "x.backup", now=NOW).file, stores.vacant(tmp_path)
    monkeypatch.setattr(OfficeRows, "keep_notices_back", fails)
    with pytest.raises(StoreTrouble, match="the disk is full"):
        restore(url, file)
    assert nothing_at(url)


# What is refused, and leaves nothing behind.


def nothing_at(url: str) -> bool:
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        return not list(path.parent.glob(f"*{path.name}*"))
    return stores.tables_of(url) == []


def test_a_backup_that_was_cut_off_is_refused(office: Office, tmp_path: Path) -> None:
    file = backup(office.url, tmp_path / "x.backup", now=NOW).file
    content, url = file.read_bytes(), stores.vacant(tmp_path)
    checksum = file.with_name("x.backup.sha256")
    for share in (0.5, 0.0, 0.01, 0.2, 0.9, 0.999):
        file.write_bytes(content[: int(len(content) * share)])
        with pytest.raises(Damaged, match=r"cannot be used: .* Take another backup|is no backup"):
            restore(url, file)
        assert nothing_at(url)
        # With it one look would be enough; without it each is found out by what it holds.
        checksum.unlink(missing_ok=True)


def test_a_backup_in_which_anything_changed_is_refused(office: Office, tmp_path: Path) -> None:
    file = backup(office.url, tmp_path / "x.backup", now=NOW).file
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    url = stores.vacant(tmp_path)
    with pytest.raises(Damaged, match="its checksum is another"):
        restore(url, file)
    assert nothing_at(url)


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("table", "column", "was", "becomes", "says"),
    [
        ("journal", "body", '"aud"', '"axd"', "its history has .*, the first at .* was changed"),
        ("audits", "facts", '"aud"', '"axd"', "its history has .* is not what its history gives"),
        ("audits", "facts", "2026-03", "2026-x3", "what it holds cannot be read"),
    ],
)
def test_a_backup_whose_history_was_tampered_with_is_refused(
    office: Office, tmp_path: Path, table: str, column: str, was: str, becomes: str, says: str
) -> None:
    file = backup(office.url, tmp_path / "x.backup", now=NOW).file
    file.with_name("x.backup.sha256").unlink()
    with closing(sqlite3.connect(file)) as other:
        for (trigger,) in other.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            other.execute(f"DROP TRIGGER {trigger}")
        other.execute(f"UPDATE {table} SET {column} = replace({column}, ?, ?)", (was, becomes))
        other.commit()
    url = stores.vacant(tmp_path)
    with pytest.raises(Damaged, match=says):
        restore(url, file)
    assert nothing_at(url)


def test_a_fault_of_the_store_is_told_and_the_copy_kept(office: Office, tmp_path: Path) -> None:
    with office.app.store.writing() as connection:
        connection.execute(tables.actions.update().values(state="filed"))
    done = backup(office.url, tmp_path / "x.backup", now=NOW)
    assert done.file.exists()
    assert "the actions are not those" in done.faults[0].says
    url = stores.vacant(tmp_path)
    with pytest.raises(Damaged, match="its history has 1 fault, the first at 2026-03-001"):
        restore(url, done.file)
    assert nothing_at(url)


def test_nothing_is_overwritten(office: Office, tmp_path: Path) -> None:
    file = backup(office.url, tmp_path / "x.backup", now=NOW).file
    before, content = dump(office), file.read_bytes()
    with pytest.raises(BadInput, match=r"There is something at .*x\.backup already"):
        backup(office.url, file, now=NOW)
    with pytest.raises((BadInput, StoreTrouble), match=r"There is something at|is not empty"):
        restore(office.url, file)
    assert (dump(office), file.read_bytes()) == (before, content)


def test_what_is_no_backup_is_refused(office: Office, tmp_path: Path) -> None:
    letter = tmp_path / "letter"
    letter.write_text("A letter to the council, and no backup at all.")
    url = stores.vacant(tmp_path)
    with pytest.raises(Damaged, match="is no backup of auditflow's"):
        restore(url, letter)
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        restore(url, tmp_path / "none")
    with pytest.raises(BadInput, match="cannot be read: Is a directory"):
        restore(url, tmp_path)
    with pytest.raises(BadInput, match="There is no folder"):
        backup(office.url, tmp_path / "none" / "x.backup", now=NOW)
    assert nothing_at(url)


def test_a_backup_of_the_other_kind_of_store_is_refused(office: Office, tmp_path: Path) -> None:
    file = backup(office.url, tmp_path / "x.backup", now=NOW).file
    other = "postgresql://127.0.0.1:1/x" if stores.kind == "sqlite" else str(tmp_path / "x.db")
    with pytest.raises(BadInput, match=r"is the backup of another kind of store\. Give "):
        restore(other, file)


def test_a_disk_without_room_leaves_nothing_behind(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    # In a process of its own, which may write no file larger than this.
    program = (
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))\n"
        "from auditflow.cli import main\n"
        f"main(['db', 'backup', {str(folder)!r}, '--db', {office.url!r}])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("auditflow: ")
    assert done.stderr.count("\n") == 1
    assert "could not" in done.stderr
    assert "defect" not in done.stderr
    assert list(folder.iterdir()) == []


@pytest.mark.only("postgres")
def test_no_password_is_among_the_words_a_program_is_started_with(
    office: Office, tmp_path: Path
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("pg_dump", "pg_restore"):
        wrapper = programs / name
        wrapper.write_text(
            f'#!/bin/sh\necho "$0 $*" >> {tmp_path}/words\n'
            f'echo "$PGPASSWORD" >> {tmp_path}/password\nexec {found(name, 18, None).path} "$@"\n'
        )
        wrapper.chmod(0o755)
    url = office.url.replace("postgres@", "postgres:geheim%20wort@")
    vacant = stores.vacant(tmp_path).replace("postgres@", "postgres:geheim%20wort@")
    file = backup(url, tmp_path / "x.backup", now=NOW, pg_bin=programs).file
    restore(vacant, file, pg_bin=programs)
    words = (tmp_path / "words").read_text()
    assert "--snapshot=" in words
    assert "--no-owner" in words
    assert "geheim" not in words
    assert "geheim wort" in (tmp_path / "password").read_text()


# Versions.


def of_version(url: str, version: str) -> None:
    store = Store(url)
    schema.downgrade(store, version)
    store.close()


def test_a_backup_of_an_older_version_is_brought_up(office: Office, tmp_path: Path) -> None:
    office.app.close()
    of_version(office.url, "0001")
    done = backup(office.url, tmp_path / "x.backup", now=NOW)
    assert (done.holdings.version, done.replayed) == ("0001", False)
    assert "beats" not in done.holdings.rows
    url = stores.vacant(tmp_path)
    again = restore(url, done.file)
    assert (again.holdings.version, again.replayed) == (tables.SCHEMA, True)
    assert again.holdings.head == done.holdings.head
    check_store(at_url(office, url), "2026-06-02 09:00")


def test_a_backup_of_a_newer_version_is_refused(office: Office, tmp_path: Path) -> None:
    with office.app.store.writing(Mode.WHOLE) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreTrouble, match="newer version"):
        backup(office.url, tmp_path / "y.backup", now=NOW)
    assert not (tmp_path / "y.backup").exists()
    if stores.kind == "sqlite":
        shutil.copy(office.url.removeprefix("sqlite:///"), tmp_path / "y.backup")
        office.app.close()
        shutil.copy(office.url.removeprefix("sqlite:///"), tmp_path / "y.backup")
        url = stores.vacant(tmp_path)
        with pytest.raises(StoreTrouble, match=r"y.backup is of a newer version \(9999\)"):
            restore(url, tmp_path / "y.backup")
        assert nothing_at(url)


def test_a_copy_proves_the_same_as_the_store(office: Office, tmp_path: Path) -> None:
    done: CheckedBackup = backup(office.url, tmp_path / "x.backup", now=NOW)
    with office.app.store.reading() as connection:
        proof = verify(connection)
    assert (proof.audits, proof.lines) == (done.holdings.audits, done.holdings.lines)
