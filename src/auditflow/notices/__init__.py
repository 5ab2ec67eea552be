"""Who is told what after each event; the words carry no grade, no finding and no name."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from auditflow.audits import (
    COPIES,
    JOINT,
    Audit,
    Escalation,
    Level,
    Role,
    Trigger,
    level_of,
)
from auditflow.calendar import LONDON, london_date
from auditflow.machines.duties import Rules
from auditflow.machines.transition import Outcome
from auditflow.persistence.batch import NoticeRow

Addressee = tuple[Role, str]


class Notice(NamedTuple):
    """What is said behind the audit's reference, and to whom where that hangs on nothing else."""

    says: str
    to: tuple[Role, ...] = ()


_NOTICES: Final = {
    "distributed": Notice(
        "it was given to its auditor.", (Role.AUDITOR, Role.KEY_WORKER, Role.RESPONSIBLE_MANAGER)
    ),
    "decline": Notice("its auditor declined it; please give it to another.", (Role.QA_TEAM,)),
    "hand_over": Notice("somebody's part in it was handed over to you."),
    "remind": Notice("something is due that you owe. See: auditflow work"),
    "moved": Notice("a deadline of yours moved. See: auditflow work"),
    "all_done": Notice("everything is done; please verify it.", (Role.QA_TEAM,)),
    "return": Notice(
        "it was sent back, for an action is to be done again.", (Role.RESPONSIBLE_MANAGER,)
    ),
    "answer": Notice("the escalation was answered; please accept or reject the answer."),
    "answer_by_doing": Notice("what was late is done; please accept it or reject it."),
    "require_moderation": Notice("the grade must be moderated.", (Role.HEAD_OF_SERVICE,)),
    "escalated": Notice("it was escalated. See what is asked of you: auditflow audit show"),
    "resolved": Notice("the escalation is resolved.", (Role.AUDITOR, Role.RESPONSIBLE_MANAGER)),
}
#: The events whose notice has another name than theirs.
_NAMED: Final = {"distribute": "distributed", "reallocate": "distributed", "rederive": "moved"}
#: The places in an audit, each held by the field of its name.
_PLACES: Final = (Role.AUDITOR, Role.KEY_WORKER, Role.RESPONSIBLE_MANAGER, Role.LINE_MANAGER)


def notices_of(outcome: Outcome, rules: Rules) -> list[NoticeRow]:
    """The messages one event makes; each reaches its addressee once."""
    kind = _kind(outcome)
    if kind is None:
        return []
    at_once = outcome.event.kind == "escalation" and _escalation(outcome).trigger is Trigger.T2
    now = outcome.attribution.now
    when = now if at_once else office_time(now, rules)
    audit, event = outcome.audit, outcome.event
    return [
        NoticeRow(
            audit_id=audit.id,
            seq=audit.version,
            kind=kind,
            role=role.value,
            person=person,
            subject=event.subject,
            deliver_from=when,
        )
        for role, person in dict.fromkeys(_addressees(kind, outcome))
    ]


def office_time(now: datetime, rules: Rules) -> datetime:
    """`now` in the office's hours; otherwise when it next opens, at 08:00 unless set (8.3)."""
    calendar, opens = rules.calendar, rules.policy.notices_from
    day, at = london_date(now), now.astimezone(LONDON).time()
    works = calendar.is_working_day(day)
    if works and at >= opens:
        return now
    start = day if works else calendar.next_working_day(day)
    return datetime.combine(start, opens, LONDON).astimezone(now.tzinfo)


def _kind(outcome: Outcome) -> str | None:
    event = outcome.event.name
    if event == "answer" and _escalation(outcome).final_here:
        return None  # It decides, and nobody is asked to accept it.
    if event == "correct" and "duties" in outcome.changed:
        return "moved"
    kind = _NAMED.get(event, event)
    if kind in _NOTICES:
        return kind
    if outcome.event.kind == "escalation" and outcome.before != outcome.after:
        return "escalated" if level_of(outcome.after) else "resolved"
    return None


def _addressees(kind: str, outcome: Outcome) -> Iterator[Addressee]:
    audit = outcome.audit
    match kind:
        case "hand_over":
            yield from _taken_over(outcome)
        case "remind":
            yield from _reminded(outcome)
        case "moved":
            yield from ((o.role, o.owner) for o in outcome.changed["duties"].values() if o)
        case "answer" | "answer_by_doing":
            yield from _judges(audit, _escalation(outcome))
        case "escalated":
            yield from _told(audit, _escalation(outcome), outcome.before)
        case "resolved" if _escalation(outcome).trigger is Trigger.T1:
            yield from _people(audit, Role.KEY_WORKER, *_NOTICES[kind].to)
        case _:
            yield from _people(audit, *_NOTICES[kind].to)


def _people(audit: Audit, *roles: Role) -> Iterator[Addressee]:
    for role in roles:
        person = getattr(audit, role) if role in _PLACES else ""
        if person or role not in _PLACES:
            yield role, person


def _taken_over(outcome: Outcome) -> Iterator[Addressee]:
    """Who has a new place in the audit, or a new action."""
    audit, changed = outcome.audit, outcome.changed
    yield from _people(audit, *(role for role in _PLACES if role in changed))
    for action in changed.get("actions", {}).values():
        yield Role.OWNER, action.owner


def _reminded(outcome: Outcome) -> Iterator[Addressee]:
    owed = outcome.duty
    assert owed is not None
    yield owed.role, owed.owner
    if owed.duty == "arrange_meeting":
        yield from _people(outcome.audit, Role.LINE_MANAGER)


def _judges(audit: Audit, escalation: Escalation) -> Iterator[Addressee]:
    if escalation.trigger is Trigger.T1:
        yield from _people(audit, Role.AUDITOR, Role.KEY_WORKER)
    else:
        yield Role.QA_TEAM, ""


def _told(audit: Audit, escalation: Escalation, before: str) -> Iterator[Addressee]:
    """The holder; when raised also those copied; when it climbs also every level below (8.3)."""
    level = escalation.level or Level.L5
    yield from _people(audit, level.holder)
    if not level_of(before):
        joint = JOINT.get(escalation.trigger)
        yield from _people(audit, *((joint.holder,) if joint else ()), *COPIES[escalation.trigger])
        return
    below = [x for x in Level if escalation.enters <= x < level]
    yield from _people(audit, *(x.holder for x in below))


def _escalation(outcome: Outcome) -> Escalation:
    found = outcome.audit.escalation(outcome.event.n)
    assert found is not None
    return found


def words(kind: str, reference: str, subject: str) -> str:
    """The one line of a notice: reference, what it is about, and nothing of the case."""
    part = "" if subject == "audit" else f", {subject.partition(' level')[0]}"
    return f"Audit {reference}{part}: {_NOTICES[kind].says}"
