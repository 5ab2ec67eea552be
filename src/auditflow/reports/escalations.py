"""Questions 13, 18 and 19: children at risk, open escalations, what reached the directors."""

from collections import Counter
from datetime import date

from auditflow.audits import Escalation, Level
from auditflow.calendar import Calendar
from auditflow.queries.names import why
from auditflow.reports.data import ReportData, Seen
from auditflow.reports.tables import Table, days_between, listed, totals


def concerns(data: ReportData) -> tuple[Table, ...]:
    """13: which children are at immediate risk right now, and who has acknowledged it."""
    open_ = [(s, e) for s, e in data.escalations("T2") if e.level]
    unseen = sum(not e.acknowledged_by for _, e in open_)
    rows = [
        (s.reference, s.case, e.raised_on, e.level.name if e.level else "",
         data.name(e.acknowledged_by) or "nobody yet", data.name(e.answered_by))
        for s, e in open_
    ]  # fmt: skip
    columns = ("Audit", "Case", "Raised", "Level", "Acknowledged by", "Answered by")
    return (
        totals("Immediate concerns", ("Open", "Not acknowledged"), [(len(open_), unseen)]),
        listed("Open now", columns, rows),
    )


def escalations(data: ReportData) -> tuple[Table, ...]:
    """18: open escalations by level and trigger, oldest first; days left; who has not answered."""
    open_ = sorted(
        ((s, e) for s, e in data.escalations() if e.level),
        key=lambda pair: (pair[1].raised_on, pair[0].reference),
    )
    counts = Counter((e.level.name if e.level else "", e.trigger.value) for _, e in open_)
    rows = [_row(data, s, e) for s, e in open_]
    columns = ("Audit", "Trigger", "Why", "Level", "Raised", "Answer by", "Working days left",
               "Waiting for")  # fmt: skip
    figures = ((*key, n) for key, n in sorted(counts.items(), reverse=True))
    return (
        totals("Open escalations", ("Level", "Trigger", "Open"), figures),
        listed("Oldest first", columns, rows),
    )


def _row(data: ReportData, s: Seen, e: Escalation) -> tuple[object, ...]:
    subject = f"escalation {e.n} {e.state}"
    waiting = min((o for o in s.audit.duties if o.subject == subject), key=lambda o: o.due,
                  default=None)  # fmt: skip
    due = waiting.due if waiting else None
    who = (data.name(waiting.owner) or waiting.role.title) if waiting else "nobody by a day"
    level = e.level.name if e.level else ""
    return (s.reference, e.trigger.value, why(s.audit, e), level, e.raised_on, due,
            _left(data, due) if due else None, who)  # fmt: skip


def _left(data: ReportData, due: date) -> int:
    """Working days until then; less than nothing once it is past."""
    calendar: Calendar = data.rules.calendar
    if due >= data.today:
        return calendar.working_days_late(data.today, due)
    return -calendar.working_days_late(due, data.today)


def directors(data: ReportData) -> tuple[Table, ...]:
    """19: what reached the Assistant or Executive Director in three months, and why."""
    since = Calendar.add_months(data.today, -3)
    reached = data.highest_levels()
    rows = []
    for s, e in data.escalations():
        level, told = reached.get((s.audit.id, e.n), (0, since))
        if level >= Level.L4 and told > since:
            state = "resolved" if e.resolved_on else "open"
            rows.append((s.reference, e.trigger.value, e.trigger.title, f"L{level}", told,
                         days_between(e.raised_on, told), state))  # fmt: skip
    counts = Counter((row[3], row[1], row[2]) for row in rows)
    columns = ("Audit", "Trigger", "Why", "Level", "On", "Days after it was raised", "Now")
    return (
        totals(f"Reached since {since}", ("Level", "Trigger", "Why", "Times"),
               ((*key, n) for key, n in sorted(counts.items(), reverse=True))),
        listed("Each", columns, rows),
    )  # fmt: skip
