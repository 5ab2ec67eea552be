"""What the audit that a re-audit repeats found: its last answers, to be shown beside (A25)."""

from datetime import date

import msgspec
from sqlalchemy import select

from auditflow.audits import Audit
from auditflow.commands import ElementFinding, may_see_last_answers
from auditflow.persistence import tables
from auditflow.queries.content import content
from auditflow.queries.reading import Reading


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


def earlier(reading: Reading, audit: Audit) -> Earlier | None:
    """The last answers, as the reader may see them, and has it noted; None where there are none."""
    if audit.repeats is None:
        return None
    audits = tables.audits
    query = select(audits.c.reference).where(audits.c.id == audit.repeats)
    reference = str(reading.live.execute(query).scalar_one())
    before = reading.found(reference)
    if not may_see_last_answers(reading.person, audit, before, reading.acting_for):
        return NOT_SHOWN
    reading.note(before.id, "show")
    return Earlier(
        shown=True,
        says=f"This is a re-audit; it repeats {reference}.",
        reference=reference,
        held_on=before.held_on,
        grade=before.grade.title if before.grade else "",
        grade_status=before.grade_status,
        elements=content(before, reading.texts(before.id), reading.names).parts.elements,
    )
