"""The store: one database, opened with the settings that make its promises hold."""

import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from random import SystemRandom
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy import Connection, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from auditflow import logs
from auditflow.errors import BadInput, ChangedMeanwhile, StoreTrouble
from auditflow.persistence import tables
from auditflow.persistence.database import LAST_LINE, Begun, Database, Ended, Fate, Mode
from auditflow.persistence.sqlite import SQLite
from auditflow.settings.address import masked

T = TypeVar("T")

#: How often a transaction is tried that others were in the way of, and for how many seconds; and
#: the seconds after which it is over, whatever the server does.
TRIES, TRYING, OVER = 8, 7.0, 10.0
#: The longest wait before the second try; it doubles with each, and how much of it is chance.
PAUSE = 0.02

_CLASHING = "Others kept doing the same at the same moment. Look at it again, then decide again."
_SILENT = (
    "The store {} went silent while this was being saved. "
    "Look whether it was saved before you try again."
)

_chance = SystemRandom()


class Store:
    """One database. Whatever changes it is one transaction; `reading` sees one moment."""

    def __init__(self, url: str, *, create: bool = False, unchecked: bool = False) -> None:
        self.url = _url_of(url)
        self.database = _database(self.url)
        self.path = self.database.path
        if not create:
            self.demand_there()
        self.engine = self.database.engine
        # A server is told when nobody needs its connections any more, even where none said so.
        weakref.finalize(self, self.engine.dispose)
        self._errors: tuple[type[Exception], ...] = DBAPIError, PoolTimeout, *self.database.errors
        self._unchecked = create or unchecked
        #: Its shape when it was found to be of this version.
        self._shape: object = None

    def demand_there(self) -> None:
        """StoreTrouble where the file is gone, which whoever has it open would not notice."""
        if self.path is not None and not self.path.exists():
            raise StoreTrouble(
                f"There is no store at {self.path}. Make one with: auditflow --db {self.path} init"
            )

    def transact(self, work: Callable[[Connection], T], mode: Mode = Mode.WRITE) -> T:
        """Do this work in one transaction that writes, once, and give what it gave.

        It is tried again where others were in its way or the connection was lost. Where the answer
        to the commit was lost, the database is asked what became of it, so nothing is done twice.
        """
        begun, tries, done = time.monotonic(), 0, list[T]()
        with self._in_words():
            while True:
                done.clear()
                name, line = "", None
                try:
                    with self._connected(mode, until=begun + OVER) as (connection, name):
                        done.append(work(connection))
                        line = connection.info.get(LAST_LINE)
                    return done[0]
                except self._errors as error:
                    fate = self.database.fate(Ended(error, name, line, bool(done), begun + OVER))
                    if fate is Fate.KEPT:
                        return done[0]
                    tries += 1
                    if fate is Fate.UNKNOWN:
                        raise StoreTrouble(_SILENT.format(self.database.place)) from error
                    over = tries == TRIES or time.monotonic() - begun > TRYING
                    if fate is Fate.AGAIN and over and self.database.words(error) is None:
                        raise ChangedMeanwhile(_CLASHING) from error
                    if fate is Fate.FAILED or over:
                        raise
                    if self.database.lost(error):
                        self.database.forget()
                time.sleep(_chance.uniform(0, PAUSE * 2**tries))

    @contextmanager
    def writing(self, mode: Mode = Mode.WRITE, *, patient: bool = False) -> Iterator[Connection]:
        """One transaction that writes, tried once; all of it is kept or nothing."""
        with self._in_words(), self._connected(mode, patient=patient) as (connection, _):
            yield connection

    @contextmanager
    def reading(self, *, patient: bool = False) -> Iterator[Connection]:
        """One transaction that only reads; what was read stands, whoever hears of its end."""
        read = False
        with self._in_words():
            try:
                with self._connected(Mode.READ, patient=patient) as (connection, _):
                    yield connection
                    read = True
            except self._errors as error:
                if not (read and self.database.lost(error)):
                    raise

    @contextmanager
    def _connected(
        self, mode: Mode, *, patient: bool = False, until: float | None = None
    ) -> Iterator[tuple[Connection, str]]:
        """A transaction under way, and the name by which its fate can be asked."""
        begin = partial(self._begin, mode, patient=patient, until=until)
        try:
            connection, begun = begin()
        except self._errors as error:
            if not self.database.lost(error):
                raise
            # A new connection may do.
            self.database.forget()
            connection, begun = begin()
        with connection, connection.get_transaction():  # type: ignore[union-attr] # just begun
            if not self._unchecked:
                self._check(connection, begun.shape)
            yield connection, begun.name

    def _check(self, connection: Connection, shape: object) -> None:
        """Refuse a store of another version, also one that became so while this program ran."""
        if not self.database.known or shape not in (None, self._shape):
            demand_current(schema_of(connection), self.database.place)
            self.database.known, self._shape = True, shape

    def _begin(self, mode: Mode, *, patient: bool, until: float | None) -> tuple[Connection, Begun]:
        connection = self.engine.connect()
        try:
            connection.begin()
            connection.info.pop(LAST_LINE, None)
            return connection, self.database.begin(connection, mode, patient=patient, until=until)
        except BaseException:
            connection.invalidate()
            connection.close()
            raise

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """What the database says, as a sentence that says what to do."""
        try:
            yield
        except self._errors as error:
            said = self.says(error)
            if said is None:
                raise
            logs.note("store trouble", "error", says=said)
            raise StoreTrouble(said) from error

    def says(self, error: Exception) -> str | None:
        """What ails it by this error, as a sentence that says what to do; None if nothing known."""
        words = self.database.words(error)
        return words and f"The store {self.database.place} {words}".replace("  ", " ")

    def now(self, connection: Connection | None = None) -> datetime | None:
        """What the store's own clock says, where it has one: then the same for all machines.

        It is asked over this connection, or over one of its own.
        """
        with self._in_words():
            return self.database.now(connection)

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def _url_of(text_url: str) -> sqlalchemy.URL:
    if "://" not in text_url and not text_url.startswith("sqlite:"):
        text_url = f"sqlite:///{text_url}"
    # What hosting services hand out.
    text_url = text_url.replace("postgres://", "postgresql://", 1)
    typed = f"--db “{masked(text_url)[:80]}”"
    try:
        url = make_url(text_url)
    except ArgumentError as error:
        said = f"{typed} is no address of a store. Give a file, or sqlite:///FILE."
        raise BadInput(said) from error
    if url.drivername not in ("sqlite", "postgresql", "postgresql+psycopg"):
        raise BadInput(
            f"{typed}: auditflow keeps its store in SQLite (a file) or in "
            "PostgreSQL (postgresql+psycopg://HOST/NAME)."
        )
    return url


