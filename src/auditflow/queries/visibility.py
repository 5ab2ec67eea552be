"""Who sees which audits, and who counts which: as conditions on the table of audits."""

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, or_, select, text, true

from auditflow.audits import Audit, Person, Role
from auditflow.commands import COUNTS_ALL, SEES_ALL, can, may_know_of
from auditflow.persistence import tables
from auditflow.persistence.people import json_contains

#: That the work is not over; worded as the index is.
LIVE = text(f"audits.{tables.LIVE}")
_audit_of = msgspec.json.Decoder(Audit).decode


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


def counted(connection: Connection, person: Person) -> Any:
    """The condition on audits that make up this person's figures: more than they may open."""
    counts = person.roles & COUNTS_ALL
    return (not_hidden if counts else visible)(connection, person)


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
        pending = json_contains("moderation", "pending")
        yield from _audits(connection, LIVE, pending)
    if Role.HEAD_OF_SERVICE in person.roles:
        # T6 and T7 climb the auditor's own service line (8.2).
        late = select(e.c.audit_id).where(
            text(f"escalations.{tables.OPEN}"), e.c.trigger.in_(("T6", "T7"))
        )
        of_theirs = audits.c.auditor_service == person.service
        yield from _audits(connection, audits.c.id.in_(late), of_theirs)
