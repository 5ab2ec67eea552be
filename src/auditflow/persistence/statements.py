"""Every statement the register sends, built once for each kind of database."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, literal_column, select, union, update
from sqlalchemy.dialects import postgresql, sqlite

from auditflow.persistence import tables
from auditflow.persistence.columns import Instant


@cache
def statements(dialect: str) -> dict[str, Any]:
    """Every statement, built once for each kind of database."""
    upsert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    audits, people, duties, store = tables.audits, tables.people, tables.duties, tables.store
    opened = (
        select(
            store.c.policy_version,
            store.c.calendar_version,
            store.c.rehearsal,
            audits.c.facts,
            audits.c.reference,
            audits.c.head,
            people,
        )
        .select_from(store)
        .outerjoin(audits, audits.c.reference == bindparam("reference"))
        .outerjoin(people, people.c.id == bindparam("person"))
    )
    load = (
        select(audits.c.facts, audits.c.reference, audits.c.head)
        .where(audits.c.id.in_(bindparam("ids", expanding=True)))
        .order_by(audits.c.id)
        .with_for_update(skip_locked=True)
    )
    held = tables.escalations
    due = union(
        select(duties.c.audit_id, duties.c.raise_from.label("since")).where(
            duties.c.ended_at.is_(None),
            duties.c.missed_at.is_(None),
            duties.c.raise_from <= bindparam("now"),
        ),
        select(held.c.audit_id, literal_column("NULL").label("since")).where(
            held.c.held_until <= bindparam("today"), held.c.state != "resolved"
        ),
    ).order_by("since")
    keys = (
        "month",
        "state",
        "team",
        "service",
        "auditor",
        "grade",
        "grade_status",
        "version",
        "head",
        "facts",
    )
    return {
        "open": opened,
        "load": load,
        "owing": select(audits.c.facts, audits.c.reference, audits.c.head)
        .where(audits.c.id.in_(select(duties.c.audit_id).where(duties.c.ended_at.is_(None))))
        .order_by(audits.c.id),
        "versions": select(store.c.policy_version, store.c.calendar_version),
        "due": due,
        "person": select(people).where(people.c.id == bindparam("id")),
        "answered": select(tables.journal.c.audit_id, tables.journal.c.seq).where(
            tables.journal.c.key == bindparam("key")
        ),
        "secret": select(tables.text_keys.c.secret).where(
            tables.text_keys.c.audit_id == bindparam("audit_id")
        ),
        "update": update(audits)
        .where(audits.c.id == bindparam("new_id"), audits.c.version == bindparam("was"))
        .values(
            {k: bindparam(f"new_{k}") for k in keys}
            | {
                "entered_at": func.coalesce(
                    bindparam("new_entered_at", type_=Instant()), audits.c.entered_at
                )
            }
        ),
        "journal": insert(tables.journal),
        "texts": upsert(tables.texts).on_conflict_do_nothing(),
        "duties": _onto(
            upsert,
            duties,
            ("audit_id", "duty", "subject", "due"),
            keep=("started_at",),
            once=("missed_at",),
        ),
        "actions": _onto(upsert, tables.actions, ("audit_id", "n")),
        "escalations": _onto(upsert, held, ("audit_id", "n")),
        "steps": upsert(tables.steps).on_conflict_do_nothing(),
        "outbox": upsert(tables.outbox).on_conflict_do_nothing(),
    }


def _onto(
    upsert: Any,
    table: Table,
    key: tuple[str, ...],
    keep: tuple[str, ...] = (),
    once: tuple[str, ...] = (),
) -> Any:
    """Insert, or bring the row of the same key up to date."""
    made = upsert(table)
    new = {c.name: made.excluded[c.name] for c in table.c if c.name not in (*key, *keep)}
    for name in once:
        new[name] = func.coalesce(table.c[name], made.excluded[name])
    return made.on_conflict_do_update(index_elements=list(key), set_=new)
