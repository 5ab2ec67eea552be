"""Who may do what, who may see what; denied unless allowed.

Source: domain text, section 10, and the columns "who" of 7.2 and 8.3. Who may not check
themselves is asked from here (`separation`); lists ask the same in SQL (`queries.visibility`).
"""

from collections.abc import Iterable

from auditflow.audits import JOINT, POSTS, Audit, Escalation, Level, Person, Role, Trigger
from auditflow.commands.separation import breach
from auditflow.machines.charts import CHARTS
from auditflow.machines.engine import words

_SEES_ITS_AUDIT = frozenset(
    {Role.AUDITOR, Role.KEY_WORKER, Role.RESPONSIBLE_MANAGER, Role.HEAD_OF_SERVICE, Role.MODERATOR}
)
#: The posts that see every audit, but restricted ones only when cleared.
SEES_ALL = frozenset(
    {Role.QA_TEAM, Role.QA_MANAGER, Role.ASSISTANT_DIRECTOR, Role.EXECUTIVE_DIRECTOR}
)
#: Posts that count every audit, though they open none.
COUNTS_ALL = frozenset({Role.PERFORMANCE_ANALYST, Role.BOARD_READER})


def can(
    person: Person,
    action: str,
    audit: Audit,
    kind: str = "audit",
    n: int = 0,
    *,
    acting_for: Person | None = None,
) -> bool:
    """Whether a person may bring this event to an audit, or one part of it, or `read` the audit.

    For an event: whether some arrow of it, from wherever the part stands or may stand, is theirs.
    A deputy has the roles of the person stood in for, and no others.
    """
    return not why_not(person, action, audit, kind, n, acting_for=acting_for)


def why_not(
    person: Person,
    action: str,
    audit: Audit,
    kind: str = "audit",
    n: int = 0,
    *,
    acting_for: Person | None = None,
) -> str:
    """Why it is denied, in a sentence; nothing where it is allowed."""
    whose = acting_for or person
    if not all(may_know_of(p, audit) for p in (person, whose)):
        return f"The record is restricted. {name_of(person, acting_for)} may not work on it."
    if action == "read":
        return "" if _sees(whose, audit) else f"It is not for {whose.name} to see."
    allowed = senders(kind, action, audit, n)
    if not allowed & roles_in(whose, audit, kind, n):
        return not_theirs(action, allowed, name_of(person, acting_for))
    return breach(person, whose, action, audit, kind, n)


def not_theirs(action: str, allowed: Iterable[Role], name: str) -> str:
    """That an event is for others."""
    who = " or ".join(sorted(r.title for r in allowed)) or "nobody"
    return f"“{words(action)}” is for: {who}. {name} is none of these here."


def name_of(person: Person, acting_for: Person | None) -> str:
    """The one who acts, and for whom: “Ana” or “Ana for Ben”."""
    return f"{person.name} for {acting_for.name}" if acting_for else person.name


def may_do_office(person: Person, by: Iterable[Role]) -> bool:
    """Whether a person holds one of the posts an office command is for."""
    return bool(_with_team(person.roles) & set(by))


def may_see_rounds(person: Person) -> bool:
    """Whether this person may see which cases a round drew, holds in reserve and leaves out."""
    return bool(person.roles & (SEES_ALL | {Role.PERFORMANCE_ANALYST}))


def only_figures(person: Person) -> bool:
    """Whether this person reads figures only: a board reader who has no other post."""
    return Role.BOARD_READER in person.roles and not person.roles & (
        POSTS | {Role.PERFORMANCE_ANALYST}
    )


def may_know_of(person: Person, audit: Audit) -> bool:
    """Whether a restricted record is not hidden from them: cleared, or with a place in it."""
    return not audit.restricted or person.cleared or bool(_places(person, audit))


def roles_in(person: Person, audit: Audit, kind: str = "audit", n: int = 0) -> frozenset[Role]:
    """Every role this person takes towards this audit, or one action or escalation of it."""
    roles = _places(person, audit) - {Role.OWNER} | _posts(person, audit)
    if _sees(person, audit):
        roles |= {Role.READER}
    if kind == "action":
        action = audit.action(n)
        if action is not None and action.owner == person.id:
            roles |= {Role.OWNER}
    if kind == "escalation":
        escalation = audit.escalation(n)
        if escalation is not None:
            roles |= _of_escalation(person, audit, escalation, roles)
    return frozenset(roles)


def senders(kind: str, event: str, audit: Audit | None = None, n: int = 0) -> frozenset[Role]:
    """The roles that may bring this event at all; to a part, to one of its sort."""
    rows = [row for row in CHARTS[kind].rows if row.event == event]
    action = audit.action(n) if audit is not None and kind == "action" else None
    if action is not None:
        rows = [r for r in rows if ("immediate", not action.immediate) not in r.guards]
    escalation = audit.escalation(n) if audit is not None and kind == "escalation" else None
    if escalation is not None and event == "decide":
        rows = [r for r in rows if (("advice_final", True) in r.guards) is escalation.final_here]
        rows = [r for r in rows if r.start == escalation.state] or rows
    return frozenset(role for row in rows for role in row.by)


def _places(person: Person, audit: Audit) -> set[Role]:
    places = {
        Role.AUDITOR: {audit.auditor},
        Role.KEY_WORKER: {audit.key_worker},
        Role.RESPONSIBLE_MANAGER: {audit.responsible_manager},
        Role.LINE_MANAGER: {audit.line_manager},
        Role.OWNER: {a.owner for a in audit.actions},
    }
    return {role for role, who in places.items() if person.id and person.id in who}


def _with_team(roles: Iterable[Role]) -> set[Role]:
    """The QA manager may do whatever the QA Team may."""
    found = set(roles)
    return found | {Role.QA_TEAM} if Role.QA_MANAGER in found else found


def _posts(person: Person, audit: Audit) -> set[Role]:
    """Posts count everywhere, but a head of service has the case's own service only.

    A moderator has the audits that are to be moderated, and those they moderated.
    """
    posts = _with_team(person.roles & POSTS)
    if person.service != audit.service:
        posts.discard(Role.HEAD_OF_SERVICE)
    moderated = bool(audit.moderator) and person.id == audit.moderator
    if not audit.moderation_pending and not moderated:
        posts.discard(Role.MODERATOR)
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


def may_export(person: Person) -> bool:
    """Whether this person may take audits out as a file (section 10, QA manager: exports)."""
    return Role.QA_MANAGER in person.roles


def may_see_last_answers(
    person: Person, again: Audit, earlier: Audit, acting_for: Person | None
) -> bool:
    """Whether the answers of an audit are shown beside the audit that repeats it (A25).

    To whoever may read it, and to the auditor of the repeat (section 10: “and their past audits”).
    """
    whose = acting_for or person
    if can(person, "read", earlier, acting_for=acting_for):
        return True
    return whose.id == again.auditor and all(may_know_of(p, earlier) for p in (person, whose))


def _sees(person: Person, audit: Audit) -> bool:
    """Section 10, "may see"."""
    mine = _places(person, audit) | _posts(person, audit)
    heads_the_auditor = (
        Role.HEAD_OF_SERVICE in person.roles
        and person.service == audit.auditor_service
        and (audit.stands(Trigger.T6) or audit.stands(Trigger.T7))
    )
    return bool(mine & (SEES_ALL | _SEES_ITS_AUDIT | {Role.OWNER})) or heads_the_auditor
