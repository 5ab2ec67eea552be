"""What the service wrote, row by row, and a bare program that writes the same without it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date, datetime
from itertools import chain
from typing import Any, NamedTuple

import psycopg

from auditflow.persistence.sqlite import BUSY_MS

#: Each table a step may write, with the columns that tell its rows apart.
KEYS = {
    "journal": ("audit_id", "seq"),
    "duties": ("audit_id", "duty", "subject", "due"),
    "actions": ("audit_id", "n"),
    "escalations": ("audit_id", "n"),
    "escalation_steps": ("audit_id", "n", "level"),
    "texts": ("audit_id", "digest"),
    "outbox": ("audit_id", "seq", "kind", "role", "person"),
}
OPEN = """
SELECT s.policy_version, s.calendar_version, s.rehearsal, a.facts, a.reference, a.head, p.*
FROM store s LEFT JOIN audits a ON a.reference = ? LEFT JOIN people p ON p.id = ?
"""
DUE = """
SELECT audit_id, raise_from AS since FROM duties
WHERE ended_at IS NULL AND missed_at IS NULL AND raise_from <= ?
UNION SELECT audit_id, NULL FROM escalations WHERE held_until <= ? AND state <> 'resolved'
ORDER BY since
"""
REPEATS = """
SELECT id, reaudit_due_on FROM audits a WHERE reaudit_due_on IS NOT NULL
AND state NOT IN ('exempted', 'voided', 'withdrawn')
AND NOT EXISTS (SELECT 1 FROM audits again WHERE again.repeats = a.id)
"""

JOBS = "SELECT queueing_lock, scheduled_at FROM procrastinate_jobs"
WAKE = """
INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, scheduled_at)
VALUES ('default', 'auditflow.sweep', ?, ?)
"""

Rows = dict[str, list[tuple[Any, ...]]]


class Driver(NamedTuple):
    """How a database is spoken to past everything of ours."""

    connection: Any
    begin: str
    #: What stands for a value in a statement.
    mark: str
    columns: str

    @property
    def serves_workers(self) -> bool:
        """Whether jobs wake workers here."""
        return self.mark == "%s"

    def ask(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """Send a statement; its rows can be fetched."""
        return self.connection.execute(statement.replace("?", self.mark), values)

    def many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Send a statement for each of these rows, as fast as the driver can."""
        self.connection.cursor().executemany(statement.replace("?", self.mark), rows)

    def names(self, table: str) -> list[str]:
        """The columns of a table that say something."""
        found = [r[0] for r in self.ask(self.columns, (table,))]
        return [n for n in found if (table, n) != ("outbox", "id")]


def direct(url: str) -> psycopg.Connection[Any]:
    """A connection to a server past everything of ours."""
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def driver(url: str) -> Driver:
    """A connection to a store, with the settings of the product."""
    if not url.startswith("sqlite"):
        said = "SELECT attname FROM pg_attribute WHERE attrelid = ?::regclass AND attnum > 0"
        return Driver(direct(url), "BEGIN", "%s", f"{said} ORDER BY attnum")
    file = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    for pragma in (
        f"busy_timeout = {BUSY_MS}",
        "foreign_keys = ON",
        "journal_mode = WAL",
        "synchronous = FULL",
        "wal_autocheckpoint = 10000",
    ):
        file.execute(f"PRAGMA {pragma}")
    return Driver(file, "BEGIN IMMEDIATE", "?", "SELECT name FROM pragma_table_info(?)")


class Recorder:
    """Sees which rows of which audits are new or changed since it last looked."""

    def __init__(self, url: str) -> None:
        self.look = driver(url)
        self.names = {t: self.look.names(t) for t in ("audits", *KEYS)}

    def of(self, ids: Sequence[int]) -> dict[int, Rows]:
        """Every row of these audits, by audit."""
        found: dict[int, Rows] = {n: {} for n in ids}
        marks = ",".join("?" * len(ids))
        for table, names in self.names.items():
            key = "id" if table == "audits" else "audit_id"
            said = f"SELECT {', '.join(names)} FROM {table} WHERE {key} IN ({marks})"
            for row in self.look.ask(said, list(ids)):
                found[row[names.index(key)]].setdefault(table, []).append(row)
        return found

    def close(self) -> None:
        """Let go of the store."""
        self.look.connection.close()

    def jobs(self) -> list[tuple[Any, ...]]:
        """What wakes workers, and when."""
        return self.look.ask(JOBS).fetchall() if self.look.serves_workers else []


