"""Copies of a store in SQLite: taken while others write, and opened without leaving a trace."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import sqlalchemy
from sqlalchemy import Connection, NullPool
from sqlalchemy.exc import DBAPIError

from auditflow.errors import Damaged, StoreTrouble

#: What each kind of backup begins with.
SIGNS = {b"SQLite format 3\0": "sqlite", b"PGDMP": "postgresql"}


def kind_of(file: Path) -> str:
    """The kind of store that a backup is of; Damaged where it is none."""
    with file.open("rb") as opened_file:
        begins = opened_file.read(max(map(len, SIGNS)))
    for sign, kind in SIGNS.items():
        if begins.startswith(sign):
            return kind
    raise Damaged(f"{file} is no backup of auditflow's. Give one that auditflow db backup made.")


def damaged(file: Path, why: str) -> Damaged:
    """What is said of a backup that cannot be used."""
    return Damaged(f"{file} cannot be used: {why}. Take another backup; nothing was changed.")


def take(connection: Connection, part: Path) -> None:
    """Copy the store, as this reading transaction sees it, into a file complete in itself."""
    source = connection.connection.driver_connection
    assert source is not None
    try:
        with closing(sqlite3.connect(part)) as target:
            source.backup(target)
            # No second file beside it that might be forgotten when it is moved.
            target.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise StoreTrouble(
            f"The copy {part.parent}/{part.name} could not be written: {error}. "
            "Make room, or write it elsewhere."
        ) from error


@contextmanager
def opened(file: Path) -> Iterator[Connection]:
    """A copy that is only read; Damaged as soon as it shows that it is not whole."""
    uri = f"file:{quote(str(file.absolute()))}?mode=ro&immutable=1"
    engine = sqlalchemy.create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(uri, uri=True), poolclass=NullPool
    )
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
            if found != "ok":
                raise damaged(file, "it is damaged or cut off")
            yield connection
    except (DBAPIError, sqlite3.DatabaseError) as error:
        raise damaged(file, "it is damaged or cut off") from error
