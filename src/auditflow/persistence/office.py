"""The office's own rows: people, cases, added holidays, and the chain that records them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import Connection, func, insert, select, update

from auditflow.audits import Person
from auditflow.commands.office import Case
from auditflow.persistence import tables
from auditflow.persistence.database import LAST_LINE
from auditflow.persistence.journal import JournalLine, chained
from auditflow.persistence.register import person_of
from auditflow.persistence.statements import inserting


class Office:
    """Reads and writes the office's rows within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def found(self, now: datetime, *, rehearsal: bool) -> None:
        """Begin an empty store."""
        begun = {"id": 1, "created_at": now, "rehearsal": int(rehearsal), "version": 0, "head": ""}
        versions = {"calendar_version": 1, "policy_version": 1}
        self.connection.execute(insert(tables.store).values(**begun, **versions))

    def write(self, event: str, who: str, now: datetime, content: Mapping[str, Any]) -> JournalLine:
        """One line of the office's chain."""
        store, journal = tables.store, tables.journal
        last = (journal.c.audit_id == 0) & (journal.c.seq == store.c.version)
        asked = select(store.c.version, store.c.head, journal.c.recorded_at)
        row = self.connection.execute(asked.select_from(store).outerjoin(journal, last)).one()
        # A clock set back does not set the history back.
        now, seq = max(now, row.recorded_at or now), row.version + 1
        said = {"audit": 0, "seq": seq, "recorded_at": now, "happened_at": now}
        said |= {"who": who, "event": event, "subject": "office", **content}
        line = chained(0, seq, now, said, row.head)
        self.connection.execute(insert(tables.journal), [line._asdict()])
        self.connection.execute(update(store).values(version=line.seq, head=line.hash))
        self.connection.info[LAST_LINE] = line
        return line

    # People.

    def people(self) -> list[Person]:
        """Everybody, by id."""
        rows = self.connection.execute(select(tables.people).order_by(tables.people.c.id))
        return [person_of(r) for r in rows]

    def people_under(self, person: Person) -> list[Person]:
        """Those in whose line this person is and who have not left, by id."""
        p = tables.people
        below = p.c.left_on.is_(None), p.c.line.contains(person.id, autoescape=True)
        # An id may be part of another's.
        found = map(person_of, self.connection.execute(select(p).where(*below).order_by(p.c.id)))
        return [one for one in found if person.id in one.line]

    def keep_people(self, people: Iterable[Person]) -> None:
        """Add these people, or bring them up to date."""
        rows = [
            {
                **asdict(p),
                "roles": " ".join(sorted(p.roles)),
                "line": " ".join(p.line),
                "trained": int(p.trained),
                "cleared": int(p.cleared),
            }
            for p in people
        ]
        self._upsert(tables.people, "id", rows)

    # Cases.

    def keep_cases(self, cases: Iterable[Case], as_at: date) -> None:
        """Add these cases, or bring them up to date."""
        rows = [{**vars(c), "restricted": int(c.restricted), "as_at": as_at} for c in cases]
        self._upsert(tables.cases, "reference", rows)

    def as_at(self) -> date | None:
        """The date of the newest case list."""
        return self.connection.execute(select(func.max(tables.cases.c.as_at))).scalar()

    # The calendar.

    def holidays(self) -> Sequence[Any]:
        """The days that were added to the bundled list."""
        holidays = tables.holidays
        return self.connection.execute(select(holidays).order_by(holidays.c.day)).all()

    def add_holidays(
        self, days: Mapping[date, str], through: int | None, source: str, now: datetime
    ) -> None:
        """Add days; the calendar's version goes up by one."""
        added = {"source": source, "added_at": now, "through": None}
        rows = [{**added, "day": day, "title": title} for day, title in sorted(days.items())]
        if rows:
            rows[-1]["through"] = through
        self._upsert(tables.holidays, "day", rows)
        version = tables.store.c.calendar_version
        self.connection.execute(update(tables.store).values(calendar_version=version + 1))

    # The policy.

    def policy_rows(self, through: int | None = None) -> Sequence[Any]:
        """What was set, oldest first; with `through`, no later than that version."""
        policy = tables.policy
        query = select(policy).order_by(policy.c.version)
        if through is not None:
            query = query.where(policy.c.version <= through)
        return self.connection.execute(query).all()

    def set_policy(self, name: str, value: str, reason: str, who: str, now: datetime) -> None:
        """Make the next version of the policy."""
        store = tables.store
        version = self.connection.execute(select(store.c.policy_version)).scalar_one() + 1
        said = {"name": name, "value": value, "reason": reason, "set_by": who, "set_at": now}
        self.connection.execute(insert(tables.policy).values(version=version, **said))
        self.connection.execute(update(store).values(policy_version=version))

    # Unattended work.

    def beat(self, name: str, at: datetime) -> None:
        """Note when a kind of work was last done to its end."""
        self._upsert(tables.beats, "name", [{"name": name, "at": at}])

    def beats(self) -> dict[str, datetime]:
        """When each kind of work was last done."""
        rows = self.connection.execute(select(tables.beats))
        return {r.name: r.at for r in rows}

    # Notices.

    def notices(self) -> tuple[bool, int]:
        """Whether notices are kept back, and how many wait."""
        back = self.connection.execute(select(tables.store.c.notices_held)).scalar_one()
        waiting = select(func.count()).where(tables.outbox.c.sent_at.is_(None))
        return bool(back), self.connection.execute(waiting).scalar_one()

    def keep_notices_back(self, *, back: bool) -> None:
        """Keep what waits in the outbox from being sent, or let it go."""
        self.connection.execute(update(tables.store).values(notices_held=int(back)))

    def _upsert(self, table: Any, key: str, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        made = inserting(self.connection.dialect.name)(table)
        new = {n: made.excluded[n] for n in rows[0] if n != key}
        self.connection.execute(made.on_conflict_do_update(index_elements=[key], set_=new), rows)
