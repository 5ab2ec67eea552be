"""`sweep`: re-audits are made, what has fallen due is raised; one bad audit stops only itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from auditflow.audits import Trigger
from auditflow.calendar import london_date
from auditflow.errors import StoreTrouble
from auditflow.machines.transition import Outcome, catch_up
from auditflow.notices import notices_of
from auditflow.persistence.office import Office
from auditflow.persistence.register import AuditStep, Register
from auditflow.persistence.rules import RulesCache
from auditflow.persistence.store import Store
from auditflow.service.isolation import setting_aside, what_ails
from auditflow.service.reaudits import make_reaudits, waiting

#: How many audits share one transaction.
BATCH = 200


@dataclass(frozen=True)
class Raised:
    """One thing the clock did."""

    reference: str
    event: str
    subject: str
    before: str
    after: str
    trigger: Trigger | None
    duty: str


@dataclass
class Swept:
    """What one sweep did, and which audits it could not do."""

    looked_at: int = 0
    raised: list[Raised] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def sweep(
    store: Store, rules_cache: RulesCache, now: datetime, share: Callable[[], None] | None = None
) -> Swept:
    """Raise everything that has fallen due by `now`. Sweeping twice is sweeping once.

    With more than a batch to do, `share` is called, so that others may do of it what they can.
    """
    with store.reading() as connection:
        again = waiting(connection, rules_cache, now)
        ids = Register(connection).due(now, london_date(now))
    report = Swept(looked_at=len(ids), failed=again.failed)
    if again.ids:
        ids = _repeat(store, rules_cache, now, again.ids, report)
    if share is not None and len(ids) > BATCH:
        share()
    for batch in _batches(ids):
        try:
            _sweep(store, rules_cache, now, batch, report)
        except StoreTrouble:
            raise  # What is done stays done, and the next sweep does the rest.
        except Exception:  # noqa: BLE001 - one that cannot even be read is found one by one
            _one_by_one(store, rules_cache, now, batch, report)
    return report


def _repeat(
    store: Store, rules_cache: RulesCache, now: datetime, again: Sequence[int], report: Swept
) -> list[int]:
    """Make these re-audits; then what is due, theirs among it."""
    repeated = make_reaudits(store, rules_cache, now, again)
    report.raised += (_told(reference, outcome) for reference, outcome in repeated.made)
    report.failed |= repeated.failed
    with store.reading() as connection:
        ids = Register(connection).due(now, london_date(now))
    report.looked_at = len(ids)
    return ids


def _one_by_one(
    store: Store, rules_cache: RulesCache, now: datetime, ids: Sequence[int], report: Swept
) -> None:
    for audit_id in ids:
        with setting_aside(report.failed, audit_id):
            _sweep(store, rules_cache, now, [audit_id], report)


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[i : i + BATCH] for i in range(0, len(ids), BATCH))


def _sweep(
    store: Store, rules_cache: RulesCache, now: datetime, ids: Sequence[int], report: Swept
) -> None:
    """One transaction over these audits; those whose step fails are left out and named."""
    raised, failed = store.transact(partial(_batch, rules_cache=rules_cache, now=now, ids=ids))
    report.raised += raised
    report.failed |= failed


def _batch(
    connection: Connection, *, rules_cache: RulesCache, now: datetime, ids: Sequence[int]
) -> tuple[list[Raised], dict[str, str]]:
    raised: list[Raised] = []
    failed: dict[str, str] = {}
    register, office = Register(connection), Office(connection)
    versions = register.versions()
    rules = rules_cache.at(versions, office)
    steps = []
    for held in register.load_due(ids, now, london_date(now)):
        try:
            audit, outcomes = catch_up(held.audit, now, rules)
            notices = [n for o in outcomes for n in notices_of(o, rules)]
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the others go on
            failed[held.reference] = what_ails(error)
            continue
        if outcomes:
            steps.append(AuditStep(held, audit, outcomes, notices))
            raised += (_told(held.reference, o) for o in outcomes)
    register.record(steps, versions)
    return raised, failed


def _told(reference: str, outcome: Outcome) -> Raised:
    escalation = (
        outcome.audit.escalation(outcome.event.n) if outcome.event.kind == "escalation" else None
    )
    return Raised(
        reference,
        outcome.event.name,
        outcome.event.subject,
        outcome.before,
        outcome.after,
        escalation.trigger if escalation else None,
        outcome.duty.duty if outcome.duty else "",
    )
