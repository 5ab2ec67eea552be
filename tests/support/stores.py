"""Stores to test on, of the kind that is asked for, and what they hold past the service."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any, Literal

import psycopg

from auditflow.application import init
from support import postgres
from support.folders import of_this_process
from support.waiting import until

Kind = Literal["sqlite", "postgres"]

#: The kind that stores are made of now; the fixture `store_kind` sets it for each test.
kind: Kind = "sqlite"
#: The databases made for the test that runs.
_made: list[str] = []
#: What is copied: the URL of each, by its server and by what it is.
_kept: dict[tuple[str, str], str] = {}
_numbers = count(1)


def use(wanted: Kind) -> None:
    """Make stores of this kind from now on."""
    global kind  # noqa: PLW0603 - one test at a time runs in a process
    kind = wanted


def clear() -> None:
    """Remove the databases that were made."""
    while _made:
        # A server that was one test's own is gone, and its databases with it.
        with suppress(psycopg.OperationalError):
            postgres.dropped(_made.pop())


def like(folder: Path, what: str, make: Callable[[str], None]) -> str:
    """A store in this folder, or on the server, as `make` fills an empty place; its URL.

    It is made once in each process and copied from then on, for making one takes long.
    """
    server = "" if kind == "sqlite" else postgres.server_url()
    if (server, what) not in _kept:
        url = (
            postgres.database()
            if server
            else f"sqlite:///{of_this_process() / f'{next(_numbers)}.db'}"
        )
        make(url)
        alone(url)
        _kept[server, what] = url
    if not server:
        return f"sqlite:///{shutil.copy(file_of(_kept[server, what]), folder / 'office.db')}"
    url = postgres.database(postgres.name_of(_kept[server, what]))
    _made.append(url)
    return url


def made(folder: Path, begun: datetime) -> str:
    """A store with nothing in it, for rehearsal; its URL."""
    return like(folder, f"begun {begun}", lambda url: init(url, rehearsal=True, now=begun))


class Fresh:
    """A store kept as it is now, from which it can be begun afresh; nobody may be connected."""

    def __init__(self, url: str) -> None:
        self.url = url
        if url.startswith("sqlite"):
            self._copy = str(file_of(url).with_name(f"fresh-{next(_numbers)}.db"))
            shutil.copy(file_of(url), self._copy)
            return
        alone(url)
        self._copy = postgres.database(postgres.name_of(url))
        _made.append(self._copy)

    def renew(self) -> None:
        """Make the store what it was."""
        if not self.url.startswith("sqlite"):
            postgres.renewed(self.url, postgres.name_of(self._copy))
            return
        for ending in ("", "-wal", "-shm"):
            Path(f"{file_of(self.url)}{ending}").unlink(missing_ok=True)
        shutil.copy(self._copy, file_of(self.url))


def file_of(url: str) -> Path:
    """The file of a store on SQLite."""
    return Path(url.removeprefix("sqlite:///"))


def alone(url: str) -> None:
    """Wait until the server has ended what it did for those who are gone."""
    others = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    if not url.startswith("sqlite"):
        until(lambda: asked(url, others) == [(0,)], "somebody is still connected")


def vacant(folder: Path, name: str = "restored") -> str:
    """The URL of a place for a store where nothing is yet."""
    if kind == "sqlite":
        return f"sqlite:///{folder / name}.db"
    url = postgres.database()
    _made.append(url)
    return url


def destroy(url: str) -> None:
    """Lose a store with all that is in it."""
    if not url.startswith("sqlite"):
        postgres.dropped(url)
        return
    path = file_of(url)
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()


def asked(url: str, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """What a store answers past the service; days and instants as SQLite keeps them."""
    if not url.startswith("sqlite"):
        found = postgres.asked(
            url, sql.replace("%", "%%").replace("?", "%s") if values else sql, values
        )
        return [tuple(map(_as_text, row)) for row in found]
    with closing(sqlite3.connect(file_of(url))) as database:
        return database.execute(sql, values).fetchall()


def _as_text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def tables_of(url: str) -> list[str]:
    """The tables of ours in a store."""
    sql = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if url.startswith("sqlite")
        else "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' "
        "AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'procrastinate%'"
    )
    return sorted(name for (name,) in asked(url, sql))


def rows_of(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours."""
    return {name: sorted(asked(url, f"SELECT * FROM {name}"), key=repr) for name in tables_of(url)}


_SHAPE = """
SELECT 'column', table_name, column_name, data_type || is_nullable || coalesce(column_default, '')
  FROM information_schema.columns WHERE table_schema = 'public' UNION ALL
SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL
SELECT 'rule', conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace UNION ALL
SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
  WHERE NOT tgisinternal UNION ALL
SELECT 'function', '', proname, oid::regprocedure::text FROM pg_proc
  WHERE pronamespace = 'public'::regnamespace UNION ALL
SELECT 'type', '', typname, typtype::text FROM pg_type WHERE typnamespace = 'public'::regnamespace
"""


def shape(url: str) -> list[tuple[Any, ...]]:
    """All that the schema of a store is made of."""
    sqlite = "SELECT type, tbl_name, name, sql FROM sqlite_master"
    return sorted(asked(url, sqlite if url.startswith("sqlite") else _SHAPE), key=repr)
