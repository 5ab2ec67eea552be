"""What the service wrote, row by row, and a bare `sqlite3` program that writes the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

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

Rows = dict[str, list[tuple[Any, ...]]]


def opened(file: Path) -> sqlite3.Connection:
    """A connection with the settings of the product."""
    bare = sqlite3.connect(file, isolation_level=None)
    for pragma in (
        f"busy_timeout = {BUSY_MS}",
        "foreign_keys = ON",
        "journal_mode = WAL",
        "synchronous = FULL",
        "wal_autocheckpoint = 10000",
    ):
        bare.execute(f"PRAGMA {pragma}")
    return bare


class Recorder:
    """Sees which rows of which audits are new or changed since it last looked."""

    def __init__(self, file: Path) -> None:
        self.look = sqlite3.connect(file)
        self.names = {t: self._names(t) for t in ("audits", *KEYS)}

    def _names(self, table: str) -> list[str]:
        names = [r[1] for r in self.look.execute(f"PRAGMA table_info({table})")]
        return [n for n in names if (table, n) != ("outbox", "id")]

    def of(self, ids: Sequence[int]) -> dict[int, Rows]:
        """Every row of these audits, by audit."""
        found: dict[int, Rows] = {n: {} for n in ids}
        marks = ",".join("?" * len(ids))
        for table, names in self.names.items():
            key = "id" if table == "audits" else "audit_id"
            said = f"SELECT {', '.join(names)} FROM {table} WHERE {key} IN ({marks})"
            for row in self.look.execute(said, list(ids)):
                found[row[names.index(key)]].setdefault(table, []).append(row)
        return found


def written(before: dict[int, Rows], after: dict[int, Rows]) -> list[Rows]:
    """For each audit the rows that were written in between."""
    return [
        {t: [r for r in rows if r not in before[n].get(t, ())] for t, rows in found.items()}
        for n, found in after.items()
    ]


class Bare:
    """The statements, spelled out once."""

    def __init__(self, file: Path) -> None:
        self.connection = opened(file)
        recorder = Recorder(file)
        names = recorder.names
        changing = [
            n for n in names["audits"] if n not in ("id", "reference", "round_id", "case_id")
        ]
        self.at = [names["audits"].index(n) for n in changing]
        self.version = names["audits"].index("version")
        sets = ", ".join(f"{n} = ?" for n in changing)
        self.update = f"UPDATE audits SET {sets} WHERE id = ? AND version < ?"
        self.put = {t: _put(t, names[t]) for t in KEYS}

    def step(self, reference: str, person: str, rows: Rows) -> None:
        """One transaction: read the audit, write the rows of one command."""
        bare = self.connection
        bare.execute("BEGIN IMMEDIATE")
        bare.execute(OPEN, (reference, person)).fetchone()
        bare.execute(self.update, self._changes(rows["audits"][0]))
        for table, put in self.put.items():
            for row in rows.get(table, ()):
                bare.execute(put, row)
        bare.execute("COMMIT")

    def due(self, now: str, today: str) -> list[int]:
        """The audits on which the clock must act."""
        return list(dict.fromkeys(r[0] for r in self.connection.execute(DUE, (now, today))))

    def batch(self, ids: Sequence[int], steps: Iterable[Rows]) -> None:
        """One transaction: read these audits, write the rows of all of them, table by table."""
        bare, steps = self.connection, list(steps)
        bare.execute("BEGIN IMMEDIATE")
        marks = ",".join("?" * len(ids))
        said = f"SELECT facts, reference, head FROM audits WHERE id IN ({marks}) ORDER BY id"
        bare.execute(said, list(ids)).fetchall()
        bare.executemany(self.update, [self._changes(s["audits"][0]) for s in steps])
        for table, put in self.put.items():
            rows = list(chain.from_iterable(s.get(table, ()) for s in steps))
            if rows:
                bare.executemany(put, rows)
        bare.execute("COMMIT")

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


def same(one: Path, other: Path, ids: Sequence[int]) -> bool:
    """Whether two stores hold the same rows about these audits."""
    found = [Recorder(file).of(ids) for file in (one, other)]
    return _sorted(found[0]) == _sorted(found[1])


def _sorted(found: dict[int, Rows]) -> object:
    return {n: {t: sorted(map(repr, rows)) for t, rows in r.items()} for n, r in found.items()}
