"""What unattended commands log: counts and what ails the store, and nothing of a case."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from auditflow import logs
from auditflow.application import App
from auditflow.commands import meeting
from auditflow.errors import NotFound, Refused
from auditflow.queries import audit_detail
from support.asking import ask
from support.office import Office, at
from support.shell import Shell, cases
from support.waiting import STUCK

CASE = cases(1)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A store with audits of last year, overdue by the machine's own clock."""
    shell = Shell(tmp_path)
    shell.founded("2025-01-05T09:00")
    shell.drawn("2025-03", "2025-01-28T09:00", 3)
    return shell


#: A sweep that waits no ten seconds for others to let go of the store.
IMPATIENT = """
from auditflow.persistence import sqlite
sqlite.BUSY_MS = 100
from auditflow.cli import main
main()
"""


@contextmanager
def watching(shell: Shell, *words: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", IMPATIENT, "sweep", "--every", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=shell.full_env(),
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def logged(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The next line of the log."""
    assert process.stderr is not None
    line: dict[str, Any] = json.loads(process.stderr.readline())
    return line


def test_a_watch_logs_each_sweep_and_notes_it_for_the_doctor(shell: Shell) -> None:
    shell.env["AUDITFLOW_SWEEP_SECONDS"] = "1"
    with watching(shell) as process:
        first, second = logged(process), logged(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(STUCK) == 0
        assert process.stdout is not None
        assert process.stdout.read().count("T6 raised at level 2") == 3
    assert (first["event"], first["command"], first["store"]) == ("swept", "sweep", str(shell.path))
    assert (first["looked_at"], first["failed"]) == (3, 0)
    assert first["raised"] >= 3
    assert (second["raised"], second["run"]) == (0, first["run"])
    assert second["timestamp"] > first["timestamp"]
    assert second["timestamp"].endswith("Z")
    ((name, noted),) = shell.dump()["beats"]
    assert name == "sweep"
    assert noted[:16] == second["timestamp"][:16] or noted < second["timestamp"]


SECRET = "She told me what happened"


def spoil(shell: Shell, was: str) -> None:
    """Put a text where the facts of the second audit have something else."""
    with closing(sqlite3.connect(shell.path)) as database:
        change = "UPDATE audits SET facts = replace(facts, ?, ?) WHERE id = 2"
        assert database.execute(change, (was, f'"{SECRET}"')).rowcount == 1
        database.commit()


def test_an_audit_that_cannot_be_swept_is_named_without_what_it_holds(shell: Shell) -> None:
    spoil(shell, '"distribute"')
    with watching(shell, "1s") as process:
        swept, left_out = logged(process), logged(process)
        assert logged(process)["event"] == "swept", "the others are swept on and on"
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=STUCK)[1]
    assert swept["failed"] == 1
    assert (left_out["event"], left_out["audit"]) == ("not swept", "2025-03-002")
    assert SECRET not in json.dumps([swept, left_out]) + rest


def test_an_audit_that_cannot_even_be_read_holds_up_no_other(shell: Shell) -> None:
    spoil(shell, '"2025-03-01"')
    with watching(shell, "1s") as process:
        swept, left_out = logged(process), logged(process)
        process.send_signal(signal.SIGTERM)
        said = json.dumps([swept, left_out]) + process.communicate(timeout=STUCK)[1]
    assert (swept["event"], swept["failed"], left_out["event"]) == ("swept", 1, "not swept")
    assert swept["raised"] > 0
    assert SECRET not in said
    for row in CASE:
        assert str(row["Child Unique ID"]) not in said


def test_a_store_that_is_busy_is_logged_and_tried_again(shell: Shell) -> None:
    with watching(shell, "1s") as process:
        # Once it has begun well; a store that ails from the start ends it.
        assert [logged(process)["event"] for _ in range(2)] == ["swept", "swept"]
        with closing(sqlite3.connect(shell.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            trouble = logged(process)
            while trouble["event"] == "swept":
                trouble = logged(process)
            other.execute("ROLLBACK")
        assert (trouble["event"], trouble["level"]) == ("store trouble", "error")
        assert trouble["says"].startswith(f"The store {shell.path} is busy: ")
        assert logged(process)["event"] == "swept"
        process.send_signal(signal.SIGTERM)
        assert process.wait(STUCK) == 0


def test_one_sweep_by_the_clock_is_noted_and_one_of_another_moment_is_not(shell: Shell) -> None:
    shell.says("", "2026-01-01T09:00", "sweep")
    assert shell.dump()["beats"] == []
    shell.says("", "", "sweep")
    assert [name for name, _ in shell.dump()["beats"]] == ["sweep"]


def test_a_backup_by_a_timer_is_logged_and_so_is_its_failure(shell: Shell) -> None:
    shell.env["AUDITFLOW_LOG_FORMAT"] = "json"
    file = str(shell.folder / "x.backup")
    done = shell.process("db", "backup", file)
    told = json.loads(done.stderr)
    assert (told["event"], told["audits"], told["faults"]) == ("backed up", 3, 0)
    assert told["head"] in done.stdout
    again = shell.tries("", "", "db", "backup", file)
    failed = json.loads(again.stderr)
    assert (again.exit_code, failed["event"], failed["exit_code"]) == (2, "ended", 2)
    assert failed["says"].startswith(f"There is something at {file} already")
    restored = shell.tries("", "", "db", "restore", file, "--db", str(shell.folder / "y.db"))
    assert json.loads(restored.stderr)["event"] == "restored"


def test_who_is_turned_away_and_what_is_refused_is_logged_without_what_was_typed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office(tmp_path)
    ref = office.booked("2026-03", "2026-03-10", "2026-01-28")
    app, now = App(office.url), at("2026-03-10 10:00")
    logs.begin("info", "json", command="test")
    try:
        with pytest.raises(NotFound):
            ask(app, "untrained", audit_detail, ref)
        submit = meeting.Submit(audit=ref, no_actions_because="Her name is Ann.")
        with pytest.raises(Refused):
            app.service.do(submit, by="aud", now=now)
    finally:
        logs.end()
        app.close()
        office.app.close()
    denied, refused = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (denied["event"], denied["person"], denied["what"], denied["audit"]) == (
        "denied",
        "untrained",
        "read",
        1,
    )
    assert (refused["event"], refused["person"], refused["what"]) == ("refused", "aud", "submit")
    assert "Ann" not in json.dumps([denied, refused])
