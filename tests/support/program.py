"""Runs a program of the tests in a process of its own: one that runs threads may not fork."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from support import postgres
from support.stores import Kind
from support.waiting import STUCK

TESTS = Path(__file__).parents[1]
#: Seconds after which a program is given up; those here do a thousand things one after another.
LONGEST = 8 * STUCK


def run(module: str, kind: Kind, *words: object) -> str:
    """What a program about this kind of store says, which must come to a good end."""
    environment = dict(os.environ)
    if kind == "postgres":
        environment["AUDITFLOW_TEST_POSTGRES_URL"] = postgres.server_url()
    done = subprocess.run(
        [sys.executable, "-m", module, kind, *map(str, words)],
        cwd=TESTS, env=environment, capture_output=True, text=True, check=False, timeout=LONGEST,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
