"""How tests wait: until it is so. No second decides whether a run is right; it may be slow."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

#: Seconds after which a run is given up as stuck, and ended.
STUCK: Final = 900.0


def until(found: Callable[[], object], what: str | Callable[[], str], pause: float = 0.02) -> float:
    """Wait until it is found; the seconds that took. `what` says what is wrong if it never is."""
    begun = time.monotonic()
    while not found():
        stuck = time.monotonic() - begun > STUCK
        assert not stuck, what if isinstance(what, str) else what()
        time.sleep(pause)
    return time.monotonic() - begun
