"""The list of audits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, and_, func, literal, select

from auditflow.calendar import london_date, month_name
from auditflow.machines.audit import AuditProcess
from auditflow.machines.charts import DUTIES
from auditflow.machines.owing import World
from auditflow.persistence import tables
from auditflow.persistence.columns import Day
from auditflow.queries.board import LIVE, soon
from auditflow.queries.lists.asked import checked
from auditflow.queries.lists.engine import Condition, Group, Listing, Show, Sort
from auditflow.queries.said import names_of

#: Stands for no date in an order: behind every real one.
NEVER = date(9999, 12, 31)


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


def audits(connection: Connection, now: datetime, world: World) -> Listing:
    """The audits as they stand at a moment."""
    a = tables.audits
    late = a.c.late_from <= now
    until = soon(now, world.calendar, world.policy)
    next_due = func.coalesce(a.c.next_due, literal(NEVER, Day()), type_=Day())
    names = names_of(connection)
    case_of = select(tables.cases.c.reference).where(tables.cases.c.id == a.c.case_id)

    def shown(rows: Sequence[Row[Any]]) -> Iterable[AuditRow]:
        for r in rows:
            yield AuditRow(
                r.reference,
                r.of_case,
                r.state,
                AuditProcess.states[r.state].title,
                r.month,
                r.team,
                names.get(r.auditor, r.auditor),
                r.next_due,
                r.late_from is not None and r.late_from <= now,
                r.late_from is not None and now < r.late_from <= until,
                r.escalated,
            )

    return Listing(
        source=a,
        columns=[
            *(a.c[n] for n in ("reference", "state", "month", "team", "auditor")),
            *(a.c[n] for n in ("next_due", "late_from", "escalated")),
            case_of.scalar_subquery().label("of_case"),
        ],
        rows=shown,
        shows={
            "live": Show("Under way", LIVE, "due"),
            "recent": Show("All of the last 12 months", a.c.month >= _a_year_ago(now), "newest"),
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
            "state": Group(
                a.c.state,
                lambda s: AuditProcess.states[s].title,
                [s.name for s in AuditProcess.states.values() if not s.initial],
            ),
            "team": Group(a.c.team, lambda s: s or "No team"),
            "month": Group(a.c.month, month_title),
        },
        flags={
            "late": late,
            "soon": and_(a.c.late_from > now, a.c.late_from <= until),
            "escalated": a.c.escalated > 0,
        },
        others={"duty": _owing, "auditor": lambda who: a.c.auditor == who},
    )


def month_title(value: str) -> str:
    """A month as people say it."""
    day = date.fromisoformat(value)
    return f"{month_name(day)} {day.year}"


def _owing(name: str) -> Condition:
    d = tables.duties
    known = checked(name, DUTIES, "duty")
    owed = select(d.c.audit_id).where(d.c.ended_at.is_(None), d.c.duty == known)
    return tables.audits.c.id.in_(owed)


def _a_year_ago(now: datetime) -> date:
    today = london_date(now)
    return today.replace(year=today.year - 1, day=1)
