"""Stores to measure in: a few genuine audits, made by commands, then cloned by the thousand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import copy
from typing import Protocol

from auditflow.calendar import utc_text
from auditflow.commands import escalations, follow_up, scheduling
from auditflow.guidance.tool import Grade
from support.office import Office, at, planned

#: The action of each live audit is due on Friday 7 March 2025, so the clock acts on the Monday.
ACTS = at("2025-03-10 00:00")
BEFORE = at("2025-03-03 10:00")
#: One group of audits falls due a minute after the other.
APART = timedelta(minutes=1)
COPIED = (
    "duties", "actions", "escalations", "escalation_steps", "places", "text_keys", "texts",
    "journal",
)  # fmt: skip


@dataclass(frozen=True)
class Clones:
    """So many audits like this one, acted on so much later than the original; None: as it is."""

    like: str
    copies: int
    later: timedelta | None = None
    #: Lived through in this year instead of 2025, and repeating those so many numbers before; on a
    #: server only.
    year: int = 2025
    repeats: int | None = None


def falls_due(group: int) -> datetime:
    """The moment at which this group is due and no later one."""
    moment: datetime = ACTS + group * APART
    return moment


class Stores(Protocol):
    """Where stores to measure in are made: in files, or on a server."""

    #: Who writes the same without auditflow there.
    bare: str

    def twins(self, name: str, plan: Iterable[Clones]) -> tuple[str, str]:
        """Two equal stores with these clones, as URLs."""


@dataclass(frozen=True)
class Genuine:
    """A store with an audit of each kind, lived through by commands; each by its reference."""

    file: Path
    #: Closed with an action, without one, and after an escalation.
    closed: str
    quiet: str
    escalated: str
    #: Inadequate, and the re-audit made of it, which was withdrawn.
    inadequate: str
    again: str
    #: Waits for an action; just drawn.
    live: str
    drawn: str


def genuine(folder: Path) -> Genuine:
    """Live through an audit of each kind."""
    folder.mkdir(parents=True)
    office = Office(folder, begun="2024-11-04 09:00")
    made = Genuine(
        folder / "office.db",
        inadequate=_inadequate(office),
        closed=_with_action(office, "2025-01-08", "2024-12-03", "2025-01-09", "2025-01-15"),
        live=office.submitted("2025-02", "2025-02-11", "2025-01-17", planned("kw", "2025-03-07")),
        again=_again(office),
        quiet=office.submitted("2025-05", "2025-05-07", "2025-02-18"),
        escalated=_with_action(office, "2025-04-02", "2025-02-19", "2025-04-14", "2025-04-16"),
        drawn=office.draw("2025-06", "2025-02-20 12:00"),
    )
    _supervise(office, made.live, "2025-02-12 10:00")
    _end(office, made.quiet, "2025-05-09")
    office.app.close()
    return made


def _with_action(office: Office, meeting: str, drawn: str, done: str, supervised: str) -> str:
    """An audit closed with one action, due six days after the meeting."""
    due = date.fromisoformat(meeting) + timedelta(6)
    row = planned("rm", due.isoformat(), immediate=True)
    ref = office.submitted(meeting[:7], meeting, drawn, row)
    office.done(ref, 1, "rm", f"{done} 10:00")
    office.filed(ref, 1, "rm", f"{done} 11:00")
    _end(office, ref, supervised)
    return ref


def _inadequate(office: Office) -> str:
    ref = office.submitted("2024-12", "2024-12-10", "2024-11-05", grade=Grade.INADEQUATE)
    again = follow_up.Moderate(
        audit=ref, grade=Grade.INADEQUATE, reason="Read again from the file."
    )
    office.do(again, "hos", "2024-12-12 10:00")
    _end(office, ref, "2024-12-16")
    return ref


def _again(office: Office) -> str:
    """The re-audit of March, which the clock makes at the end of January."""
    office.sweep("2025-01-31 09:00")
    ref = "2025-03-001"
    dropped = scheduling.Withdraw(
        audit=ref, reason="The child moved away.", without_substitute=True
    )
    office.do(dropped, "qa1", "2025-01-31 10:00")
    return ref


def _supervise(office: Office, ref: str, when: str) -> None:
    office.do(
        follow_up.RecordSupervision(
            audit=ref,
            attendees="kw, rm",
            key_worker_present=True,
            no_actions_because="Nothing more is needed.",
        ),
        "rm",
        when,
    )


def _end(office: Office, ref: str, supervised: str) -> None:
    _supervise(office, ref, f"{supervised} 10:00")
    for one in office.audit(ref).open_escalations():
        accepted = escalations.Accept(audit=ref, escalation=one.n)
        office.do(accepted, "qam", f"{supervised} 10:30")
    office.do(follow_up.Verify(audit=ref), "qa2", f"{supervised} 11:00")


class Files:
    """Stores in files."""

    bare = "bare sqlite3"

    def __init__(self, made: Genuine, folder: Path) -> None:
        self.made = made
        self.folder = folder

    def twins(self, name: str, plan: Iterable[Clones]) -> tuple[str, str]:
        """Two equal files."""
        one, other = (self.folder / f"{name}-{n}.db" for n in ("ours", "bare"))
        cloned(self.made, one, plan)
        copy(one, other)
        return f"sqlite:///{one}", f"sqlite:///{other}"


def cloned(made: Genuine, file: Path, plan: Iterable[Clones]) -> dict[str, list[str]]:
    """A store at `file` with these clones; the references by what they are like."""
    _empty_copy(made.file, file)
    store = sqlite3.connect(file, isolation_level=None)
    store.execute("PRAGMA journal_mode = OFF")
    store.execute("PRAGMA synchronous = OFF")
    store.execute("PRAGMA cache_size = -200000")
    store.execute("ATTACH ? AS g", (str(made.file),))
    store.execute("BEGIN")
    first, references = 1, dict[str, list[str]]()
    for clones in plan:
        last = first + clones.copies - 1
        _copy(store, clones, first, last)
        references.setdefault(clones.like, []).extend(map(reference, range(first, last + 1)))
        first = last + 1
    store.execute("COMMIT")
    store.execute("DETACH g")
    store.execute("PRAGMA journal_mode = WAL")
    store.close()
    return references


def reference(n: int) -> str:
    """What the clone of this number is called."""
    return f"clone-{n:07d}"


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
        "reference": "printf('clone-%07d', nr)",
        "round_id": "NULL",  # a case is in a round once
        "facts": f"""replace({facts}, '"raise_from":"{utc_text(was)}"',
                     '"raise_from":"{utc_text(then)}"')""",
        "raise_from": f"""iif(raise_from = '{was.isoformat(timespec="microseconds")}',
                          '{then.isoformat(timespec="microseconds")}', raise_from)""",
    }
    for _, name, *_ in store.execute(f"PRAGMA main.table_info({table})"):
        yield own.get(name, f"t.{name}") if clones.later or name != "raise_from" else "t.raise_from"
