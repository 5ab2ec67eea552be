"""The months that were drawn, a line each."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from sqlalchemy import Connection, func, select

from auditflow.calendar import london_date
from auditflow.machines.owing import World
from auditflow.persistence import tables
from auditflow.persistence.rounds import Rounds
from auditflow.queries.rounds import HELD, late_by
from auditflow.service.rounds import distribute_by


class Month(msgspec.Struct, frozen=True):
    """One month with the draw of it that counts."""

    month: date
    #: How often it was drawn; the last draw counts.
    attempts: int
    drawn_at: datetime
    listed: int
    pool: int
    held: int
    to_hold: int
    #: How many are still to be distributed, and by when.
    waiting: int
    distribute_by: date
    #: Working days late with these now; 0 when none waits any more.
    late_by: int


class Year(msgspec.Struct, frozen=True):
    """The months of a calendar year that were drawn, and the years there are, the newest first."""

    year: int
    years: list[int]
    months: list[Month]


def months(connection: Connection, now: datetime, world: World, year: int | None = None) -> Year:
    """The months drawn in a year, the newest first; figures only. None: the last with a draw."""
    drawn = tables.rounds
    first, last = connection.execute(select(func.min(drawn.c.month), func.max(drawn.c.month))).one()
    if last is None:
        return Year(year or now.year, [], [])
    year = last.year if year is None else year
    which = drawn.c.month.between(date(year, 1, 1), date(year, 12, 31))
    # Of two draws of a month the later takes the earlier's place.
    rows = {r.month: r for r in connection.execute(select(drawn).where(which).order_by(drawn.c.id))}
    rounds, today = Rounds(connection), london_date(now)
    states = rounds.states_by_round(r.id for r in rows.values())
    found = []
    for month, row in sorted(rows.items(), reverse=True):
        here, due, late = states.get(row.id, {}), distribute_by(month, world), 0
        if waiting := here.get("selected", 0):
            still = [h.audit for h in rounds.waiting_in(row.id)]
            late = late_by(still, due, today, world.calendar)
        found.append(
            Month(
                month=month,
                attempts=row.attempt,
                drawn_at=row.drawn_at,
                listed=row.listed,
                pool=row.pool,
                held=sum(here.get(s, 0) for s in HELD),
                to_hold=sum(here.values()) - here.get("withdrawn", 0),
                waiting=waiting,
                distribute_by=due,
                late_by=late,
            )
        )
    return Year(year, list(range(last.year, first.year - 1, -1)), found)
