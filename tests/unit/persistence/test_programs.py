from __future__ import annotations

from pathlib import Path

import pytest

from auditflow.errors import StoreTrouble
from auditflow.persistence import postgres_backup
from auditflow.persistence.postgres_backup import found, last_line


def program(folder: Path, version: str, name: str = "pg_dump") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def _nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_backup, "SYSTEM", tmp_path / "system")
    monkeypatch.setattr(postgres_backup, "WHEEL", "there_is_no_such_wheel")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "sh").symlink_to("/bin/sh")


def test_the_oldest_that_is_not_older_than_the_server_is_used(tmp_path: Path) -> None:
    program(tmp_path / "bin", "15.18 (Debian 15.18-0+deb12u1)")
    program(tmp_path / "system/16/bin", "16.4")
    program(tmp_path / "system/18/bin", "18.1")
    assert found("pg_dump", 15, None).path == tmp_path / "bin/pg_dump"
    assert found("pg_dump", 16, None) == (tmp_path / "system/16/bin/pg_dump", 16)
    assert str(found("pg_dump", 17, None)) == f"{tmp_path}/system/18/bin/pg_dump (version 18)"


def test_where_all_are_too_old_it_says_what_was_found_and_what_to_type(tmp_path: Path) -> None:
    program(tmp_path / "bin", "15.18")
    program(tmp_path / "system/16/bin", "16.4")
    with pytest.raises(StoreTrouble) as refusal:
        found("pg_dump", 18, None)
    assert str(refusal.value) == (
        "The server is PostgreSQL 18 and needs a pg_dump of that version or newer; found only "
        f"{tmp_path}/bin/pg_dump (version 15) and {tmp_path}/system/16/bin/pg_dump (version 16). "
        "Type: apt-get install postgresql-client-18, or set AUDITFLOW_PG_BIN to the folder it "
        "is in."
    )


def test_where_there_is_none_it_says_so() -> None:
    with pytest.raises(StoreTrouble, match=r"of that version or newer; none was found\. Type: apt"):
        found("pg_restore", 18, None)


def test_a_folder_that_was_set_is_the_only_one_looked_into(tmp_path: Path) -> None:
    program(tmp_path / "bin", "18.1")
    mine = program(tmp_path / "mine", "19beta1")
    assert found("pg_dump", 18, tmp_path / "mine") == (mine, 19)
    program(tmp_path / "mine", "17.2")
    with pytest.raises(StoreTrouble, match=rf"\(version 17\) in {tmp_path}/mine\. Type"):
        found("pg_dump", 18, tmp_path / "mine")
    with pytest.raises(StoreTrouble, match=rf"none was found in {tmp_path}/empty\."):
        found("pg_dump", 18, tmp_path / "empty")


def test_a_program_that_is_none_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "bin" / "pg_dump").write_text("not a program")
    (tmp_path / "bin" / "pg_dump").chmod(0o755)
    program(tmp_path / "system/18/bin", "18.1")
    assert found("pg_dump", 18, None).version == 18


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ("", "nothing"),
        ("pg_restore: error: it is no archive.\n\n", "it is no archive"),
        ("warning\npg_dump: error: a\npg_dump: detail: b\n", "pg_dump: detail: b"),
    ],
)
def test_what_a_program_said_last(said: str, last: str) -> None:
    assert last_line(said) == last
