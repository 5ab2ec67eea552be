"""A wrong entry set right by a second person, with a reason; the first line stays as it is."""

from typing import Any

from msgspec.structs import replace

from auditflow.audits import Audit
from auditflow.calendar import number_of
from auditflow.commands import Correct, can, require_text
from auditflow.commands.correction import (
    CorrectableEntry,
    demand_in_order,
    demand_moderation,
    demand_open,
    entry_of,
    read_value,
    value_of,
    what_follows,
    with_value,
)
from auditflow.errors import Denied, Forbidden, NotFound, Refused, no_such_audit
from auditflow.machines.charts import CHARTS, facts_of
from auditflow.machines.diff import fold
from auditflow.machines.engine import engine, holds
from auditflow.machines.events import Event
from auditflow.service.reschedule import deadline
from auditflow.service.unit_of_work import OfficeDone, UnitOfWork


def correct(unit: UnitOfWork, command: Correct) -> OfficeDone:
    """One more line that sets an entry right; deadlines are worked out anew from it."""
    loaded, person, *_ = unit.register.open(command.audit, unit.person)
    if loaded is None or person is None:
        raise NotFound(no_such_audit(command.audit))
    if not can(person, "read", loaded.audit):
        raise Denied(command.audit, loaded.audit.id, person.id, command.name)
    entry = entry_of(command)
    value = read_value(command.field, command.value)
    step = unit.load(loaded)
    before = step.audit
    was = value_of(before, command)
    if was is None:
        raise Refused(f"{command.field} was not noted yet; there is nothing to correct.")
    if was == value:
        raise Refused(f"{command.field} says so already. Nothing was changed.")
    demand_open(before, command.field)
    entered, brought = _entry_of(unit, command, before.id, entry)
    _demand_arrow(with_value(entered, command, value), brought)
    after = with_value(before, command, value)
    demand_in_order(after, unit.today)
    demand_moderation(before, after)
    reason = require_text(command.reason, "The reason", "Say in a sentence what was wrong.")
    said = f"{_what(command)} {_words(was)} → {_words(value)}: {reason}"
    digest = unit.keep_text(step, said)
    noted = replace(what_follows(after, command.field, unit.rules), reason=digest)
    step = unit.record_correction(step, noted, Event(entry.kind, command.action, "correct"))
    return _settled(loaded.reference, command, before, step.audit)


def _what(command: Correct) -> str:
    return f"{command.field} of {command.element}" if command.element else command.field


def _words(value: object) -> str:
    return str(getattr(value, "title", value))


def _entry_of(
    unit: UnitOfWork, command: Correct, audit_id: int, entry: CorrectableEntry
) -> tuple[Audit, dict[str, Any]]:
    """The audit as that entry left it, and its line; Forbidden to whoever made the entry."""
    brought: dict[str, Any] = {}
    last: dict[str, Any] = {}
    then: Audit | None = None
    audit: Audit | None = None
    for line in unit.register.lines(audit_id):
        before, audit = audit, fold(audit, line["changed"])
        if line["event"] == entry.event and _enters(line, command):
            brought, last, then = line, line, audit
        elif line["event"] == "correct" and before and then:
            # Another may have been of another entry.
            last = line if value_of(before, command) != value_of(audit, command) else last
    if then is None:
        raise Refused(f"Nothing in its history says {command.field}; it cannot be corrected.")
    if unit.person in (last["who"], last.get("for")):
        message = "Nobody corrects an entry of their own. Ask another QA manager."
        raise Forbidden(message, audit_id, unit.person, command.name)
    return then, brought


def _part(line: dict[str, Any]) -> int:
    return int(line["subject"].partition(" ")[2] or 0)


def _enters(line: dict[str, Any], command: Correct) -> bool:
    """Whether a line of the entry's event is about its action, or its element."""
    if command.element:
        return command.element in line["changed"].get("findings", {})
    return _part(line) == command.action


def _demand_arrow(audit: Audit, line: dict[str, Any]) -> None:
    """The guards of the arrow, asked of the facts of then with the entry set right."""
    kind = line["subject"].partition(" ")[0]
    runner = engine(CHARTS[kind])
    facts, _ = facts_of(audit, kind, _part(line))
    rows = [r for r in runner.arrows[line["before"], line["event"]] if r.end == line["after"]]
    saw = runner.answers(line["before"], line["event"], facts)
    if not any(holds(row, saw) for row in rows):
        missing = runner.explain(runner.missing(rows, saw))
        raise Refused(f"That cannot have been so, for then this was needed: {missing}.")


def _settled(reference: str, command: Correct, before: Audit, audit: Audit) -> OfficeDone:
    stood = {o.key: o for o in before.duties}
    pairs = ((stood[o.key], o) for o in audit.duties if o.key in stood)
    moved = [deadline(old, new) for old, new in pairs if old.due != new.due]
    figures = {"audit": reference, "field": command.field, "value": command.value, "moved": moved}
    says = f"{reference}: {_what(command)} is corrected; {number_of(len(moved), 'deadline')} moved."
    return OfficeDone(says, figures)
