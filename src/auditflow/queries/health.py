"""Whether auditflow is well: figures about the whole store, what is wrong; nothing of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select, text

from auditflow.persistence import tables
from auditflow.persistence.condition import Condition
from auditflow.persistence.office import Office
from auditflow.persistence.store import store_row


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or may come to be, in a sentence or two that say what to do."""

    about: str
    says: str
    #: Something is to be done now; otherwise it is well to know.
    wrong: bool = True


@dataclass(frozen=True)
class Figures:
    """What is counted over the whole store; every figure is cheap, however large the store is."""

    #: Whether the store is for trying things out, with a clock of its own.
    rehearsal: bool
    audits_by_state: Mapping[str, int]
    open_escalations_by_level: Mapping[str, int]
    #: Every step any audit, action or escalation took, and every change of the office.
    lines_of_history: int
    #: Duties whose moment to be raised is past and that are not raised, and since when the oldest.
    unraised: int
    unraised_since: datetime | None
    notices_waiting: int
    notices_held: bool
    #: When each kind of unattended work was last done to its end.
    beats: Mapping[str, datetime]
    #: Jobs by status; none on SQLite.
    jobs_by_status: Mapping[str, int]


@dataclass(frozen=True)
class Health:
    """One look at everything; what could not be asked is None."""

    at: datetime
    auditflow: str
    #: What draws the charts as pictures.
    pictures: str | None
    #: The store's address, without its password.
    store: str = ""
    #: The version of the store's tables, and the one this auditflow knows.
    version: str | None = None
    known_version: str = tables.SCHEMA
    database: Condition | None = None
    #: Bytes free where the store's file lies.
    free: int | None = None
    figures: Figures | None = None
    #: The last day that deadlines can be counted to.
    calendar_ends: date | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def well(self) -> bool:
        """Whether nothing is wrong."""
        return not any(finding.wrong for finding in self.findings)


def figures(connection: Connection, now: datetime) -> Figures:
    """Count what is in the store."""
    audits, escalations, outbox = tables.audits, tables.escalations, tables.outbox
    store = store_row(connection)
    unraised, since = _unraised(connection, now)
    due = (outbox.c.sent_at.is_(None), outbox.c.deliver_from <= now)
    return Figures(
        rehearsal=bool(store.rehearsal),
        audits_by_state=_counts(connection, audits.c.state),
        open_escalations_by_level=_counts(
            connection, escalations.c.state, escalations.c.state != "resolved"
        ),
        # An audit's version is the length of its chain.
        lines_of_history=store.version
        + (connection.execute(select(func.sum(audits.c.version))).scalar() or 0),
        unraised=unraised,
        unraised_since=since,
        notices_waiting=connection.execute(
            select(func.count()).select_from(outbox).where(*due)
        ).scalar_one(),
        notices_held=bool(store.notices_held),
        beats=Office(connection).beats(),
        jobs_by_status=_jobs(connection),
    )


def _counts(connection: Connection, by: Any, *where: Any) -> dict[str, int]:
    query = select(by, func.count()).where(*where).group_by(by).order_by(by)
    return {row[0]: row[1] for row in connection.execute(query)}


def _unraised(connection: Connection, now: datetime) -> tuple[int, datetime | None]:
    duties = tables.duties
    query = select(func.count(), func.min(duties.c.raise_from)).where(
        duties.c.ended_at.is_(None), duties.c.missed_at.is_(None), duties.c.raise_from <= now
    )
    count, since = connection.execute(query).one()
    return count, since


def _jobs(connection: Connection) -> dict[str, int]:
    if connection.dialect.name != "postgresql":
        return {}
    rows = connection.execute(
        text("SELECT status::text, count(*) AS jobs FROM procrastinate_jobs GROUP BY 1 ORDER BY 1")
    )
    return {row.status: row.jobs for row in rows}
