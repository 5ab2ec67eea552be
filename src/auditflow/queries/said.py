"""Names of people by their ids, words of texts by their digests, and what escalations are about."""

from __future__ import annotations

from sqlalchemy import Connection, select

from auditflow.audits import Audit, Escalation, Trigger
from auditflow.machines.charts import DUTIES
from auditflow.persistence import tables


def names_of(connection: Connection) -> dict[str, str]:
    """Everybody's name, and the clock's."""
    people = tables.people
    found = {r.id: r.name for r in connection.execute(select(people.c.id, people.c.name))}
    return found | {"system": "auditflow"}


def why(audit: Audit, escalation: Escalation) -> str:
    """What an escalation is about; one of a judge who is late (T9), about which other one."""
    other = audit.escalation(escalation.about)
    if other is not None:
        return f"The answer to escalation {other.n} ({other.trigger}) was not judged in time"
    late = DUTIES.get(escalation.cause.partition(" ")[0])
    if escalation.trigger is Trigger.T9 and late is not None:
        return f"“{late.title}” was not done in time"
    return escalation.trigger.says


def texts_of(connection: Connection, audit_id: int) -> dict[str, str]:
    """What was said of an audit, where it was not destroyed."""
    t = tables.texts
    rows = connection.execute(select(t.c.digest, t.c.body).where(t.c.audit_id == audit_id))
    return {r.digest: r.body for r in rows}
