"""Re-audits (A25): each made once, one month before the month it falls due in (7.4, TR5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from auditflow.audits import SYSTEM
from auditflow.calendar import london_date
from auditflow.errors import AuditflowError
from auditflow.machines.duties import Rules, distribute_by
from auditflow.machines.transition import Outcome
from auditflow.persistence.database import Mode
from auditflow.persistence.office import Office
from auditflow.persistence.register import LoadedAudit, Register
from auditflow.persistence.rules import RulesCache
from auditflow.persistence.store import Store
from auditflow.service.isolation import setting_aside
from auditflow.service.new_audits import Chosen, make_audits
from auditflow.service.unit_of_work import Desk


@dataclass
class Waiting:
    """The audits whose re-audit is to be made now, and those of which that cannot be told."""

    ids: list[int] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


@dataclass
class Repeated:
    """The re-audits made, and the audits whose re-audit could not be."""

    made: list[tuple[str, Outcome]] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def waiting(connection: Connection, rules_cache: RulesCache, now: datetime) -> Waiting:
    """The audits that are to be repeated by now; what cannot be told is told as failed."""
    register, found = Register(connection), Waiting()
    for audit_id, due in register.to_repeat().items():
        rules = rules_cache.at(register.versions(), Office(connection))
        try:
            if _has_come(due, london_date(now), rules):
                found.ids.append(audit_id)
        except AuditflowError as error:
            found.failed[f"#{audit_id}"] = str(error)
    return found


def make_reaudits(
    store: Store, rules_cache: RulesCache, now: datetime, ids: Sequence[int]
) -> Repeated:
    """Make the re-audit of each of these; each in a transaction of its own."""
    report = Repeated()
    for audit_id in ids:
        with setting_aside(report.failed, audit_id):
            report.made += _make(store, rules_cache, now, audit_id)
    return report


def _has_come(due: date, today: date, rules: Rules) -> bool:
    return distribute_by(due.replace(day=1), rules) <= today


def _make(
    store: Store, rules_cache: RulesCache, now: datetime, audit_id: int
) -> list[tuple[str, Outcome]]:
    """Nothing where another made it, or it was dropped, in between."""

    def make(connection: Connection) -> list[tuple[str, Outcome]]:
        register, office = Register(connection), Office(connection)
        versions = register.versions()
        desk = Desk(register, office, rules_cache.at(versions, office), versions, SYSTEM.id, now)
        # Nobody else writes now; whoever waited for that finds the re-audit made.
        for held in register.load([audit_id]):
            due = register.to_repeat().get(audit_id)
            if due is not None and _has_come(due, desk.today, desk.rules):
                return _repeat(desk, held, due)
        return []

    return store.transact(make, Mode.WHOLE)


def _repeat(desk: Desk, held: LoadedAudit, due: date) -> list[tuple[str, Outcome]]:
    case = desk.rounds.cases([held.audit.case])[held.audit.case]
    facts = {"kind": "reaudit", "repeats": held.audit.id}
    chosen = [Chosen(case, None, facts)]
    made = make_audits(desk, due.replace(day=1), "draw_reaudit", chosen)
    return [(reference, outcomes[0]) for reference, outcomes in made]
