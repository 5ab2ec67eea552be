"""Who comes in, and for whom; who is turned away, which the access log notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from auditflow import logs
from auditflow.audits import SYSTEM, Audit, Person
from auditflow.calendar import long_day
from auditflow.commands import AuditCommand, can, name_of, not_theirs, roles_in, senders, why_not
from auditflow.errors import AuditflowError, NotAllowed, NotFound, Refused
from auditflow.machines.transition import Outcome
from auditflow.persistence.database import Mode
from auditflow.persistence.office import Office
from auditflow.persistence.people import Staff
from auditflow.persistence.register import Register
from auditflow.persistence.store import Store

#: The most of a name that the access log takes down; a name is typed by anybody.
_LONGEST_NAME = 60


class Denied(NotFound):
    """Not for this person; it reads as if it were not there, and is noted in the access log."""

    def __init__(self, reference: str, audit_id: int, person: str, what: str) -> None:
        super().__init__(no_such_audit(reference))
        self.audit_id, self.person, self.what = audit_id, person, what


class Forbidden(NotAllowed):
    """A person who may see the audit may not do this; it is noted in the access log."""

    def __init__(self, message: str, audit_id: int, person: str, what: str) -> None:
        super().__init__(message)
        self.audit_id, self.person, self.what = audit_id, person, what


@contextmanager
def noting_denials(store: Store, now: datetime) -> Iterator[None]:
    """Write each denial to the access log, once the transaction it ended has been taken back."""
    try:
        yield
    except (Denied, Forbidden) as refusal:
        said = refusal.person, refusal.audit_id, refusal.what, now
        store.settle(lambda c: Office(c).log_access(*said, denied=True), Mode.NOTE)
        logs.note(
            "denied", "warning", person=refusal.person, what=refusal.what, audit=refusal.audit_id
        )
        raise


@contextmanager
def logging_refusals(what: str, who: str) -> Iterator[None]:
    """Log that the chart refused something, and for want of what; never in the words typed."""
    try:
        yield
    except Refused as refusal:
        logs.note("refused", what=what, person=_storable(who), guards=" ".join(refusal.guards))
        raise


@dataclass(frozen=True)
class Actor:
    """Who acts, and whom they stand in for if anybody."""

    person: Person
    acting_for: Person | None = None

    @property
    def whose(self) -> Person:
        """The person whose roles count."""
        return self.acting_for or self.person

    @property
    def name(self) -> str:
        """“Ana”, or “Ana for Ben”."""
        return name_of(self.person, self.acting_for)


def no_such_audit(reference: str) -> str:
    """What is said alike of an audit that is not there and of one that is not theirs."""
    return (
        f"There is no audit “{reference[:60]}” for you. See which there are: auditflow audit list"
    )


def unknown_person(who: str) -> AuditflowError:
    """Nobody, or somebody who is not on the people list."""
    if not who:
        return NotAllowed("Say who you are with --as PERSON (or set AUDITFLOW_AS).")
    return NotAllowed(f"There is no person “{who[:60]}” on the people list, so nothing is allowed.")


def come_in(person: Person | None, who: str, what: str, today: date, audit_id: int = 0) -> Person:
    """The person, if known and still here; otherwise Forbidden."""
    if person is None:
        turned_away = unknown_person(who)
        if not who:
            raise turned_away
        raise Forbidden(str(turned_away), audit_id, _storable(who), what)
    if not person.here(today):
        raise _gone(person, person.id, what, audit_id)
    return person


def _gone(person: Person, who: str, what: str, audit_id: int) -> Forbidden:
    assert person.left_on is not None
    message = f"{person.name} left on {long_day(person.left_on)}; nothing is allowed since."
    return Forbidden(message, audit_id, who, what)


def _storable(typed: str) -> str:
    """A name nobody has, cut short and without what no database holds (half a letter)."""
    return typed[:_LONGEST_NAME].encode("utf-8", "replace").decode().replace("\0", "?")


def stand_in(
    register: Register, person: Person, whom: str, today: date, what: str, audit_id: int = 0
) -> Actor:
    """The person in somebody's stead; Forbidden unless a deputyship stands on the day."""
    if not whom or whom == person.id:
        return Actor(person)
    principal = register.person(whom)
    if not principal.here(today):
        raise _gone(principal, person.id, what, audit_id)
    if not Staff(register.connection).stands_in(person.id, principal.id, today):
        message = (
            f"{person.name} does not stand in for {principal.name} on {long_day(today)}. "
            f"The QA manager appoints deputies: auditflow people deputy --for {principal.id} "
            f"--deputy {person.id} --from DATE --until DATE"
        )
        raise Forbidden(message, audit_id, person.id, what)
    return Actor(person, principal)


def giving(register: Register) -> Callable[[str], Person]:
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


def demand_leave(actor: Actor, command: AuditCommand, audit: Audit) -> None:
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
        demand_sight(actor, command, audit)
        raise Forbidden(why, audit.id, actor.person.id, command.event)


def demand_sight(actor: Actor, command: AuditCommand, audit: Audit) -> None:
    """Whoever may neither see it nor bring this event is told that it is not there."""
    person, whose = actor.person, actor.acting_for
    sends = can(person, command.event, audit, command.kind, command.part, acting_for=whose)
    sees = can(person, "read", audit) or can(person, "read", audit, acting_for=whose)
    if not sends and not sees:
        raise Denied(command.audit, audit.id, person.id, command.event)


def demand_arrows(actor: Actor, audit: Audit, outcomes: tuple[Outcome, ...]) -> None:
    """Refuse, once the chart chose its arrows, any that is not theirs."""
    for outcome in outcomes:
        row, act = outcome.row, outcome.act
        if row is None or row.system or outcome.stamp.actor == SYSTEM.id or act.event == "raise":
            continue
        after = roles_in(actor.whose, outcome.audit, act.kind, act.n)
        before = roles_in(actor.whose, audit, act.kind, act.n)
        if not set(row.by) & (after | before):
            why = not_theirs(act.event, senders(act.kind, act.event), actor.name)
            raise Forbidden(why, audit.id, actor.person.id, act.event)
