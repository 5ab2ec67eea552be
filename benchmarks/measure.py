"""Times two ways of doing the same thing, in turns, and words the result as a row of a table."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

#: Of so many rounds medians are taken.
ROUNDS = 9
#: Of what takes long.
FEW = 5


@dataclass(frozen=True)
class Row:
    """One line of the table: ours, what it is measured against, and the ceiling on the ratio."""

    what: str
    ours: Sequence[float]
    bare: Sequence[float] = ()
    against: str = ""
    unit: str = "ms"
    ceiling: str = ""

    @property
    def ratios(self) -> list[float]:
        """Round by round, since both of a round met the same machine."""
        return sorted(a / b for a, b in zip(self.ours, self.bare, strict=True)) if self.bare else []

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text."""
        ratios = self.ratios
        ratio = f"{median(ratios):.2f}" if ratios else ""
        spread = f"{ratios[0]:.2f} - {ratios[-1]:.2f}" if ratios else ""
        bare = shown(self.bare, self.unit) if self.bare else ""
        return (
            self.what,
            shown(self.ours, self.unit),
            self.against,
            bare,
            ratio,
            spread,
            self.ceiling,
        )


_UNITS = {"s": 1, "ms": 1e3, "µs": 1e6, "MB": 1, "%": 100, "": 1}


def shown(values: Sequence[float], unit: str) -> str:
    """The median with its unit."""
    return f"{short(median(values) * _UNITS[unit])} {unit}".rstrip()


def short(figure: float) -> str:
    """Three figures, or all of those before the point."""
    return f"{figure:.3g}" if abs(figure) < 1000 else f"{figure:,.0f}"


def peak_of(pid: int | str = "self") -> float:
    """The most memory a process ever held, in megabytes, as Linux tells it."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def timed(work: Callable[[], object]) -> float:
    """How many seconds it takes, without the collector's help."""
    gc.collect()
    gc.disable()
    try:
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun
    finally:
        gc.enable()


def in_turns(
    ours: Callable[[], object], bare: Callable[[], object], rounds: int = ROUNDS, per: int = 1
) -> tuple[list[float], list[float]]:
    """Seconds of each, by rounds; who goes first changes each time. Once before, uncounted."""
    ours()
    bare()
    mine: list[float] = []
    theirs: list[float] = []
    for n in range(rounds):
        for work, found in ((ours, mine), (bare, theirs))[:: 1 if n % 2 else -1]:
            found.append(timed(work) / per)
    return mine, theirs


HEADS = ("what", "auditflow", "against", "that", "ratio", "least - most", "ceiling")


def table(rows: Sequence[Row]) -> Iterator[str]:
    """The rows as a Markdown table."""
    return markdown(HEADS, [row.cells for row in rows])


def markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A Markdown table with aligned columns."""
    cells = [heads, *rows]
    widths = [max(len(line[n]) for line in cells) for n in range(len(heads))]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |"
        for line in cells
    ]
    yield lines[0]
    yield "|" + "|".join("-" * (w + 2) for w in widths) + "|"
    yield from lines[1:]
