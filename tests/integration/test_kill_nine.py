"""kill -9 at random moments of a sweep, and of a command: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support import postgres
from support.stores import Kind

TESTS = Path(__file__).parents[1]
LONG = bool(os.environ.get("AUDITFLOW_LONG"))
KILLS: dict[tuple[Kind, str], int] = {
    ("sqlite", "sweep"): 750 if LONG else 200,
    ("sqlite", "do"): 250 if LONG else 50,
    ("postgres", "sweep"): 200 if LONG else 30,
    ("postgres", "do"): 100 if LONG else 20,
}


@pytest.mark.parametrize("what", ["sweep", "do"])
def test_nothing_is_lost_or_doubled(store_kind: Kind, what: str, tmp_path: Path) -> None:
    # In a process of its own: one that runs threads, as pytest's workers do, may not fork.
    kills = str(KILLS[store_kind, what])
    program = [sys.executable, "-m", "support.killing", store_kind, what, kills, str(tmp_path)]
    environment = dict(os.environ)
    if store_kind == "postgres":
        environment["AUDITFLOW_TEST_POSTGRES_URL"] = postgres.server_url()
    done = subprocess.run(
        program, cwd=TESTS, env=environment, capture_output=True, text=True, check=False,
        timeout=1200 if LONG else 120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)
