"""Builds the parts once, from settings; the only place that reads the clock."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from auditflow.errors import BadInput, StoreTrouble
from auditflow.persistence.office import Office
from auditflow.persistence.store import Store, store_row
from auditflow.service import Service


def clock() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


class App:
    """One store with its service, and the moment it is asked at."""

    def __init__(self, url: str, now: datetime | None = None) -> None:
        self.store = Store(url)
        self.service = Service(self.store)
        self._now = now

    @property
    def now(self) -> datetime:
        """The moment for reading: the clock's, or the one given for rehearsal."""
        return self._now or clock()

    @property
    def writing_now(self) -> datetime:
        """The moment for writing; another than the clock's only on a rehearsal store."""
        if self._now is not None and not self.rehearsal:
            raise BadInput(
                "--now is for reading, and for rehearsal stores (auditflow init --rehearsal). "
                "To say when something was done use --happened-at."
            )
        return self.now

    @property
    def rehearsal(self) -> bool:
        """Whether this store was made for rehearsal."""
        with self.store.reading() as connection:
            return bool(store_row(connection).rehearsal)

    @contextmanager
    def sole_sweeper(self) -> Iterator[None]:
        """Hold the lock that lets one process at most sweep this store unattended."""
        if self.store.path is None:
            yield
            return
        path = self.store.path.with_name(self.store.path.name + ".sweep-lock")
        try:
            lock = path.open("w")
        except OSError as error:
            raise StoreTrouble(f"{path} cannot be written. Check who owns its folder.") from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise StoreTrouble(
                    f"Another process sweeps {self.store.path} already; one is enough."
                ) from error
            yield

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()


def init(url: str, *, rehearsal: bool, now: datetime) -> None:
    """Make an empty store; StoreTrouble where there is one already."""
    from auditflow.persistence.schema import upgrade  # noqa: PLC0415 - Alembic is slow to import

    store = Store(url, create=True)
    if store.path is not None and store.path.exists() and store.path.stat().st_size:
        raise StoreTrouble(f"There is something at {store.path} already. Choose another name with --db.")
    upgrade(store)
    with store.writing() as connection:
        Office(connection).found(now, rehearsal=rehearsal)
    store.close()
