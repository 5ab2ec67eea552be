"""The proof of a draw: drawn again from the stored pool and seed, it is the same list."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import select

from auditflow.audits import Person
from auditflow.persistence import tables
from auditflow.persistence.journal import read
from auditflow.persistence.rounds import RoundCase, Rounds
from auditflow.queries.reading import Reading
from auditflow.queries.rounds import by_reason, names_for, not_drawn, require_rounds
from auditflow.sampling import CaseResult, draw_strata, list_digest, pool_digest


class Check(msgspec.Struct, frozen=True):
    """One thing that must hold of a drawn list."""

    says: str
    holds: bool


class RoundProof(msgspec.Struct, frozen=True):
    """What was drawn from, with which seed, what was left out, and whether drawing again agrees."""

    month: str
    attempt: int
    as_at: date
    seed: str
    quotas: dict[str, int]
    reserves: int
    pool: int
    pool_digest: str
    list_digest: str
    excluded_by_reason: dict[str, int]
    #: The list as drawn again now.
    drawn: list[CaseResult]
    checks: list[Check]

    @property
    def holds(self) -> bool:
        """Whether every check holds."""
        return all(c.holds for c in self.checks)


def round_proof(reading: Reading, month: date, attempt: int | None = None) -> RoundProof:
    """Draw the month again from the stored pool and compare, list and history."""
    require_rounds(reading, "round_proof")
    rounds = Rounds(reading.connection)
    row = next((r for r in reversed(rounds.attempts(month)) if attempt in (None, r.attempt)), None)
    if row is None:
        raise not_drawn(month)
    found = rounds.list_of(row.id)
    entries = [x.entry for x in found]
    kept = [e for e in entries if e.result != "excluded"]
    quotas = json.loads(row.quotas)
    again = draw_strata({e.reference: e.stratum for e in kept}, quotas, row.reserves, row.seed)
    digests = pool_digest(entries), list_digest(entries)
    told = _journalled(reading, row.id)
    checks = [
        Check("the pool is the one drawn from", digests[0] == row.pool_digest),
        Check("the list is the one written down", digests[1] == row.list_digest),
        Check("the history tells of this draw", told == _of(row, quotas)),
        Check("drawn again it is the same list", set(again) == set(kept)),
        Check("each case drawn has its audit, and no other has", _audits_agree(rounds, row, found)),
    ]
    return RoundProof(
        month=f"{month:%Y-%m}",
        attempt=row.attempt,
        as_at=row.as_at,
        seed=row.seed,
        quotas=quotas,
        reserves=row.reserves,
        pool=len(kept),
        pool_digest=digests[0],
        list_digest=digests[1],
        excluded_by_reason=by_reason(found),
        drawn=_shown(reading.person, found, again),
        checks=checks,
    )


def _shown(
    person: Person, found: Sequence[RoundCase], again: Sequence[CaseResult]
) -> list[CaseResult]:
    """What was drawn, by the references that this person may know."""
    names = names_for(person, found)
    known = {x.entry.reference: names[x.case_id] for x in found}
    return [
        replace(e, reference=known[e.reference]) for e in again if e.result in ("drawn", "reserve")
    ]


_TOLD = ("seed", "quotas", "reserves", "pool_digest", "list_digest", "as_at", "attempt")


def _of(row: Any, quotas: Mapping[str, int]) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in _TOLD}
    return {**found, "quotas": quotas, "as_at": row.as_at.isoformat()}


def _journalled(reading: Reading, round_id: int) -> dict[str, Any]:
    """What the office's chain says of this draw."""
    journal = tables.journal
    rows = reading.office.execute(
        select(journal.c.body)
        .where(journal.c.audit_id == 0, journal.c.body.like('%"draw_round"%'))
        .order_by(journal.c.seq)
    )
    lines = (read(r.body) for r in rows)
    changed = (
        x["changed"]
        for x in lines
        if x["event"] == "draw_round" and x["changed"]["round"] == round_id
    )
    return {name: told[name] for told in changed for name in _TOLD}


def _audits_agree(rounds: Rounds, row: Any, found: Sequence[RoundCase]) -> bool:
    """Drawn cases have their audits; a reserve has one only where it took another's place."""
    substitutes = {h.reference: h.audit.substitutes is not None for h in rounds.audits_in(row.id)}
    return all(
        {
            "drawn": bool(x.audit) and not substitutes[x.audit],
            "reserve": substitutes.get(x.audit, True),
        }.get(x.entry.result, not x.audit)
        for x in found
    )
