"""The one loop that sweeps a store unattended, whichever command runs it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event

from auditflow.application import App
from auditflow.errors import StoreTrouble
from auditflow.persistence.lifecycle import note_swept
from auditflow.service import Swept


def sweep_once(app: App) -> Swept:
    """Sweep, and note that it was done, unless it was as of another moment than the clock's."""
    now = app.writing_now
    swept = app.service.sweep(now)
    if not app.rehearses:
        note_swept(app.store, now)
    return swept


def sweep_until(
    stop: Event, app: App, seconds: int, tell: Callable[[Swept], None] = lambda _: None
) -> None:
    """Sweep every so many seconds until told to stop; `tell` hears of what a sweep did.

    A store that is busy or away is tried again the next time; that was logged. Hold
    `App.sole_sweeper` meanwhile.
    """
    while not stop.is_set():
        with suppress(StoreTrouble):
            swept = sweep_once(app)
            if swept.raised or swept.failed:
                tell(swept)
        stop.wait(seconds)
