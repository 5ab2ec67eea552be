"""A reading: one person's questions of the store at one moment; every question is asked of one."""

from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from auditflow.audits import Audit, Person
from auditflow.calendar import london_date
from auditflow.commands import can
from auditflow.errors import Denied, Forbidden, NotFound, no_such_audit, unknown_person
from auditflow.machines.duties import Rules
from auditflow.persistence import tables
from auditflow.persistence.access_log import Access
from auditflow.persistence.actors import act_for, authenticate
from auditflow.persistence.as_at import Past, audit_of
from auditflow.persistence.office import Office
from auditflow.persistence.register import Register
from auditflow.persistence.rules import RulesCache
from auditflow.queries.names import Names


class Asker(NamedTuple):
    """Who asks, for whom they stand in, and whether the store is for rehearsal."""

    person: Person
    acting_for: Person | None
    rehearsal: bool


def introduced(live: Connection, name: str, acting_for: str, today: date) -> Asker:
    """The person of this name; NotAllowed where there is none, Forbidden where they have left.

    Forbidden, too, unless they stand in on this day for whom they say.
    """
    register = Register(live)
    _, person, _, rehearsal = register.open("", name)
    if person is None:
        raise unknown_person(name)
    authenticate(person, name, "ask", today)
    actor = act_for(register, person, acting_for, today, "show")
    return Asker(person, actor.acting_for, rehearsal)


class Reading:
    """Who asks, the moment asked about, and one connection that sees one moment.

    Who may ask is judged as of `now`; what they see is as it stood `at` the moment asked about.
    Names and audits are read once, and each audit is judged once. What is to be noted of it is
    put into `accesses`, for whoever opened the reading to write down.
    """

    def __init__(
        self,
        live: Connection,
        asker: Asker,
        now: datetime,
        accesses: list[Access],
        rules_cache: RulesCache,
        past: Past | None,
    ) -> None:
        self.live = live
        self.person, self.acting_for, self.rehearsal = asker
        self.now, self.at = now, past.at if past else now
        self._accesses, self._rules_cache, self._past = accesses, rules_cache, past
        self._audits: dict[str, Audit] = {}
        self._lines: dict[int, list[dict[str, Any]]] = {}
        self._texts: dict[int, dict[str, str]] = {}

    @property
    def connection(self) -> Connection:
        """The whole store at the moment asked about; of texts only `texts` tells."""
        return self._past.whole if self._past else self.live

    @property
    def office(self) -> Connection:
        """People, calendar and policy at the moment asked about."""
        return self._past.office if self._past else self.live

    @property
    def today(self) -> date:
        """The London date of the moment asked about."""
        return london_date(self.at)

    @cached_property
    def rules(self) -> Rules:
        """The calendar and the policy in force."""
        return self._rules_cache.at(Register(self.office).versions(), Office(self.office))

    @cached_property
    def names(self) -> Names:
        """What people are called."""
        return Names(self.office)

    def audit(self, reference: str) -> Audit:
        """An audit that they may read; NotFound where there is none, Denied where they may not."""
        if reference not in self._audits:
            audit = self.found(reference)
            if not can(self.person, "read", audit, acting_for=self.acting_for):
                raise Denied(reference, audit.id, self.person.id, "read")
            self._audits[reference] = audit
        return self._audits[reference]

    def found(self, reference: str) -> Audit:
        """An audit, not judged yet; NotFound where there is none."""
        loaded, *_ = Register(self.live).open(reference, "")
        audit = loaded.audit if loaded else None
        if audit is not None and self._past is not None:
            audit = audit_of(self.lines(audit.id))
        if audit is None:
            raise NotFound(no_such_audit(reference))
        return audit

    def lines(self, audit_id: int) -> list[dict[str, Any]]:
        """The journal of an audit, oldest first."""
        if audit_id not in self._lines:
            told = self._past or Register(self.live)
            self._lines[audit_id] = told.lines(audit_id)
        return self._lines[audit_id]

    def texts(self, audit_id: int) -> dict[str, str]:
        """What was said of an audit by its digest, where it was not destroyed."""
        if audit_id not in self._texts:
            t = tables.texts
            rows = self.live.execute(select(t.c.digest, t.c.body).where(t.c.audit_id == audit_id))
            self._texts[audit_id] = {r.digest: r.body for r in rows}
        return self._texts[audit_id]

    def note(self, audit_id: int, what: str) -> None:
        """Have it noted in the access log that this person read an audit, or took audits out."""
        self._accesses.append(Access(self.person.id, audit_id, what))

    def require(self, what: str, says: str, *, allowed: bool) -> None:
        """Forbidden, in these words, unless it is allowed."""
        if not allowed:
            raise Forbidden(says, 0, self.person.id, what)
