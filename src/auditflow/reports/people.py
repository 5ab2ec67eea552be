"""Questions 21, 22 and 28: who is audited how often, who audits how much, who is withdrawn."""

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import select

from auditflow.audits import Role
from auditflow.calendar import Calendar
from auditflow.commands import COUNTS_ALL, SEES_ALL
from auditflow.persistence import tables
from auditflow.reports.data import ReportData
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
    open_ = [c for c in cases
             if c.reference not in done and (c.last_audited or date.min) <= since]  # fmt: skip
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


def _cases(data: ReportData) -> list[Any]:
    """The open cases of the newest list, for those who see all of it."""
    if not data.reading.person.roles & (COUNTS_ALL | SEES_ALL):
        return []
    c = tables.cases
    still = c.c.closed.is_(None) | (c.c.closed > data.today)
    query = select(c).where(c.c.stratum != "closed", still).order_by(c.c.reference)
    return list(data.reading.connection.execute(query))


def auditors(data: ReportData) -> tuple[Table, ...]:
    """22: which auditors are overloaded, untrained or conflicted."""
    live = [s for s in data.audits
            if s.audit.auditor and s.audit.where.live and not s.audit.submitted_on]  # fmt: skip
    load = Counter(s.audit.auditor for s in live)
    known = {p.id for p in data.people.values() if Role.AUDITOR in p.roles} | set(load)
    rows = []
    for who in sorted(known):
        person = data.people.get(who)
        trained = bool(person and person.trained)
        clash = [s.reference for s in live if s.audit.auditor == who
                 and not s.audit.auditor_independent]  # fmt: skip
        rows.append((data.name(who), load[who], load[who] >= MANY, trained, ", ".join(clash)))
    columns = ("Auditor", "Live audits", "Overloaded", "Trained", "Conflicted in")
    figures = (len(rows), sum(r[2] for r in rows), sum(not r[3] for r in rows),
               sum(bool(r[4]) for r in rows))  # fmt: skip
    return (
        totals("Auditors", ("All", "Overloaded", "Untrained", "Conflicted"), [figures]),
        listed(f"Each; {MANY} live audits or more are many", columns, rows),
    )


def withdrawals(data: ReportData) -> tuple[Table, ...]:
    """28: which withdrawn audits were substituted; whether a team is over-represented."""
    # Of each withdrawn audit, the one that took its place.
    taken = {s.audit.substitutes: s.reference for s in data.audits}
    rows = [
        (s.reference, s.audit.team, on, who, taken.get(s.audit.id, ""), why)
        for s, _, on, who, why in data.steps("withdraw")
    ]
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
