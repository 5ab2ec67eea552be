"""One row of the action plan as typed, checked against the SMART questions (A10, section 11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from auditflow.audits import Action, Audit
from auditflow.calendar import due, long_day
from auditflow.commands.base import Noting, checked, option, told_if
from auditflow.errors import BadInput, Refused
from auditflow.guidance.smart import problems, timescale
from auditflow.machines.charts import DUTIES
from auditflow.machines.duties import limit_of
from auditflow.machines.transition import Act


@dataclass(frozen=True, kw_only=True)
class PlannedAction:
    """What somebody typed for one action; `due` is text, for it may not be a date at all."""

    what: str = option("what is to be done; begin with a doing word")
    success: str = option("how it will be known that it worked")
    resources: str = option("“yes”, or what is needed for it")
    realistic: str = option("“yes”, or why it can be done in the time")
    owner: str = option("the id of the one person who owns it")
    due: str = option("the date it is due, such as 2026-03-17; never ASAP")
    immediate: bool = option("an immediate action, due within 5 working days", default=False)
    because: str = option("why its date lies beyond the limit, if it does", default="")


def with_actions(audit: Audit, rows: tuple[PlannedAction, ...], noting: Noting) -> Audit:
    """The audit with these actions in its plan; BadInput lists what is not SMART."""
    for row in rows:
        audit = _with_action(audit, row, noting)
    return audit


def acts_for(audit: Audit, rows: tuple[PlannedAction, ...]) -> tuple[Act, ...]:
    """One event for each new action, and one for the plan they join."""
    first = len(audit.actions) + 1
    agreed = tuple(Act("action", first + i, "agree_action") for i in range(len(rows)))
    return (*agreed, Act("audit", 0, "add_action")) if rows else ()


def _with_action(audit: Audit, row: PlannedAction, noting: Noting) -> Audit:
    on = timescale(row.due, "--due")
    same_day = sum(
        a.owner == row.owner and a.due_on == on and a.state != "cancelled" for a in audit.actions
    )
    found = problems(
        what=row.what,
        success=row.success,
        resources=row.resources,
        realistic=row.realistic,
        owner=row.owner,
        same_day=same_day,
        shortest=noting.policy.least_words,
        crowded=noting.policy.many_actions,
    )
    if found.refused:
        raise BadInput("The action is not SMART. " + " ".join(found.refused))
    noting.warnings += found.doubts
    over = _over_the_cap(audit, row, on, noting)
    action = Action(
        n=len(audit.actions) + 1,
        state="start",
        immediate=row.immediate,
        owner=noting.person(row.owner).id,
        due_on=on,
        added_on=noting.day,
        original_due_on=on,
        what=noting.keep(checked(row.what, "The action")),
        success=noting.keep(checked(row.success, "The measure of success")),
        achievable=noting.keep(checked(row.resources, "Resources")),
        realistic=noting.keep(checked(row.realistic, "Realistic")),
        needs_approval=over,
        because=told_if(row.because, "The reason", noting),
        from_submission=row.immediate and noting.policy.immediate_from == "submitted_on",
    )
    return replace(audit, actions=(*audit.actions, action))


def _over_the_cap(audit: Audit, row: PlannedAction, on: date, noting: Noting) -> bool:
    """Refuse a date that cannot stand; say whether it needs the QA Team's approval."""
    if on < noting.day:
        raise Refused(f"--due {on} is past. Give a date from {long_day(noting.day)} on.")
    if audit.held_on is None:
        raise Refused("An action arises from an audit; this one is not held yet.")
    if not noting.calendar.is_working_day(on):
        noting.warnings.append(
            f"{long_day(on)} is not a working day ({noting.calendar.why_closed(on)})."
        )
    if row.immediate:
        _demand_at_once(audit.held_on, on, noting)
        return False
    cap = cap_for_agreed(audit, noting)
    if on <= cap:
        return False
    if not row.because.strip():
        raise Refused(
            f"--due {on} is beyond {long_day(cap)}, the last day for an agreed action. "
            "Give an earlier date, or say why with --because; the QA Team must then approve it."
        )
    noting.warnings.append(
        f"{long_day(on)} is beyond {long_day(cap)}: the QA Team must approve the date."
    )
    return True


def _demand_at_once(held_on: date, on: date, noting: Noting) -> None:
    """Refuse a date beyond the limit of an immediate action."""
    limit = limit_of(DUTIES["immediate_action"], noting.world)
    # Not submitted yet, it counts from today at the earliest.
    since = held_on if noting.policy.immediate_from == "held_on" else noting.day
    last = due(limit, since, noting.calendar)
    if on > last:
        raise Refused(
            f"--due {on} is too late for an immediate action: it is due within {limit.words}, "
            f"by {long_day(last)}. Give an earlier date, or make it an agreed action."
        )


def cap_for_agreed(audit: Audit, noting: Noting) -> date:
    """The last day for an agreed action: a month after supervision, or its due date (A17)."""
    assert audit.held_on is not None
    months = noting.policy.months(noting.policy.action_cap_months)
    if noting.policy.action_cap_from == "audit":
        return due(months, audit.held_on, noting.calendar)
    if audit.supervised_on is not None:
        return due(months, audit.supervised_on, noting.calendar)
    return due(limit_of(DUTIES["supervision_review"], noting.world), audit.held_on, noting.calendar)
