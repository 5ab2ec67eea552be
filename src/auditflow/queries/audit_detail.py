"""One audit: where it is, what is owed with its sum, what stops it, how it came here."""

from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import select

from auditflow.audits import Audit, Escalation, OpenDuty, Role, Trigger
from auditflow.calendar import By, explain, long_day
from auditflow.machines.charts import CHARTS, DUTIES
from auditflow.machines.duties import Rules, limit_of
from auditflow.machines.engine import words
from auditflow.machines.rows import Up
from auditflow.persistence import tables
from auditflow.queries.content import GONE, Content, content
from auditflow.queries.earlier import Earlier, earlier
from auditflow.queries.history import HistoryLine, timeline
from auditflow.queries.names import Names, why
from auditflow.queries.next_steps import Step, next_steps
from auditflow.queries.reading import Reading


class OwedLine(msgspec.Struct, frozen=True):
    """One open duty in words."""

    what: str
    about: str
    who: str
    due: date
    overdue: bool
    sum: str
    if_late: str


class EscalationLine(msgspec.Struct, frozen=True):
    """One escalation in words."""

    n: int
    trigger: str
    why: str
    where: str
    raised_on: date
    overdue_since: datetime | None
    #: Who raised it by hand, before it was late.
    raised_by: str
    told_on: date | None
    answer: str
    #: The answer itself, which a judge reads.
    says: str
    next: str
    resolved: bool
    #: For a child at risk: whom to turn to, by day and out of hours.
    out_of_hours: str


class Declined(msgspec.Struct, frozen=True):
    """That its auditor declined it; it waits for another."""

    on: date
    who: str
    because: str


class AuditDetail(msgspec.Struct, frozen=True):
    """Everything one person sees of one audit."""

    reference: str
    case: str
    state: str
    title: str
    holder: str
    month: date
    hold_by: date
    #: The auditor had less than the month the guidance gives.
    short_notice: bool
    meeting_on: date | None
    held_on: date | None
    supervised_on: date | None
    file_checked_on: date | None
    team: str
    people: dict[str, str]
    declined: Declined | None
    grade: str
    grade_status: str
    owed: tuple[OwedLine, ...]
    next: tuple[Step, ...]
    #: The process ends where it stands, and nothing is owed.
    ended: bool
    actions: tuple[dict[str, Any], ...]
    escalations: tuple[EscalationLine, ...]
    content: Content
    timeline: tuple[HistoryLine, ...]
    #: The number of the newest line of its history.
    version: int
    #: What the audit found that this one repeats, if it is a re-audit.
    earlier: Earlier | None = None


def audit_detail(reading: Reading, reference: str) -> AuditDetail:
    """One audit, with what it repeats; that they were read is noted."""
    audit = reading.audit(reference)
    names, rules = reading.names, reading.rules
    names.learn((audit.auditor, audit.key_worker, audit.responsible_manager, audit.line_manager))
    said = reading.texts(audit.id)
    state = CHARTS["audit"].states[audit.state]
    reading.note(audit.id, "show")
    return AuditDetail(
        reference=reference,
        case=_case_of(reading, audit),
        state=audit.state,
        title=state.title,
        holder=_holder(audit, state.holder, names),
        month=audit.month,
        hold_by=audit.hold_by,
        short_notice=audit.short_notice,
        meeting_on=audit.meeting_on,
        held_on=audit.held_on,
        supervised_on=audit.supervised_on,
        file_checked_on=audit.file_checked_on,
        team=audit.team,
        people=_people(audit, names),
        declined=_declined(audit, names, said),
        grade=audit.grade.title if audit.grade else "",
        grade_status=audit.grade_status,
        owed=tuple(owed_line(o, reading.at, rules, names) for o in _by_due(audit.duties)),
        next=tuple(sorted(next_steps(audit), key=lambda step: step.back)),
        ended=state.ended and not audit.duties,
        actions=tuple(_action(a, names, said) for a in audit.actions),
        escalations=escalation_lines(reading, audit),
        content=content(audit, said, names),
        timeline=tuple(timeline(reading.lines(audit.id), names, said, rules.calendar)),
        version=audit.version,
        earlier=earlier(reading, audit),
    )


def _case_of(reading: Reading, audit: Audit) -> str:
    case = select(tables.cases.c.reference).where(tables.cases.c.id == audit.case)
    return str(reading.live.execute(case).scalar_one())


def _by_due(duties: tuple[OpenDuty, ...]) -> list[OpenDuty]:
    return sorted(duties, key=lambda o: (o.due, o.duty))


