"""What the audit that a re-audit repeats found: its last answers, to be shown beside (A25)."""

from __future__ import annotations

from datetime import date

import msgspec
from sqlalchemy import Connection, select

from auditflow.audits import Audit
from auditflow.commands import ElementFinding
from auditflow.persistence import tables
from auditflow.queries.content import content
from auditflow.queries.names import Names, texts_of


class Earlier(msgspec.Struct, frozen=True):
    """The earlier audit's answers; nothing of it where it is not for the reader to see."""

    shown: bool
    says: str
    reference: str = ""
    held_on: date | None = None
    grade: str = ""
    grade_status: str = ""
    elements: tuple[ElementFinding, ...] = ()


NOT_SHOWN = Earlier(
    shown=False, says="This is a re-audit. The audit it repeats is not for you to see."
)


def reference_of(connection: Connection, audit_id: int) -> str:
    """The reference of an audit that is there."""
    audits = tables.audits
    query = select(audits.c.reference).where(audits.c.id == audit_id)
    return str(connection.execute(query).scalar_one())


def earlier(connection: Connection, audit: Audit, reference: str) -> Earlier:
    """The answers of an audit that was loaded and may be read."""
    said, names = texts_of(connection, audit.id), Names(connection)
    return Earlier(
        shown=True,
        says=f"This is a re-audit; it repeats {reference}.",
        reference=reference,
        held_on=audit.held_on,
        grade=audit.grade.title if audit.grade else "",
        grade_status=audit.grade_status,
        elements=content(audit, said, names).parts.elements,
    )