def _database(url: sqlalchemy.URL) -> Database:
    if url.get_backend_name() == "sqlite":
        return SQLite(url)
    try:
        from auditflow.persistence.postgres import PostgreSQL  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise StoreTrouble(
            "This store needs a driver that is not installed. "
            "For PostgreSQL type: pip install 'casefile-auditflow[postgres]'"
        ) from error
    return PostgreSQL(url)


def tables_in(connection: Connection) -> set[str]:
    """The names of all tables in the database, whoever's they are."""
    return set(sqlalchemy.inspect(connection).get_table_names())


def schema_of(connection: Connection) -> str | None:
    """The version of a store; None where it is no store of ours."""
    if not sqlalchemy.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def demand_known(found: str | None, place: str) -> str:
    """Refuse what is no store of ours, or of a version that this auditflow does not know yet."""
    place = place or "this database"
    if found is None:
        instead = (
            "Give the right one with --db; in an empty one make a store with: auditflow init"
            if "://" in place
            else "Give the right file with --db."
        )
        raise StoreTrouble(f"{place} is a database, but no store of auditflow's. {instead}")
    if found > tables.SCHEMA:
        raise StoreTrouble(
            f"{place} is of a newer version ({found}) than this auditflow knows ({tables.SCHEMA}). "
            "Use the newer auditflow, and start again what still runs of this one."
        )
    return found


def demand_current(found: str | None, place: str) -> None:
    """Refuse a database that is no store of ours, or one of another version."""
    if demand_known(found, place) != tables.SCHEMA:
        raise StoreTrouble(f"{place} is of an older version ({found}). Type: auditflow db upgrade")


def store_row(connection: Connection) -> Any:
    """The store's one row about itself."""
    return connection.execute(select(tables.store)).one()
