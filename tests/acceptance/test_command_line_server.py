"""Commands that are about a store on PostgreSQL: the worker, and moving there."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import postgres, stores
from support.office import Office
from support.shell import Shell, plain

DRAWN = 30


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    """A store on the server with a month's audits, all overdue by the server's own clock."""
    stores.use("postgres")
    office = Office(tmp_path, begun="2025-01-02 09:00")
    office.draw("2025-02", "2025-01-06 09:00", size=DRAWN)
    office.app.close()
    yield Shell(tmp_path, url=office.url)
    stores.clear()
    stores.use("sqlite")


def test_a_worker_raises_what_is_due_and_says_that_it_did(shell: Shell) -> None:
    plain(shell.tries("", "", "worker", "--check"), 1, "never swept unattended. Start: auditflow")
    done = shell.process("worker", "--until-idle")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("T6 raised at level 2") == DRAWN
    assert shell.says("", "", "worker", "--check").startswith("Swept at 20")
    again = shell.process("worker", "--until-idle")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert "no faults" in shell.says("qam", "", "verify")


def test_a_worker_that_has_not_swept_for_long_is_told(shell: Shell) -> None:
    shell.process("worker", "--until-idle")
    stores.asked(shell.env["AUDITFLOW_DB"], "UPDATE beats SET at = at - interval '1 hour'")
    plain(shell.tries("", "", "worker", "--check"), 1, "more than 3 minutes ago. See whether")


def test_a_worker_told_to_stop_ends_what_it_is_at(shell: Shell) -> None:
    with subprocess.Popen(
        shell.typed("worker"), env=shell.full_env(), stdout=subprocess.PIPE, text=True
    ) as working:
        assert working.stdout is not None
        first = working.stdout.readline()
        working.send_signal(signal.SIGTERM)
        rest = working.stdout.read()
    assert working.returncode == 0
    assert (first + rest).count("T6 raised") == DRAWN


def test_a_step_wakes_a_worker_for_when_it_falls_due(shell: Shell) -> None:
    db = shell.env["AUDITFLOW_DB"]
    wakes = "SELECT scheduled_at, queueing_lock FROM procrastinate_jobs ORDER BY 1"
    assert stores.asked(db, wakes) == [
        ("2025-01-02T00:00:00.000000+00:00", "wake 2025-01-02T00:00:00Z"),
        ("2025-03-03T00:00:00.000000+00:00", "wake 2025-03-03T00:00:00Z"),
    ]


def test_workers_are_for_a_server_and_a_file_has_its_one_loop(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell.founded("2026-01-05T09:00")
    shell.env["AUDITFLOW_LOG_FORMAT"] = "console"
    plain(shell.tries("", "", "worker"), 1, "one loop serves it: auditflow sweep --every 60s")


def test_a_store_is_moved_to_the_server(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell.founded("2026-01-05T09:00")
    ref = shell.drawn("2026-03", "2026-01-28T09:00")
    url = postgres.database()
    try:
        said = shell.says("", "", "db", "copy", str(shell.path), url)
        assert said.endswith("rows copied; all are alike.\n")
        there = Shell(tmp_path, url=url)
        when = "2026-02-02T10:00"
        assert there.told("qa1", when, "audit", "show", ref) == shell.told(
            "qa1", when, "audit", "show", ref
        )
        plain(shell.tries("", "", "db", "copy", str(shell.path), url), 1, "already")
    finally:
        postgres.dropped(url)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("postgresql://127.0.0.1:9/council", "cannot be reached, or does not answer"),
        ("postgresql+psycopg://{there}&dbname=nowhere", "is not there. Create the database first"),
    ],
)
def test_a_server_that_does_not_answer_is_told_in_words(
    tmp_path: Path, address: str, says: str
) -> None:
    there = postgres.server_url().removeprefix("postgresql+psycopg://")
    shell = Shell(tmp_path, url=address.format(there=there))
    plain(shell.tries("qam", "", "where"), 1, says)


def test_no_password_is_told(tmp_path: Path) -> None:
    shell = Shell(tmp_path, url="postgresql://me:secret-word@127.0.0.1:9/council")
    told = shell.tries("qam", "", "where")
    assert "secret-word" not in told.output
    assert "me:***@127.0.0.1" in told.stderr
