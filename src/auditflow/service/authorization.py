"""Whether who acts may do it: asked before anything is read out, and of each arrow taken."""

from auditflow.audits import SYSTEM, Audit
from auditflow.commands import AuditCommand, can, not_theirs, roles_in, senders, why_not
from auditflow.errors import Denied, Forbidden
from auditflow.machines.transition import Outcome
from auditflow.persistence.actors import Actor


def require_permission(actor: Actor, command: AuditCommand, audit: Audit) -> None:
    """Refuse, before anything is read out, an event that is not theirs to bring."""
    person, whose = actor.person, actor.acting_for
    why = why_not(person, command.event, audit, command.kind, command.part, acting_for=whose)
    if why:
        require_visible(actor, command, audit)
        raise Forbidden(why, audit.id, person.id, command.event)


def require_visible(actor: Actor, command: AuditCommand, audit: Audit) -> None:
    """Whoever may neither see it nor bring this event is told that it is not there."""
    person, whose = actor.person, actor.acting_for
    sends = can(person, command.event, audit, command.kind, command.part, acting_for=whose)
    sees = can(person, "read", audit) or can(person, "read", audit, acting_for=whose)
    if not sends and not sees:
        raise Denied(command.audit, audit.id, person.id, command.event)


def require_transition_roles(actor: Actor, audit: Audit, outcomes: tuple[Outcome, ...]) -> None:
    """Refuse, once the chart chose its arrows, any that is not theirs."""
    for outcome in outcomes:
        row, event = outcome.row, outcome.event
        by_the_clock = outcome.attribution.actor == SYSTEM.id
        if row is None or row.system or by_the_clock or event.name == "raise":
            continue
        after = roles_in(actor.whose, outcome.audit, event.kind, event.n)
        before = roles_in(actor.whose, audit, event.kind, event.n)
        if not set(row.by) & (after | before):
            why = not_theirs(event.name, senders(event.kind, event.name), actor.name)
            raise Forbidden(why, audit.id, actor.person.id, event.name)
