"""Who may touch or see an audit at all, said a second time and apart from the rules that run."""

from __future__ import annotations

from auditflow.audits import Audit, Person, Role, Trigger
from support.permissions import typed


def may_see(person: Person, audit: Audit) -> bool:
    """Whether a person may read this audit."""
    return may_know_of(person, audit) and (_placed(person, audit) or _posted(person, audit))


def may_know_of(person: Person, audit: Audit) -> bool:
    """Whether a restricted record is not hidden from them: cleared, or with a place in it."""
    placed = _placed(person, audit) or person.id == audit.line_manager
    return placed or person.cleared or not audit.restricted


def may_touch(person: Person, audit: Audit) -> bool:
    """Whether a person may do anything with it; a line manager may, without seeing it."""
    return may_see(person, audit) or person.id == audit.line_manager


def _placed(person: Person, audit: Audit) -> bool:
    owners = {a.owner for a in audit.actions}
    return person.id in {audit.auditor, audit.key_worker, audit.responsible_manager, *owners}


def _posted(person: Person, audit: Audit) -> bool:
    roles = person.roles
    if roles & typed()["audit", "read"].everywhere:
        return True
    if Role.MODERATOR in roles and (audit.moderation_pending or audit.moderator == person.id):
        return True
    if Role.HEAD_OF_SERVICE not in roles:
        return False
    late_auditor = audit.stands(Trigger.T6) or audit.stands(Trigger.T7)
    return person.service == audit.service or (
        late_auditor and person.service == audit.auditor_service
    )
