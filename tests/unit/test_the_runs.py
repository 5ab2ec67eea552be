"""The daily run and the long one: which test belongs where, and that none goes by the clock."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import long_run

TESTS = Path(__file__).parents[1]
FILES = sorted(TESTS.rglob("test_*.py"))
SCENARIOS = sorted(TESTS.glob("acceptance/test_scenario_*.py"))
#: What would fail a run for being slow: seconds compared, or given as a limit to what is awaited.
BY_THE_CLOCK = (
    r"timeout(_seconds)?=\s*[0-9]",
    r"\.(wait|join|result)\([0-9]",
    r"assert[^\n]*\b(monotonic|perf_counter|time\.time)\(",
    r"deadline=(?!None)(timedelta|[0-9])",
)
#: No such limits: how long a server on this machine is called, and a pause between two calls.
KNOWN = {"support/postgres.py": ["timeout=6"], "support/load.py": [".wait(0"]}


def test_the_long_run_takes_every_test_once() -> None:
    taken = [file for files in long_run.parts().values() for file in files]
    assert sorted(taken) == [f"tests/{f.relative_to(TESTS).as_posix()}" for f in FILES]
    assert all(long_run.parts().values()), "a part is empty"


def test_what_is_left_for_the_last_part_are_the_histories() -> None:
    assert long_run.parts()["histories"] == ["tests/properties/test_any_history.py"]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_one_of_each_kind_of_scenario_is_told_on_both_databases_each_day(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert 'pytestmark = pytest.mark.usefixtures("store_kind")' in text, "it runs on SQLite alone"
    assert "@pytest.mark.both\n" in text, "mark the one that tells most with @pytest.mark.both"


def test_no_test_fails_for_being_slow() -> None:
    found = {}
    for path in sorted(TESTS.rglob("*.py")):
        if path != Path(__file__):
            text = path.read_text(encoding="utf-8")
            limits = [m[0] for sign in BY_THE_CLOCK for m in re.finditer(sign, text)]
            found[path.relative_to(TESTS).as_posix()] = limits
    assert {name: limits for name, limits in found.items() if limits} == KNOWN


@pytest.mark.parametrize(
    "line",
    [
        "process.wait(60)",
        "subprocess.run(command, timeout=120)",
        "assert time.monotonic() - begun < LONGEST",
        "settings(deadline=200)",
    ],
)
def test_a_limit_in_seconds_is_seen(line: str) -> None:
    assert any(re.search(sign, line) for sign in BY_THE_CLOCK)
