"""kill -9 at random moments of a sweep, and of a command: nothing lost, nothing doubled."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support.program import run
from support.stores import Kind

LONG = bool(os.environ.get("AUDITFLOW_LONG"))
KILLS: dict[tuple[Kind, str], int] = {
    ("sqlite", "sweep"): 750 if LONG else 200,
    ("sqlite", "do"): 250 if LONG else 50,
    ("postgres", "sweep"): 200 if LONG else 30,
    ("postgres", "do"): 100 if LONG else 20,
}


@pytest.mark.parametrize("what", ["sweep", "do"])
def test_nothing_is_lost_or_doubled(store_kind: Kind, what: str, tmp_path: Path) -> None:
    print(run("support.killing", store_kind, what, KILLS[store_kind, what], tmp_path))
