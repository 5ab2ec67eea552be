"""Stores made, brought to the newest schema, and held for one sweeper."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from auditflow.errors import StoreTrouble
from auditflow.persistence.office import Office
from auditflow.persistence.store import Store


def init(url: str, *, rehearsal: bool, now: datetime) -> None:
    """Make an empty store; StoreTrouble where there is one already."""
    from auditflow.persistence.schema import upgrade  # noqa: PLC0415 - Alembic is slow to import

    store = Store(url, create=True)
    if store.path is not None and store.path.exists() and store.path.stat().st_size:
        raise StoreTrouble(
            f"There is something at {store.path} already. Choose another name with --db."
        )
    upgrade(store)
    with store.writing() as connection:
        Office(connection).found(now, rehearsal=rehearsal)
    store.close()


def upgrade(url: str) -> None:
    """Bring a store to the newest schema."""
    from auditflow.persistence import schema  # noqa: PLC0415 - Alembic is slow to import

    store = Store(url, unchecked=True)
    schema.upgrade(store)
    store.close()


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
            raise StoreTrouble(
                f"Another process sweeps {store.path} already; one is enough."
            ) from error
        yield
