"""Giving a month's drawn cases to auditors, by the one plan that spreads them most evenly."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from auditflow.audits import Audit, Person
from auditflow.calendar import Calendar
from auditflow.errors import NotFound, Refused
from auditflow.persistence.office import Office
from auditflow.persistence.rounds import History, PastAudit, Rounds, history
from auditflow.queries.reading import Reading
from auditflow.queries.rounds import require_rounds
from auditflow.sampling import Plan, ToAllocate, allocate


@dataclass(frozen=True)
class Allocation:
    """The plan for a month, with what it is about."""

    plan: Plan
    waiting: dict[str, Audit]
    #: What each auditor then holds of the month.
    loads: dict[str, int]


def allocation(reading: Reading, month: date) -> Allocation:
    """Who would get each audit of the month that is drawn and not distributed."""
    require_rounds(reading, "round_distribute")
    people, rounds = Office(reading.office).people(), Rounds(reading.connection)
    audits, past = rounds.audits_of(month), rounds.past()
    if not audits:
        raise NotFound(
            f"{month:%Y-%m} has no audits. Draw it: auditflow round draw --month {month:%Y-%m}"
        )
    return _allocated({h.reference: h.audit for h in audits}, past, people, month)


def _allocated(
    audits: dict[str, Audit], past: list[tuple[str, PastAudit]], people: list[Person], month: date
) -> Allocation:
    waiting = {ref: a for ref, a in audits.items() if a.undistributed}
    earlier = history(past)
    loads = Counter(a.auditor for a in audits.values() if a.auditor and not a.set_aside)
    year = Calendar.add_months(month, -12)
    before = Counter(a.auditor for _, a in past if a.auditor and year <= a.month < month)
    asked = [_asked(ref, a, earlier) for ref, a in waiting.items()]
    plan = allocate(asked, people, loads, before)
    return Allocation(plan, waiting, dict(sorted((loads + Counter(plan.given.values())).items())))


def _asked(reference: str, audit: Audit, earlier: History) -> ToAllocate:
    return ToAllocate(
        reference=reference,
        team=audit.team,
        line=audit.case_line,
        key_worker=audit.key_worker,
        restricted=audit.restricted,
        held_by=frozenset(earlier.held_by[audit.case] - {audit.key_worker}),
    )


def demand_all(found: Allocation, people: list[Person]) -> None:
    """Refused where some audit can be given to nobody: each is named, with why for each auditor."""
    if not found.plan.impossible:
        return
    names = {p.id: p.name for p in people}
    raise Refused(
        " ".join(_nobody(ref, whys, names) for ref, whys in found.plan.impossible.items())
        + " Nothing was distributed. Train or add an auditor of another team, withdraw the audit "
        "so that a reserve takes its place, or distribute the others with --partly."
    )


def _nobody(reference: str, whys: dict[str, str], names: dict[str, str]) -> str:
    if not whys:
        return f"Nobody can audit {reference}: there is no auditor on the people list."
    each = "; ".join(f"{names.get(who, who)} {why}" for who, why in whys.items())
    return f"Nobody can audit {reference}: {each}."
