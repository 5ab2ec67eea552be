"""What may be set right afterwards, and what follows from it; pure."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from msgspec.structs import replace

from auditflow.audits import Audit
from auditflow.calendar import long_day, parse_date
from auditflow.commands.after import changed, found
from auditflow.errors import BadInput, Refused
from auditflow.guidance.tool import Grade
from auditflow.machines.owing import World


class Entry(NamedTuple):
    """Something noted: by which event, on which chart."""

    kind: str
    event: str


#: What may be corrected, and the event that noted it. A grade only until it is final.
ENTRIES: Final = {
    "file_checked_on": Entry("audit", "confirm_file_checked"),
    "held_on": Entry("audit", "start_audit"),
    "submitted_on": Entry("audit", "submit"),
    "supervised_on": Entry("audit", "record_supervision"),
    "done_on": Entry("action", "complete"),
    "grade": Entry("audit", "agree_grade"),
    "auditor_grade": Entry("audit", "record_disagreement"),
    "worker_grade": Entry("audit", "record_disagreement"),
}
#: No date may come before the one on its left.
_ORDER = (
    ("distributed_on", "held_on"),
    ("held_on", "submitted_on"),
    ("held_on", "supervised_on"),
)


def entry_of(field: str, action: int) -> Entry:
    """The entry of this name; BadInput where there is none, or not of an action."""
    entry = ENTRIES.get(field)
    if entry is None:
        known = ", ".join(ENTRIES)
        raise BadInput(f"--field “{field[:60]}” cannot be corrected. Give one of: {known}.")
    if (entry.kind == "action") is not bool(action):
        raise BadInput(f"{field} is an entry of an {entry.kind}. {_with_or_without(entry)}")
    return entry


def _with_or_without(entry: Entry) -> str:
    return "Say which with --action." if entry.kind == "action" else "Leave out --action."


def read_value(field: str, text: str) -> date | Grade:
    """The value as typed: a date, or a grade."""
    if field.endswith("_on"):
        return parse_date(text, "--value")
    return Grade.parse(text)


def value_of(audit: Audit, field: str, action: int) -> date | Grade | None:
    """What stands there now."""
    value: date | Grade | None = getattr(found(audit, action) if action else audit, field)
    return value


def with_value(audit: Audit, field: str, action: int, value: date | Grade) -> Audit:
    """The audit with that entry in place of the one that was wrong."""
    if action:
        return changed(audit, action, **{field: value})
    if field == "grade":
        return replace(audit, grade=value, auditor_grade=value, worker_grade=value)
    if field == "auditor_grade":
        return replace(audit, grade=value, auditor_grade=value)
    return replace(audit, **{field: value})


def demand_open(audit: Audit, field: str) -> None:
    """Refuse a grade that can change no more, or that was noted in another way."""
    if field.endswith("_on"):
        if audit.ended or audit.state == "closed":
            raise Refused("This audit is over. Reopen it first: auditflow audit reopen")
        return
    wanted = "agreed" if field == "grade" else "disputed"
    if audit.grade_status != wanted:
        raise Refused(
            f"{field} can be corrected while the grade is {wanted}; it is {audit.grade_status}."
        )


def demand_in_order(audit: Audit, today: date) -> None:
    """Refuse dates that cannot have been so."""
    done = [("held_on", audit.held_on, f"action {a.n}", a.done_on) for a in audit.actions]
    dates = [(a, getattr(audit, a), b, getattr(audit, b)) for a, b in _ORDER]
    for first, one, then, other in [*dates, *done]:
        if one and other and other < one:
            raise Refused(
                f"{then} ({long_day(other)}) would be before {first} ({long_day(one)}). "
                "Give a date that keeps their order."
            )
    days = [getattr(audit, f) for f in ENTRIES if f.endswith("_on") and f != "done_on"]
    if any(day > today for day in [*days, *(a.done_on for a in audit.actions)] if day):
        raise Refused("That day is still to come. Give the day on which it was done.")


def what_follows(audit: Audit, field: str, world: World) -> Audit:
    """What the corrected entry brings with it: dates counted from it, a grade that is final."""
    if field == "held_on" and audit.held_on and audit.reaudit_due_on:
        months = world.policy.reaudit_months
        again = world.calendar.add_months(audit.held_on, months)
        return replace(audit, reaudit_due_on=again)
    if field == "submitted_on" and audit.sampled:
        return replace(audit, moderation_asked_on=audit.submitted_on)
    if field.endswith("_on") or audit.submitted_on is None or audit.inadequate:
        return audit
    if audit.moderation == "pending" and not audit.sampled:
        audit = replace(
            audit, moderation="not_required", moderation_asked_on=None, reaudit_due_on=None
        )
    if audit.grade_status == "agreed":
        return replace(audit, grade_status="final", decided_by=audit.auditor)
    return audit
