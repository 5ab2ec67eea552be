"""`do`: one command of one person about one audit, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from auditflow.audits import Audit
from auditflow.calendar import london_date, long_day
from auditflow.commands import AuditCommand, CommandContext
from auditflow.commands.scheduling import Withdraw
from auditflow.errors import BadInput, ChangedMeanwhile, NotFound, no_such_audit
from auditflow.machines.duties import Rules
from auditflow.machines.transition import Attribution, Outcome, advance, catch_up
from auditflow.notices import notices_of
from auditflow.persistence.access_log import noting_denials
from auditflow.persistence.actors import Actor, act_for, authenticate
from auditflow.persistence.database import Mode
from auditflow.persistence.office import Office
from auditflow.persistence.register import AuditStep, LoadedAudit, Register, seal
from auditflow.persistence.rules import RulesCache
from auditflow.persistence.store import Store
from auditflow.sampling import in_share
from auditflow.service.authorization import (
    assignable_person,
    require_permission,
    require_transition_roles,
    require_visible,
)
from auditflow.service.substituting import Substitute, substitute
from auditflow.service.unit_of_work import Desk

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
    #: The audit that takes its place, where it was withdrawn and a reserve was left.
    substitute: str = ""


def do_audit(
    store: Store,
    rules_cache: RulesCache,
    command: AuditCommand,
    who: str,
    now: datetime,
    happened_at: datetime | None = None,
    key: str | None = None,
    seen: int | None = None,
    acting_for: str = "",
) -> Done:
    """Bring one command to its audit; a refusal changes nothing but the access log."""

    def do(connection: Connection) -> Done:
        desk = _Asked(Register(connection), Office(connection), rules_cache, now)
        return _do(desk, command, (who, acting_for), happened_at, key, seen)

    with noting_denials(store, now):
        return store.transact(do, Mode.WHOLE if isinstance(command, Withdraw) else Mode.WRITE)


@dataclass(frozen=True)
class _Asked:
    """What a command about one audit begins with."""

    register: Register
    office: Office
    rules_cache: RulesCache
    now: datetime


def _do(
    desk: _Asked,
    command: AuditCommand,
    who: tuple[str, str],
    happened_at: datetime | None,
    key: str | None,
    seen: int | None,
) -> Done:
    register, now = desk.register, desk.now
    held, person, versions, _ = register.open(command.audit, who[0], hold=True)
    known = held.audit.id if held else 0
    today = london_date(now)
    person = authenticate(person, who[0], command.event, today, known)
    actor = act_for(register, person, who[1], today, command.event, known)
    if held is None:
        raise NotFound(no_such_audit(command.audit))
    if key is not None and (answered := register.answered(_kept(key))) is not None:
        return _again(held, answered, key, actor, command)
    rules = desk.rules_cache.at(versions, desk.office)
    _demand_unchanged(held, seen)
    caught_up, first = catch_up(held.audit, now, rules)
    require_permission(actor, command, caught_up)
    done = happened_at or now
    _demand_past(done, now, caught_up)
    texts: dict[str, str] = {}
    context = _context(desk, held, actor, done, rules, texts)
    noted = command.apply(caught_up, context)
    audit, then = advance(caught_up, noted, command.events(caught_up), context.attribution, rules)
    require_transition_roles(actor, caught_up, then)
    # What was dated back may be late already; it is noticed now, not when the clock next looks.
    audit, late = catch_up(audit, now, rules)
    outcomes = (*first, *then, *late)
    notices = [n for o in outcomes for n in notices_of(o, rules)]
    register.record([AuditStep(held, audit, outcomes, notices, texts, key)], versions)
    at = Desk(register, desk.office, rules, versions, person.id, now)
    after = _in_its_place(at, command, audit)
    warnings = (*context.warnings, *after.warnings)
    return Done(held.reference, audit, outcomes, warnings, substitute=after.reference)


def _context(
    desk: _Asked,
    held: LoadedAudit,
    actor: Actor,
    done: datetime,
    rules: Rules,
    texts: dict[str, str],
) -> CommandContext:
    """What a form is told about whoever sends it, and where its texts are put away."""
    whose = actor.acting_for.id if actor.acting_for else ""
    return CommandContext(
        attribution=Attribution(desk.now, done, actor.person.id, whose),
        day=london_date(done),
        rules=rules,
        actor=actor.person,
        acting_for=actor.acting_for,
        person=assignable_person(desk.register),
        keep=keeper(desk.register, held.audit.id, texts),
        sampled=partial(_in_sample, desk.register, held.reference, rules.policy.moderation_share),
    )


def _in_its_place(desk: Desk, command: AuditCommand, audit: Audit) -> Substitute:
    """What takes the place of an audit that this command withdrew."""
    if not isinstance(command, Withdraw):
        return Substitute()
    return substitute(desk, audit, wanted=not command.without_substitute)


def _in_sample(register: Register, reference: str, share: int) -> bool:
    """Whether the round's seed draws this audit to be moderated (7.4)."""
    return share > 0 and in_share(reference, register.seed_of(reference), share)


def _demand_unchanged(held: LoadedAudit, seen: int | None) -> None:
    if seen is not None and seen != held.audit.version:
        raise ChangedMeanwhile(
            f"{held.reference} was changed since you looked: you saw line {seen}, now it is at "
            f"line {held.audit.version}. Look again: auditflow audit show {held.reference}"
        )


def _kept(key: str) -> str:
    if not key.isprintable() or not 1 <= len(key) <= LONGEST_KEY:
        raise BadInput(f"--key takes 1 to {LONGEST_KEY} printable characters. Give another key.")
    return key


def _again(
    held: LoadedAudit, line: dict[str, Any], key: str, actor: Actor, command: AuditCommand
) -> Done:
    require_visible(actor, command, held.audit)
    event = command.events(held.audit)[0].name
    if (line["audit"], line["who"], line["event"]) != (held.audit.id, actor.person.id, event):
        raise BadInput(
            f"--key “{key[:60]}” was used for another command. Give each command its own key."
        )
    return Done(held.reference, held.audit, (), repeated=True)


def keeper(register: Register, audit_id: int, texts: dict[str, str]) -> Callable[[str], str]:
    """Puts texts away in `texts` under the audit's own key; gives their digests."""
    secret: list[bytes] = []

    def keep(said: str) -> str:
        if not secret:
            secret.append(register.secret(audit_id))
        digest = seal(secret[0], said)
        texts[digest] = said
        return digest

    return keep


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
