"""One row of the action plan as typed, checked against the SMART questions (A10, section 11)."""

from datetime import date

from msgspec.structs import replace

from auditflow.audits import Action, Audit, initial
from auditflow.calendar import due, long_day
from auditflow.commands.base import (
    CommandContext,
    Form,
    field,
    store_optional_text,
    validate_text,
)
from auditflow.errors import BadInput, Refused
from auditflow.guidance.smart import problems, timescale
from auditflow.machines.charts import DUTIES
from auditflow.machines.duties import limit_of
from auditflow.machines.transition import Event


class PlannedAction(Form):
    """What somebody typed for one action; `due` is text, for it may not be a date at all."""

    what: str = field("what is to be done; begin with a doing word")
    success: str = field("how it will be known that it worked")
    resources: str = field("“yes”, or what is needed for it")
    realistic: str = field("“yes”, or why it can be done in the time")
    owner: str = field("the id of the one person who owns it")
    due: str = field("the date it is due, such as 2026-03-17; never ASAP")
    immediate: bool = field("an immediate action, due within 5 working days", default=False)
    because: str = field("why its date lies beyond the limit, if it does", default="")


def with_actions(audit: Audit, rows: tuple[PlannedAction, ...], context: CommandContext) -> Audit:
    """The audit with these actions in its plan; BadInput lists what is not SMART."""
    for row in rows:
        audit = _with_action(audit, row, context)
    return audit


def acts_for(audit: Audit, rows: tuple[PlannedAction, ...]) -> tuple[Event, ...]:
    """One event for each new action, and one for the plan they join."""
    first = len(audit.actions) + 1
    agreed = tuple(Event("action", first + i, "agree_action") for i in range(len(rows)))
    return (*agreed, Event("audit", 0, "add_action")) if rows else ()


def _with_action(audit: Audit, row: PlannedAction, context: CommandContext) -> Audit:
    on = timescale(row.due, "--due")
    same_day = sum(
        a.owner == row.owner and a.due_on == on and not a.where.set_aside for a in audit.actions
    )
    found = problems(
        what=row.what,
        success=row.success,
        resources=row.resources,
        realistic=row.realistic,
        owner=row.owner,
        same_day=same_day,
        shortest=context.policy.least_words,
        crowded=context.policy.many_actions,
    )
    if found.refused:
        raise BadInput("The action is not SMART. " + " ".join(found.refused))
    context.warnings += found.doubts
    over = _over_the_cap(audit, row, on, context)
    action = Action(
        n=len(audit.actions) + 1,
        state=initial("action"),
        immediate=row.immediate,
        owner=context.person(row.owner).id,
        due_on=on,
        added_on=context.day,
        original_due_on=on,
        what=context.keep(validate_text(row.what, "The action")),
        success=context.keep(validate_text(row.success, "The measure of success")),
        achievable=context.keep(validate_text(row.resources, "Resources")),
        realistic=context.keep(validate_text(row.realistic, "Realistic")),
        needs_approval=over,
        because=store_optional_text(row.because, "The reason", context),
        from_submission=row.immediate and context.policy.immediate_from == "submitted_on",
    )
    return replace(audit, actions=(*audit.actions, action))


def _over_the_cap(audit: Audit, row: PlannedAction, on: date, context: CommandContext) -> bool:
    """Refuse a date that cannot stand; say whether it needs the QA Team's approval."""
    if on < context.day:
        raise Refused(f"--due {on} is past. Give a date from {long_day(context.day)} on.")
    if audit.held_on is None:
        raise Refused("An action arises from an audit; this one is not held yet.")
    if not context.calendar.is_working_day(on):
        context.warnings.append(
            f"{long_day(on)} is not a working day ({context.calendar.why_closed(on)})."
        )
    if row.immediate:
        _demand_at_once(audit.held_on, on, context)
        return False
    cap = cap_for_agreed(audit, context)
    if on <= cap:
        return False
    if not row.because.strip():
        raise Refused(
            f"--due {on} is beyond {long_day(cap)}, the last day for an agreed action. "
            "Give an earlier date, or say why with --because; the QA Team must then approve it."
        )
    context.warnings.append(
        f"{long_day(on)} is beyond {long_day(cap)}: the QA Team must approve the date."
    )
    return True


def _demand_at_once(held_on: date, on: date, context: CommandContext) -> None:
    """Refuse a date beyond the limit of an immediate action."""
    limit = limit_of(DUTIES["immediate_action"], context.rules)
    # Not submitted yet, it counts from today at the earliest.
    since = held_on if context.policy.immediate_from == "held_on" else context.day
    last = due(limit, since, context.calendar)
    if on > last:
        raise Refused(
            f"--due {on} is too late for an immediate action: it is due within {limit.words}, "
            f"by {long_day(last)}. Give an earlier date, or make it an agreed action."
        )


def cap_for_agreed(audit: Audit, context: CommandContext) -> date:
    """The last day for an agreed action: a month after supervision, or its due date (A17)."""
    assert audit.held_on is not None
    months = context.policy.months(context.policy.action_cap_months)
    if context.policy.action_cap_from == "audit":
        return due(months, audit.held_on, context.calendar)
    if audit.supervised_on is not None:
        return due(months, audit.supervised_on, context.calendar)
    return due(
        limit_of(DUTIES["supervision_review"], context.rules), audit.held_on, context.calendar
    )
