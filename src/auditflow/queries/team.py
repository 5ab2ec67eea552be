"""What a person's team owes, and what will come to a person next."""

from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import and_, case, func, select

from auditflow.audits import Role
from auditflow.machines.audit import AuditProcess
from auditflow.machines.charts import DUTIES
from auditflow.persistence import tables
from auditflow.persistence.office import Office
from auditflow.queries.names import Names
from auditflow.queries.reading import Reading
from auditflow.queries.visibility import LIVE, visible


class Member(msgspec.Struct, frozen=True):
    """One person of a team, and how much they owe by name."""

    id: str
    name: str
    team: str
    owes: int
    overdue: int
    next_due: date | None


class Coming(msgspec.Struct, frozen=True):
    """One audit in which a person has a place and that waits for somebody else."""

    reference: str
    title: str
    what: str
    who: str
    due: date
    overdue: bool


def team(reading: Reading) -> list[Member]:
    """What everybody below this person in the line owes by name, the most overdue first.

    Of restricted records only those count that this person may know of.
    """
    below = {p.id: p for p in Office(reading.office).people_under(reading.person)}
    d, a = tables.duties, tables.audits
    hidden = [] if reading.person.cleared else [a.c.restricted == 0]
    late = func.sum(case((d.c.overdue_from <= reading.at, 1), else_=0))
    rows = reading.connection.execute(
        select(d.c.owner, func.count(), late, func.min(d.c.due))
        .join(a, a.c.id == d.c.audit_id)
        .where(d.c.ended_at.is_(None), d.c.owner.in_(below), *hidden)
        .group_by(d.c.owner)
    )
    owed = {owner: (count, over, due) for owner, count, over, due in rows}
    members = [Member(p.id, p.name, p.team, *owed.get(p.id, (0, 0, None))) for p in below.values()]
    return sorted(members, key=lambda m: (-m.overdue, m.next_due or date.max, m.name))


def coming(reading: Reading, limit: int = 20) -> list[Coming]:
    """Live audits with a place for this person in which the first thing owed is another's."""
    connection, person = reading.connection, reading.person
    a, d, p = tables.audits, tables.duties, tables.places
    mine = select(p.c.audit_id).where(p.c.person == person.id)
    rows = connection.execute(
        select(a.c.reference, a.c.state, d)
        .join(d, and_(d.c.audit_id == a.c.id, d.c.ended_at.is_(None), d.c.due == a.c.next_due))
        .where(a.c.id.in_(mine), LIVE, d.c.owner != person.id, visible(connection, person))
        .order_by(d.c.due, a.c.reference, d.c.duty, d.c.subject)
        .limit(4 * limit)
    ).all()
    names = reading.names.learn(r.owner for r in rows)
    first: dict[str, Coming] = {}
    for row in rows:
        first.setdefault(row.reference, _coming(row, names, reading.at))
    return list(first.values())[:limit]


def _coming(row: Any, names: Names, now: datetime) -> Coming:
    return Coming(
        row.reference,
        AuditProcess.states[row.state].title,
        DUTIES[row.duty].title,
        names.of(row.owner) or Role(row.role).title,
        row.due,
        row.overdue_from <= now,
    )
