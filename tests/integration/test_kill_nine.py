"""kill -9 at random moments of a sweep, and of a command: nothing lost, nothing doubled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize(("what", "kills"), [("sweep", 200), ("do", 50)])
def test_nothing_is_lost_or_doubled(what: str, kills: int, tmp_path: Path) -> None:
    # In a process of its own: one that runs threads, as pytest's workers do, may not fork.
    program = [sys.executable, "-m", "support.killing", what, str(kills), str(tmp_path)]
    done = subprocess.run(
        program, cwd=TESTS, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)
