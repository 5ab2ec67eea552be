"""A store of many years: what is closed, year by year, and what is under way at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from benchmarks.stores import APART, Clones, Genuine

#: The years lived through; the calendar begins in 2012, and some audits begin the year before.
YEARS = range(2013, 2026)
#: Long after everything that is measured.
LATER = timedelta(days=30)


@dataclass(frozen=True)
class Population:
    """The clones of a store, numbered in the order they were made."""

    plan: tuple[Clones, ...]
    #: The first number of each year, and the number behind the last.
    years: tuple[int, ...]
    #: What falls due together, a minute after the group before.
    groups: tuple[range, ...]
    #: What waits for an action that is not due yet.
    waiting: range

    @property
    def audits(self) -> int:
        """How many there are."""
        return sum(c.copies for c in self.plan)

    @property
    def closed(self) -> range:
        """Everything that is over."""
        return range(self.years[0], self.years[-1])

    def in_file(self, made: Genuine) -> tuple[Clones, ...]:
        """The same number of audits for a file, in which clones have no years and no re-audits."""
        single = {made.inadequate: made.closed, made.again: made.quiet}
        return tuple(
            replace(c, like=single.get(c.like, c.like), year=2025, repeats=None) for c in self.plan
        )


def populated(made: Genuine, closed: int, groups: int, due: int, waiting: int) -> Population:
    """So many that are closed, then so many groups of so many that fall due, and some that wait."""
    each = closed // len(YEARS)
    years = tuple(1 + each * n for n in range(len(YEARS) + 1))
    first = years[-1]
    ends = tuple(range(first + n * due, first + (n + 1) * due) for n in range(groups))
    plan = [c for year in YEARS for c in _year(made, year, each)]
    plan += [Clones(made.live, due, n * APART) for n in range(groups)]
    plan += [Clones(made.live, waiting, LATER), Clones(made.drawn, waiting)]
    rest = first + groups * due
    return Population(tuple(c for c in plan if c.copies), years, ends, range(rest, rest + waiting))


def _year(made: Genuine, year: int, audits: int) -> Iterator[Clones]:
    """Six of a hundred are inadequate and audited again, as many in dispute with the clock."""
    few = audits * 6 // 100
    yield Clones(made.inadequate, few, year=year)
    yield Clones(made.again, few, year=year, repeats=few)
    yield Clones(made.escalated, few, year=year)
    closed = audits // 4
    yield Clones(made.closed, closed, year=year)
    yield Clones(made.quiet, audits - closed - 3 * few, year=year)
