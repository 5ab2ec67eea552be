"""What people send: one frozen form for each event that people bring."""

from auditflow.commands.base import AuditCommand, CommandContext, require_text, validate_text
from auditflow.commands.findings import ElementFinding, ToolParts
from auditflow.commands.office import (
    AppointDeputy,
    Correct,
    DrawRound,
    HandOver,
    ImportCalendar,
    ImportCases,
    ImportPeople,
    Leave,
    ReleaseNotices,
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
from auditflow.commands.registry import FORMS
