"""What an arrow brings about: where a part stands now, and what the chart itself notes."""

from datetime import date

from msgspec.structs import fields, replace

from auditflow.audits import ENTRY, SYSTEM, Audit, Escalation, Level, OpenDuty, Trigger, initial
from auditflow.audits.states import state_of
from auditflow.machines.duties import Rules
from auditflow.machines.events import Event
from auditflow.machines.rows import Row, Up


def with_escalation(audit: Audit, changed: Escalation) -> Audit:
    """The audit with one escalation changed."""
    return replace(
        audit, escalations=tuple(changed if e.n == changed.n else e for e in audit.escalations)
    )


def paused(audit: Audit, today: date, _rules: Rules, *, n: int, until: date) -> Audit:
    """The audit with the window of escalation `n` paused."""
    escalation = audit.escalation(n)
    assert escalation is not None
    return with_escalation(audit, replace(escalation, held_since=today, held_until=until))


def resumed(audit: Audit, today: date, rules: Rules, *, n: int) -> Audit:
    """The audit with that window running on, moved by the working days it was paused."""
    escalation = audit.escalation(n)
    assert escalation is not None
    # However late the clock looks, a pause is no longer than was decided.
    ended = min(today, escalation.held_until or today)
    days = rules.calendar.working_days_late(escalation.held_since or ended, ended)
    window = escalation.window_from
    if window is not None and days:
        window = rules.calendar.add_working_days(window, days)
    return with_escalation(
        audit, replace(escalation, held_since=None, held_until=None, window_from=window)
    )


def with_state(audit: Audit, event: Event, row: Row, today: date) -> Audit:
    """The part moved to where the arrow leads."""
    if event.kind == "audit":
        return audit if row.start == row.end else replace(audit, state=row.end)
    if event.kind == "action":
        return replace(
            audit,
            actions=tuple(
                replace(a, state=row.end) if a.n == event.n else a for a in audit.actions
            ),
        )
    escalation = audit.escalation(event.n)
    assert escalation is not None
    return with_escalation(audit, _climbed(escalation, row, today))


def _climbed(escalation: Escalation, row: Row, today: date) -> Escalation:
    """On a new level its holder is told today and its window begins (TR7)."""
    if state_of("escalation", row.end).ended:
        return replace(escalation, state=row.end, resolved_on=today)
    refused_at_top = row.event == "reject" and row.start == row.end
    if row.start == row.end and not refused_at_top:
        return escalation
    anew = {f.name: f.default for f in fields(Escalation) if f.name in _OF_A_LEVEL}
    return replace(escalation, state=row.end, told_on=today, window_from=today, **anew)


#: What is said and decided at one level; the next begins without it.
_OF_A_LEVEL = (
    *("acknowledged_by", "answer", "answered_by", "answered_for", "answered_on", "answer_says"),
    *("new_date", "advised", "accepted_by", "lapsed", "bypass_to", "held_since", "held_until"),
)


def noted_by_system(event: Event, audit: Audit, today: date, rules: Rules) -> Audit:
    """The facts that the chart itself notes with an arrow."""
    match event.name:
        case "require_moderation":
            return replace(
                audit,
                moderation="pending",
                moderation_asked_on=today,
                sampled=False,
                reaudit_due_on=reaudit_due(audit, rules),
            )
        case "resume":
            return resumed(audit, today, rules, n=event.n)
        case "all_done":
            return replace(audit, all_done_on=today)
        case "answer_by_doing" | "end_with_audit":
            escalation = audit.escalation(event.n)
            assert escalation is not None
            if event.name == "end_with_audit":
                return with_escalation(audit, replace(escalation, resolution="audit_ended"))
            return with_escalation(
                audit,
                replace(
                    escalation,
                    answer="done",
                    answered_by=SYSTEM.id,
                    answered_for="",
                    answered_on=today,
                    done_noted=True,
                    new_date=None,
                ),
            )
        case _:
            return audit


def reaudit_due(audit: Audit, rules: Rules) -> date | None:
    """When an Inadequate case is audited again; from its close, not before it is closed (D10)."""
    policy = rules.policy
    since = audit.closed_on if policy.reaudit_from == "close" else audit.held_on
    return since and rules.calendar.add_months(since, policy.reaudit_months)


def part(subject: str) -> tuple[str, int]:
    """`action 2` as kind and number; the audit itself is number 0."""
    kind, _, rest = subject.partition(" ")
    return kind, int(rest.split(" ")[0]) if rest else 0


def entry(audit: Audit, trigger: Trigger, action: int, owed: OpenDuty | None = None) -> Level:
    """Where it starts: the first level above whoever missed the deadline (8.2)."""
    late = audit.action(action)
    if trigger is Trigger.T5 and late is not None and late.owner == audit.responsible_manager:
        return Level.L2
    if trigger is Trigger.T9 and owed is not None and owed.role is Level.L3.holder:
        return Level.L4
    return ENTRY[trigger]


def raised_before(audit: Audit, trigger: Trigger, cause: str) -> list[Escalation]:
    """Those of this cause; and one raised by hand and open, whatever the duty's date is now."""
    duty = cause.rpartition(" ")[0]
    return [
        e
        for e in audit.escalations
        if e.trigger is trigger
        and (
            e.cause in (cause, _again(cause))
            or (e.raised_by and e.level and e.cause.rpartition(" ")[0] == duty)
        )
    ]


def fresh_cause(audit: Audit, trigger: Trigger, cause: str) -> str:
    """The cause under which to raise it now; nothing where that was done before.

    One raised by hand stands for it while open. Settled, and late all the same, it is raised again.
    """
    known = raised_before(audit, trigger, cause)
    if any(e.level or not e.raised_by for e in known):
        return ""
    return _again(cause) if known else cause


def _again(cause: str) -> str:
    return f"{cause} again"


def with_new(
    audit: Audit,
    trigger: Trigger,
    cause: str,
    today: date,
    rules: Rules,
    *,
    owed: OpenDuty | None,
    by: str = "",
) -> Audit:
    """The audit with an escalation that is about to be raised: by hand, it is not late yet."""
    kind, n = part(owed.subject) if owed else ("audit", 0)
    new = Escalation(
        n=len(audit.escalations) + 1,
        state=initial("escalation"),
        trigger=trigger,
        cause=cause,
        action=n if kind == "action" else 0,
        about=n if kind == "escalation" else 0,
        enters=entry(audit, trigger, n, owed),
        raised_on=today,
        overdue_since=owed.overdue_from if owed and not by else None,
        raised_by=by,
        advice_final=trigger is Trigger.T1 and rules.policy.grade_decided_by == "qa_advice",
    )
    return replace(audit, escalations=(*audit.escalations, new))


def cause_of_event(audit: Audit, trigger: Trigger) -> str:
    """What T1, T2 and T8 are about: each disagreement, each concern, each grading."""
    count = {Trigger.T1: audit.disagreements, Trigger.T2: audit.concerns}.get(trigger, 1)
    name = {Trigger.T1: "disagreement", Trigger.T2: "concern"}.get(trigger, "grading")
    return f"{name} {count}"


def moves_up(audit: Audit, up: Up, owed: OpenDuty) -> Escalation | None:
    """The escalation that a lapsed duty moves up, while it stands where it entered."""
    if up.trigger is None:
        return audit.escalation(part(owed.subject)[1])
    standing_there = (e for e in audit.open_escalations() if e.trigger is up.trigger)
    return next((e for e in standing_there if e.level is ENTRY[e.trigger]), None)
