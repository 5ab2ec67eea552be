"""Stores made, brought to the newest schema, and copied whole."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime

from sqlalchemy import Connection

from auditflow.errors import StoreTrouble
from auditflow.persistence import tables, transfer
from auditflow.persistence.atomic_file import remove
from auditflow.persistence.database import Mode
from auditflow.persistence.office import Office
from auditflow.persistence.store import Store, demand_known, schema_of, tables_in
from auditflow.persistence.transfer import Copied


def init(url: str, *, rehearsal: bool, now: datetime) -> None:
    """Make an empty store; StoreTrouble where there is one already."""
    with _made(url) as connection:
        Office(connection).found(now, rehearsal=rehearsal)


def upgrade(url: str) -> tuple[str, str]:
    """Bring a store to the newest schema, all of it or nothing; the versions it had and has."""
    with closing(Store(url, unchecked=True)) as store:
        with store.reading() as connection:
            was = demand_known(schema_of(connection), store.database.place)
        if was != tables.SCHEMA:
            with store.writing(Mode.WHOLE, patient=True) as connection:
                was = demand_known(schema_of(connection), store.database.place)
                bring_up_in(connection, was)
        return was, tables.SCHEMA


def bring_up_in(connection: Connection, was: str | None) -> None:
    """Bring the store of this connection to the newest schema, within its transaction."""
    if was != tables.SCHEMA:
        from auditflow.persistence.schema import (  # noqa: PLC0415 - Alembic is slow to import
            upgrade_in,
        )

        upgrade_in(connection)


def copy(source: str, target: str) -> list[Copied]:
    """A store moved into another database, checked row for row before any of it counts."""
    with (
        closing(Store(source)) as original,
        original.reading(patient=True) as connection,
        _made(target) as new,
    ):
        return transfer.copy(connection, new)


@contextmanager
def _made(url: str) -> Iterator[Connection]:
    """A transaction in a new store that has its tables and nothing in them; kept if all goes well.

    StoreTrouble where there is something already.
    """
    from auditflow.persistence.schema import upgrade_in  # noqa: PLC0415 - Alembic is slow to import

    with closing(Store(url, create=True)) as store:
        if store.path is not None and store.path.exists() and store.path.stat().st_size:
            raise _taken(store)
        try:
            with store.writing(Mode.WHOLE, patient=True) as connection:
                _demand_empty(connection, store)
                upgrade_in(connection)
                yield connection
        except BaseException:
            store.close()
            if store.path is not None:
                remove(store.path)
            raise


def _demand_empty(connection: Connection, store: Store) -> None:
    if tables_in(connection):
        raise _taken(store)


def _taken(store: Store) -> StoreTrouble:
    return StoreTrouble(
        f"There is something at {store.database.place} already. Choose another, empty place."
    )
