"""The machine's clock, standing still, by freezegun.

msgspec writes a `datetime` but no subclass of it, and a subclass is what freezegun makes; so here
whatever it makes is a plain one.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from freezegun import api, freeze_time


def _plain(kind: type[date]) -> Any:
    def new(_cls: type, *args: Any, **more: Any) -> date:
        return kind(*args, **more)

    return new


api.FakeDate.__new__ = _plain(date)  # type: ignore[method-assign]
api.FakeDatetime.__new__ = _plain(datetime)  # type: ignore[method-assign]

#: Whoever reads the clock within it reads this moment, until it is moved.
frozen_at: Final = freeze_time