def _holder(audit: Audit, role: Role, names: Names) -> str:
    who = {Role.AUDITOR: audit.auditor, Role.RESPONSIBLE_MANAGER: audit.responsible_manager}.get(
        role, ""
    )
    return f"{role.title}: {names.of(who)}" if who else role.title


def _people(audit: Audit, names: Names) -> dict[str, str]:
    places = {
        "auditor": audit.auditor,
        "key_worker": audit.key_worker,
        "responsible_manager": audit.responsible_manager,
    }
    return {place: names.of(who) for place, who in places.items() if who}


def _declined(audit: Audit, names: Names, said: dict[str, str]) -> Declined | None:
    if audit.declined_on is None:
        return None
    who = names.of(audit.auditor)
    return Declined(audit.declined_on, who, said.get(audit.declined_because, GONE))


def owed_line(owed: OpenDuty, now: datetime, rules: Rules, names: Names) -> OwedLine:
    """A duty in words, with the sum of its date."""
    duty = DUTIES[owed.duty]
    who = names.of(owed.owner)
    return OwedLine(
        what=duty.title,
        about=owed.subject,
        who=f"{owed.role.title}: {who}" if who else owed.role.title,
        due=owed.due,
        overdue=owed.overdue_from <= now,
        sum=_sum(owed, rules),
        if_late=getattr(duty.missed, "value", "")
        or ("up one level" if not hasattr(duty.missed, "because") else "a reminder"),
    )


def _sum(owed: OpenDuty, rules: Rules) -> str:
    limit = limit_of(DUTIES[owed.duty], rules)
    if isinstance(limit, By) or owed.since == owed.due:
        return f"by {long_day(owed.due)}"
    words_of_sum = explain(limit, owed.since, rules.calendar)
    at_least = DUTIES[owed.duty].at_least
    if at_least and long_day(owed.due) not in words_of_sum:
        return f"{words_of_sum}, but never before its own date, {long_day(owed.due)}"
    return words_of_sum


def _action(action: Any, names: Names, said: dict[str, str]) -> dict[str, Any]:
    return {
        "n": action.n,
        "kind": "immediate" if action.immediate else "agreed",
        "what": said.get(action.what, GONE),
        "success": said.get(action.success, ""),
        "owner": names.of(action.owner),
        "due_on": action.due_on,
        "original_due_on": action.original_due_on,
        "state": action.state,
        "evidence": said.get(action.evidence, ""),
        "done_on": action.done_on,
        "filed_on": action.filed_on,
        "needs_approval": action.needs_approval,
    }


def escalation_lines(reading: Reading, audit: Audit) -> tuple[EscalationLine, ...]:
    """The escalations of an audit in words."""
    return tuple(_escalation(reading, audit, e) for e in audit.escalations)


def _escalation(reading: Reading, audit: Audit, escalation: Escalation) -> EscalationLine:
    said, names, rules = reading.texts(audit.id), reading.names, reading.rules
    chart = CHARTS["escalation"]
    subject = f"escalation {escalation.n} {escalation.state}"
    waiting = [o for o in _by_due(audit.duties) if o.subject == subject]
    answered = names.of(escalation.answered_by)
    state = chart.states[escalation.state]
    return EscalationLine(
        n=escalation.n,
        trigger=escalation.trigger.value,
        why=why(audit, escalation),
        where=f"{state.title}, {rules.policy.level_title(escalation.level)}"
        if escalation.level
        else state.title,
        raised_on=escalation.raised_on,
        overdue_since=escalation.overdue_since,
        raised_by=names.of(escalation.raised_by),
        told_on=escalation.told_on,
        answer=f"{words(escalation.answer)} by {answered}" if escalation.answer else "",
        says=said.get(escalation.answer_says, ""),
        next=_what_next(waiting, escalation),
        resolved=escalation.resolved_on is not None,
        out_of_hours=rules.policy.duty_routes if _at_risk(escalation) else "",
    )


def _at_risk(escalation: Any) -> bool:
    return escalation.trigger is Trigger.T2 and escalation.level is not None


def _what_next(waiting: list[OpenDuty], escalation: Any) -> str:
    if not escalation.level:
        return f"resolved on {long_day(escalation.resolved_on)} ({words(escalation.resolution)})"
    if escalation.held_until:
        return f"held until {long_day(escalation.held_until)}"
    if not waiting:
        return "stays open"
    first = waiting[0]
    by = f"{DUTIES[first.duty].title.lower()} by {long_day(first.due)}"
    match DUTIES[first.duty].missed:
        case Trigger() as trigger:
            return f"{by}, else {trigger}"
        case Up():
            return f"{by}, else up one level"
        case _:
            return f"{by}; it stays open"
