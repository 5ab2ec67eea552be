"""What a store asks of the kind of database it lies in."""

from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import NamedTuple, Protocol

from sqlalchemy import Connection, Engine

from auditflow.persistence.journal import JournalLine

#: Under this a connection keeps the last line of history that its transaction wrote.
LAST_LINE = "auditflow.line"
#: What ails a store whose tables are not those of its version.
LACKING = "lacks a table or a column that its version has. Restore the last backup."
#: What ails a store on a server that takes no changes.
READ_ONLY = (
    "may only be read: it is a replica, or was set so (some are when a disk fills). "
    "Use the main server, or have it opened for writing; nothing was changed."
)


class Mode(Enum):
    """What a transaction is for, and so whom it keeps waiting."""

    #: Sees one moment and changes nothing.
    READ = "read"
    #: Adds what no change leans on (who looked, what was done unattended); waits for nobody.
    NOTE = "note"
    #: Changes single audits; others may change other audits meanwhile.
    WRITE = "write"
    #: Changes what every other change leans on (people, rounds, policy): nobody else writes.
    WHOLE = "whole"


class Begun(NamedTuple):
    """A transaction that was begun: the name by which its fate can be asked, and what it found."""

    name: str = ""
    #: Another value once the store's tables are others; None where it was not asked.
    shape: object = None


class Ended(NamedTuple):
    """A transaction that ended in an error, of which one wants to know what became."""

    error: Exception
    #: As `begin` gave it; none where it was not begun.
    name: str
    #: The last line of history it wrote, if any: by it alone is it surely known.
    line: JournalLine | None
    #: Whether all of it was done, and only the commit was under way.
    committing: bool
    #: The moment (of the monotonic clock) by which it must be over.
    until: float


class Fate(Enum):
    """What became of a transaction that ended in an error."""

    #: Nothing of it was kept, and it would fail again.
    FAILED = "failed"
    #: Nothing of it was kept; it is worth another try.
    AGAIN = "again"
    #: All of it was kept: only the answer was lost.
    KEPT = "kept"
    #: The database cannot be asked.
    UNKNOWN = "unknown"


class Database(Protocol):
    """One kind of database: how it is opened and spoken to."""

    engine: Engine
    #: Whether it was found to hold a store of ours, so that one that writes can ask its shape.
    known: bool
    #: How the store is called in messages; never with a password.
    place: str
    #: What its driver raises.
    errors: tuple[type[Exception], ...]

    @property
    def path(self) -> Path | None:
        """The store's file, if it lies in one."""

    def begin(
        self, connection: Connection, mode: Mode, *, patient: bool, until: float | None
    ) -> Begun:
        """Begin a transaction.

        `patient` lets it take as long as it takes, for moving and mending whole stores;
        `until` is the moment (of the monotonic clock) by which it must be over.
        """

    def lost(self, error: Exception) -> bool:
        """Whether the connection is gone, so that another may do."""

    def forget(self) -> None:
        """Use none of the connections made before."""

    def fate(self, ended: Ended) -> Fate:
        """What became of a transaction."""

    def now(self, connection: Connection | None) -> datetime | None:
        """What the database's own clock says; None where it has none but this machine's."""

    def words(self, error: Exception) -> str | None:
        """What ails the store, as a sentence that says what to do; None if it is none of that."""
