"""A store that is locked, read-only, full, of another version or none, met in a terminal."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from auditflow.persistence import sqlite as stores
from support.nobody import as_nobody
from support.shell import AT_NOON as NOW
from support.shell import UNDER_WAY as REF
from support.shell import Shell, plain

FOUND = ("audit", "record-findings", REF, "--element", "engagement", "--evidence")


@pytest.fixture
def shell(shell: Shell) -> Shell:
    shell.under_way()
    return shell


def test_a_store_that_is_locked(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "BUSY_MS", 50)
    with closing(sqlite3.connect(shell.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        shell.refuses("aud", *FOUND, "x", code=1, says="is busy: ")
        shell.says("aud", NOW, "where")
        other.execute("ROLLBACK")
    shell.says("aud", NOW, *FOUND, "x")


def test_a_store_that_is_full(shell: Shell) -> None:
    def limit(connection: sqlite3.Connection, _: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(Engine, "connect", limit)
    try:
        shell.refuses("aud", *FOUND, "x" * 20_000, code=1, says="the disk is full. Make room")
    finally:
        event.remove(Engine, "connect", limit)
    shell.says("aud", NOW, *FOUND, "x")


def test_a_store_that_may_only_be_read(readable: Path) -> None:
    shell = Shell(readable)
    shell.under_way()
    shell.path.chmod(0o444)
    shell.tries("aud", NOW, *FOUND[:5], "\x00")  # imports all that a command needs
    readable.chmod(0o555)
    kept = shell.path.read_bytes()

    def says() -> str:
        result = shell.tries("aud", NOW, *FOUND, "x")
        return json.dumps([result.exit_code, result.stdout, result.stderr])

    code, out, err = json.loads(as_nobody(says))
    assert (code, out) == (1, "")
    assert err.startswith("auditflow: The store ")
    assert "may not be written" in err or "may be written" in err
    assert err.count("\n") == 1
    assert shell.path.read_bytes() == kept


@pytest.mark.parametrize(
    ("version", "says"),
    [("9999", "is of a newer version (9999)"), ("0000", "Type: auditflow db upgrade")],
)
def test_a_store_of_another_version(shell: Shell, version: str, says: str) -> None:
    with closing(sqlite3.connect(shell.path)) as other:
        other.execute("UPDATE alembic_version SET version_num = ?", (version,))
        other.commit()
    shell.refuses("aud", *FOUND, "x", code=1, says=says)
    shell.refuses("aud", "where", code=1, says=says)


def test_a_store_that_is_none(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    plain(shell.tries("aud", NOW, "where"), 1, "Make one with: auditflow --db")
    assert list(tmp_path.iterdir()) == []
    shell.path.write_bytes(b"A letter to the council, and not a database at all. " * 200)
    kept = shell.path.read_bytes()
    for words in (("where",), (*FOUND, "x"), ("db", "upgrade"), ("init",), ("sweep",)):
        plain(shell.tries("aud", NOW, *words), 1, "")
    assert shell.path.read_bytes() == kept
    for address in ("mysql://x/y", "://"):
        plain(shell.tries("aud", NOW, "where", "--db", address), 2, "--db “")
    plain(shell.tries("aud", NOW, "where", "--db", str(tmp_path)), 1, "is a folder")
