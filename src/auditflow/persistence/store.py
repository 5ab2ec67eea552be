"""The store: one database, opened with the settings that make its promises hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import sqlalchemy
from sqlalchemy import Connection, Engine, event, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from auditflow.errors import BadInput, StoreTrouble
from auditflow.persistence import tables

#: How long a writer waits for another before giving up.
BUSY_MS = 10_000


class Store:
    """One database. `writing` makes others wait for one transaction; `reading` sees one moment."""

    def __init__(self, url: str, *, create: bool = False, unchecked: bool = False) -> None:
        self.url = _url_of(url)
        self.path = _file_of(self.url)
        if self.path is not None and not create and not self.path.exists():
            raise StoreTrouble(
                f"There is no store at {self.path}. Make one with: auditflow --db {url} init"
            )
        self.engine = _engine(self.url, self.path)
        self._checked = create or unchecked

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that writes; all of it is kept or nothing."""
        with _in_words(self.path), self._connected("IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that only reads."""
        with _in_words(self.path), self._connected("DEFERRED") as connection:
            yield connection

    @contextmanager
    def _connected(self, mode: str) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            connection.info["begin"] = mode
            with connection.begin():
                if not self._checked:
                    _check_schema(connection, self.path)
                    self._checked = True
                yield connection

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def _url_of(text_url: str) -> sqlalchemy.URL:
    if "://" not in text_url and not text_url.startswith("sqlite:"):
        text_url = f"sqlite:///{text_url}"
    try:
        url = make_url(text_url)
    except ArgumentError as error:
        raise BadInput(
            f"--db “{text_url[:80]}” is no address of a store. Give a file, or sqlite:///FILE."
        ) from error
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise BadInput(
            f"--db “{text_url[:80]}”: auditflow keeps its store in SQLite or PostgreSQL."
        )
    return url


def _file_of(url: sqlalchemy.URL) -> Path | None:
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def _engine(url: sqlalchemy.URL, path: Path | None) -> Engine:
    try:
        engine = sqlalchemy.create_engine(url, pool_reset_on_return=_reset(url))
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreTrouble(
            "This store needs a driver that is not installed. "
            "For PostgreSQL install auditflow[postgres]."
        ) from error
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        if path is not None and path.is_dir():
            raise StoreTrouble(f"{path} is a folder. Give a file for the store.")
    return engine


def _reset(url: sqlalchemy.URL) -> Literal["rollback"] | None:
    # In SQLite every transaction here is ended where it began; there is nothing to roll back.
    return None if url.get_backend_name() == "sqlite" else "rollback"


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transactions begin too late (after the first read), so it makes none.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA wal_autocheckpoint = 10000")
    cursor.close()


def _begin(connection: Connection) -> None:
    mode = connection.info.get("begin", "IMMEDIATE")
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"BEGIN {mode}")  # Past the toolkit: it has nothing to add to two words.


def _check_schema(connection: Connection, path: Path | None) -> None:
    """Refuse a file that is no store of ours, or one of another version."""
    place = path or "this database"
    found = None
    if sqlalchemy.inspect(connection).has_table("alembic_version"):
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is None:
        raise StoreTrouble(
            f"{place} is a database, but no store of auditflow's. Give the right file with --db."
        )
    if found == tables.SCHEMA:
        return
    if found < tables.SCHEMA:
        raise StoreTrouble(f"{place} is of an older version ({found}). Type: auditflow db upgrade")
    raise StoreTrouble(
        f"{place} is of a newer version ({found}) than this auditflow knows ({tables.SCHEMA}). "
        "Use the newer auditflow."
    )


_SQLITE_WORDS = (
    ("locked", "is busy: another program has held it for {s} seconds. Try again in a moment."),
    ("readonly", "may not be written. Check who owns the file and its folder."),
    (
        "disk is full",
        "cannot grow: the disk is full. Make room, then try again; nothing was changed.",
    ),
    ("not a database", "is no store of auditflow's. Give the right file with --db."),
    ("malformed", "is damaged. Restore the last backup."),
    ("unable to open", "cannot be opened. Check that its folder exists and may be written."),
    ("disk i/o", "cannot be read or written (disk error). Check the disk."),
)


@contextmanager
def _in_words(path: Path | None) -> Iterator[None]:
    """What the database says, as a sentence that says what to do."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        said = str(getattr(error, "orig", error)).lower()
        for sign, words in _SQLITE_WORDS:
            if sign in said:
                raise StoreTrouble(
                    f"The store {path or ''} {words.format(s=BUSY_MS // 1000)}".replace("  ", " ")
                ) from error
        raise


def store_row(connection: Connection) -> Any:
    """The store's one row about itself."""
    return connection.execute(select(tables.store)).one()
