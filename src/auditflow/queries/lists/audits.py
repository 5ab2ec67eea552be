"""The list of audits."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Row, and_, func, literal, select

from auditflow.calendar import month_name
from auditflow.machines.audit import AuditProcess
from auditflow.machines.charts import DUTIES
from auditflow.persistence import tables
from auditflow.persistence.columns import Day
from auditflow.queries.board import soon
from auditflow.queries.lists.asked import checked
from auditflow.queries.lists.engine import Condition, Group, Listing, Show, Sort
from auditflow.queries.names import Names
from auditflow.queries.reading import Reading
from auditflow.queries.visibility import LIVE

#: Stands for no date in an order: behind every real one.
NEVER = date(9999, 12, 31)

_SHOWN = ("reference", "state", "month", "team", "auditor", "next_due", "late_from", "escalated")
_STANDS = [s.name for s in AuditProcess.states.values() if not s.initial]


class AuditRow(msgspec.Struct, frozen=True):
    """One audit in a list."""

    reference: str
    case: str
    state: str
    title: str
    month: date
    team: str
    auditor: str
    next_due: date | None
    overdue: bool
    soon: bool
    escalations: int
    #: How many of its duties are overdue.
    late_duties: int
    auditor_id: str


def audits(reading: Reading) -> Listing:
    """The audits as they stand at a moment."""
    a, d, now, until = tables.audits, tables.duties, reading.at, soon(reading)
    since = reading.today.replace(year=reading.today.year - 1, day=1)
    next_due = func.coalesce(a.c.next_due, literal(NEVER, Day()), type_=Day())
    return Listing(
        source=a,
        columns=list(_columns(d.c.overdue_from <= now)),
        rows=partial(_rows, reading.names, now, until),
        shows={
            "live": Show("Under way", LIVE, "due"),
            "recent": Show("The last 12 months", a.c.month >= since, "newest"),
            "all": Show("All there ever were", None, "newest", counted=False),
        },
        sorts={
            "due": Sort("Due first", next_due),
            "newest": Sort("Newest first", a.c.reference, down=True),
            "reference": Sort("Oldest first", a.c.reference),
            "team": Sort("Team", a.c.team),
            "state": Sort("State", a.c.state),
        },
        key=[a.c.reference],
        groups={
            "state": Group(a.c.state, lambda s: AuditProcess.states[s].title, _STANDS),
            "team": Group(a.c.team, team_title),
            "month": Group(a.c.month, _month_title),
        },
        flags={
            "late": a.c.late_from <= now,
            "soon": and_(a.c.late_from > now, a.c.late_from <= until),
            "escalated": a.c.escalated > 0,
        },
        others={
            "duty": _owing,
            "late_duty": lambda name: _owing(name, tables.duties.c.overdue_from <= now),
            "auditor": lambda who: a.c.auditor == who,
        },
    )


def _columns(overdue: Any) -> Iterator[Any]:
    """What is shown of each audit, its case and how many of its duties are late."""
    a, d = tables.audits, tables.duties
    yield from (a.c[n] for n in _SHOWN)
    case_of = select(tables.cases.c.reference).where(tables.cases.c.id == a.c.case_id)
    yield case_of.scalar_subquery().label("of_case")
    late = select(func.count()).select_from(d)
    late = late.where(d.c.audit_id == a.c.id, d.c.ended_at.is_(None), overdue)
    yield late.scalar_subquery().label("late_duties")


def _rows(
    names: Names, now: datetime, until: datetime, rows: Sequence[Row[Any]]
) -> Iterable[AuditRow]:
    names.learn(r.auditor for r in rows)
    for r in rows:
        yield AuditRow(
            reference=r.reference,
            case=r.of_case,
            state=r.state,
            title=AuditProcess.states[r.state].title,
            month=r.month,
            team=r.team,
            auditor=names.of(r.auditor),
            next_due=r.next_due,
            overdue=r.late_from is not None and r.late_from <= now,
            soon=r.late_from is not None and now < r.late_from <= until,
            escalations=r.escalated,
            late_duties=r.late_duties,
            auditor_id=r.auditor,
        )


def team_title(value: str) -> str:
    """A team, or that there is none."""
    return value or "No team"


def _month_title(value: str) -> str:
    day = date.fromisoformat(value)
    return f"{month_name(day)} {day.year}"


def _owing(name: str, *when: Condition) -> Condition:
    d = tables.duties
    known = checked(name, DUTIES, "duty")
    owed = select(d.c.audit_id).where(d.c.ended_at.is_(None), d.c.duty == known, *when)
    return tables.audits.c.id.in_(owed)
