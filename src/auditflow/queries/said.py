"""The names of people by their ids, and the words of one audit's texts by their digests."""

from __future__ import annotations

from sqlalchemy import Connection, select

from auditflow.persistence import tables


def names_of(connection: Connection) -> dict[str, str]:
    """Everybody's name, and the clock's."""
    people = tables.people
    found = {r.id: r.name for r in connection.execute(select(people.c.id, people.c.name))}
    return found | {"system": "auditflow"}


def texts_of(connection: Connection, audit_id: int) -> dict[str, str]:
    """What was said of an audit, where it was not destroyed."""
    t = tables.texts
    rows = connection.execute(select(t.c.digest, t.c.body).where(t.c.audit_id == audit_id))
    return {r.digest: r.body for r in rows}
