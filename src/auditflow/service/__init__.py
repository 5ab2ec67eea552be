"""The only way an audit or the office changes: `do` a command, or `sweep` at a moment."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from auditflow import logs
from auditflow.commands import AuditCommand
from auditflow.commands.office import OfficeCommand
from auditflow.errors import Refused
from auditflow.persistence.actors import storable
from auditflow.persistence.database import Mode
from auditflow.persistence.rules import RulesCache
from auditflow.persistence.store import Store
from auditflow.service.audit_commands import Done, Sender, do_audit, mode_of
from auditflow.service.office_commands import do_office
from auditflow.service.sweeping import Raised, Sweep, Swept
from auditflow.service.unit_of_work import OfficeDone, transact


class Service:
    """A store with its rules; each call is one transaction (a sweep: one for each batch)."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.rules_cache = RulesCache()

    def do(
        self,
        command: AuditCommand,
        *,
        by: str,
        now: datetime,
        happened_at: datetime | None = None,
        key: str | None = None,
        seen: int | None = None,
        acting_for: str = "",
    ) -> Done:
        """One person's command about one audit. Refusals are AuditflowErrors and change nothing.

        `key` names the command, so that sending it twice does it once; `seen` is the version the
        person looked at, so that a change in between is told. `acting_for` is whom a deputy stands
        in for; their roles count then, and the history says “X for Y”.
        """
        sender = Sender(acting_for, happened_at or now, key, seen)
        with _logging_refusals(command.event, by):
            return transact(
                self.store,
                self.rules_cache,
                now,
                lambda unit: do_audit(unit, command, sender),
                mode_of(command),
                who=by,
                reference=command.audit,
            )

    def do_office(self, command: OfficeCommand, *, by: str, now: datetime) -> OfficeDone:
        """One person's command about the office."""
        with _logging_refusals(command.name, by):
            return transact(
                self.store,
                self.rules_cache,
                now,
                lambda unit: do_office(unit, command),
                Mode.WHOLE,
                who=by,
            )

    def sweep(self, now: datetime, share: Callable[[], None] | None = None) -> Swept:
        """Raise what has fallen due by `now`; `share` is called once if it is much at once."""
        begun = time.perf_counter()
        swept = Sweep(self.store, self.rules_cache, now).run(share)
        seconds = round(time.perf_counter() - begun, 3)
        raised, failed = len(swept.raised), len(swept.failed)
        logs.note("swept", looked_at=swept.looked_at, raised=raised, failed=failed, seconds=seconds)
        for reference in swept.failed:
            logs.note("not swept", "error", audit=reference)
        return swept


@contextmanager
def _logging_refusals(what: str, who: str) -> Iterator[None]:
    """Log that the chart refused something, and for want of what; never in the words typed."""
    try:
        yield
    except Refused as refusal:
        logs.note("refused", what=what, person=storable(who), guards=" ".join(refusal.guards))
        raise


__all__ = ["Done", "OfficeDone", "Raised", "Service", "Swept"]
