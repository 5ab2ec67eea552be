"""Prints what things cost beside what they cost at least.

`./run bench [--quick] [--write]` measures SQLite and what needs no store; with `--server` it
measures PostgreSQL and its workers; with `--scale [--audits N]` a great store beside a small one
(an hour and 22 GB of disk for a million); with `--growth` what reads whole stores. Both sides of a
ratio run in turns on the same machine; medians and extremes over all rounds are shown. `--quick`
measures in small stores; `--write` keeps what is printed.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

from benchmarks import growth, pages, scale, server, small, step, sweep, workers  # noqa: E402 - found by the line above
from benchmarks.measure import FEW, ROUNDS, Row, table  # noqa: E402
from benchmarks.stores import Files, Genuine, genuine  # noqa: E402


def rows(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Each measurement as it is done."""
    made = genuine(folder / "genuine")
    files = Files(made, folder)
    yield step.persisted(made, files, quick=quick)
    field = sweep.prepared(made, files, quick=quick)
    yield from sweep.swept(field)
    yield sweep.memory(field)
    yield small.deadlines()
    yield step.fired(made)
    yield from small.starts()


def served(folder: Path, *, quick: bool) -> Iterator[str]:
    """The same on a server, then what workers do together; as text."""
    made = genuine(folder / "genuine")
    with server.started() as running:
        yield server.version(running)
        databases = server.Databases(made, running.url)
        yield from table(list(_told(_served(made, databases, quick=quick))))


def _served(made: Genuine, databases: server.Databases, *, quick: bool) -> Iterator[Row]:
    yield step.persisted(made, databases, quick=quick)
    field = sweep.prepared(made, databases, quick=quick)
    yield from sweep.swept(field)
    yield sweep.memory(field)
    databases.drop(field.ours)
    databases.drop(field.bare)
    yield from workers.raced(made, databases, quick=quick)


def scaled(folder: Path, audits: int) -> Iterator[str]:
    """A great store beside a small one; as text."""
    made = genuine(folder / "genuine")
    with server.started() as running:
        yield server.version(running)
        databases = server.Databases(made, running.url)
        yield from scale.pages(made, databases, folder, audits)


def grown(folder: Path, *, quick: bool) -> Iterator[str]:
    """What reads whole stores, in stores of three sizes; as text."""
    made = genuine(folder / "genuine")
    with server.started() as running:
        yield server.version(running)
        databases = server.Databases(made, running.url)
        yield from growth.grown(made, databases, folder, quick=quick)


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small stores, some seconds")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--server", action="store_true", help="on PostgreSQL, with its workers")
    which.add_argument("--scale", action="store_true", help="how it grows, on both databases")
    which.add_argument("--growth", action="store_true", help="what reads a whole store")
    which.add_argument("--pages", action="store_true", help="how long each page takes")
    parser.add_argument("--audits", type=int, default=1_000_000, help="how far, with --scale")
    parser.add_argument("--write", action="store_true", help="keep the table beside this file")
    asked = parser.parse_args()
    # Whoever stops it leaves no server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    kind = next((k for k in ("server", "scale", "growth", "pages") if getattr(asked, k)), "")
    with tempfile.TemporaryDirectory(prefix="auditflow-bench-") as place:
        folder = Path(place)
        tables = {
            "": lambda: table(list(_told(rows(folder, quick=asked.quick)))),
            "server": lambda: served(folder, quick=asked.quick),
            "scale": lambda: scaled(folder, asked.audits),
            "growth": lambda: grown(folder, quick=asked.quick),
            "pages": lambda: pages.paged(folder, quick=asked.quick),
        }
        text = "\n".join(_shown(tables[kind]()))
    if asked.write:
        words = " ".join(["./run bench", *sys.argv[1:]])
        name = f"RESULTS-{kind}.md" if kind else "RESULTS.md"
        (HERE / name).write_text(_page(text, words), encoding="utf-8")


def _told(found: Iterator[Row]) -> Iterator[Row]:
    """Each row as it is measured, for who waits."""
    for row in found:
        print(f"  {row.what}: {row.cells[1]}", file=sys.stderr)
        yield row


def _shown(found: Iterator[str]) -> Iterator[str]:
    """Each line as it is there, so that who stops it early has what was measured."""
    for line in found:
        print(line, flush=True)
        yield line


def _page(text: str, words: str) -> str:
    rounds = (
        "each question once"
        if "--growth" in words
        else "each page in turns"
        if "--pages" in words
        else f"medians of {ROUNDS} alternating rounds or more ({FEW} of workers and great stores)"
    )
    about = (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}; {rounds}. What "
        "was measured had the processors not always to itself: ratios in a row hold, times vary."
    )
    return f"# What things cost\n\nMade by `{words}`. {about}\n\n{text}\n"


if __name__ == "__main__":
    main()
