"""The months that were drawn, a line each."""

from datetime import date, datetime

import msgspec
from sqlalchemy import select

from auditflow.audits.states import state_of
from auditflow.machines.charts import DUTIES
from auditflow.machines.duties import distribute_by
from auditflow.persistence import tables
from auditflow.persistence.rounds import Rounds
from auditflow.queries.reading import Reading
from auditflow.queries.rounds import late_by


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
    #: Working days late, while some wait; how late it was is on the month's own page.
    late_by: int


def months(
    reading: Reading, before: date | None = None, limit: int = 12
) -> tuple[list[Month], bool]:
    """The last months drawn, or the last before one, the newest first, and whether more were."""
    connection, rules = reading.connection, reading.rules
    drawn = tables.rounds
    query = select(drawn.c.month).distinct().order_by(drawn.c.month.desc()).limit(limit + 1)
    query = query.where(drawn.c.month < before) if before is not None else query
    known = list(connection.execute(query).scalars())
    shown = select(drawn).where(drawn.c.month.in_(known[:limit])).order_by(drawn.c.id)
    # Of two draws of a month the later takes the earlier's place.
    rows = {r.month: r for r in connection.execute(shown)}
    rounds, today = Rounds(connection), reading.today
    states = rounds.states_by_round(r.id for r in rows.values())
    found = []
    for month, row in sorted(rows.items(), reverse=True):
        here, due, late = states.get(row.id, {}), distribute_by(month, rules), 0
        if waiting := sum(here.get(s.name, 0) for s in DUTIES["distribute"].states):
            of_draw = [h.audit for h in rounds.audits_in(row.id)]
            late = late_by(of_draw, due, today, rules.calendar)
        found.append(
            Month(
                month=month,
                attempts=row.attempt,
                drawn_at=row.drawn_at,
                listed=row.listed,
                pool=row.pool,
                held=sum(n for s, n in here.items() if state_of("audit", s).took_place),
                to_hold=sum(n for s, n in here.items() if not state_of("audit", s).set_aside),
                waiting=waiting,
                distribute_by=due,
                late_by=late,
            )
        )
    return found, len(known) > limit
