"""Where each audit sits: one glance over all of them, and the lists behind each figure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, and_, func, or_, select, text, true

from auditflow.audits import LEVEL_OF_STATE, Audit, Person, Role
from auditflow.calendar import Calendar, london_date, overdue_from
from auditflow.commands import SEES_ALL, can, may_know_of
from auditflow.machines.audit import AuditProcess
from auditflow.persistence import tables
from auditflow.persistence.staff import saying
from auditflow.policy import Policy

_audit_of = msgspec.json.Decoder(Audit).decode


class Place(msgspec.Struct, frozen=True):
    """One state with its figures."""

    state: str
    title: str
    holder: str
    audits: int
    #: Audits here on which something is overdue, and on which something is due soon.
    overdue: int
    due_soon: int


class Standing(msgspec.Struct, frozen=True):
    """Open escalations of one trigger at one level."""

    level: str
    #: Who answers there, in the council's words.
    title: str
    trigger: str
    escalations: int
    oldest: date


class Board(msgspec.Struct, frozen=True):
    """Where every audit this person may see sits now."""

    at: datetime
    places: tuple[Place, ...]
    owed: dict[str, int]
    overdue: dict[str, int]
    escalations: tuple[Standing, ...]


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


def soon(now: datetime, calendar: Calendar, policy: Policy) -> datetime:
    """Until when something counts as due soon."""
    return overdue_from(calendar.add_working_days(london_date(now), policy.due_soon_days))


def board(
    connection: Connection, person: Person, now: datetime, calendar: Calendar, policy: Policy
) -> Board:
    """Every state with how many audits stand there, how many of them are late or soon due."""
    audits, duties = tables.audits, tables.duties
    mine = visible(connection, person)
    counts = _counts(connection, select(audits.c.state, func.count()).where(mine), audits.c.state)
    late, first = duties.c.overdue_from <= now, audits.c.late_from
    standing = select(audits.c.state, func.count()).where(mine, LIVE)
    overdue = _counts(connection, standing.where(first <= now), audits.c.state)
    until = soon(now, calendar, policy)
    due_soon = _counts(connection, standing.where(first > now, first <= until), audits.c.state)
    places = tuple(
        Place(
            s.name,
            s.title,
            s.holder.title,
            counts.get(s.name, 0),
            overdue.get(s.name, 0),
            due_soon.get(s.name, 0),
        )
        for s in AuditProcess.states.values()
        if not s.initial
    )
    return Board(
        now,
        places,
        _by_duty(connection, mine),
        _by_duty(connection, mine, late),
        tuple(_standing(connection, mine, policy)),
    )


def _counts(connection: Connection, query: Any, by: Any) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(query.group_by(by))}


def _joined() -> Any:
    return tables.duties.join(tables.audits, tables.audits.c.id == tables.duties.c.audit_id)


def _by_duty(connection: Connection, mine: Any, *when: Any) -> dict[str, int]:
    duties = tables.duties
    query = (
        select(duties.c.duty, func.count())
        .select_from(_joined())
        .where(duties.c.ended_at.is_(None), mine, *when)
    )
    return _counts(connection, query, duties.c.duty)


def _standing(connection: Connection, mine: Any, policy: Policy) -> Iterator[Standing]:
    e, audits = tables.escalations, tables.audits
    rows = connection.execute(
        select(e.c.state, e.c.trigger, func.count(), func.min(e.c.raised_on))
        .select_from(e.join(audits, audits.c.id == e.c.audit_id))
        .where(e.c.state != "resolved", mine)
        .group_by(e.c.state, e.c.trigger)
        .order_by(e.c.state.desc(), e.c.trigger)
    )
    return (
        Standing(level, policy.level_title(LEVEL_OF_STATE[level]), *rest) for level, *rest in rows
    )


#: That the work is not over; worded as the index is.
LIVE = text(f"audits.{tables.LIVE}")


def visible(connection: Connection, person: Person) -> Any:
    """The condition on audits by which this person sees them and no others."""
    if person.roles & SEES_ALL:
        return not_hidden(connection, person)
    audits = tables.audits
    near = audits.c.id.in_([a.id for a in _near(connection, person) if can(person, "read", a)])
    if Role.HEAD_OF_SERVICE not in person.roles:
        return near
    theirs = and_(audits.c.service == person.service, not_hidden(connection, person))
    return or_(theirs, near)


def not_hidden(connection: Connection, person: Person) -> Any:
    """The condition by which restricted records are hidden from those not cleared for them."""
    audits = tables.audits
    if person.cleared:
        return true()
    placed = _audits(connection, _placed(person), audits.c.restricted == 1)
    kept = [a.id for a in placed if may_know_of(person, a)]
    return or_(audits.c.restricted == 0, audits.c.id.in_(kept))


def _placed(person: Person) -> Any:
    """The condition that this person has, or had, a place in the audit."""
    places = tables.places
    mine = select(places.c.audit_id).where(places.c.person == person.id)
    return tables.audits.c.id.in_(mine)


def _audits(connection: Connection, *where: Any) -> Iterator[Audit]:
    rows = connection.execute(select(tables.audits.c.facts).where(*where))
    return (_audit_of(r.facts) for r in rows)


def _near(connection: Connection, person: Person) -> Iterator[Audit]:
    """The audits this person may have to do with; whether they may read one is judged by `can`."""
    audits, e = tables.audits, tables.escalations
    yield from _audits(connection, _placed(person))
    if Role.MODERATOR in person.roles:
        pending = saying("moderation", "pending")
        yield from _audits(connection, audits.c.state != "closed", pending)
    if Role.HEAD_OF_SERVICE in person.roles:
        # T6 and T7 climb the auditor's own service line (8.2).
        late = select(e.c.audit_id).where(e.c.state != "resolved", e.c.trigger.in_(("T6", "T7")))
        of_theirs = audits.c.auditor_service == person.service
        yield from _audits(connection, audits.c.id.in_(late), of_theirs)


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
    standing = and_(e.c.audit_id == audits.c.id, e.c.state != "resolved")
    return (
        select(func.min(duties.c.due)).where(owed).scalar_subquery(),
        late.scalar_subquery(),
        select(func.count()).select_from(e).where(standing).scalar_subquery(),
    )


def _entry(row: Any) -> Entry:
    return Entry(*row)
