"""The cases of a list as the draw and the allocation look at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditflow.audits import Person
from auditflow.persistence.office import Office
from auditflow.persistence.rounds import History, Rounds, history
from auditflow.sampling import Candidate, ToAllocate, auditors, ruled_out
from auditflow.service.new_audits import here, line_of, manager_of, worker_of


@dataclass(frozen=True)
class ListedCase:
    """A case of the list: its row, and how the draw looks at it."""

    row: Any
    candidate: Candidate


def listed(office: Office, rounds: Rounds, as_at: date) -> dict[str, ListedCase]:
    """Each case of the list as at that date, by reference."""
    people, earlier = here(office), history(rounds.past())
    rows = rounds.listed(as_at)
    return {r.reference: ListedCase(r, _candidate(r, earlier, people)) for r in rows}


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
