"""Who may do what, who may see what: decided here and nowhere else; denied unless allowed.

Source: domain text, section 10, and the columns "who" of 7.2 and 8.3.
"""

from __future__ import annotations

from collections.abc import Iterable

from auditflow.audits import JOINT, POSTS, Audit, Escalation, Level, Person, Role, Trigger
from auditflow.machines.charts import CHARTS

_SEES_ALL = frozenset(
    {Role.QA_TEAM, Role.QA_MANAGER, Role.ASSISTANT_DIRECTOR, Role.EXECUTIVE_DIRECTOR}
)
_SEES_ITS_AUDIT = frozenset(
    {Role.AUDITOR, Role.KEY_WORKER, Role.RESPONSIBLE_MANAGER, Role.HEAD_OF_SERVICE}
)


def roles_in(person: Person, audit: Audit, kind: str = "audit", n: int = 0) -> frozenset[Role]:
    """Every role this person takes towards this audit, or one action or escalation of it."""
    roles = _places(person, audit) | _posts(person, audit)
    if kind == "action":
        action = audit.action(n)
        if action is not None and action.owner == person.id:
            roles |= {Role.OWNER}
    if kind == "escalation":
        escalation = audit.escalation(n)
        if escalation is not None:
            roles |= _of_escalation(person, audit, escalation, roles)
    return frozenset(roles)


def _places(person: Person, audit: Audit) -> set[Role]:
    places = {
        Role.AUDITOR: audit.auditor,
        Role.KEY_WORKER: audit.key_worker,
        Role.RESPONSIBLE_MANAGER: audit.responsible_manager,
        Role.LINE_MANAGER: audit.line_manager,
    }
    return {role for role, who in places.items() if who and who == person.id}


def _posts(person: Person, audit: Audit) -> set[Role]:
    """Posts count everywhere, but a head of service has the case's own service only."""
    posts = set(person.roles & POSTS)
    if Role.HEAD_OF_SERVICE in posts and person.service != audit.service:
        posts.discard(Role.HEAD_OF_SERVICE)
    if Role.QA_MANAGER in posts:
        posts.add(Role.QA_TEAM)
    return posts


def _of_escalation(
    person: Person, audit: Audit, escalation: Escalation, roles: Iterable[Role]
) -> set[Role]:
    taken = set(roles)
    about_the_auditor = escalation.trigger in (Trigger.T6, Trigger.T7)
    if about_the_auditor and Role.HEAD_OF_SERVICE in person.roles:
        # T6 and T7 climb the auditor's own service line (8.2).
        if person.service == audit.auditor_service:
            taken.add(Role.HEAD_OF_SERVICE)
        else:
            taken.discard(Role.HEAD_OF_SERVICE)
    found = set()
    if _holders(escalation) & taken:
        found.add(Role.HOLDER)
    if _judges(escalation) & taken:
        found.add(Role.JUDGE)
    return found | (taken - set(roles))


def _holders(escalation: Escalation) -> set[Role]:
    level = escalation.level
    if level is None:
        return set()
    joint = JOINT.get(escalation.trigger)
    return {level.holder} | ({joint.holder} if joint and level is Level.L3 else set())


def _judges(escalation: Escalation) -> set[Role]:
    """For a grade those who disagreed; for a new date of an immediate action level 3 or above."""
    if escalation.trigger is Trigger.T1:
        return {Role.AUDITOR, Role.KEY_WORKER}
    if escalation.trigger is Trigger.T3 and escalation.answer == "new_date":
        return {Role.HEAD_OF_SERVICE, Role.ASSISTANT_DIRECTOR, Role.EXECUTIVE_DIRECTOR}
    return {Role.QA_TEAM}


def may_send(person: Person, event: str, audit: Audit, kind: str = "audit", n: int = 0) -> bool:
    """Whether some arrow of this event, from wherever the part stands or may stand, is theirs."""
    return bool(roles_in(person, audit, kind, n) & senders(kind, event))


def senders(kind: str, event: str) -> frozenset[Role]:
    """The roles that may bring this event at all."""
    return frozenset(r for row in CHARTS[kind].rows if row.event == event for r in row.by)


def may_read(person: Person, audit: Audit) -> bool:
    """Whether this person may see this audit (section 10, "may see")."""
    mine = _places(person, audit) | _posts(person, audit)
    owns = any(a.owner == person.id for a in audit.actions)
    heads_the_auditor = (
        Role.HEAD_OF_SERVICE in person.roles
        and person.service == audit.auditor_service
        and (audit.stands(Trigger.T6) or audit.stands(Trigger.T7))
    )
    pending = Role.MODERATOR in mine and audit.moderation_pending
    moderates = pending or (bool(audit.moderator) and person.id == audit.moderator)
    sees = bool(mine & (_SEES_ALL | _SEES_ITS_AUDIT))
    return sees or owns or heads_the_auditor or moderates
