"""The months that were drawn, a line each."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from sqlalchemy import Connection, func, select

from auditflow.calendar import london_date
from auditflow.machines.owing import World
from auditflow.persistence import tables
from auditflow.persistence.rounds import Rounds
from auditflow.queries.rounds import Completion, completion, late_by
from auditflow.service.rounds import distribute_by


class Month(msgspec.Struct, frozen=True):
    """One month with the draw of it that counts."""

    month: date
    #: How often it was drawn; the last draw counts.
    attempts: int
    drawn_at: datetime
    listed: int
    pool: int
    completion: Completion
    distribute_by: date
    #: Working days late: until the last was distributed, or until now.
    late_by: int


def months(connection: Connection, now: datetime, world: World, limit: int = 120) -> list[Month]:
    """The months drawn, the newest first; figures only, reckoned as the month's own page does."""
    drawn = tables.rounds
    last = select(drawn.c.month, func.max(drawn.c.attempt).label("attempt")).group_by(drawn.c.month)
    newest = last.order_by(drawn.c.month.desc()).limit(limit).subquery()
    rows = connection.execute(
        select(drawn)
        .join(newest, (newest.c.month == drawn.c.month) & (newest.c.attempt == drawn.c.attempt))
        .order_by(drawn.c.month.desc())
    ).all()
    rounds, ids, today = Rounds(connection), [r.id for r in rows], london_date(now)
    audits, cases = rounds.audits_by_round(ids), rounds.drawn_by_round(ids)
    found = []
    for r in rows:
        mine, due = audits.get(r.id, []), distribute_by(r.month, world)
        came = completion(cases.get(r.id, 0), mine)
        late = late_by(mine, due, today, world.calendar)
        found.append(Month(r.month, r.attempt, r.drawn_at, r.listed, r.pool, came, due, late))
    return found
