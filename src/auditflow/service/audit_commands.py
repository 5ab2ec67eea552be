"""`do`: one command of one person about one audit, in one transaction."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from auditflow.audits import Audit
from auditflow.calendar import london_date, long_day
from auditflow.commands import AuditCommand, CommandContext
from auditflow.commands.scheduling import Withdraw
from auditflow.errors import BadInput, ChangedMeanwhile, NotFound, no_such_audit
from auditflow.machines.transition import Attribution, Outcome
from auditflow.persistence.actors import Actor, act_for, authenticate
from auditflow.persistence.database import Mode
from auditflow.persistence.register import AuditStep, LoadedAudit, Register
from auditflow.sampling import in_share
from auditflow.service.authorization import (
    require_permission,
    require_transition_roles,
    require_visible,
)
from auditflow.service.substituting import Substitute, substitute
from auditflow.service.unit_of_work import UnitOfWork

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


@dataclass(frozen=True)
class Sender:
    """How a command is sent."""

    #: Whom the sender stands in for, if anybody.
    acting_for: str
    #: When it was done.
    happened_at: datetime
    #: By which a command sent twice is known.
    key: str | None
    #: The version of the audit that the sender looked at.
    seen: int | None


def mode_of(command: AuditCommand) -> Mode:
    """What its transaction is for: where one is withdrawn, another may be made in its place."""
    return Mode.WHOLE if isinstance(command, Withdraw) else Mode.WRITE


def do_audit(unit: UnitOfWork, command: AuditCommand, sender: Sender) -> Done:
    """Bring one command to its audit; a refusal changes nothing but the access log."""
    loaded, today = unit.loaded, unit.today
    known = loaded.audit.id if loaded else 0
    person = authenticate(unit.asker, unit.person, command.event, today, known)
    actor = act_for(unit.register, person, sender.acting_for, today, command.event, known)
    if loaded is None:
        raise NotFound(no_such_audit(command.audit))
    if sender.key is not None:
        answered = unit.register.answered(_kept(sender.key))
        if answered is not None:
            return _again(loaded, answered, sender.key, actor, command)
    _demand_unchanged(loaded, sender.seen)
    return _brought(unit, unit.load(loaded, sender.key), command, actor, sender.happened_at)


def _brought(
    unit: UnitOfWork, step: AuditStep, command: AuditCommand, actor: Actor, done: datetime
) -> Done:
    before, context = step.audit, _context(unit, step, actor, done)
    require_permission(actor, command, before)
    _demand_past(done, unit.now, before)
    facts = command.apply(before, context)
    step = unit.record(step, facts, command.events(before), context.attribution)
    require_transition_roles(actor, before, step.outcomes)
    after = Substitute()
    if isinstance(command, Withdraw):
        after = substitute(unit, step.audit, wanted=not command.without_substitute)
    warnings = (*context.warnings, *after.warnings)
    reference = step.loaded.reference
    return Done(reference, step.audit, step.outcomes, warnings, substitute=after.reference)


def _context(unit: UnitOfWork, step: AuditStep, actor: Actor, done: datetime) -> CommandContext:
    """What a form is told about whoever sends it, and where its texts are put away."""
    reference, share = step.loaded.reference, unit.rules.policy.moderation_share
    whose = actor.acting_for.id if actor.acting_for else ""
    return CommandContext(
        attribution=Attribution(unit.now, done, actor.person.id, whose),
        day=london_date(done),
        rules=unit.rules,
        actor=actor.person,
        acting_for=actor.acting_for,
        person=unit.assignable,
        keep=partial(unit.keep_text, step),
        sampled=partial(_in_sample, unit.register, reference, share),
    )


def _in_sample(register: Register, reference: str, share: int) -> bool:
    """Whether the round's seed draws this audit to be moderated (7.4)."""
    return share > 0 and in_share(reference, register.seed_of(reference), share)


def _demand_unchanged(loaded: LoadedAudit, seen: int | None) -> None:
    if seen is not None and seen != loaded.audit.version:
        raise ChangedMeanwhile(
            f"{loaded.reference} was changed since you looked: you saw line {seen}, now it is at "
            f"line {loaded.audit.version}. Look again: auditflow audit show {loaded.reference}"
        )


def _kept(key: str) -> str:
    if not key.isprintable() or not 1 <= len(key) <= LONGEST_KEY:
        raise BadInput(f"--key takes 1 to {LONGEST_KEY} printable characters. Give another key.")
    return key


def _again(
    loaded: LoadedAudit, line: dict[str, Any], key: str, actor: Actor, command: AuditCommand
) -> Done:
    require_visible(actor, command, loaded.audit)
    event = command.events(loaded.audit)[0].name
    if (line["audit"], line["who"], line["event"]) != (loaded.audit.id, actor.person.id, event):
        raise BadInput(
            f"--key “{key[:60]}” was used for another command. Give each command its own key."
        )
    return Done(loaded.reference, loaded.audit, (), repeated=True)


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
