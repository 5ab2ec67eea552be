"""The register: loads frozen audits and records what became of them, in one transaction."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from hashlib import sha256
from hmac import new as hmac
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, insert, select

from auditflow.audits import Person, Role
from auditflow.calendar import utc_text
from auditflow.errors import ChangedMeanwhile, NotFound
from auditflow.persistence import tables
from auditflow.persistence.batch import (
    AuditStep,
    Batch,
    LoadedAudit,
    NoticeRow,
    Versions,
    audit_row,
    loaded_audit,
)
from auditflow.persistence.database import LAST_LINE
from auditflow.persistence.journal import NOTHING, JournalLine, read
from auditflow.persistence.statements import StatementRunner, statements

__all__ = ["AuditStep", "LoadedAudit", "NoticeRow", "Register", "Versions", "person_of", "seal"]


class Register:
    """Reads and writes audits within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._run = StatementRunner(connection)
        self._secrets: dict[int, str] = {}

    # Reading.

    def open(
        self, reference: str, person: str, *, lock: bool = False
    ) -> tuple[LoadedAudit | None, Person | None, Versions, bool]:
        """In one question: the audit, who asks, the versions in force, whether it rehearses.

        `lock` keeps others from changing it until this transaction ends; it is then read as they
        left it.
        """
        if lock and self.connection.dialect.name == "postgresql":
            self._run.one("lock", reference=_name(reference)).close()
        row = self._run.one("open", reference=_name(reference), person=_name(person)).one()
        loaded = None
        if row.facts is not None:
            loaded = loaded_audit(row)
            if row.secret is not None:
                self._secrets[loaded.audit.id] = row.secret
        who = person_of(row) if row.name is not None else None
        return loaded, who, Versions(row.policy_version, row.calendar_version), bool(row.rehearsal)

    def load(self, ids: Sequence[int]) -> list[LoadedAudit]:
        """These audits; on PostgreSQL those another worker holds are passed over."""
        return self._loaded("load", ids=list(ids))

    def load_due(self, ids: Sequence[int], now: datetime, today: date) -> list[LoadedAudit]:
        """Of these audits those on which the clock must still act, unless another is at it."""
        return self._loaded("load_due", ids=list(ids), now=now, today=today)

    def _loaded(self, name: str, **values: Any) -> list[LoadedAudit]:
        statement = statements(self.connection.dialect.name)[name]
        return [loaded_audit(r) for r in self.connection.execute(statement, values)]

    def versions(self) -> Versions:
        """Which policy and which calendar are in force."""
        row = self._run.one("versions").one()
        return Versions(row.policy_version, row.calendar_version)

    def with_open_duties(self) -> list[LoadedAudit]:
        """Each audit that owes something."""
        return [loaded_audit(r) for r in self._run.one("owing")]

    def due(self, now: datetime, today: date) -> list[int]:
        """The audits on which the clock must act by `now`, oldest first."""
        rows = self._run.one("due", now=now, today=today)
        return list(dict.fromkeys(r.audit_id for r in rows))

    def to_repeat(self) -> dict[int, date]:
        """Audits whose re-audit is not made yet, each with the day it falls due."""
        due = ((r.id, r.reaudit_due_on) for r in sorted(self._run.one("to_repeat")))
        # The driver gives what it stores: SQLite knows no dates.
        return {n: date.fromisoformat(d) if isinstance(d, str) else d for n, d in due}

    def seed_of(self, reference: str) -> str:
        """The seed of the round from which an audit comes; a re-audit has that of the first one."""
        audits, rounds = tables.audits, tables.rounds
        asked = select(audits.c.repeats, rounds.c.seed)
        query = asked.outerjoin(rounds, rounds.c.id == audits.c.round_id)
        row = self.connection.execute(query.where(audits.c.reference == reference)).one()
        while row.seed is None:
            row = self.connection.execute(query.where(audits.c.id == row.repeats)).one()
        return str(row.seed)

    def lines(self, audit_id: int) -> list[dict[str, Any]]:
        """The journal of an audit, oldest first."""
        journal = tables.journal
        query = select(journal.c.body).where(journal.c.audit_id == audit_id)
        rows = self.connection.execute(query.order_by(journal.c.seq)).scalars()
        return [read(body) for body in rows]

    def person(self, name: str) -> Person:
        """A person by id; NotFound if there is none."""
        row = self._run.one("person", id=_name(name)).one_or_none()
        if row is None:
            who = f"There is no person “{name[:60]}”."
            raise NotFound(f"{who} See who there is: auditflow people list")
        return person_of(row)

    def answered(self, key: str) -> dict[str, Any] | None:
        """The line at which a command of this key was recorded, if it was."""
        row = self._run.one("answered", key=key).one_or_none()
        return read(row.body) if row else None

    def secret(self, audit_id: int) -> bytes:
        """The key under which an audit's texts are put away."""
        found = self._secrets.get(audit_id)
        if found is None:
            found = self._run.one("secret", audit_id=audit_id).scalar_one()
        return bytes.fromhex(found)

    # Writing.

    def record(self, steps: Iterable[AuditStep], versions: Versions) -> None:
        """Write rows, journal, duties, escalations, texts and notices of these steps.

        ChangedMeanwhile if any of the audits is no longer as it was loaded.
        """
        batch = Batch(versions)
        for step in steps:
            batch.add(step)
        for name, rows in batch.rows.items():
            if rows:
                result = self._run.many(name, rows)
                if name == "update" and result.rowcount != len(rows):
                    raise ChangedMeanwhile(
                        "Somebody changed this audit at the same moment. "
                        "Look at it again, then decide again."
                    )
        if journal := batch.rows["journal"]:
            self.connection.info[LAST_LINE] = JournalLine(**journal[-1])
        owed = (r for r in batch.rows["duties"] if not r["ended_at"] and not r["missed_at"])
        self._wake({r["raise_from"] for r in owed})

    def _wake(self, moments: AbstractSet[datetime]) -> None:
        """Have a worker look when one of these moments comes; in SQLite the one loop looks."""
        if moments and self.connection.dialect.name == "postgresql":
            rows = [{"name": utc_text(m), "at": m} for m in sorted(moments)]
            self._run.many("wake", rows)

    def draw(self, new: Sequence[tuple[AuditStep, int | None, int]], versions: Versions) -> None:
        """Write audits that were not there before, each with its round (if any) and case."""
        rows = []
        for step, round_id, case_id in new:
            row = audit_row(step.audit, NOTHING, step.outcomes, step.outcomes[-1].attribution.now)
            came_of = {"round_id": round_id, "case_id": case_id}
            rows.append({**row, "reference": step.loaded.reference, **came_of})
        keys = [{"audit_id": row["id"], "secret": token_hex(16)} for row in rows]
        self.connection.execute(insert(tables.audits), rows)
        self.connection.execute(insert(tables.text_keys), keys)
        self.record((step for step, _, _ in new), versions)


def _name(typed: str) -> str:
    """What was typed as a name; nothing where no database could hold it (half a letter)."""
    return "" if any("\ud800" <= c <= "\udfff" or c == "\0" for c in typed) else typed


def person_of(row: Any) -> Person:
    """A row of the people table as a person; a day as the driver of SQLite gives it, too."""
    left = row.left_on
    return Person(
        id=row.id,
        name=row.name,
        roles=frozenset(map(Role, filter(None, row.roles.split(" ")))),
        team=row.team,
        service=row.service,
        email=row.email,
        line=tuple(filter(None, row.line.split(" "))),
        trained=bool(row.trained),
        cleared=bool(row.cleared),
        left_on=date.fromisoformat(left) if isinstance(left, str) else left,
    )


def seal(secret: bytes, said: str) -> str:
    """The digest by which a text is named in facts and journal."""
    return hmac(secret, said.encode(), sha256).hexdigest()[:32]
