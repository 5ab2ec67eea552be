"""Proof: every chain is whole, every journal leads to the state that is stored, in both engines."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, select

from auditflow.audits import Audit
from auditflow.machines.charts import CHARTS
from auditflow.machines.diff import fold
from auditflow.machines.replay import lead
from auditflow.persistence import tables
from auditflow.persistence.journal import chains, hash_of, read

_audit_of = msgspec.json.Decoder(Audit).decode


class Fault(NamedTuple):
    """Something that is not as the history says."""

    reference: str
    seq: int
    says: str


class Proof(NamedTuple):
    """What was looked at, and what is wrong."""

    audits: int
    lines: int
    faults: list[Fault]


def verify(connection: Connection) -> Proof:
    """Replay the whole journal and compare it with what is stored."""
    stored = {r.id: r for r in connection.execute(select(tables.audits))}
    lines, seen = 0, set()
    faults: list[Fault] = []
    for audit_id, rows in _chains(connection):
        lines += len(rows)
        seen.add(audit_id)
        if audit_id == 0:
            head = connection.execute(select(tables.store.c.head, tables.store.c.version)).one()
            faults += _chain_faults("office", rows, head.head, head.version)
        elif audit_id in stored:
            row = stored[audit_id]
            faults += _chain_faults(row.reference, rows, row.head, row.version)
            faults += _state_faults(connection, row, rows)
        else:
            faults.append(
                Fault(f"#{audit_id}", 0, "the journal tells of an audit that is not stored")
            )
    faults += [
        Fault(r.reference, 0, "it has no journal") for i, r in stored.items() if i not in seen
    ]
    return Proof(len(stored), lines, faults)


def _chains(connection: Connection) -> Iterator[tuple[int, list[Any]]]:
    """The journal, audit by audit, never all of it at once."""
    journal = tables.journal
    query = select(journal).order_by(journal.c.audit_id, journal.c.seq)
    return chains(connection.execute(query, execution_options={"yield_per": 1000}))


def _chain_faults(reference: str, rows: list[Any], head: str, version: int) -> Iterator[Fault]:
    previous, last = "", None
    for number, row in enumerate(rows, start=1):
        line = read(row.body)
        if row.seq != number:
            yield Fault(reference, row.seq, f"line {number} is missing")
            return
        if hash_of(previous, row.body.encode()) != row.hash:
            yield Fault(reference, row.seq, "the line was changed, or one before it")
            return
        if (line["audit"], line["seq"]) != (row.audit_id, row.seq):
            yield Fault(reference, row.seq, "the line stands in another's place")
        # Without its Z a text that is a part of another is the earlier moment, too.
        recorded = line["recorded_at"].removesuffix("Z")
        if last is not None and recorded < last:
            yield Fault(reference, row.seq, "it was recorded before the line above it")
        previous, last = row.hash, recorded
    if previous != head or len(rows) != version:
        yield Fault(reference, len(rows), "the journal does not end where the stored audit does")


def _state_faults(connection: Connection, row: Any, rows: list[Any]) -> Iterator[Fault]:
    audit: Audit | None = None
    for entry in rows:
        line = read(entry.body)
        yield from _step_faults(row.reference, line)
        audit = fold(audit, line["changed"])
    stored = _audit_of(row.facts)
    if audit != stored:
        yield Fault(row.reference, stored.version, "what is stored is not what its history gives")
        return
    assert audit is not None
    if (row.state, row.version) != (audit.state, audit.version):
        yield Fault(row.reference, audit.version, "the row's state is not its history's")
    yield from _cache_faults(connection, row.reference, audit)


def _step_faults(reference: str, line: dict[str, Any]) -> Iterator[Fault]:
    """The second engine's opinion of one line."""
    kind = line["subject"].split(" ")[0]
    if line["event"] not in {r.event for r in CHARTS[kind].rows}:
        return  # A reminder, or a deadline worked out anew: no arrow is taken.
    to = lead(kind, line["before"], line["event"], line["saw"])
    if to != line["after"]:
        yield Fault(
            reference,
            line["seq"],
            f"“{line['event']}” leads from {line['before']} to {to}, not to {line['after']}",
        )


def _cache_faults(connection: Connection, reference: str, audit: Audit) -> Iterator[Fault]:
    """The rows that lists and the sweep read are those the audit gives."""
    d, e, a = tables.duties.c, tables.escalations.c, tables.actions.c
    late = d.missed_at.is_not(None)
    duties = select(d.duty, d.subject, d.due, d.owner, d.overdue_from, d.raise_from, late)
    owed = {
        (o.duty, o.subject, o.due, o.owner, o.overdue_from, o.raise_from, int(o.missed))
        for o in audit.duties
    }
    escalations = {(x.n, x.trigger.value, x.cause, x.state) for x in audit.escalations}
    actions = {(x.n, x.state, x.due_on) for x in audit.actions}
    caches: tuple[tuple[str, Any, set[Any]], ...] = (
        ("open duties", duties.where(d.audit_id == audit.id, d.ended_at.is_(None)), owed),
        (
            "escalations",
            select(e.n, e.trigger, e.cause, e.state).where(e.audit_id == audit.id),
            escalations,
        ),
        ("actions", select(a.n, a.state, a.due_on).where(a.audit_id == audit.id), actions),
    )
    for what, query, should in caches:
        if {tuple(row) for row in connection.execute(query)} != should:
            yield Fault(reference, audit.version, f"the {what} are not those its history gives")
