"""Times two ways of doing the same thing, in turns, and words the result as a row of a table."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

#: Of so many rounds medians are taken.
ROUNDS = 9


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
    figure = median(values) * _UNITS[unit]
    # Four figures stay as they are instead of turning into powers of ten.
    return f"{figure:.{0 if figure >= 1000 else 3}{'f' if figure >= 1000 else 'g'}} {unit}".rstrip()


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
    """The rows as a Markdown table with aligned columns."""
    cells = [HEADS, *(row.cells for row in rows)]
    widths = [max(len(line[n]) for line in cells) for n in range(len(HEADS))]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |"
        for line in cells
    ]
    yield lines[0]
    yield "|" + "|".join("-" * (w + 2) for w in widths) + "|"
    yield from lines[1:]
