"""In what condition a database is: its version, the settings its promises hang on, its size."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

#: The oldest server that auditflow is tried on.
OLDEST_SERVER = 14


@dataclass(frozen=True)
class Condition:
    """What a database says of itself."""

    kind: str
    version: str
    #: Settings by name, as the database spells them.
    settings: Mapping[str, str]
    #: In bytes.
    size: int
    #: A sentence for each thing that is not as it must be, with what to do.
    faults: tuple[str, ...]


def condition(connection: Connection) -> Condition:
    """Ask the database about itself."""
    return _server(connection) if connection.dialect.name == "postgresql" else _file(connection)


_SYNCHRONOUS = ("off", "normal", "full", "extra")


def _file(connection: Connection) -> Condition:
    def asked(name: str) -> str:
        return str(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())

    settings = {
        "journal_mode": asked("journal_mode"),
        "synchronous": _SYNCHRONOUS[int(asked("synchronous"))],
    }
    size = int(asked("page_count")) * int(asked("page_size"))
    faults = tuple(_faults_of_file(settings))
    return Condition("SQLite", sqlite3.sqlite_version, settings, size, faults)


def _faults_of_file(settings: Mapping[str, str]) -> Iterator[str]:
    if settings["journal_mode"] != "wal":
        yield (
            f"SQLite keeps no write-ahead log here (journal mode {settings['journal_mode']}), so "
            "who reads and who writes hold each other up. Put the store on a disk of this machine."
        )
    if settings["synchronous"] not in ("full", "extra"):
        yield f"SQLite runs with synchronous {settings['synchronous']}. Install auditflow anew."


#: What each setting of a server may be (what to set it to comes first), and why.
_GOOD = {
    "fsync": (("on",), "a power cut could destroy the store"),
    "full_page_writes": (("on",), "a power cut could destroy the store"),
    "synchronous_commit": (
        ("on", "local", "remote_write", "remote_apply"),
        "a power cut could lose what was said to be saved",
    ),
    "server_encoding": (("UTF8",), "not every name and word can be kept"),
    "in_hot_standby": (("off",), "this server is a replica and takes no changes"),
}
_CURES = {
    "server_encoding": "Make the database anew with: "
    "createdb --encoding UTF8 --template template0 NAME",
    "in_hot_standby": "Give the main server with --db.",
}
_RELOAD = "SELECT pg_reload_conf();"
_ASKED = (*_GOOD, "max_connections", "statement_timeout", "lock_timeout", "TimeZone")


def _server(connection: Connection) -> Condition:
    names = ", ".join(f"current_setting('{name}', true) AS \"{name}\"" for name in _ASKED)
    row = connection.execute(
        text(
            "SELECT current_setting('server_version') AS version, "
            "current_setting('server_version_num')::int AS number, "
            f"pg_database_size(current_database()) AS size, {names}"
        )
    ).one()
    settings = {name: str(row._mapping[name]) for name in _ASKED}  # noqa: SLF001 - its public name
    version = row.version.partition(" ")[0]
    faults = tuple(_faults_of_server(settings, row.number // 10_000, version))
    return Condition("PostgreSQL", version, settings, row.size, faults)


def _faults_of_server(settings: Mapping[str, str], major: int, version: str) -> Iterator[str]:
    if major < OLDEST_SERVER:
        yield f"The server is PostgreSQL {version}. Use version {OLDEST_SERVER} or newer."
    for name, (good, why) in _GOOD.items():
        if settings[name] not in (*good, "None"):
            cure = _CURES.get(name, f"Type in psql: ALTER SYSTEM SET {name} = {good[0]}; {_RELOAD}")
            yield f"The server's {name} is {settings[name]}: {why}. {cure}"
