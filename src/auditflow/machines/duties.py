"""What is owed now: worked out from the facts after each event, kept where nothing changed."""

from dataclasses import dataclass
from datetime import date, datetime

from msgspec.structs import replace

from auditflow.audits import PLACES, Audit, EscalationFacts, Level, OpenDuty, Role, Trigger
from auditflow.calendar import Calendar, Limit, due, overdue_from, raise_from, start_of_day
from auditflow.machines.charts import CHARTS, DUTIES, Facts, parts
from auditflow.machines.rows import Duty
from auditflow.policy import Policy


@dataclass(frozen=True)
class Rules:
    """What the core is told: which days are worked, which numbers are set."""

    calendar: Calendar
    policy: Policy


_BY_STATE = {
    (kind, name): [duty for duty in chart.duties if state in duty.states]
    for kind, chart in CHARTS.items()
    for name, state in chart.states.items()
}


def limit_of(duty: Duty, rules: Rules) -> Limit:
    """The time limit that counts: the policy's where it sets one, else the chart's line."""
    return rules.policy.limit(duty.name, duty.within)


def distribute_by(month: date, rules: Rules) -> date:
    """By when a month's audits are to be distributed: one month before it starts (TR5)."""
    return due(limit_of(DUTIES["distribute"], rules), month, rules.calendar)


def open_duties(audit: Audit, rules: Rules) -> tuple[OpenDuty, ...]:
    """Every duty that stands now. One that stood before from the same day keeps its dates (TR9)."""
    before = {o.key: o for o in audit.duties}
    owed = []
    for kind, n, facts, state in parts(audit):
        if audit.set_aside and kind != "escalation":
            continue  # An audit withdrawn, exempted or voided owes nothing more itself.
        for duty in _BY_STATE[kind, state]:
            if all(bool(getattr(facts, name)) is wanted for name, wanted in duty.guards):
                one = _owed(duty, facts, _subject(kind, n, state), before, rules)
                if one is not None:
                    owed.append(one)
    return tuple(owed)


def _subject(kind: str, n: int, state: str) -> str:
    if kind == "escalation":
        return f"escalation {n} {state}"
    return f"{kind} {n}" if n else kind


def _owed(
    duty: Duty, facts: Facts, subject: str, before: dict[tuple[str, str], OpenDuty], rules: Rules
) -> OpenDuty | None:
    revised: date | None = getattr(facts, duty.instead) if duty.instead else None
    since: date | None = revised or getattr(facts, duty.since)
    if since is None:
        return None
    old = before.get((duty.name, subject))
    role, owner = owner_of(duty, facts)
    earliest: date | None = getattr(facts, duty.at_least) if duty.at_least else None
    if old is not None and old.since == since and (earliest is None or old.due >= earliest):
        same = (old.role, old.owner) == (role, owner)
        return old if same else replace(old, role=role, owner=owner)
    on = since if revised else due(limit_of(duty, rules), since, rules.calendar)
    on = max(on, earliest or on)
    late, noticed = instants(duty, on, rules)
    return OpenDuty(
        duty=duty.name,
        subject=subject,
        role=role,
        owner=owner,
        since=since,
        due=on,
        overdue_from=late,
        raise_from=noticed,
    )


def instants(duty: Duty, on: date, rules: Rules) -> tuple[datetime, datetime]:
    """When a duty due `on` is overdue, and when the clock acts on it (TR6, TR7)."""
    if duty.any_day:
        # For a child at risk it is midnight, whenever the office closes (8.4).
        return overdue_from(on), overdue_from(on)
    late = overdue_from(on, rules.policy.cutoff)
    ahead = rules.policy.ahead(duty.name, duty.ahead)
    if ahead:
        return late, start_of_day(rules.calendar.subtract_working_days(on, ahead))
    return late, raise_from(on, rules.calendar)


def owner_of(duty: Duty, facts: Facts) -> tuple[Role, str]:
    """The role that owes it, and the person where one is named."""
    if isinstance(facts, Audit):
        return duty.by[0], _person(facts, duty.by[0])
    if isinstance(facts, EscalationFacts):
        return _escalation_owner(duty, facts)
    owner = facts.action.owner
    if duty.by[0] is Role.OWNER:
        return Role.OWNER, owner
    if Role.KEY_WORKER in duty.by and owner == facts.audit.key_worker:
        return Role.KEY_WORKER, owner
    return duty.by[0], _person(facts.audit, duty.by[0])


def _person(audit: Audit, role: Role) -> str:
    return str(getattr(audit, role)) if role in PLACES else ""


def _escalation_owner(duty: Duty, facts: EscalationFacts) -> tuple[Role, str]:
    if duty.by[0] is Role.JUDGE:
        if facts.escalation.trigger is Trigger.T1:
            both = (facts.audit.auditor, facts.audit.key_worker)
            waiting = (p for p in both if p not in facts.escalation.accepted_by)
            return Role.JUDGE, next(waiting, "")
        if facts.escalation.trigger is Trigger.T3 and facts.escalation.answer == "new_date":
            return Level.L3.holder, ""
        return Role.QA_TEAM, ""
    role = (facts.escalation.level or Level.L5).holder
    return role, _person(facts.audit, role)
