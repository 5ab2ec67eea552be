"""What is hidden of figures from those who may know totals, but of no single case."""

from collections.abc import Iterable
from typing import Any, TypeGuard

#: Below this, a figure could point to one child or worker; a board is not shown it.
SMALL = 5
MASK = f"under {SMALL}"

#: How many; or, in words, that it is few, or what it comes to at least.
Figure = int | str


def is_small(cell: Any) -> TypeGuard[int]:
    """Whether it is a count that could point to somebody; that there is nothing points to none."""
    return isinstance(cell, int) and not isinstance(cell, bool) and 0 < cell < SMALL


def masked(figure: Figure) -> Figure:
    """The figure as a board is shown it."""
    return MASK if is_small(figure) else figure


def total(figures: Iterable[Figure]) -> Figure:
    """Their sum; where some are masked, no more than what those shown already tell.

    An exact sum would give a masked figure away: it is what is missing.
    """
    found = list(figures)
    least = sum(f if isinstance(f, int) else 1 for f in found)
    return least if all(isinstance(f, int) for f in found) else f"{least} or more"
