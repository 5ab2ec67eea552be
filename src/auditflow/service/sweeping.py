"""`sweep`: re-audits are made, what has fallen due is raised; a bad audit stops only itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from auditflow.audits import Trigger
from auditflow.calendar import london_date
from auditflow.errors import StoreTrouble
from auditflow.machines.transition import Outcome
from auditflow.persistence.database import Mode
from auditflow.persistence.register import Register
from auditflow.persistence.rules import RulesCache
from auditflow.persistence.store import Store
from auditflow.service.isolation import setting_aside, what_ails
from auditflow.service.reaudits import make_reaudit, waiting
from auditflow.service.unit_of_work import UnitOfWork, transact

T = TypeVar("T")

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


class Sweep:
    """Raises everything that has fallen due by `now`. Sweeping twice is sweeping once."""

    def __init__(self, store: Store, rules_cache: RulesCache, now: datetime) -> None:
        self.store, self.rules_cache, self.now = store, rules_cache, now
        self.report = Swept()

    def run(self, share: Callable[[], None] | None = None) -> Swept:
        """Do it, and say what was done.

        With more than a batch to do, `share` is called, so that others may do of it what they can.
        """
        with self.store.reading() as connection:
            again = waiting(UnitOfWork(connection, self.rules_cache, self.now))
            ids = self._due(connection)
        self.report.failed |= again.failed
        if again.ids:
            for audit_id in again.ids:
                with setting_aside(self.report.failed, audit_id):
                    made = self._transact(partial(make_reaudit, audit_id=audit_id), Mode.WHOLE)
                    self.report.raised += (_told(reference, outcome) for reference, outcome in made)
            with self.store.reading() as connection:
                ids = self._due(connection)
        self.report.looked_at = len(ids)
        if share is not None and len(ids) > BATCH:
            share()
        for batch in (ids[i : i + BATCH] for i in range(0, len(ids), BATCH)):
            self._sweep(batch)
        return self.report

    def _due(self, connection: Connection) -> list[int]:
        return Register(connection).due(self.now, london_date(self.now))

    def _sweep(self, ids: Sequence[int]) -> None:
        """One transaction over these audits, or where that fails one for each."""
        try:
            self._sweep_together(ids)
        except StoreTrouble:
            raise  # What is done stays done, and the next sweep does the rest.
        except Exception:  # noqa: BLE001 - one that cannot even be read is found one by one
            for audit_id in ids:
                with setting_aside(self.report.failed, audit_id):
                    self._sweep_together([audit_id])

    def _sweep_together(self, ids: Sequence[int]) -> None:
        raised, failed = self._transact(partial(_batch, ids=ids))
        self.report.raised += raised
        self.report.failed |= failed

    def _transact(self, work: Callable[[UnitOfWork], T], mode: Mode = Mode.WRITE) -> T:
        return transact(self.store, self.rules_cache, self.now, work, mode)


def _batch(unit: UnitOfWork, ids: Sequence[int]) -> tuple[list[Raised], dict[str, str]]:
    """Catch these audits up; those whose step fails are left out and named."""
    raised: list[Raised] = []
    failed: dict[str, str] = {}
    for loaded in unit.register.load_due(ids, unit.now, unit.today):
        try:
            outcomes = unit.record_due(loaded)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the others go on
            failed[loaded.reference] = what_ails(error)
        else:
            raised += (_told(loaded.reference, o) for o in outcomes)
    return raised, failed


def _told(reference: str, outcome: Outcome) -> Raised:
    event, escalation = outcome.event, None
    if event.kind == "escalation":
        escalation = outcome.audit.escalation(event.n)
    return Raised(
        reference=reference,
        event=event.name,
        subject=event.subject,
        before=outcome.before,
        after=outcome.after,
        trigger=escalation.trigger if escalation else None,
        duty=outcome.duty.duty if outcome.duty else "",
    )
