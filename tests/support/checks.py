"""What must hold of every store, whatever was done to it; and what a scenario asks of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from auditflow.audits import Action, Audit, Escalation, OpenDuty
from auditflow.calendar import bundled
from auditflow.machines.diff import fold
from auditflow.machines.replay import lead
from auditflow.persistence import as_at, tables
from auditflow.persistence.journal import NOTHING, hash_of, read
from support import stores
from support.office import Office

#: Journal lines that take no arrow of a chart.
NO_ARROW = ("remind", "rederive", "hand_over", "pass_over", "correct")


def rows(office: Office, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the store holds, asked past the service."""
    return stores.asked(office.url, sql, values)


def dump(office: Office, *without: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    found = stores.rows_of(office.url)
    return {name: found[name] for name in found if name not in without}


def journal(office: Office, ref: str) -> list[dict[str, Any]]:
    """The journal's lines of one audit, in order."""
    audit_id = office.audit(ref).id
    told = rows(office, "SELECT body FROM journal WHERE audit_id = ? ORDER BY seq", audit_id)
    return [read(body) for (body,) in told]


def check_store(office: Office, now: str) -> None:
    """All that must hold of a store at a moment to which it was swept."""
    check_sweeping_again(office, now)
    for (ref,) in rows(office, "SELECT reference FROM audits ORDER BY id"):
        check_chain(office, ref)
        check_journal(office, ref)
        check_cache(office, ref)
        check_escalations_single(office.audit(ref))


def check_sweeping_again(office: Office, now: str) -> None:
    """Sweeping twice is sweeping once."""
    assert not office.sweep(now).failed
    before = dump(office)
    again = office.sweep(now)
    assert (again.raised, again.failed) == ([], {})
    assert dump(office) == before


def check_chain(office: Office, ref: str) -> None:
    """Each line's hash covers it and every line before it; the audit's row holds the last."""
    audit_id, head = rows(office, "SELECT id, head FROM audits WHERE reference = ?", ref)[0]
    previous = NOTHING
    lines = rows(
        office, "SELECT seq, body, hash FROM journal WHERE audit_id = ? ORDER BY seq", audit_id
    )
    assert [seq for seq, _, _ in lines] == list(range(1, len(lines) + 1))
    for _, body, hashed in lines:
        assert hashed == hash_of(previous, body.encode())
        previous = hashed
    assert previous == head


def check_journal(office: Office, ref: str) -> None:
    """The journal's changes, folded, give the stored audit; the second engine agrees on each."""
    audit: Audit | None = None
    for line in journal(office, ref):
        audit = fold(audit, line["changed"])
        assert audit.version == line["seq"]
        assert line["happened_at"] <= line["recorded_at"]
        kind = line["subject"].split()[0]
        if line["event"] not in NO_ARROW:
            assert lead(kind, line["before"], line["event"], line["saw"]) == line["after"], line
    assert audit == office.audit(ref)


def check_cache(office: Office, ref: str) -> None:
    """The rows that pages are made of say what the audit says."""
    demand_cache(partial(rows, office), office.audit(ref))


def demand_cache(ask: Callable[..., list[tuple[Any, ...]]], audit: Audit) -> None:
    """Each row about an audit that is looked up says what the audit says; `ask` asks the store."""
    facts = [(msgspec.json.encode(audit).decode(),)]
    assert ask("SELECT facts FROM audits WHERE id = ?", audit.id) == facts
    (row,) = ask(f"SELECT {_SHOWN['audits']} FROM audits WHERE id = ?", audit.id)
    assert row == _row(_SHOWN["audits"], audit)
    summed = ask("SELECT next_due, late_from, escalated FROM audits WHERE id = ?", audit.id)
    assert summed == [_summed(audit)]
    placed = {who for (who,) in ask("SELECT person FROM places WHERE audit_id = ?", audit.id)}
    assert placed >= audit.placed
    for table, parts in (("actions", audit.actions), ("escalations", audit.escalations)):
        query = f"SELECT {_SHOWN[table]} FROM {table} WHERE audit_id = ? ORDER BY n"
        assert ask(query, audit.id) == [_row(_SHOWN[table], part) for part in parts]
    query = f"SELECT {_SHOWN['duties']}, missed_at IS NOT NULL FROM duties"
    owed = ask(f"{query} WHERE audit_id = ? AND ended_at IS NULL", audit.id)
    assert set(owed) == {(*_row(_SHOWN["duties"], o), o.missed) for o in audit.duties}


#: The columns that repeat a fact as it is.
_SHOWN = {
    table: ", ".join(
        c.name
        for c in tables.metadata.tables[table].c
        if c.name in one.__struct_fields__ and (table, c.name) != ("audits", "grade")
    )
    for table, one in (
        ("audits", Audit), ("actions", Action), ("escalations", Escalation), ("duties", OpenDuty),
    )
}  # fmt: skip


def _row(names: str, one: object) -> tuple[Any, ...]:
    return tuple(_stored(getattr(one, name)) for name in names.split(", "))


def _summed(audit: Audit) -> tuple[Any, ...]:
    due = min((o.due for o in audit.duties), default=None)
    late = min((o.overdue_from for o in audit.duties), default=None)
    return _stored(due), _stored(late), len(list(audit.open_escalations()))


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


#: Through which year the calendar goes is told by each import, and not by each day; what a restore
#: held back is no question about the past.
_UNTOLD = {("holidays", "through"), ("store", "notices_held")}


def contents(connection: Connection) -> dict[str, list[Any]]:
    """Every row that the journal tells of."""
    found = {}
    for table in (
        *as_at.AS_THEY_ARE,
        *as_at.WITH_THEIR_ROUND,
        *as_at.FROM_THE_OFFICE,
        *as_at.FROM_THE_AUDITS,
    ):
        columns = [c for c in table.c if (table.name, c.name) not in _UNTOLD]
        found[table.name] = sorted(map(tuple, connection.execute(select(*columns))), key=repr)
    return found


def check_escalations_single(audit: Audit) -> None:
    """One escalation for each cause."""
    causes = [(e.trigger, e.cause) for e in audit.escalations]
    assert len(causes) == len(set(causes))


# What a scenario asks.


def let_run(office: Office, first: str, last: str) -> list[str]:
    """Sweep at 00:00 London of each day from `first` to `last`; what the clock did, a line each."""
    did = []
    for day in days(first, last):
        swept = office.sweep(f"{day} 00:00")
        assert not swept.failed
        did += [
            f"{day} {r.trigger} {r.after}" if r.trigger else f"{day} {r.event} {r.duty}"
            for r in swept.raised
        ]
    return did


def days(first: str, last: str) -> Iterator[date]:
    """Each day from `first` to `last`."""
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        yield day
        day += timedelta(1)


def due(office: Office, ref: str, duty: str, subject: str = "") -> str | None:
    """The date a standing duty is due, as text; None where none stands."""
    stand = office.audit(ref).duties
    found = [str(o.due) for o in stand if o.duty == duty and o.subject.startswith(subject)]
    assert len(found) < 2, f"several stand: {found}; say which"
    return found[0] if found else None


def windows(office: Office, ref: str, n: int, duty: str = "answer") -> dict[str, str]:
    """Until when each level that escalation `n` stood at had (or has) to answer."""
    told = rows(
        office,
        "SELECT subject, due FROM duties WHERE audit_id = ? AND duty = ? AND subject LIKE ?",
        office.audit(ref).id,
        duty,
        f"escalation {n} %",
    )
    return {subject.split()[2]: on for subject, on in told}


def the(office: Office, ref: str, trigger: str) -> Escalation:
    """The one escalation of this trigger."""
    (found,) = (e for e in office.audit(ref).escalations if e.trigger == trigger)
    return found


def told(office: Office, ref: str, kind: str, subject: str = "") -> list[tuple[str, str]]:
    """Who was sent notices of this kind: role and person."""
    sql = "SELECT role, person FROM outbox WHERE audit_id = ? AND kind = ? AND subject LIKE ?"
    return rows(office, sql, office.audit(ref).id, kind, f"{subject}%")


def late_by(due_on: str, done_on: str) -> int:
    """Working days late (TR8)."""
    return bundled().working_days_late(date.fromisoformat(due_on), date.fromisoformat(done_on))
