"""The office: its people, its calendar, its policy and how that came to be."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from auditflow.audits import Deputyship, Person
from auditflow.calendar import Calendar
from auditflow.machines.charts import DUTIES
from auditflow.persistence import tables
from auditflow.persistence.office import Office
from auditflow.persistence.people import Staff
from auditflow.persistence.register import Register
from auditflow.persistence.rules import RulesCache
from auditflow.policy import DEFAULT, SETTINGS
from auditflow.queries.reading import Reading


class InForce(msgspec.Struct, frozen=True):
    """One setting as it holds now."""

    name: str
    value: str
    unit: str
    says: str
    source: str
    #: The version that set it; 1 and no day where it was never set.
    version: int
    since: datetime | None


class PolicyInForce(msgspec.Struct, frozen=True):
    """All settings as they hold now."""

    version: int
    settings: tuple[InForce, ...]


class PolicyChange(msgspec.Struct, frozen=True):
    """One change of the policy."""

    version: int
    at: datetime
    who: str
    name: str
    value: str
    reason: str


def people(connection: Connection) -> list[Person]:
    """Everybody on the people list."""
    return Office(connection).people()


def deputyships(reading: Reading) -> list[Deputyship]:
    """Who stands, stood or will stand in for whom."""
    return Staff(reading.office).deputyships()


def calendar_in_force(connection: Connection) -> Calendar:
    """The calendar with the days that were added."""
    return RulesCache().at(Register(connection).versions(), Office(connection)).calendar


def policy_history(reading: Reading) -> list[PolicyChange]:
    """Every change, oldest first."""
    policy = tables.policy
    rows = reading.office.execute(select(policy).order_by(policy.c.version))
    return [PolicyChange(r.version, r.set_at, r.set_by, r.name, r.value, r.reason) for r in rows]


def policy_in_force(history: Iterable[PolicyChange]) -> PolicyInForce:
    """Every setting with its value and where it comes from, after these changes."""
    last = {change.name: change for change in history}
    known = [(s.name, s.default, s.unit, s.says, s.source.citation) for s in SETTINGS]
    known += [
        (d.name, d.within.words, "time limit", d.title, d.source[0].citation)
        for d in DUTIES.values()
    ]
    settings = tuple(_in_force(last.get(row[0]), *row) for row in known)
    return PolicyInForce(max((c.version for c in last.values()), default=1), settings)


def _in_force(
    change: PolicyChange | None, name: str, default: str, unit: str, says: str, source: str
) -> InForce:
    if change is None:
        return InForce(name, default, unit, says, source, 1, None)
    set_to_default = change.value == DEFAULT
    return InForce(
        name,
        default if set_to_default else change.value,
        unit,
        says,
        source if set_to_default else f"the council: {change.reason}",
        change.version,
        change.at,
    )
