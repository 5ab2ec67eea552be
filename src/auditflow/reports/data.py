"""What every report works with: the audits its reader may count, the people, the rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import or_, select

from auditflow.audits import Action, Audit, Escalation, OpenDuty, Person
from auditflow.calendar import due, london_date
from auditflow.machines.charts import DUTIES
from auditflow.machines.duties import Rules, limit_of
from auditflow.persistence import tables
from auditflow.persistence.journal import read
from auditflow.persistence.register import person_of
from auditflow.queries.reading import Reading
from auditflow.queries.visibility import counted

_audit_of = msgspec.json.Decoder(Audit).decode


@dataclass(frozen=True)
class Seen:
    """One audit as a report sees it."""

    reference: str
    case: str
    need: str
    audit: Audit


class Step(NamedTuple):
    """A step of an audit: its line of the journal, and from it the day, who took it and why."""

    seen: Seen
    line: dict[str, Any]
    on: date
    who: str
    why: str


@dataclass(frozen=True)
class ReportData:
    """The audits that the reader of a report may count, and what is needed to judge them."""

    reading: Reading
    people: Mapping[str, Person]
    audits: tuple[Seen, ...]
    #: What grades are counted by; only of that report.
    by: str = ""

    @property
    def rules(self) -> Rules:
        """The calendar and the policy in force."""
        return self.reading.rules

    @property
    def today(self) -> date:
        """The London date."""
        return self.reading.today

    def name(self, who: str) -> str:
        """A person's name, or the id where nobody is known by it."""
        person = self.people.get(who)
        return person.name if person else who

    def limit(self, duty: str, since: date) -> date:
        """The last day on time for a duty counted from a day."""
        return due(limit_of(DUTIES[duty], self.rules), since, self.rules.calendar)

    def in_time(self, duty: str, since: date, done: date | None) -> bool | None:
        """Whether a duty was met within its limit; None while there still is time."""
        last = self.limit(duty, since)
        return None if done is None and self.today <= last else (done or self.today) <= last

    def overdue(self, owed: OpenDuty) -> bool:
        """Whether a duty that stands is late."""
        return owed.overdue_from <= self.reading.at

    def owed(self, *duties: str) -> Iterable[tuple[Seen, OpenDuty]]:
        """Every such duty that stands, soonest first."""
        found = [(s, o) for s in self.audits for o in s.audit.duties if o.duty in duties]
        return sorted(found, key=lambda pair: (pair[1].due, pair[0].reference))

    def actions(self, *, immediate: bool) -> Iterable[tuple[Seen, Action]]:
        """Every action of a kind that counts: neither it nor its audit was called off."""
        return [
            (s, a)
            for s in self.audits
            for a in s.audit.actions
            if a.immediate is immediate and not a.where.set_aside and not s.audit.set_aside
        ]

    def escalations(self, *triggers: str) -> Iterable[tuple[Seen, Escalation]]:
        """Every escalation of these triggers, or of all."""
        return [
            (s, e)
            for s in self.audits
            for e in s.audit.escalations
            if not triggers or e.trigger in triggers
        ]

    def events(self, *names: str) -> list[tuple[Seen, dict[str, Any]]]:
        """The lines of the journal of these events, oldest first."""
        journal, seen = tables.journal, {s.audit.id: s for s in self.audits}
        named = or_(*(journal.c.body.contains(f'"event":"{n}"', autoescape=True) for n in names))
        rows = self.reading.connection.execute(
            select(journal.c.audit_id, journal.c.body)
            .where(journal.c.audit_id != 0, named)
            .order_by(journal.c.recorded_at, journal.c.audit_id, journal.c.seq)
        )
        lines = ((seen[r.audit_id], read(r.body)) for r in rows if r.audit_id in seen)
        return [(s, line) for s, line in lines if line["event"] in names]

    def steps(self, *names: str) -> list[Step]:
        """The steps of these events, oldest first."""
        events = self.events(*names)
        said = self.texts(line["changed"].get("reason", "") for _, line in events)
        return [
            Step(s, line, day_of(line["happened_at"]), self.name(line["who"]),
                 said.get(line["changed"].get("reason", ""), ""))
            for s, line in events
        ]  # fmt: skip

    def texts(self, digests: Iterable[str]) -> dict[str, str]:
        """What was said, by its digest."""
        t = tables.texts
        wanted = [d for d in digests if d]
        rows = self.reading.live.execute(select(t.c.digest, t.c.body).where(t.c.digest.in_(wanted)))
        return {r.digest: r.body for r in rows}

    def highest_levels(self) -> dict[tuple[int, int], tuple[int, date]]:
        """The highest level each escalation reached, and when it was told there."""
        steps = tables.steps
        rows = self.reading.connection.execute(select(steps).order_by(steps.c.level))
        return {(r.audit_id, r.n): (r.level, r.told_on) for r in rows}


def day_of(moment: str) -> date:
    """The London date of a moment of the journal."""
    return london_date(datetime.fromisoformat(moment))


def report_data(reading: Reading, by: str = "") -> ReportData:
    """Everything this person's reports count."""
    everybody = reading.office.execute(select(tables.people))
    people = {p.id: p for p in map(person_of, everybody)}
    return ReportData(reading, people, audits_counted_by(reading, reading.person), by)


def audits_counted_by(reading: Reading, person: Person) -> tuple[Seen, ...]:
    """The audits that make up a person's figures, by reference."""
    a, c = tables.audits, tables.cases
    rows = reading.connection.execute(
        select(a.c.reference, c.c.reference.label("case"), c.c.need, a.c.facts)
        .join(c, c.c.id == a.c.case_id)
        .where(counted(reading.connection, person))
        .order_by(a.c.reference)
    )
    return tuple(Seen(r.reference, r.case, r.need, _audit_of(r.facts)) for r in rows)