def written(before: dict[int, Rows], after: dict[int, Rows]) -> list[Rows]:
    """For each audit the rows that were written in between."""
    return [
        {t: [r for r in rows if r not in before[n].get(t, ())] for t, rows in found.items()}
        for n, found in after.items()
    ]


class Bare:
    """The statements, spelled out once."""

    def __init__(self, url: str) -> None:
        self.driver = driver(url)
        names = {t: self.driver.names(t) for t in ("audits", *KEYS)}
        changing = [
            n for n in names["audits"] if n not in ("id", "reference", "round_id", "case_id")
        ]
        self.at = [names["audits"].index(n) for n in changing]
        self.version = names["audits"].index("version")
        sets = ", ".join(f"{n} = ?" for n in changing)
        self.update = f"UPDATE audits SET {sets} WHERE id = ? AND version < ?"
        self.put = {t: _put(t, names[t]) for t in KEYS}

    def close(self) -> None:
        """Let go of the store."""
        self.driver.connection.close()

    def step(self, reference: str, person: str, rows: Rows) -> None:
        """One transaction: read the audit, write the rows of one command."""
        bare = self.driver
        bare.ask(bare.begin)
        bare.ask(OPEN, (reference, person)).fetchone()
        bare.ask(self.update, self._changes(rows["audits"][0]))
        for table, put in self.put.items():
            for row in rows.get(table, ()):
                bare.ask(put, row)
        bare.ask("COMMIT")

    def wake(self, jobs: Iterable[tuple[Any, ...]]) -> int:
        """Make the jobs that are not there yet; how many that were."""
        known = self.driver.ask(JOBS).fetchall() if self.driver.serves_workers else []
        new = [j for j in jobs if j not in known]
        if new:
            self.driver.many(WAKE, new)
        return len(new)

    def due(self, now: datetime, today: date) -> list[int]:
        """The audits on which the clock must act."""
        moment = (now.isoformat(timespec="microseconds"), today.isoformat())
        return list(dict.fromkeys(r[0] for r in self.driver.ask(DUE, moment)))

    def look(self, now: datetime, today: date) -> None:
        """Ask whether anything is due, or to be repeated, in one transaction that only reads."""
        self.driver.ask("BEGIN")
        self.driver.ask(REPEATS).fetchall()
        assert not self.due(now, today)
        self.driver.ask("COMMIT")

    def batch(self, ids: Sequence[int], steps: Iterable[Rows]) -> None:
        """One transaction: read these audits, write the rows of all of them, table by table."""
        bare, steps = self.driver, list(steps)
        bare.ask(bare.begin)
        marks = ",".join("?" * len(ids))
        said = f"SELECT facts, reference, head FROM audits WHERE id IN ({marks}) ORDER BY id"
        bare.ask(said, list(ids)).fetchall()
        bare.many(self.update, [self._changes(s["audits"][0]) for s in steps])
        for table, put in self.put.items():
            rows = list(chain.from_iterable(s.get(table, ()) for s in steps))
            if rows:
                bare.many(put, rows)
        bare.ask("COMMIT")

    def _changes(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        return (*(row[i] for i in self.at), row[0], row[self.version])


def _put(table: str, names: list[str]) -> str:
    """Insert, or bring the row of the same key up to date."""
    key = KEYS[table]
    others = [f"{n} = excluded.{n}" for n in names if n not in key]
    then = (
        f"DO UPDATE SET {', '.join(others)}"
        if table in ("duties", "actions", "escalations")
        else "DO NOTHING"
    )
    plain = table == "journal"
    conflict = "" if plain else f" ON CONFLICT ({', '.join(key)}) {then}"
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks}){conflict}"


def same(one: str, other: str, ids: Sequence[int]) -> bool:
    """Whether two stores hold the same rows about these audits."""
    with closing(Recorder(one)) as here, closing(Recorder(other)) as there:
        found = [recorder.of(ids) for recorder in (here, there)]
    return _sorted(found[0]) == _sorted(found[1])


def _sorted(found: dict[int, Rows]) -> object:
    return {n: {t: sorted(map(repr, rows)) for t, rows in r.items()} for n, r in found.items()}
