"""Whether who acts may do it: asked before anything is read out, and of each arrow taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from auditflow import logs
from auditflow.audits import SYSTEM, Audit, Person
from auditflow.calendar import long_day
from auditflow.commands import AuditCommand, can, not_theirs, roles_in, senders, why_not
from auditflow.errors import Denied, Forbidden, Refused
from auditflow.machines.transition import Outcome
from auditflow.persistence.actors import Actor, storable
from auditflow.persistence.register import Register


@contextmanager
def logging_refusals(what: str, who: str) -> Iterator[None]:
    """Log that the chart refused something, and for want of what; never in the words typed."""
    try:
        yield
    except Refused as refusal:
        logs.note("refused", what=what, person=storable(who), guards=" ".join(refusal.guards))
        raise


def assignable_person(register: Register) -> Callable[[str], Person]:
    """Finds a person who is to be given something; Refused where they have left or will leave."""

    def found(name: str) -> Person:
        person = register.person(name)
        if person.left_on is not None:
            raise Refused(
                f"{person.name} leaves or left on {long_day(person.left_on)} and is given nothing "
                "more. Choose somebody who stays."
            )
        return person

    return found


def require_permission(actor: Actor, command: AuditCommand, audit: Audit) -> None:
    """Refuse, before anything is read out, an event that is not theirs to bring."""
    why = why_not(
        actor.person,
        command.event,
        audit,
        command.kind,
        command.part,
        acting_for=actor.acting_for,
    )
    if why:
        require_visible(actor, command, audit)
        raise Forbidden(why, audit.id, actor.person.id, command.event)


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
        if (
            row is None
            or row.system
            or outcome.attribution.actor == SYSTEM.id
            or event.name == "raise"
        ):
            continue
        after = roles_in(actor.whose, outcome.audit, event.kind, event.n)
        before = roles_in(actor.whose, audit, event.kind, event.n)
        if not set(row.by) & (after | before):
            why = not_theirs(event.name, senders(event.kind, event.name), actor.name)
            raise Forbidden(why, audit.id, actor.person.id, event.name)
