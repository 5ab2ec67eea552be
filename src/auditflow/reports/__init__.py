"""The questions a QA team asks (domain text, section 9), each answered by tables."""

from collections.abc import Callable
from typing import Final

from auditflow.commands import only_figures
from auditflow.queries.reading import Reading
from auditflow.reports import escalations, follow_up, grades, moved_deadlines, people, scheduling
from auditflow.reports.data import ReportData, report_data
from auditflow.reports.export import COLUMNS, Export, audits_held
from auditflow.reports.grades import BY
from auditflow.reports.tables import Report, Table, for_reader

REPORTS: Final[dict[str, Callable[[ReportData], tuple[Table, ...]]]] = {
    "distribution": scheduling.distribution,
    "meetings": scheduling.meetings,
    "file-checks": scheduling.file_checks,
    "cancellations": scheduling.cancellations,
    "completion": scheduling.completion,
    "month": scheduling.month,
    "unsubmitted": scheduling.unsubmitted,
    "grades": grades.grades,
    "disputes": grades.disputes,
    "moderation": grades.moderation,
    "inadequate": grades.inadequate,
    "concerns": escalations.concerns,
    "immediate-actions": follow_up.immediate_actions,
    "supervision": follow_up.supervision,
    "agreed-actions": follow_up.agreed_actions,
    "owed": follow_up.owed,
    "escalations": escalations.escalations,
    "directors": escalations.directors,
    "coverage": people.coverage,
    "auditors": people.auditors,
    "themes": grades.themes,
    "feedback": grades.feedback,
    "moved-deadlines": moved_deadlines.moved_deadlines,
    "withdrawals": people.withdrawals,
}
"""Each report by the name it is asked for by; its docstring begins with the question's number."""


def question(name: str) -> str:
    """The question a report answers, in a sentence."""
    said = (REPORTS[name].__doc__ or "").partition(": ")[2]
    return said[:1].upper() + said[1:]


def report(reading: Reading, name: str, by: str = "") -> Report:
    """The answer to one of the questions a QA team asks, as this person may read it."""
    reader, tables = reading.person, REPORTS[name](report_data(reading, by))
    shown = for_reader(tables, reader, only_figures=only_figures(reader))
    return Report(name, question(name), reading.at, shown)


__all__ = ["BY", "COLUMNS", "Export", "Report", "Table", "audits_held"]
