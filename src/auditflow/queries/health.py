"""Whether auditflow is well: figures about the whole store, what is wrong; nothing of a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select, text

from auditflow.persistence import tables
from auditflow.persistence.diagnostics import Condition
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
    #: Notices whose moment to go out has come and that are not out, and since when the oldest.
    notices_waiting: int
    notices_since: datetime | None
    notices_held: bool
    #: When each kind of unattended work was last done to its end.
    beats: Mapping[str, datetime]
    #: Jobs by status; none on SQLite.
    jobs_by_status: Mapping[str, int]
    #: Jobs that failed, or whose worker fell silent, and when that was noted of the last of them.
    jobs_stuck: int
    jobs_stuck_at: datetime | None


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
    out = select(func.count(), func.min(outbox.c.deliver_from)).where(
        outbox.c.sent_at.is_(None), outbox.c.deliver_from <= now
    )
    waiting, waiting_since = connection.execute(out).one()
    stuck, stuck_at = _stuck(connection)
    return Figures(
        rehearsal=bool(store.rehearsal),
        audits_by_state=_counts(connection, audits.c.state),
        open_escalations_by_level=_counts(
            connection, escalations.c.state, text(f"escalations.{tables.OPEN}")
        ),
        # An audit's version is the length of its chain.
        lines_of_history=store.version
        + (connection.execute(select(func.sum(audits.c.version))).scalar() or 0),
        unraised=unraised,
        unraised_since=since,
        notices_waiting=waiting,
        notices_since=waiting_since,
        notices_held=bool(store.notices_held),
        beats=Office(connection).beats(),
        jobs_by_status=_jobs(connection),
        jobs_stuck=stuck,
        jobs_stuck_at=stuck_at,
    )


def last_swept(connection: Connection) -> datetime | None:
    """When an unattended sweep last came to its end."""
    return Office(connection).beats().get("sweep")


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


_STUCK = """
SELECT count(*), max((SELECT max(at) FROM procrastinate_events WHERE job_id = job.id))
FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'failed' OR job.status = 'doing'
  AND (worker.id IS NULL OR worker.last_heartbeat < now() - interval '10 minutes')
"""


def _stuck(connection: Connection) -> tuple[int, datetime | None]:
    if connection.dialect.name != "postgresql":
        return 0, None
    count, last = connection.execute(text(_STUCK)).one()
    return count, last
