"""One deadline, and how soon the command line starts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta

from benchmarks.measure import Row, in_turns

from auditflow.calendar import WorkingDays, bundled, due


def deadlines() -> Row:
    """Five working days from each day of three years, against a loop over the days."""
    calendar, limit = bundled(), WorkingDays(5)
    closed = {h.day for h in calendar.holidays}
    days = [date(2025, 1, 1) + timedelta(n) for n in range(1000)]

    def naive(day: date, left: int) -> date:
        while left:
            day += timedelta(1)
            left -= day.weekday() < 5 and day not in closed
        return day

    assert all(due(limit, d, calendar) == naive(d, 5) for d in days)
    mine, theirs = in_turns(
        lambda: [due(limit, d, calendar) for d in days],
        lambda: [naive(d, 5) for d in days],
        per=1000,
    )
    return Row("one deadline of 5 working days", mine, theirs, "a loop over the days", "µs")


def starts() -> list[Row]:
    """The command line as people start it, against Python that imports click and no more."""
    ask = ["deadline", "--from", "2025-04-02", "--working-days", "5"]
    return [
        _start("start `auditflow --help`", ["--help"]),
        _start("start `auditflow deadline …`", ask),
    ]


def _start(what: str, words: list[str]) -> Row:
    ours = _run("-m", "auditflow", *words)
    mine, theirs = in_turns(ours, _run("-c", "import click"))
    return Row(what, mine, theirs, "python -c 'import click'")


def _run(*words: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True)
