"""Stores to measure in: a few genuine audits, made by commands, then cloned by the thousand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from auditflow.calendar import utc_text
from auditflow.commands import after
from support.office import Office, at, planned

#: The action of each live audit is due on Friday 7 March 2025, so the clock acts on the Monday.
ACTS = at("2025-03-10 00:00")
BEFORE = at("2025-03-03 10:00")
COPIED = ("duties", "actions", "escalations", "escalation_steps", "text_keys", "texts", "journal")


@dataclass(frozen=True)
class Clones:
    """So many audits like this one, acted on so much later than the original; None: as it is."""

    like: str
    copies: int
    later: timedelta | None = None


@dataclass(frozen=True)
class Genuine:
    """A store with one closed audit, one that waits for an action, and one just drawn."""

    file: Path
    closed: str
    live: str
    drawn: str


def genuine(folder: Path) -> Genuine:
    """Live through three audits."""
    folder.mkdir(parents=True)
    office = Office(folder, begun="2024-12-02 09:00")
    rows = planned("rm", "2025-01-14", immediate=True), planned("kw", "2025-03-07")
    closed = office.submitted("2025-01", "2025-01-08", "2024-12-03", rows[0])
    office.done(closed, 1, "rm", "2025-01-09 10:00")
    office.filed(closed, 1, "rm", "2025-01-09 11:00")
    _supervise(office, closed, "2025-01-15 10:00")
    office.do(after.Verify(audit=closed), "qa2", "2025-01-16 10:00")
    live = office.submitted("2025-02", "2025-02-11", "2025-01-17", rows[1])
    _supervise(office, live, "2025-02-12 10:00")
    drawn = office.draw("2025-06", "2025-02-20 12:00")
    office.app.close()
    return Genuine(folder / "office.db", closed, live, drawn)


def _supervise(office: Office, ref: str, when: str) -> None:
    office.do(after.RecordSupervision(audit=ref, attendees="kw, rm"), "rm", when)


def cloned(made: Genuine, file: Path, plan: Iterable[Clones]) -> dict[str, list[str]]:
    """A store at `file` with these clones; the references by what they are like."""
    _empty_copy(made.file, file)
    store = sqlite3.connect(file, isolation_level=None)
    store.execute("PRAGMA synchronous = OFF")
    store.execute("PRAGMA cache_size = -200000")
    store.execute("ATTACH ? AS g", (str(made.file),))
    store.execute("BEGIN")
    first, references = 1, dict[str, list[str]]()
    for clones in plan:
        last = first + clones.copies - 1
        _copy(store, clones, first, last)
        references.setdefault(clones.like, []).extend(map(_reference, range(first, last + 1)))
        first = last + 1
    store.execute("COMMIT")
    store.execute("DETACH g")
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return references


def _reference(n: int) -> str:
    return f"clone-{n:06d}"


def _empty_copy(source: Path, file: Path) -> None:
    """The same store without its audits."""
    old = sqlite3.connect(source)
    new = sqlite3.connect(file)
    old.backup(new)
    old.close()
    new.execute("DROP TRIGGER journal_no_delete")
    for table in (*reversed(COPIED), "outbox", "audits"):
        new.execute(f"DELETE FROM {table}")
    new.execute(
        "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal "
        "BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END"
    )
    new.commit()
    new.execute("VACUUM")
    new.close()


def _copy(store: sqlite3.Connection, clones: Clones, first: int, last: int) -> None:
    """Copy the rows of one audit under each number; SQLite does it itself, so it is soon done."""
    (old,) = store.execute("SELECT id FROM g.audits WHERE reference = ?", (clones.like,)).fetchone()
    numbers = (
        "WITH RECURSIVE s(nr) AS (SELECT ? UNION ALL SELECT nr + 1 FROM s WHERE nr < ?) "
        "INSERT INTO {table} SELECT {columns} FROM s, g.{table} t WHERE t.{key} = ? ORDER BY nr"
    )
    for table, key in (("audits", "id"), *((t, "audit_id") for t in COPIED)):
        columns = ", ".join(_columns(store, table, clones))
        statement = numbers.format(table=table, columns=columns, key=key)
        store.execute(statement, (first, last, old))


def _columns(store: sqlite3.Connection, table: str, clones: Clones) -> Iterator[str]:
    """Each column as it is, but for the audit's number, its reference and when the clock acts."""
    was, then = ACTS, ACTS + (clones.later or timedelta())
    facts = """'{"id":' || nr || substr(facts, instr(facts, ','))"""
    own = {
        "id": "nr",
        "audit_id": "nr",
        "reference": "printf('clone-%06d', nr)",
        "round_id": "NULL",  # a case is in a round once
        "facts": f"""replace({facts}, '"raise_from":"{utc_text(was)}"',
                     '"raise_from":"{utc_text(then)}"')""",
        "raise_from": f"""iif(raise_from = '{was.isoformat(timespec="microseconds")}',
                          '{then.isoformat(timespec="microseconds")}', raise_from)""",
    }
    for _, name, *_ in store.execute(f"PRAGMA main.table_info({table})"):
        yield own.get(name, f"t.{name}") if clones.later or name != "raise_from" else "t.raise_from"
