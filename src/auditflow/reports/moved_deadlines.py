"""Question 27: deadlines that moved because the calendar or a setting changed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from auditflow.machines.charts import DUTIES
from auditflow.reports.data import ReportData, Seen, day_of
from auditflow.reports.tables import Table, listed, totals


def moved_deadlines(data: ReportData) -> tuple[Table, ...]:
    """27: which deadlines moved when the calendar or a setting changed."""
    changed = {s.audit.id: s for s, _ in data.events("rederive")}
    rows = [row for s in changed.values() for row in _moved(data, s)]
    figures = (len(changed), len(rows), sum(row[4] < row[3] for row in rows))
    columns = ("Audit", "What", "About", "Was due", "Is due", "Changed on", "By")
    return (
        totals("Moved", ("Audits", "Deadlines", "Earlier than before"), [figures]),
        listed("Each", columns, rows),
    )


def _moved(data: ReportData, s: Seen) -> Iterator[tuple[Any, ...]]:
    """Each deadline of one audit that changed rules moved, with the day before and after."""
    stood: dict[str, date] = {}
    for line in data.reading.lines(s.audit.id):
        for key, owed in _owed_in(line):
            new = date.fromisoformat(owed["due"]) if owed else None
            old = stood.get(key)
            if line["event"] == "rederive" and old and new and old != new:
                duty, _, about = key.partition("|")
                on, who = day_of(line["recorded_at"]), data.name(line["who"])
                yield (s.reference, DUTIES[duty].title, about, old, new, on, who)
            if new:
                stood[key] = new


def _owed_in(line: dict[str, Any]) -> list[tuple[str, dict[str, Any] | None]]:
    """What a line changed of the duties; the first of all gives them as a list."""
    duties = line["changed"].get("duties") or {}
    if isinstance(duties, list):
        return [(f"{o['duty']}|{o['subject']}", o) for o in duties]
    return list(duties.items())
