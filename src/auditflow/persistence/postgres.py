"""PostgreSQL: one database for each council, any number of processes, on one machine or many.

What became of a transaction whose answer was lost is asked by its number and its line of history,
never guessed.
"""

import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy
from sqlalchemy import Connection, Engine, event

from auditflow.persistence.database import LACKING, READ_ONLY, Begun, Ended, Fate, Mode
from auditflow.persistence.journal import JournalLine
from auditflow.persistence.postgres_connection import (
    ASKING_PATIENCE,
    CONNECT,
    CONNECTING,
    IDLE_READING,
    LOCK,
    PATIENCE,
    STATEMENT_SHORT,
    Bounded,
    bounded,
)
from auditflow.settings.address import masked

#: Seconds for which a transaction whose answer was lost is asked after.
ASKING = 5.0
#: Any number, alike in every auditflow: the lock between those who change single audits (shared)
#: and those who change what all lean on (alone).
GATE = 41_770_026

# Said out loud, for the server's own default may be another: what is read is read after the lock.
# Not so that it may be written: whoever forbids that (many do where a disk fills) has a reason.
_BEGIN = (
    "BEGIN ISOLATION LEVEL READ COMMITTED; "
    "SELECT CASE current_setting('transaction_read_only') WHEN 'off' "
    "THEN pg_current_xact_id()::text END, pg_backend_pid()::text, "
)
_SHORT = f"SET LOCAL statement_timeout = '{STATEMENT_SHORT}s'"
_BEGINNINGS = {
    Mode.READ: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
    f"SET LOCAL idle_in_transaction_session_timeout = '{IDLE_READING}s'",
    Mode.NOTE: f"{_BEGIN}NULL; {_SHORT}",
    Mode.WRITE: f"{_BEGIN}pg_advisory_xact_lock_shared({GATE}); {_SHORT}",
    Mode.WHOLE: f"{_BEGIN}pg_advisory_xact_lock({GATE})",
}
_VERSION = "; SELECT version_num FROM alembic_version"  # Asked once the lock is held.
_PATIENT = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
_STATUS = "SELECT pg_xact_status(%s::xid8)"
_KEPT = "SELECT count(*) FROM journal WHERE audit_id = %s AND seq = %s AND hash = %s"
_END = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE pid = %s AND backend_xid = %s::xid8::xid"
)

#: Others did something at the same moment; nothing was kept.
_AGAIN = frozenset({"40001", "40P01", "23505"})
#: There was no transaction of this number yet.
_NO_SUCH_NUMBER = "22023"
#: The server is going down, coming up, or gone; or it gave up on one that went quiet.
_LOST = ("57P0", "25P0", "08")

_WORDS = {
    "55P03": "is busy: others have held it for {lock} seconds. Try again in a moment.",
    "40001": "is busy: others were changing the same. Try again in a moment.",
    "40P01": "is busy: others were changing the same. Try again in a moment.",
    "57014": "took too long for that and gave up. Ask for less, or try again.",
    "53100": "cannot grow: the disk is full. Make room, then try again; nothing was changed.",
    "53300": "takes no more connections. Try again in a moment, or allow it more.",
    "28P01": "does not let you in: the password is wrong or missing. Check --db and the secrets.",
    "28000": "does not let you in. Check the user in --db, and pg_hba.conf.",
    "3D000": "is not there. Create the database first (createdb), then try again.",
    "42501": "does not let this user do that. Grant it the rights, or use its owner.",
    # On a replica a transaction that writes is not even begun (0A000).
    **dict.fromkeys(("25006", "0A000"), READ_ONLY),
    **dict.fromkeys(("42P01", "42703", "42883"), LACKING),
}
_GONE = "cannot be reached, or does not answer. Check the server and the network, then try again."
#: What the driver says by itself, where the server asks for one.
_NONE_GIVEN = "no password supplied"
#: While connecting the driver gives no state, only what the server said.
_AT_THE_DOOR = (
    ("password authentication", "28P01"),
    (_NONE_GIVEN, "28P01"),
    ("pg_hba.conf", "28000"),
    ("role", "28000"),
    ("does not exist", "3D000"),
    ("too many", "53300"),
    ("connection slots", "53300"),
)


