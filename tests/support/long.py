"""Whether this is the long run, which keeps all that the daily one leaves out or does less of."""

from __future__ import annotations

import os
from typing import Final, TypeVar

T = TypeVar("T")
LONG: Final = bool(os.environ.get("AUDITFLOW_LONG"))


def daily(today: T, *, long: T) -> T:
    """What the daily run takes, and what the long one takes in its place."""
    return long if LONG else today
