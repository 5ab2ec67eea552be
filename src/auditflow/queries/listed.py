"""The audits behind a figure, as the command line lists them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, and_, func, select, text

from auditflow.audits import Person
from auditflow.persistence import tables
from auditflow.queries.board import visible


class Entry(msgspec.Struct, frozen=True):
    """One audit in a list."""

    reference: str
    case: str
    state: str
    month: date
    team: str
    auditor: str
    next_due: date | None
    overdue: int
    escalations: int


def listed(
    connection: Connection,
    person: Person,
    now: datetime,
    *,
    state: str = "",
    overdue: bool = False,
    after: str = "",
    limit: int = 100,
) -> list[Entry]:
    """Audits in the order of their references, from the one behind `after` on."""
    audits = tables.audits
    next_due, late, escalated = _figures(now)
    query = (
        select(
            audits.c.reference,
            tables.cases.c.reference,
            audits.c.state,
            audits.c.month,
            audits.c.team,
            audits.c.auditor,
            next_due,
            late,
            escalated,
        )
        .join(tables.cases, tables.cases.c.id == audits.c.case_id)
        .where(visible(connection, person), audits.c.reference > after)
        .order_by(audits.c.reference)
        .limit(limit)
    )
    query = query.where(audits.c.state == state) if state else query
    query = _behind(query, now) if overdue else query
    return [_entry(row) for row in connection.execute(query)]


def _behind(query: Select[Any], now: datetime) -> Select[Any]:
    """Of these audits, those with something overdue."""
    audits, of = tables.audits, tables.duties.c
    late = select(of.audit_id).where(of.ended_at.is_(None), of.overdue_from <= now)
    # Begun at the few that are late, then sorted: along the index of references, as the server
    # would rather go, they lie at the very end.
    return query.where(audits.c.id.in_(late)).order_by(None).order_by(audits.c.reference + "")


def _figures(now: datetime) -> tuple[Any, Any, Any]:
    """Of each audit: its next due date, how much is overdue, how many escalations are open."""
    audits, duties, e = tables.audits, tables.duties, tables.escalations
    owed = and_(duties.c.audit_id == audits.c.id, duties.c.ended_at.is_(None))
    late = select(func.count()).select_from(duties).where(owed, duties.c.overdue_from <= now)
    standing = and_(e.c.audit_id == audits.c.id, text(f"escalations.{tables.OPEN}"))
    return (
        select(func.min(duties.c.due)).where(owed).scalar_subquery(),
        late.scalar_subquery(),
        select(func.count()).select_from(e).where(standing).scalar_subquery(),
    )


def _entry(row: Any) -> Entry:
    return Entry(*row)