class PostgreSQL:
    """How a store on a server is opened and spoken to."""

    path: Path | None = None
    errors: tuple[type[Exception], ...] = (psycopg.Error,)
    known = False

    def __init__(self, url: sqlalchemy.URL) -> None:
        self.url = url.set(drivername="postgresql+psycopg")
        self.place = masked(self.url.render_as_string(hide_password=True))
        self.engine: Engine = sqlalchemy.create_engine(
            self.url,
            pool_timeout=CONNECT,
            hide_parameters=True,  # An error is printed and logged; what was being kept is neither.
        )
        self._forgotten = time.monotonic()
        event.listen(self.engine, "do_connect", self._connect)
        event.listen(self.engine, "checkout", self._demand_remembered)

    def _connect(self, _dialect: Any, _record: Any, args: Any, more: dict[str, Any]) -> Any:
        # Transactions are begun here, by name and with their lock, not by the driver.
        return Bounded.connect(*args, **{**CONNECTING, **more}, autocommit=True)

    def _demand_remembered(self, driver: Any, _record: Any, _proxy: Any) -> None:
        if driver.made < self._forgotten:
            raise sqlalchemy.exc.DisconnectionError

    def forget(self) -> None:
        """Use none of the connections made before: after a restart they are all gone alike."""
        self._forgotten = time.monotonic()

    def begin(
        self, connection: Connection, mode: Mode, *, patient: bool, until: float | None
    ) -> Begun:
        """Begin a transaction, take its lock and learn its name, in one message."""
        driver = bounded(connection, PATIENCE[mode], until)
        driver.reads = mode is Mode.READ
        # Never prepared: a message of several statements cannot be.
        asked = _VERSION if self.known and mode is not Mode.READ else ""
        answer = driver.execute(_BEGINNINGS[mode] + asked, prepare=False)
        if patient:
            driver.execute(_PATIENT, prepare=False)
            driver.patience = None
        if mode is Mode.READ:
            return Begun()
        (number, backend, _), *version = (
            row for found in answer.results() if found.description for row in found
        )
        if number is None:
            raise psycopg.errors.ReadOnlySqlTransaction
        return Begun(f"{number} {backend}", version[0] if version else None)

    def lost(self, error: Exception) -> bool:
        """Whether the connection is gone, so that another may do."""
        state = _state(error)
        fault = _driver_error(error)
        return state.startswith(_LOST) if state else isinstance(fault, psycopg.OperationalError)

    def fate(self, ended: Ended) -> Fate:
        """What became of a transaction: the server is asked where its answer was lost."""
        if _state(ended.error) in _AGAIN:
            return Fate.AGAIN
        if not self.lost(ended.error):
            return Fate.FAILED
        if ended.committing:
            # Whoever waits is told within a second more.
            return self._asked(ended, min(ASKING, ended.until + 1 - time.monotonic()))
        if ended.name:
            # The server may not know yet that its client is gone; its locks would be in the way.
            self._asked(ended, 0)
        return Fate.AGAIN

    def _asked(self, ended: Ended, patience: float) -> Fate:
        until = time.monotonic() + patience
        self.forget()
        while True:
            with (
                suppress(sqlalchemy.exc.DBAPIError, psycopg.Error),
                self.engine.connect() as asking,
            ):
                bounded(asking, ASKING_PATIENCE)
                fate = _fate(asking, ended.name, ended.line)
                if fate is not Fate.UNKNOWN:
                    return fate
            if time.monotonic() >= until:
                return Fate.UNKNOWN
            time.sleep(0.1)

    def now(self, connection: Connection | None) -> datetime:
        """The server's clock: one for all machines, whatever their own say."""
        if connection is not None:
            found = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
            assert isinstance(found, datetime)
            return found.astimezone(UTC)
        try:
            return self._now()
        except (sqlalchemy.exc.DBAPIError, psycopg.Error) as error:
            if not self.lost(error):
                raise
            self.forget()
            return self._now()

    def _now(self) -> datetime:
        with self.engine.connect() as connection:
            bounded(connection, PATIENCE[Mode.NOTE])
            return self.now(connection)

    def words(self, error: Exception) -> str | None:
        """What ails the store, as a sentence that says what to do."""
        full = isinstance(error, sqlalchemy.exc.TimeoutError)
        said = _WORDS.get("53300" if full else _state(error) or "")
        if said:
            return said.format(lock=LOCK)
        return _GONE if self.lost(error) else None


def _fate(asking: Connection, name: str, line: JournalLine | None) -> Fate:
    """What became of a transaction, once it is over; one still under way is ended."""
    number, _, backend = name.partition(" ")
    try:
        status = asking.exec_driver_sql(_STATUS, (number,)).scalar()
    except sqlalchemy.exc.DBAPIError as error:
        if _state(error) != _NO_SUCH_NUMBER:
            raise
        status = "aborted"
    if status == "in progress":
        # Its client is gone: nobody else will end it.
        asking.exec_driver_sql(_END, (int(backend), number))
        return Fate.UNKNOWN
    kept = status == "committed"
    if line is not None:
        # A number that a crash kept from the disk is by now, or soon, another transaction's.
        where = (line.audit_id, line.seq, line.hash)
        kept = bool(asking.exec_driver_sql(_KEPT, where).scalar())
    return Fate.KEPT if kept else Fate.AGAIN


def _driver_error(error: Exception) -> Any:
    return getattr(error, "orig", None) or error


def _state(error: Exception) -> str | None:
    """The server's code for what happened; None where it could not say."""
    fault = _driver_error(error)
    state: str | None = getattr(fault, "sqlstate", None)
    if state is None and isinstance(fault, psycopg.OperationalError):
        _, fatal, said = str(fault).rpartition("FATAL:")
        if not fatal and _NONE_GIVEN not in said:
            return None
        state = next((code for sign, code in _AT_THE_DOOR if sign in said), None)
    return state
