"""Questions 21, 22 and 28: who is audited how often, who audits how much, who is withdrawn."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from auditflow.audits import Role
from auditflow.calendar import Calendar, london_date
from auditflow.persistence import tables
from auditflow.reports.data import ReportData, Seen
from auditflow.reports.tables import Table, by_date, listed, share, totals

#: Audits of one worker in a year from which it is worth asking whether that is too often.
TOO_OFTEN = 3
#: Live audits of one auditor from which it is worth asking whether that is too much.
MANY = 4


def coverage(data: ReportData) -> tuple[Table, ...]:
    """21: which cases, workers and teams were not audited for 12 months; who too often."""
    since = Calendar.add_months(data.today, -data.rules.policy.repeat_gap_months)
    held = [s for s in data.audits if s.audit.held_on and s.audit.held_on > since]
    cases = _cases(data)
    done = {s.case for s in held}
    open_ = [c for c in cases if c.reference not in done and not _recent(c.last_audited, since)]
    workers = Counter(s.audit.key_worker for s in held)
    teams = Counter(s.audit.team for s in held)
    idle = sorted({c.worker for c in cases if c.worker and not workers[c.worker]})
    often = [(data.name(w), n) for w, n in workers.most_common() if n >= TOO_OFTEN]
    figures = (len(cases), len(cases) - len(open_), len(open_), len(idle), len(often))
    columns = ("Open cases", "Audited", "Not audited", "Workers never", "Workers often")
    return (
        totals(f"Since {since}", columns, [figures]),
        totals("By team", ("Team", "Open cases", "Audits"),
               ((t, sum(c.team == t for c in cases), teams[t])
                for t in sorted({c.team for c in cases}))),
        listed("Workers not audited", ("Worker",), ((data.name(w),) for w in idle)),
        listed(f"Workers audited {TOO_OFTEN} times or more", ("Worker", "Audits"), often),
        listed("Cases not audited", ("Case", "Team", "Worker", "Last audited"),
               ((c.reference, c.team, data.name(c.worker), c.last_audited) for c in open_)),
    )  # fmt: skip


def _recent(day: date | None, since: date) -> bool:
    return day is not None and day > since


def _cases(data: ReportData) -> list[Any]:
    """The open cases of the newest list, for those who see all of it."""
    if not data.sees_cases:
        return []
    c = tables.cases
    return list(
        data.reading.connection.execute(
            select(c)
            .where(c.c.stratum != "closed", c.c.closed.is_(None) | (c.c.closed > data.today))
            .order_by(c.c.reference)
        )
    )


def auditors(data: ReportData) -> tuple[Table, ...]:
    """22: which auditors are overloaded, untrained or conflicted."""
    live = [
        s
        for s in data.audits
        if s.audit.auditor and s.audit.where.live and not s.audit.submitted_on
    ]
    load = Counter(s.audit.auditor for s in live)
    known = {p.id for p in data.people.values() if Role.AUDITOR in p.roles} | set(load)
    rows = []
    for who in sorted(known):
        person = data.people.get(who)
        trained = bool(person and person.trained)
        clash = [s.reference for s in live if s.audit.auditor == who and _clash(s)]
        rows.append((data.name(who), load[who], load[who] >= MANY, trained, ", ".join(clash)))
    columns = ("Auditor", "Live audits", "Overloaded", "Trained", "Conflicted in")
    figures = (len(rows), sum(r[2] for r in rows), sum(not r[3] for r in rows),
               sum(bool(r[4]) for r in rows))  # fmt: skip
    return (
        totals("Auditors", ("All", "Overloaded", "Untrained", "Conflicted"), [figures]),
        listed(f"Each; {MANY} live audits or more are many", columns, rows),
    )


def _clash(s: Seen) -> bool:
    return not s.audit.auditor_independent


def withdrawals(data: ReportData) -> tuple[Table, ...]:
    """28: which withdrawn audits were substituted; whether a team is over-represented."""
    events = data.events("withdraw")
    said = data.texts(line["changed"].get("reason", "") for _, line in events)
    taken = substitutes(data)
    rows = [
        (s.reference, s.audit.team, london_date(datetime.fromisoformat(line["happened_at"])),
         data.name(line["who"]), taken.get(s.audit.id, ""),
         said.get(line["changed"].get("reason", ""), ""))
        for s, line in events
    ]  # fmt: skip
    drawn, gone = Counter(s.audit.team for s in data.audits), Counter(row[1] for row in rows)
    all_drawn, all_gone = drawn.total(), gone.total()
    teams = (
        (team, n, gone[team], share(gone[team], n), share(all_gone, all_drawn))
        for team, n in sorted(drawn.items())
    )
    substituted = sum(bool(row[4]) for row in rows)
    return (
        totals("Withdrawn", ("Drawn", "Withdrawn", "Substituted"),
               [(all_drawn, all_gone, substituted)]),
        totals("By team", ("Team", "Drawn", "Withdrawn", "%", "% of all"), teams),
        listed("Each", ("Audit", "Team", "On", "By", "Substitute", "Why"),
               sorted(rows, key=by_date), narrative=True),
    )  # fmt: skip


def substitutes(data: ReportData) -> dict[int, str]:
    """The reference of the audit that took each withdrawn one's place."""
    found = ((s.audit.substitutes, s.reference) for s in data.audits)
    return {withdrawn: reference for withdrawn, reference in found if withdrawn}
