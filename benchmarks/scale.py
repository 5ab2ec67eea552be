"""How all of it grows: a store of 1,000,000 audits beside one of a council's twenty years.

The journal is tried in three shapes, one after the other. Each question is put in turns to the
great store and to the small one, which differ only in what is closed; so their ratio says what
grows, however busy the machine is.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import remedies
from benchmarks.bare import direct
from benchmarks.cloning import TABLES, Cloner
from benchmarks.measure import FEW, Row, in_turns, markdown, short, table
from benchmarks.plans import Read, reads
from benchmarks.population import Population, populated
from benchmarks.probes import IN_FILE, PER, PROBES, Asked, Probe
from benchmarks.server import Databases
from benchmarks.shapes import SHAPES, Retired, promises, reshape, retire, weighed
from benchmarks.stores import Genuine, cloned

from auditflow.errors import StoreTrouble

#: Closed audits of the small store: what fifty a month come to in twenty years.
SMALL = 12_000
#: As many as a file is tried with; it takes more room than a server does.
IN_A_FILE = 200_000
MB = 1e6


@dataclass(frozen=True)
class Extent:
    """How much is tried with so many audits."""

    audits: int

    @property
    def rounds(self) -> int:
        """Rounds of each question in each shape; one more is not counted."""
        return FEW if self.audits > SMALL else 2

    @property
    def due(self) -> int:
        """What falls due at once."""
        return min(1_000, max(10, self.audits // 200))

    def population(self, made: Genuine, *, small: bool = False) -> Population:
        """The clones of the great store, or of the small one."""
        groups = len(SHAPES) * (self.rounds + 1)
        live = groups * (self.due + 2 * PER)
        closed = max(200, min(SMALL, self.audits // 4) if small else self.audits - live)
        return populated(made, closed, groups, self.due, groups * PER)


@dataclass
class Tried:
    """What one shape came to."""

    lines: int = 0
    loading: float = 0.0
    journal: int = 0
    others: int = 0
    rows: list[Row] = field(default_factory=list)
    kept: dict[str, bool] = field(default_factory=dict)
    retired: Retired | None = None


class Trial:
    """One great store and one small one on a server."""

    def __init__(self, made: Genuine, databases: Databases, extent: Extent) -> None:
        self.extent = extent
        self.great, self.small = extent.population(made), extent.population(made, small=True)
        self.urls = databases.empty(), databases.store(self.small.plan)
        with closing(Cloner(self.urls[0])) as cloner:
            cloner.fill(self.great.plan, [t for t in TABLES if t != "journal"])
        #: Filled by the first shape.
        self.reading: dict[tuple[str, Read], None] = {}
        self.remedies: list[str] = []

    def shape(self, number: int) -> Tried:
        """Put the journal into a shape, ask everything of it, and take its oldest year away."""
        shape, tried = SHAPES[number], Tried()
        with closing(Cloner(self.urls[0])) as cloner:
            reshape(cloner.server, shape, self.great)
            begun = time.perf_counter()
            cloner.fill(self.great.plan, ["journal"])
            tried.loading = time.perf_counter() - begun
        tried.rows = list(self._rows(number))
        with direct(self.urls[0]) as server:
            [(tried.lines,)] = server.execute("SELECT count(*) FROM journal").fetchall()
            tried.journal, tried.others = weighed(server)
            if number == 0:
                self.remedies = list(remedies.tried(server))
            tried.kept = dict(promises(server, shape, self.great))
            tried.retired = retire(server, shape, self.great)
        return tried

    def _rows(self, number: int) -> Iterator[Row]:
        first = number * (self.extent.rounds + 1)
        with (
            closing(Asked(self.urls[0], self.great, first)) as great,
            closing(Asked(self.urls[1], self.small, first)) as small,
        ):
            if number == 0:
                self._plan(great)
            yield from asked(PROBES, great, small, self.extent.rounds)

    def _plan(self, great: Asked) -> None:
        for probe in PROBES:
            if probe.ask not in (Asked.sweep, Asked.steps):
                for read in reads(great.app, _patient(probe, great, set())):
                    self.reading[probe.what, read] = None


def asked(probes: Sequence[Probe], great: Asked, small: Asked, rounds: int) -> Iterator[Row]:
    """Each question in turns to both stores."""
    against = f"among {small.population.audits:,}"
    for probe in probes:
        gave_up: set[str] = set()
        ours, theirs = _patient(probe, great, gave_up), _patient(probe, small, gave_up)
        times = in_turns(ours, theirs, rounds, probe.per)
        what = f"{probe.what} (gave up)" if gave_up else probe.what
        row = Row(what, *times, against)
        print(f"  {row.what}: {row.cells[1]}, {row.cells[3]}", file=sys.stderr)
        yield row


def _patient(probe: Probe, store: Asked, gave_up: set[str]) -> Callable[[], None]:
    """A question that may take longer than the store allows."""

    def ask() -> None:
        try:
            probe.ask(store)
        except StoreTrouble as trouble:
            gave_up.add(str(trouble))

    return ask


def in_files(made: Genuine, folder: Path, extent: Extent) -> tuple[list[Row], int, int]:
    """The same of two files; the bytes of the great one, and its audits."""
    great, small = extent.population(made), extent.population(made, small=True)
    files = folder / "great.db", folder / "small.db"
    for file, population in zip(files, (great, small), strict=True):
        cloned(made, file, population.in_file(made))
    size = files[0].stat().st_size
    with (
        closing(Asked(str(files[0]), great)) as one,
        closing(Asked(str(files[1]), small)) as other,
    ):
        rows = list(asked(IN_FILE, one, other, extent.rounds))
    for file in files:
        file.unlink()
    return rows, size, great.audits


def pages(made: Genuine, databases: Databases, folder: Path, audits: int) -> Iterator[str]:
    """Everything that is tried, as text."""
    trial = Trial(made, databases, Extent(audits))
    tried = [trial.shape(n) for n in range(len(SHAPES))]
    for url in trial.urls:
        databases.drop(url)
    yield f"## {trial.great.audits:,} audits on PostgreSQL, the journal in three shapes\n"
    yield from _summary(tried, trial.great)
    for shape, one in zip(SHAPES, tried, strict=True):
        yield f"\n## Questions, the journal in {shape}\n"
        yield from table(one.rows)
    yield "\n## What reads more rows than it gives\n"
    yield from _reading(trial.reading)
    yield "\n## What would mend it\n"
    yield from trial.remedies
    extent = Extent(min(audits, IN_A_FILE))
    rows, size, count = in_files(made, folder, extent)
    each = f"{size / count:,.0f} bytes an audit"
    yield f"\n## {count:,} audits in a file ({size / MB:,.0f} MB, {each})\n"
    yield from table(rows)


def _summary(tried: Sequence[Tried], population: Population) -> Iterator[str]:
    audits = population.audits
    cells = {
        "lines of the journal": [f"{t.lines:,}" for t in tried],
        "lines loaded a second": [short(t.lines / t.loading) for t in tried],
        "the journal": [f"{short(t.journal / MB)} MB" for t in tried],
        "the journal, bytes an audit": [short(t.journal / audits) for t in tried],
        "all else, bytes an audit": [short(t.others / audits) for t in tried],
    }
    for what in dict.fromkeys(w for t in tried for w in t.kept):
        cells[what] = [{True: "kept", False: "BROKEN", None: ""}[t.kept.get(what)] for t in tried]
    gone = [t.retired for t in tried if t.retired is not None]
    cells |= {
        "the oldest year taken away": [f"{short(r.taken)} s" for r in gone],
        "tidied up afterwards (VACUUM)": [f"{short(r.tidied)} s" for r in gone],
        "given back to the disk": [f"{short(r.freed / MB)} MB" for r in gone],
        "histories cut in two by it": [f"{r.cut:,}" for r in gone],
    }
    yield from markdown(("", *SHAPES), [(what, *found) for what, found in cells.items()])


def _reading(found: dict[tuple[str, Read], None]) -> Iterator[str]:
    heads = ("question", "table", "read by", "rows", "time")
    rows = [
        (what, read.table, read.how, f"{read.rows:,}", f"{short(read.ms)} ms")
        for what, read in found
    ]
    yield from markdown(heads, rows)
