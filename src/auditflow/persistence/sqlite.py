"""SQLite: the embedded store, one file, one writer at a time."""

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, event

from auditflow.errors import StoreTrouble
from auditflow.persistence.database import LACKING, Begun, Ended, Fate, Mode

#: How long a writer waits for another before giving up.
BUSY_MS = 10_000

_WORDS = (
    ("locked", "is busy: another program has held it for {s} seconds. Try again in a moment."),
    ("readonly", "may not be written. Check who owns the file and its folder."),
    (
        "disk is full",
        "cannot grow: the disk is full. Make room, then try again; nothing was changed.",
    ),
    ("not a database", "is no store of auditflow's. Give the right file with --db."),
    ("no such table", LACKING),
    ("no such column", LACKING),
    ("malformed", "is damaged. Restore the last backup."),
    ("unable to open", "cannot be opened. Check that its folder exists and may be written."),
    ("disk i/o", "cannot be read or written (disk error). Check the disk."),
)


class SQLite:
    """How a store in a file, or in memory, is opened and spoken to."""

    errors: tuple[type[Exception], ...] = (sqlite3.Error,)
    known = False

    def __init__(self, url: sqlalchemy.URL) -> None:
        in_file = url.database and url.database != ":memory:"
        self.path = Path(str(url.database)) if in_file else None
        self.place = str(self.path or "")
        # Every transaction here is ended where it began; there is nothing to roll back.
        self.engine: Engine = sqlalchemy.create_engine(
            url,
            pool_reset_on_return=None,
            hide_parameters=True,  # An error is printed and logged; what was being kept is neither.
        )
        event.listen(self.engine, "connect", _prepare)
        if self.path is not None and self.path.is_dir():
            raise StoreTrouble(f"{self.path} is a folder. Give a file for the store.")

    def begin(
        self, connection: Connection, mode: Mode, *, patient: bool, until: float | None
    ) -> Begun:
        """Begin a transaction: one that writes keeps all other writers waiting."""
        del patient, until
        driver = connection.connection.driver_connection
        assert driver is not None
        # Past the toolkit: it has nothing to add to two words.
        driver.execute("BEGIN DEFERRED" if mode is Mode.READ else "BEGIN IMMEDIATE")
        return Begun(shape=driver.execute("PRAGMA schema_version").fetchone())

    def lost(self, error: Exception) -> bool:
        """Never: it is a file."""
        del error
        return False

    def forget(self) -> None:
        """Nothing: no connection is ever lost."""

    def fate(self, ended: Ended) -> Fate:
        """Nothing was kept; a writer waited for its turn, so what failed would fail again."""
        del ended
        return Fate.FAILED

    def now(self, connection: Connection | None) -> None:
        """The file has no clock; this machine's is the store's."""
        del connection

    def words(self, error: Exception) -> str | None:
        """What ails the store, as a sentence that says what to do."""
        said = str(getattr(error, "orig", error)).lower()
        for sign, words in _WORDS:
            if sign in said:
                return words.format(s=BUSY_MS // 1000)
        return None


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transactions begin too late (after the first read), so it makes none.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_autocheckpoint = 10000")
