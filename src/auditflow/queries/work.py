"""What one person owes, overdue first, then soonest; by name, or by a post they hold."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import and_, or_, select

from auditflow.audits import POSTS, Person, Role
from auditflow.calendar import london_date
from auditflow.machines.charts import DUTIES
from auditflow.persistence import tables
from auditflow.persistence.people import Staff
from auditflow.persistence.register import Register
from auditflow.queries.reading import Reading


class Job(msgspec.Struct, frozen=True):
    """One thing a person owes."""

    reference: str
    what: str
    about: str
    due: date
    overdue: bool
    #: Named, or because they hold this role.
    as_role: str


def work(reading: Reading, whom: str | None = None) -> list[Job]:
    """What this person owes, or somebody else for the QA Team, their managers and their deputies.

    Of another's work, restricted audits are shown only to those cleared for them.
    """
    person, d, a = _whose(reading, whom), tables.duties, tables.audits
    hidden = person.id != reading.person.id and not reading.person.cleared
    rows = reading.connection.execute(
        select(d, a.c.reference, a.c.service.label("of_service"))
        .join(a, a.c.id == d.c.audit_id)
        .where(d.c.ended_at.is_(None), or_(d.c.owner == person.id, *_by_post(person)))
        .where(*([a.c.restricted == 0] if hidden else []))
        .order_by(d.c.due, a.c.reference, d.c.duty, d.c.subject)
    )
    jobs = [_job(r, reading.at) for r in rows]
    return sorted(jobs, key=lambda j: not j.overdue)


def _whose(reading: Reading, whom: str | None) -> Person:
    person = reading.person
    if whom is None or whom == person.id:
        return person
    other = Register(reading.office).person(whom)
    reading.require(
        "work",
        "Another person's work is shown to the QA Team, to that person's managers and to "
        "their deputies.",
        allowed=bool(person.roles & {Role.QA_TEAM, Role.QA_MANAGER})
        or person.id in other.line
        or Staff(reading.office).stands_in(person.id, other.id, london_date(reading.now)),
    )
    return other


def _by_post(person: Person) -> Iterator[Any]:
    """Duties without a name belong to whoever holds the post; heads of service have their own."""
    d, a = tables.duties, tables.audits
    posts = person.roles & POSTS
    if Role.QA_MANAGER in posts:
        posts |= {Role.QA_TEAM}
    for role in posts:
        condition = and_(d.c.owner == "", d.c.role == role.value)
        if not person.cleared:
            condition = and_(condition, a.c.restricted == 0)
        yield (
            and_(condition, a.c.service == person.service)
            if role is Role.HEAD_OF_SERVICE
            else condition
        )


def _job(row: Any, now: datetime) -> Job:
    return Job(
        row.reference,
        DUTIES[row.duty].title,
        row.subject,
        row.due,
        row.overdue_from <= now,
        Role(row.role).title,
    )
