"""Who stands in for whom, and what names a person: places in audits, and duties."""

from collections.abc import Iterator
from datetime import date
from secrets import token_hex

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, text

from auditflow.audits import Deputyship
from auditflow.persistence import tables
from auditflow.persistence.batch import LOADED, LoadedAudit, loaded_audit
from auditflow.persistence.register import seal
from auditflow.persistence.statements import inserting

#: The office's own number among audits.
OFFICE = 0


def json_contains(name: str, value: str) -> ColumnElement[bool]:
    """The condition that an audit's facts say so of this field."""
    said = f'"{name}":{msgspec.json.encode(value).decode()}'
    return tables.audits.c.facts.contains(said, autoescape=True)


def naming(person: str) -> ColumnElement[bool]:
    """The condition that an audit's facts name a person, in whatever place."""
    said = msgspec.json.encode(person).decode()
    return tables.audits.c.facts.contains(said, autoescape=True)


class Staff:
    """Reads and writes within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._insert = inserting(connection.dialect.name)

    def deputyships(self) -> list[Deputyship]:
        """Every deputyship there is or was."""
        d = tables.deputies
        rows = self.connection.execute(select(d).order_by(d.c.since, d.c.person, d.c.deputy))
        return [Deputyship(r.deputy, r.person, r.since, r.until) for r in rows]

    def stands_in(self, deputy: str, person: str, on: date) -> bool:
        """Whether one stands in for another on a day."""
        d = tables.deputies
        these = d.c.deputy == deputy, d.c.person == person, d.c.since <= on, d.c.until >= on
        return self.connection.execute(select(d.c.until).where(*these)).first() is not None

    def keep_deputyship(self, made: Deputyship) -> None:
        """Add a deputyship, or set another end to one that begins on the same day."""
        row = self._insert(tables.deputies)
        keys, new = ["person", "deputy", "since"], {"until": row.excluded.until}
        upsert = row.on_conflict_do_update(index_elements=keys, set_=new)
        self.connection.execute(upsert, msgspec.to_builtins(made, builtin_types=(date,)))

    def live(self, person: str) -> list[LoadedAudit]:
        """The audits that are not over, or still owe something, and name this person.

        Who changes what all lean on (`Mode.WHOLE`) holds none of them: nobody else writes.
        """
        audits, duties = tables.audits, tables.duties
        owing = select(duties.c.audit_id).where(duties.c.ended_at.is_(None))
        still = or_(text(f"audits.{tables.LIVE}"), audits.c.id.in_(owing))
        query = select(*LOADED).where(naming(person), still).order_by(audits.c.reference)
        return [loaded_audit(r) for r in self.connection.execute(query)]

    def keep_text(self, said: str) -> str:
        """Put a text of the office's own away under its own key; its digest."""
        keys, texts = tables.text_keys, tables.texts
        found = select(keys.c.secret).where(keys.c.audit_id == OFFICE)
        secret = self.connection.execute(found).scalar()
        if secret is None:
            secret = token_hex(16)
            self.connection.execute(insert(keys).values(audit_id=OFFICE, secret=secret))
        digest = seal(bytes.fromhex(secret), said)
        row = {"audit_id": OFFICE, "digest": digest, "body": said}
        self.connection.execute(self._insert(texts).on_conflict_do_nothing(), row)
        return digest

    def owed_by_post(
        self, role: str, service: str | None
    ) -> Iterator[tuple[LoadedAudit, str, date]]:
        """The open duties that no person is named for, of a role (and one service, where given).

        Each with its audit, its name and the day it is due.
        """
        d, a = tables.duties, tables.audits
        of_post = and_(d.c.ended_at.is_(None), d.c.owner == "", d.c.role == role)
        asked = select(*LOADED, d.c.duty, d.c.due).join(a, a.c.id == d.c.audit_id)
        if service is not None:
            of_post = and_(of_post, a.c.service == service)
        rows = self.connection.execute(asked.where(of_post).order_by(d.c.due))
        return ((loaded_audit(r), r.duty, r.due) for r in rows)
