"""The months that were drawn, a line each."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from sqlalchemy import Connection, func, select

from auditflow.persistence import tables


class Month(msgspec.Struct, frozen=True):
    """One month with the draw of it that counts."""

    month: date
    #: How often it was drawn; the last draw counts.
    attempts: int
    drawn_at: datetime
    listed: int
    pool: int
    #: How many audits it holds, and how many of them are over.
    audits: int
    over: int


def months(connection: Connection, limit: int = 120) -> list[Month]:
    """The months drawn, the newest first; figures only."""
    rounds, audits = tables.rounds, tables.audits
    last = select(rounds.c.month, func.max(rounds.c.attempt).label("attempt")).group_by(
        rounds.c.month
    )
    newest = last.order_by(rounds.c.month.desc()).limit(limit).subquery()
    rows = connection.execute(
        select(rounds)
        .join(newest, (newest.c.month == rounds.c.month) & (newest.c.attempt == rounds.c.attempt))
        .order_by(rounds.c.month.desc())
    ).all()
    shown = [r.month for r in rows]
    query = select(audits.c.month, audits.c.state, func.count()).where(audits.c.month.in_(shown))
    counts: dict[date, dict[str, int]] = {}
    for month, state, n in connection.execute(query.group_by(audits.c.month, audits.c.state)):
        counts.setdefault(month, {})[state] = n
    return [
        Month(
            r.month,
            r.attempt,
            r.drawn_at,
            r.listed,
            r.pool,
            sum(counts.get(r.month, {}).values()),
            sum(n for s, n in counts.get(r.month, {}).items() if s in tables.OVER),
        )
        for r in rows
    ]
