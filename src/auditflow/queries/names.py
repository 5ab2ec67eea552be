"""Names of people by their ids, and what escalations are about."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from auditflow.audits import Audit, Escalation, Trigger
from auditflow.machines.charts import DUTIES
from auditflow.persistence import tables


class Names:
    """What people are called, read as it is asked for: over the years very many have left."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known = {"": "", "system": "auditflow"}

    def of(self, person: str) -> str:
        """The name of a person, or of the clock; the id itself if nobody has it."""
        if person not in self._known:
            self.learn((person,))
        return self._known[person]

    def among(self, people: Iterable[str]) -> dict[str, str]:
        """The names of these people, by their ids."""
        wanted = set(people)
        self.learn(wanted)
        return {i: self._known[i] for i in wanted}

    def learn(self, people: Iterable[str]) -> Names:
        """Read the names of many at once."""
        if ids := set(people) - self._known.keys():
            p = tables.people
            found = self._connection.execute(select(p.c.id, p.c.name).where(p.c.id.in_(ids)))
            self._known |= {i: i for i in ids} | {r.id: r.name for r in found}
        return self


def why(audit: Audit, escalation: Escalation) -> str:
    """What an escalation is about; one of a judge who is late (T9), about which other one."""
    other = audit.escalation(escalation.about)
    if other is not None:
        return f"The answer to escalation {other.n} ({other.trigger}) was not judged in time"
    late = DUTIES.get(escalation.cause.partition(" ")[0])
    if escalation.trigger is Trigger.T9 and late is not None:
        return f"“{late.title}” was not done in time"
    return escalation.trigger.title
