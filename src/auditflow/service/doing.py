"""`do`: one command of one person about one audit, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from auditflow.audits import SYSTEM, Audit, Person
from auditflow.calendar import london_date, long_day
from auditflow.commands import AuditCommand, Noting, may_read, may_send, roles_in, senders
from auditflow.errors import AuditflowError, BadInput, ChangedMeanwhile, NotAllowed, NotFound
from auditflow.machines.engine import words
from auditflow.machines.process import Outcome, Stamp, step, tick
from auditflow.notices import notices_of
from auditflow.persistence.office import Office
from auditflow.persistence.register import Held, Recorded, Register, seal
from auditflow.persistence.store import Store
from auditflow.service.world import Worlds

#: The most characters of a key by which a sender tells a command sent twice.
LONGEST_KEY = 200


@dataclass(frozen=True)
class Done:
    """What a command did: the audit as it is now, each event, and warnings for the sender."""

    reference: str
    audit: Audit
    outcomes: tuple[Outcome, ...]
    warnings: tuple[str, ...] = ()
    #: It had been done before under the same key; nothing was done again.
    repeated: bool = False


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


def no_such_audit(reference: str) -> str:
    """What is said alike of an audit that is not there and of one that is not theirs."""
    return (
        f"There is no audit “{reference[:60]}” for you. See which there are: auditflow audit list"
    )


def do_audit(
    store: Store,
    worlds: Worlds,
    command: AuditCommand,
    who: str,
    now: datetime,
    happened_at: datetime | None = None,
    key: str | None = None,
    seen: int | None = None,
) -> Done:
    """Bring one command to its audit; a refusal changes nothing but the access log."""
    try:
        with store.writing() as connection:
            desk = _Desk(Register(connection), Office(connection), worlds, now)
            return _do(desk, command, who, happened_at, key, seen)
    except (Denied, Forbidden) as refusal:
        with store.writing() as connection:
            Office(connection).log_access(
                refusal.person, refusal.audit_id, refusal.what, now, denied=True
            )
        raise


@dataclass(frozen=True)
class _Desk:
    """What a command works with."""

    register: Register
    office: Office
    worlds: Worlds
    now: datetime


def _do(
    desk: _Desk,
    command: AuditCommand,
    who: str,
    happened_at: datetime | None,
    key: str | None,
    seen: int | None,
) -> Done:
    register, now = desk.register, desk.now
    held, person, versions, _ = register.open(command.audit, who)
    if person is None:
        raise unknown_person(who)
    if held is None:
        raise NotFound(no_such_audit(command.audit))
    if key is not None and (answered := register.answered(_kept(key))) is not None:
        return _again(held, answered, key, person, command)
    world = desk.worlds.at(versions, desk.office)
    _demand_unchanged(held, seen)
    caught_up, first = tick(held.audit, now, world)
    _demand_leave(person, command, caught_up)
    done = happened_at or now
    _demand_past(done, now, caught_up)
    texts: dict[str, str] = {}
    noting = Noting(
        stamp=Stamp(now, done, person.id),
        day=london_date(done),
        world=world,
        actor=person,
        person=register.person,
        keep=_keeper(register, held.audit.id, texts),
    )
    noted = command.note(caught_up, noting)
    audit, then = step(caught_up, noted, command.acts(caught_up), noting.stamp, world)
    _demand_arrows(person, caught_up, then)
    # What was dated back may be late already; it is noticed now, not when the clock next looks.
    audit, late = tick(audit, now, world)
    outcomes = (*first, *then, *late)
    notices = [n for o in outcomes for n in notices_of(o, world.calendar)]
    register.record([Recorded(held, audit, outcomes, notices, texts, key)], versions)
    return Done(held.reference, audit, outcomes, tuple(noting.warnings))


def _demand_unchanged(held: Held, seen: int | None) -> None:
    if seen is not None and seen != held.audit.version:
        raise ChangedMeanwhile(
            f"{held.reference} was changed since you looked: you saw line {seen}, now it is at "
            f"line {held.audit.version}. Look again: auditflow audit show {held.reference}"
        )


def unknown_person(who: str) -> AuditflowError:
    """Nobody, or somebody who is not on the people list."""
    if not who:
        return NotAllowed("Say who you are with --as PERSON (or set AUDITFLOW_AS).")
    return NotAllowed(f"There is no person “{who[:60]}” on the people list, so nothing is allowed.")


def _kept(key: str) -> str:
    if not key.isprintable() or not 1 <= len(key) <= LONGEST_KEY:
        raise BadInput(f"--key takes 1 to {LONGEST_KEY} printable characters. Give another key.")
    return key


def _again(
    held: Held, line: dict[str, Any], key: str, person: Person, command: AuditCommand
) -> Done:
    _demand_sight(person, command, held.audit)
    event = command.acts(held.audit)[0].event
    if (line["audit"], line["who"], line["event"]) != (held.audit.id, person.id, event):
        raise BadInput(
            f"--key “{key[:60]}” was used for another command. Give each command its own key."
        )
    return Done(held.reference, held.audit, (), repeated=True)


def _keeper(register: Register, audit_id: int, texts: dict[str, str]) -> Callable[[str], str]:
    secret: list[bytes] = []

    def keep(said: str) -> str:
        if not secret:
            secret.append(register.secret(audit_id))
        digest = seal(secret[0], said)
        texts[digest] = said
        return digest

    return keep


def _demand_leave(person: Person, command: AuditCommand, audit: Audit) -> None:
    """Refuse, before anything is read out, an event that is not theirs to bring."""
    if may_send(person, command.event, audit, command.kind, command.part):
        return
    _demand_sight(person, command, audit)
    raise _forbidden(person, command.kind, command.event, audit)


def _demand_sight(person: Person, command: AuditCommand, audit: Audit) -> None:
    """Whoever may neither see it nor do this is told that it is not there."""
    sends = may_send(person, command.event, audit, command.kind, command.part)
    if not sends and not may_read(person, audit):
        raise Denied(command.audit, audit.id, person.id, command.event)


def _demand_arrows(person: Person, audit: Audit, outcomes: tuple[Outcome, ...]) -> None:
    """Refuse, once the chart chose its arrows, any that is not theirs."""
    for outcome in outcomes:
        row, act = outcome.row, outcome.act
        if row is None or row.system or outcome.stamp.actor == SYSTEM.id or act.event == "raise":
            continue
        if not set(row.by) & roles_in(person, outcome.audit, act.kind, act.n) and not set(
            row.by
        ) & roles_in(person, audit, act.kind, act.n):
            raise _forbidden(person, act.kind, act.event, audit)


def _forbidden(person: Person, kind: str, event: str, audit: Audit) -> Forbidden:
    who = " or ".join(sorted(r.title for r in senders(kind, event)))
    return Forbidden(
        f"“{words(event)}” is for: {who}. {person.name} is none of these here.",
        audit.id,
        person.id,
        event,
    )


def _demand_past(done: datetime, now: datetime, audit: Audit) -> None:
    """An event may be dated back to the audit it belongs to, never forward (7.4)."""
    if done > now:
        raise BadInput(
            f"--happened-at {done:%Y-%m-%dT%H:%M:%SZ} is in the future. Give when it was done."
        )
    begun: date | None = audit.held_on or audit.distributed_on or audit.drawn_on
    if begun is not None and london_date(done) < begun:
        raise BadInput(
            f"--happened-at {long_day(london_date(done))} is before {long_day(begun)}, "
            "from which on this audit runs. Give when it was done."
        )
