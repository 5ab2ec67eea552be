"""The loop that sweeps a store unattended, whichever command runs it; one process for a file."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Event

from auditflow.application import App
from auditflow.errors import StoreTrouble, SweptAlready
from auditflow.persistence.database import Mode
from auditflow.persistence.office import Office
from auditflow.persistence.store import Store
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
    `sole_sweeper` meanwhile.
    """
    while not stop.is_set():
        with suppress(StoreTrouble):
            swept = sweep_once(app)
            if swept.raised or swept.failed:
                tell(swept)
        stop.wait(seconds)


def note_swept(store: Store, now: datetime) -> None:
    """Note that a sweep came to its end, which whoever watches the store looks for."""
    store.transact(lambda connection: Office(connection).beat("sweep", now), Mode.NOTE)


@contextmanager
def sole_sweeper(store: Store) -> Iterator[None]:
    """Hold the lock that lets one process at most sweep this store unattended."""
    if store.path is None:
        yield
        return
    path = store.path.with_name(store.path.name + ".sweep-lock")
    try:
        lock = path.open("w")
    except OSError as error:
        raise StoreTrouble(f"{path} cannot be written. Check who owns its folder.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise SweptAlready(
                f"Another process sweeps {store.path} already; one is enough."
            ) from error
        yield
