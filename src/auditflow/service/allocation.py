"""The cases of a list as a draw looks at them, and a month's drawn cases given to auditors.

Both go by what earlier audits say of each case: when it was audited, whether it is, and by whom.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from auditflow.audits import EXITS, Audit, Person
from auditflow.calendar import Calendar
from auditflow.errors import NotFound, Refused
from auditflow.persistence.office import Office
from auditflow.persistence.rounds import PastAudit, Rounds
from auditflow.persistence.store import Store
from auditflow.sampling import Candidate, Plan, ToAllocate, allocate, auditors, ruled_out
from auditflow.service.new_audits import here, line_of, manager_of, worker_of


@dataclass
class History:
    """What earlier audits say about each case."""

    held_on: dict[int, date] = field(default_factory=dict)
    live: dict[int, str] = field(default_factory=dict)
    held_by: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


def history(past: Iterable[tuple[str, PastAudit]]) -> History:
    """Gathered from every audit; one that left by an exit was neither held nor is it live."""
    found = History()
    for reference, audit in past:
        if audit.held_on is not None:
            found.held_by[audit.case].add(audit.auditor)
        if audit.key_worker:
            found.held_by[audit.case].add(audit.key_worker)
        if audit.state in EXITS:
            continue
        if audit.held_on is not None:
            last = found.held_on.get(audit.case, audit.held_on)
            found.held_on[audit.case] = max(last, audit.held_on)
        if audit.state != "closed":
            found.live[audit.case] = reference
    return found


@dataclass(frozen=True)
class ListedCase:
    """A case of the list: its row, and how the draw looks at it."""

    row: Any
    candidate: Candidate


def listed(office: Office, rounds: Rounds, as_at: date) -> dict[str, ListedCase]:
    """Each case of the list as at that date, by reference."""
    people, earlier = here(office), history(rounds.past())
    return {
        row.reference: ListedCase(row, _candidate(row, earlier, people))
        for row in rounds.listed(as_at)
    }


def _candidate(row: Any, earlier: History, people: Sequence[Person]) -> Candidate:
    held = (row.last_audited, earlier.held_on.get(row.id))
    return Candidate(
        reference=row.reference,
        stratum=row.stratum,
        team=row.team,
        opened=row.opened,
        closed=row.closed,
        restricted=bool(row.restricted),
        last_audited=max((d for d in held if d), default=None),
        live_audit=earlier.live.get(row.id, ""),
        cleared_auditor=bool(row.restricted) and _someone_cleared(row, earlier, people),
    )


def _someone_cleared(row: Any, earlier: History, people: Sequence[Person]) -> bool:
    """Whether an auditor who may audit this very case is cleared for restricted records."""
    worker = worker_of(row, people)
    case = ToAllocate(
        reference=row.reference,
        team=row.team,
        line=line_of(manager_of(row.team, people)),
        key_worker=worker.id if worker else "",
        restricted=True,
        held_by=frozenset(earlier.held_by[row.id]),
    )
    return any(not ruled_out(p, case) for p in auditors(people))


# Allocating.


@dataclass(frozen=True)
class Allocation:
    """The plan for a month, with what it is about."""

    plan: Plan
    waiting: dict[str, Audit]
    #: What each auditor then holds of the month.
    loads: dict[str, int]


def allocation(store: Store, month: date) -> Allocation:
    """Who would get each audit of the month that is drawn and not distributed."""
    with store.reading() as connection:
        people, rounds = Office(connection).people(), Rounds(connection)
        audits, past = rounds.audits_of(month), rounds.past()
    if not audits:
        raise NotFound(
            f"{month:%Y-%m} has no audits. Draw it: auditflow round draw --month {month:%Y-%m}"
        )
    return _allocated({h.reference: h.audit for h in audits}, past, people, month)


def _allocated(
    audits: dict[str, Audit], past: list[tuple[str, PastAudit]], people: list[Person], month: date
) -> Allocation:
    waiting = {ref: a for ref, a in audits.items() if a.state == "selected"}
    earlier = history(past)
    loads = Counter(a.auditor for a in audits.values() if a.auditor and a.state not in EXITS)
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
