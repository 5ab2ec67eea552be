"""The cases of a list as the draw and the allocation look at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from auditflow.audits import EXITS, Person
from auditflow.persistence.office import Office
from auditflow.persistence.rounds import Past, Rounds
from auditflow.sampling import Candidate, ToAllocate, auditors, ruled_out
from auditflow.service.new_audits import here, line_of, manager_of, worker_of


@dataclass
class History:
    """What earlier audits say about each case."""

    held_on: dict[int, date] = field(default_factory=dict)
    live: dict[int, str] = field(default_factory=dict)
    held_by: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


def history(past: Iterable[tuple[str, Past]]) -> History:
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
class Listed:
    """A case of the list: its row, and how the draw looks at it."""

    row: Any
    candidate: Candidate


def listed(office: Office, rounds: Rounds, as_at: date) -> dict[str, Listed]:
    """Each case of the list as at that date, by reference."""
    people, earlier = here(office), history(rounds.past())
    return {
        row.reference: Listed(row, _candidate(row, earlier, people)) for row in rounds.listed(as_at)
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
