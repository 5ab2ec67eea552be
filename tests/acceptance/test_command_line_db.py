"""The store kept and restored, as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditflow.persistence import schema
from auditflow.persistence.store import Store
from support import stores
from support.office import Office
from support.shell import AT_NOON as NOW
from support.shell import Shell, plain

SERVER = "postgresql+psycopg://qa@127.0.0.1:1/able"


@pytest.fixture
def shell(shell: Shell) -> Shell:
    shell.under_way()
    return shell


def test_the_drill_of_backup_and_restore(shell: Shell) -> None:
    seen = shell.told("qa1", NOW, "where")
    file = shell.folder / "x.backup"
    said = shell.says("", "", "db", "backup", str(file)).splitlines()
    assert said[0].startswith(f"Kept: {file} (0.")
    assert said[1].startswith("It was opened and is whole, and its history was replayed: 1 audit, ")
    assert said[2].startswith("Head digest: ")
    assert len(said) == 3
    lost = shell.path.rename(shell.folder / "lost.db")
    restored = shell.says("", "", "db", "restore", str(file)).splitlines()
    assert restored[0].startswith(f"Restored: {shell.path}, from {file} (0.")
    assert restored[1:3] == said[1:3]
    assert restored[3].startswith("Notices are held back: what waited may have been sent since.")
    assert shell.told("qa1", NOW, "where") == seen
    release = ("db", "release-notices", "--reason", "Looked at the mail server.")
    plain(shell.tries("aud", NOW, *release), 4, "That is for: QA manager or Technical admin")
    assert "Notices are held back no longer; " in shell.says("qam", NOW, *release)
    plain(shell.tries("qam", NOW, *release), 5, "No notices are held back.")
    assert "no faults" in shell.says("", "", "verify")
    assert lost.exists()


def test_a_folder_gets_a_file_named_by_the_moment(shell: Shell) -> None:
    folder = shell.folder / "kept"
    folder.mkdir()
    kept = shell.told("", "", "db", "backup", str(folder))
    assert Path(kept["file"]).parent == folder
    assert Path(kept["file"]).name.startswith("office-2")
    assert (kept["audits"], kept["faults"], kept["program"]) == (1, [], None)
    assert kept["rows"]["journal"] == kept["lines"]
    assert kept["bytes"] == Path(kept["file"]).stat().st_size


def test_what_cannot_be_done_is_told_in_a_line(shell: Shell) -> None:
    file = str(shell.folder / "x.backup")
    shell.says("", "", "db", "backup", file)
    letter = shell.csv("x.csv", [{"a": 1}])
    names = {p.name for p in shell.folder.iterdir()}

    def refuses(code: int, says: str, *words: str) -> None:
        plain(shell.tries("", "", "db", *words), code, says)
        assert {p.name for p in shell.folder.iterdir()} == names

    refuses(2, "There is something at", "backup", file)
    refuses(2, "There is no folder", "backup", "none/x")
    refuses(2, "There is something at", "restore", file)
    refuses(2, "cannot be read: No such file", "restore", "none")
    refuses(1, "is no backup of auditflow's", "restore", letter)
    refuses(2, "is the backup of another kind of store", "restore", file, "--db", SERVER)
    refuses(1, "There is no store at", "backup", "y", "--db", "none.db")
    refuses(1, "cannot be reached", "backup", "y", "--db", SERVER)


def test_upgrade_says_from_where_to_where(shell: Shell) -> None:
    store = Store(str(shell.path))
    schema.downgrade(store, "0001")
    store.close()
    older = ("is of an older version (0001). Type: auditflow db upgrade",)
    plain(shell.tries("qa1", NOW, "where"), 1, *older)
    kept = shell.says("", "", "db", "backup", str(shell.folder / "before.backup"))
    assert "It was opened and is whole, and it is of version 0001: 1 audit" in kept
    assert shell.says("", "", "db", "upgrade") == (
        "The store was of version 0001 and is up to date now (version 0003).\n"
    )
    assert shell.says("", "", "db", "upgrade") == "The store is up to date.\n"


def test_upgrade_makes_no_store_of_somebody_elses_database(shell: Shell) -> None:
    empty = shell.folder / "empty.db"
    empty.touch()
    plain(shell.tries("", "", "db", "upgrade", "--db", str(empty)), 1, "but no store of auditflow")
    assert stores.tables_of(f"sqlite:///{empty}") == []


@pytest.mark.only("postgres")
def test_on_a_server_it_says_which_program_it_used(store_kind: str, tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.booked("2026-03", "2026-03-10", "2026-01-28")
    office.app.close()
    shell = Shell(tmp_path, url=office.url)
    seen = shell.told("qa1", NOW, "where")
    said = shell.says("", "", "db", "backup", str(tmp_path / "x.backup"))
    assert "/pg_dump (version " in said
    stores.destroy(office.url)
    shell.env["AUDITFLOW_DB"] = stores.vacant(tmp_path)
    assert "/pg_restore (version " in shell.says("", "", "db", "restore", f"{tmp_path}/x.backup")
    assert shell.told("qa1", NOW, "where") == seen
    plain(shell.tries("", "", "db", "restore", f"{tmp_path}/x.backup"), 1, "is not empty. A backup")
    plain(shell.tries("", "", "init"), 1, "There is something at postgresql+psycopg://")
    shell.env["AUDITFLOW_PG_BIN"] = str(tmp_path)
    plain(shell.tries("", "", "db", "backup", "y"), 1, "none was found in")
