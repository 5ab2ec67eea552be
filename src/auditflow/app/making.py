"""Stores made, brought to the newest schema, and held for one sweeper."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from auditflow.errors import StoreTrouble
from auditflow.persistence import tables
from auditflow.persistence.office import Office
from auditflow.persistence.store import Store, demand_known, schema_of, tables_in


def init(url: str, *, rehearsal: bool, now: datetime) -> None:
    """Make an empty store; StoreTrouble where there is one already."""
    from auditflow.persistence.schema import upgrade  # noqa: PLC0415 - Alembic is slow to import

    store = Store(url, create=True)
    try:
        if _holds_something(store):
            raise StoreTrouble(
                f"There is something at {store.database.place} already. "
                "Choose another name with --db."
            )
        upgrade(store)
        with store.writing() as connection:
            Office(connection).found(now, rehearsal=rehearsal)
    finally:
        store.close()


def _holds_something(store: Store) -> bool:
    if store.path is not None:
        return store.path.exists() and store.path.stat().st_size > 0
    with store.reading() as connection:
        return bool(tables_in(connection))


def upgrade(url: str) -> tuple[str, str]:
    """Bring a store to the newest schema; the versions it had and has."""
    store = Store(url, unchecked=True)
    try:
        return bring_up(store), tables.SCHEMA
    finally:
        store.close()


def bring_up(store: Store) -> str:
    """Bring an opened store to the newest schema; the version it had."""
    from auditflow.persistence.schema import upgrade  # noqa: PLC0415 - Alembic is slow to import

    with store.reading() as connection:
        was = demand_known(schema_of(connection), store.database.place)
    if was != tables.SCHEMA:
        upgrade(store)
    return was


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
