"""Prints what things cost beside what they cost at least: `./run bench [--quick] [--write]`.

Both sides of a ratio run in turns on the same machine; the medians and the extremes over all
rounds are shown. `--quick` measures in small stores; `--write` keeps the table in RESULTS.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

from benchmarks import small, step, sweep  # noqa: E402 - found by the line above
from benchmarks.measure import ROUNDS, Row, table  # noqa: E402
from benchmarks.stores import genuine  # noqa: E402


def rows(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Each measurement as it is done."""
    made = genuine(folder / "genuine")
    yield step.persisted(made, folder, quick=quick)
    field = sweep.prepared(made, folder, quick=quick)
    yield from sweep.swept(field)
    yield sweep.memory(field)
    yield small.deadlines()
    yield step.fired(made)
    yield from small.starts()


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small stores, some seconds")
    parser.add_argument("--write", action="store_true", help="keep the table in RESULTS.md")
    asked = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory(prefix="auditflow-bench-") as folder:
        for row in rows(Path(folder), quick=asked.quick):
            print(f"  {row.what}: {row.cells[1]}", file=sys.stderr)
            found.append(row)
    text = "\n".join(table(found))
    print(text)
    if asked.write:
        (HERE / "RESULTS.md").write_text(_page(text), encoding="utf-8")


def _page(text: str) -> str:
    about = (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}; medians of "
        f"{ROUNDS} alternating rounds or more."
    )
    return f"# What things cost\n\nMade by `./run bench --write`. {about}\n\n{text}\n"


if __name__ == "__main__":
    main()
