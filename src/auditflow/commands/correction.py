"""What may be set right afterwards, and what follows from it; pure."""

from datetime import date
from typing import Final, NamedTuple

from msgspec.structs import replace

from auditflow.audits import Audit
from auditflow.calendar import long_day, parse_date
from auditflow.commands.follow_up import changed, found
from auditflow.commands.office import Correct
from auditflow.errors import BadInput, Refused
from auditflow.guidance.tool import ELEMENTS, Grade
from auditflow.machines.charts import CHARTS
from auditflow.machines.duties import Rules
from auditflow.machines.effects import reaudit_due
from auditflow.machines.engine import engine


class CorrectableEntry(NamedTuple):
    """Something noted: by which event, on which chart."""

    kind: str
    event: str


#: What may be corrected, and the event that noted it. The overall grade only until it is final.
ENTRIES: Final = {
    "file_checked_on": CorrectableEntry("audit", "confirm_file_checked"),
    "held_on": CorrectableEntry("audit", "start_audit"),
    "submitted_on": CorrectableEntry("audit", "submit"),
    "supervised_on": CorrectableEntry("audit", "record_supervision"),
    "done_on": CorrectableEntry("action", "complete"),
    "filed_on": CorrectableEntry("action", "file"),
    "element_grade": CorrectableEntry("audit", "record_findings"),
    "grade": CorrectableEntry("audit", "agree_grade"),
    "auditor_grade": CorrectableEntry("audit", "record_disagreement"),
    "worker_grade": CorrectableEntry("audit", "record_disagreement"),
}
#: In which standing of the grade each of its entries may still be corrected.
_WHILE: Final = {"grade": "agreed", "auditor_grade": "disputed", "worker_grade": "disputed"}
#: No date may come before the one on its left.
_ORDER = (
    ("distributed_on", "held_on"),
    ("held_on", "submitted_on"),
    ("held_on", "supervised_on"),
)


def entry_of(command: Correct) -> CorrectableEntry:
    """The entry that is meant; BadInput where there is none, or it is not said of which part."""
    field = command.field
    entry = ENTRIES.get(field)
    if entry is None:
        known = ", ".join(ENTRIES)
        raise BadInput(f"--field “{field[:60]}” cannot be corrected. Give one of: {known}.")
    if (entry.kind == "action") is not bool(command.action):
        raise BadInput(f"{field} is an entry of an {entry.kind}. {_with_or_without(entry)}")
    if field == "element_grade":
        known = ", ".join(e.key for e in ELEMENTS)
        if command.element not in known.split(", "):
            raise BadInput(f"{field} is of one element. Say which with --element: {known}.")
    elif command.element:
        raise BadInput(f"{field} is no entry of an element. Leave out --element.")
    return entry


def _with_or_without(entry: CorrectableEntry) -> str:
    return "Say which with --action." if entry.kind == "action" else "Leave out --action."


def read_value(field: str, text: str) -> date | Grade:
    """The value as typed: a date, or a grade."""
    if field.endswith("_on"):
        return parse_date(text, "--value")
    return Grade.parse(text)


def value_of(audit: Audit, command: Correct) -> date | Grade | None:
    """What stands there now."""
    if command.element:
        return next((f.grade for f in audit.findings if f.element == command.element), None)
    part = found(audit, command.action) if command.action else audit
    value: date | Grade | None = getattr(part, command.field)
    return value


def with_value(audit: Audit, command: Correct, value: date | Grade) -> Audit:
    """The audit with that entry in place of the one that was wrong."""
    field = command.field
    if command.action:
        return changed(audit, command.action, **{field: value})
    if command.element:
        graded = (
            replace(f, grade=value) if f.element == command.element else f for f in audit.findings
        )
        return replace(audit, findings=tuple(graded))
    if field == "grade":
        return replace(audit, grade=value, auditor_grade=value, worker_grade=value)
    if field == "auditor_grade":
        return replace(audit, grade=value, auditor_grade=value)
    return replace(audit, **{field: value})


def demand_open(audit: Audit, field: str) -> None:
    """Refuse what is over, and a grade that is final or was noted in another way."""
    wanted = _WHILE.get(field)
    if audit.set_aside:
        raise Refused("This audit is over; what its history says of it stays as it is.")
    if wanted is None:
        if audit.where.ended:
            raise Refused(
                "This audit is closed. It can be corrected once it is reopened, for an action "
                "that is to be done again: auditflow audit reopen --action NUMBER --due DATE "
                "--reason TEXT"
            )
    elif audit.grade_status != wanted:
        raise Refused(
            f"{field} can be corrected while the grade is {wanted}; it is {audit.grade_status}."
        )


def demand_moderation(before: Audit, after: Audit) -> None:
    """Refuse to make an audit Inadequate that is past the state in which that is moderated."""
    moderated = "require_moderation" in engine(CHARTS["audit"]).events(after.state)
    late = after.submitted_on is not None and not moderated
    if late and after.inadequate and not before.inadequate:
        raise Refused(
            "With that the audit is Inadequate, and it must be moderated. Send it back first: "
            "auditflow audit return"
        )


def demand_in_order(audit: Audit, today: date) -> None:
    """Refuse dates that cannot have been so."""
    dates = [(a, getattr(audit, a), b, getattr(audit, b)) for a, b in _ORDER]
    for a in audit.actions:
        done, filed = f"done_on of action {a.n}", f"filed_on of action {a.n}"
        dates += [
            ("held_on", audit.held_on, done, a.done_on),
            (done, a.done_on, filed, a.filed_on),
        ]
    for first, one, then, other in dates:
        if one and other and other < one:
            raise Refused(
                f"{then} ({long_day(other)}) would be before {first} ({long_day(one)}). "
                "Give a date that keeps their order."
            )
    fields = [f for f, e in ENTRIES.items() if e.kind == "audit" and f.endswith("_on")]
    days = [getattr(audit, f) for f in fields]
    days += [day for a in audit.actions for day in (a.done_on, a.filed_on)]
    if any(day > today for day in days if day):
        raise Refused("That day is still to come. Give the day on which it was done.")


def what_follows(audit: Audit, field: str, rules: Rules) -> Audit:
    """What the corrected entry brings with it: dates counted from it, a grade that is final."""
    if field == "held_on" and audit.reaudit_due_on:
        return replace(audit, reaudit_due_on=reaudit_due(audit, rules))
    if field == "submitted_on" and audit.sampled:
        return replace(audit, moderation_asked_on=audit.submitted_on)
    if field.endswith("_on") or audit.submitted_on is None:
        return audit
    return _to_moderate(audit) if audit.inadequate else _not_inadequate(audit)


def _to_moderate(audit: Audit) -> Audit:
    """A grade that was final waits for its moderation (7.4), but for one that was decided."""
    decided = any(e.resolution == "decision" for e in audit.escalations)
    if audit.grade_status != "final" or audit.moderation_asked or decided:
        return audit
    return replace(audit, grade_status="advised")


def _not_inadequate(audit: Audit) -> Audit:
    """No moderation for its grade, no re-audit; what waited for those only is final."""
    audit = replace(audit, reaudit_due_on=None)
    if audit.moderation == "pending" and not audit.sampled:
        audit = replace(audit, moderation="not_required", moderation_asked_on=None)
    if audit.grade_status == "advised":
        return replace(audit, grade_status="final")
    if audit.grade_status == "agreed":
        return replace(audit, grade_status="final", decided_by=audit.auditor)
    return audit
