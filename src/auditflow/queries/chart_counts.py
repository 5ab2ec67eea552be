"""What is laid over the drawn charts: all counts, or one audit's place and the way it came."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import Connection, func, select

from auditflow.calendar import london_date
from auditflow.drawing.overlay import Counts, OneAudit, Step
from auditflow.machines.charts import CHARTS
from auditflow.persistence import tables
from auditflow.persistence.journal import read
from auditflow.queries.reading import Reading
from auditflow.queries.visibility import visible

_DAY = 86_400


def counts(reading: Reading) -> dict[str, Counts]:
    """For each chart: how many stand where, what is owed and late, how long steps take."""
    connection = reading.connection
    mine = visible(connection, reading.person)
    owed = _owed(connection, mine)
    late = _owed(connection, mine, tables.duties.c.overdue_from <= reading.at)
    days, arrows = _durations(connection, mine)
    return {
        kind: Counts(
            states=_states(connection, kind, mine),
            duties=_of_chart(kind, owed),
            overdue=_of_chart(kind, late),
            median_days=days[kind],
            arrows=arrows[kind],
        )
        for kind in CHARTS
    }


def _of_chart(kind: str, figures: Mapping[str, int]) -> Mapping[str, int]:
    """The figures of a chart's own cards; Flow Chart 1 shows those of its actions too."""
    drawn = (kind, "action") if kind == "audit" else (kind,)
    names = {d.name for k in drawn for d in CHARTS[k].duties}
    return {name: n for name, n in figures.items() if name in names}


def _states(connection: Connection, kind: str, mine: Any) -> Mapping[str, int]:
    audits = tables.audits
    table = {"audit": audits, "action": tables.actions, "escalation": tables.escalations}[kind]
    source = table if kind == "audit" else table.join(audits, audits.c.id == table.c.audit_id)
    query = select(table.c.state, func.count()).select_from(source).where(mine)
    rows = connection.execute(query.group_by(table.c.state))
    return {row[0]: row[1] for row in rows}


def _owed(connection: Connection, mine: Any, *when: Any) -> Mapping[str, int]:
    duties, audits = tables.duties, tables.audits
    rows = connection.execute(
        select(duties.c.duty, func.count())
        .join(audits, audits.c.id == duties.c.audit_id)
        .where(duties.c.ended_at.is_(None), mine, *when)
        .group_by(duties.c.duty)
    )
    return {row[0]: row[1] for row in rows}


Days = dict[str, dict[str, float]]
Arrows = dict[str, dict[tuple[str, str], tuple[int, float]]]


def _durations(connection: Connection, mine: Any) -> tuple[Days, Arrows]:
    """The median days spent in each state, and before each arrow, from the journal."""
    stays: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    moves: dict[str, dict[tuple[str, str], list[float]]] = defaultdict(lambda: defaultdict(list))
    entered: dict[tuple[int, str], datetime] = {}
    journal, audits = tables.journal, tables.audits
    rows = connection.execution_options(yield_per=1000).execute(
        select(journal.c.audit_id, journal.c.body)
        .join(audits, audits.c.id == journal.c.audit_id)
        .where(mine)
        .order_by(journal.c.audit_id, journal.c.seq)
    )
    for row in rows:
        line = read(row.body)
        if line["before"] == line["after"]:
            continue
        key, kind = (row.audit_id, line["subject"]), line["subject"].split(" ")[0]
        at = datetime.fromisoformat(line["happened_at"])
        if key in entered:
            days = max(0.0, (at - entered[key]).total_seconds() / _DAY)
            stays[kind][line["before"]].append(days)
            moves[kind][line["before"], line["event"]].append(days)
        entered[key] = at
    medians = {kind: {s: round(median(d), 1) for s, d in stays[kind].items()} for kind in CHARTS}
    arrows = {
        kind: {a: (len(d), round(median(d), 1)) for a, d in moves[kind].items()} for kind in CHARTS
    }
    return medians, arrows


def place(reading: Reading, reference: str) -> OneAudit:
    """One audit on Flow Chart 1: where it is, the way it came, what it owes."""
    audit, now = reading.audit(reference), reading.at
    way = tuple(
        Step(line["event"], line["after"], london_date(datetime.fromisoformat(line["happened_at"])))
        for line in reading.lines(audit.id)
        if line["subject"] == "audit" and line["before"] != line["after"]
    )
    due = {o.duty: o.due for o in audit.duties if o.overdue_from > now}
    late = {o.duty: o.due for o in audit.duties if o.overdue_from <= now}
    return OneAudit(reference=reference, state=audit.state, way=way, due=due, overdue=late)
