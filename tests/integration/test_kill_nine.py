"""kill -9 at random moments of a sweep, and of a command: nothing lost, nothing doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.long import daily
from support.program import run
from support.stores import Kind

KILLS: dict[tuple[Kind, str], int] = {
    ("sqlite", "sweep"): daily(40, long=750),
    ("sqlite", "do"): daily(20, long=250),
    ("postgres", "sweep"): daily(14, long=200),
    ("postgres", "do"): daily(10, long=100),
}


@pytest.mark.parametrize("what", ["sweep", "do"])
def test_nothing_is_lost_or_doubled(store_kind: Kind, what: str, tmp_path: Path) -> None:
    print(run("support.killing", store_kind, what, KILLS[store_kind, what], tmp_path))
