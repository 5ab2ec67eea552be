"""What people send: one frozen form for each event that people bring."""

from auditflow.commands import escalations, follow_up, meeting, raising, scheduling
from auditflow.commands.base import AuditCommand, CommandContext, validate_text
from auditflow.commands.findings import ElementFinding, ToolParts
from auditflow.commands.notices import ReleaseNotices
from auditflow.commands.office import (
    AppointDeputy,
    Correct,
    HandOver,
    ImportCalendar,
    ImportCases,
    ImportPeople,
    Leave,
    Return,
    SetPolicy,
)
from auditflow.commands.permission import (
    COUNTS_ALL,
    SEES_ALL,
    can,
    may_do_office,
    may_export,
    may_know_of,
    may_see_last_answers,
    may_see_rounds,
    name_of,
    not_theirs,
    only_figures,
    roles_in,
    senders,
    why_not,
)
from auditflow.commands.plan import PlannedAction
from auditflow.commands.rounds import DrawRound

#: Each form by the chart it is for and the event it brings.
FORMS: dict[tuple[str, str], type[AuditCommand]] = {
    (form.kind, form.event): form
    for module in (scheduling, meeting, follow_up, raising, escalations)
    for form in vars(module).values()
    if isinstance(form, type) and issubclass(form, AuditCommand) and form.event
}

__all__ = [
    "COUNTS_ALL",
    "FORMS",
    "SEES_ALL",
    "AppointDeputy",
    "AuditCommand",
    "CommandContext",
    "Correct",
    "DrawRound",
    "ElementFinding",
    "HandOver",
    "ImportCalendar",
    "ImportCases",
    "ImportPeople",
    "Leave",
    "PlannedAction",
    "ReleaseNotices",
    "Return",
    "SetPolicy",
    "ToolParts",
    "can",
    "may_do_office",
    "may_export",
    "may_know_of",
    "may_see_last_answers",
    "may_see_rounds",
    "name_of",
    "not_theirs",
    "only_figures",
    "roles_in",
    "senders",
    "validate_text",
    "why_not",
]
