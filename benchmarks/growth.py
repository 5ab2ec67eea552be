"""What reads a whole store: how long it takes and how much memory, as a council's store grows.

Each question is put by a process of its own, so that its peak of memory is its own too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from benchmarks.measure import markdown, peak_of, short
from benchmarks.population import populated
from benchmarks.probes import SUNDAY
from benchmarks.server import Databases
from benchmarks.stores import Genuine

from auditflow.application import App, copy
from auditflow.commands import DrawRound, ImportCases
from auditflow.commands.office import Case
from auditflow.queries import board
from auditflow.queries.chart_counts import counts
from auditflow.reports import audits_held, report
from support.asking import ask, proof_of

#: Audits closed; the last is what fifty a month come to in twenty years.
SIZES = (750, 3_000, 12_000)
ROOT = Path(__file__).parents[1]
PROGRAM = "import sys; from benchmarks.growth import answer; answer(*sys.argv[1:])"


def _draw(app: App) -> None:
    month = date(2025, 8, 1)
    cases = tuple(Case(f"G-{n:03d}", "child_in_need", "Able", "kw") for n in range(200))
    listed = ImportCases(cases=cases, as_at=SUNDAY.date())
    app.service.do_office(listed, by="qa1", now=SUNDAY)
    app.service.do_office(DrawRound(month=month, size=10), by="qa1", now=SUNDAY)


ASKS: Final[dict[str, Callable[[App], object]]] = {
    "a report over the audits (completion)": lambda app: ask(app, "qa1", report, "completion"),
    "a report over the history (cancellations)": lambda app: ask(
        app, "qa1", report, "cancellations"
    ),
    "the chart with its counts": lambda app: ask(app, "qa1", counts),
    "the export of six months": lambda app: ask(
        app, "qam", audits_held, date(2024, 9, 9), date(2025, 3, 9)
    ),
    "drawing a month's cases": _draw,
    "where everything sat on a day": lambda app: ask(
        App(app.store, now=SUNDAY, as_at=SUNDAY), "qa1", board
    ),
    "proving the whole history": proof_of,
}


def answer(url: str, what: str) -> None:
    """Put one question; print the seconds it took and the peak of memory."""
    app = App(url, now=SUNDAY)
    begun = time.perf_counter()
    ASKS[what](app)
    spent = time.perf_counter() - begun
    print(json.dumps([spent, peak_of()]))


def grown(made: Genuine, databases: Databases, folder: Path, *, quick: bool) -> Iterator[str]:
    """Each question at each size, on the server and in a file."""
    sizes = [n // 20 for n in SIZES] if quick else SIZES
    cells: dict[tuple[str, str], list[str]] = {}
    for size in sizes:
        url = databases.store(populated(made, size, 1, 20, 10).plan)
        file = folder / f"grown-{size}.db"
        begun = time.perf_counter()
        copy(url, str(file))
        moved = f"{short(time.perf_counter() - begun)} s"
        cells.setdefault(("moving it, checked row by row", "to a file"), []).append(moved)
        for what in ASKS:
            for where, store in (("PostgreSQL", url), ("SQLite", f"sqlite:///{file}")):
                print(f"  {what}, {where}, {size:,}", file=sys.stderr)
                cells.setdefault((what, where), []).append(_asked(store, what))
        databases.drop(url)
        file.unlink()
    heads = ("question", "store", *(f"{n:,} closed" for n in sizes))
    yield from markdown(heads, [(*key, *found) for key, found in cells.items()])


def _asked(url: str, what: str) -> str:
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, url, what],
        env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        return done.stderr.strip().splitlines()[-1]
    seconds, megabytes = json.loads(done.stdout)
    return f"{short(seconds)} s, {short(megabytes)} MB"
