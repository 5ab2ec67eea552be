"""The rows of rounds: what was on the list, what became of each case, which audits came of it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, func, insert, select

from auditflow.audits.states import State, state_of
from auditflow.persistence import tables
from auditflow.persistence.batch import LOADED, LoadedAudit, loaded_audit
from auditflow.sampling import CaseResult


class PastAudit(msgspec.Struct, frozen=True):
    """What an audit says about its case when cases are drawn and allocated."""

    id: int
    case: int
    month: date
    state: str
    held_on: date | None = None
    auditor: str = ""
    key_worker: str = ""

    @property
    def where(self) -> State:
        """What Flow Chart 1 says of where it is."""
        return state_of("audit", self.state)


_past_of = msgspec.json.Decoder(PastAudit).decode


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
        if audit.where.set_aside:
            continue
        if audit.held_on is not None:
            last = found.held_on.get(audit.case, audit.held_on)
            found.held_on[audit.case] = max(last, audit.held_on)
        if not audit.where.ended:
            found.live[audit.case] = reference
    return found


class PlaceInRound(NamedTuple):
    """Where an audit stands in its round; no stratum where no draw chose it."""

    round_id: int | None
    case_id: int
    stratum: str
    as_at: date | None


class RoundCase(NamedTuple):
    """One case of a drawn list, with the audit that came of it."""

    case_id: int
    entry: CaseResult
    audit: str
    restricted: bool


#: What a list keeps of each case's result.
_LISTED = ("stratum", "result", "rank", "reason", "detail")
#: By which an audit came of a case on a round's list.
_CAME_OF = (tables.audits.c.round_id == tables.round_cases.c.round_id) & (
    tables.audits.c.case_id == tables.round_cases.c.case_id
)


class Rounds:
    """Reads and writes rounds within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # Cases and what is known about them.

    def listed(self, as_at: date) -> Sequence[Any]:
        """The cases of the list as at that date."""
        cases = tables.cases
        query = select(cases).where(cases.c.as_at == as_at).order_by(cases.c.reference)
        return self.connection.execute(query).all()

    def cases(self, ids: Iterable[int]) -> dict[int, Any]:
        """These cases, by number."""
        found = select(tables.cases).where(tables.cases.c.id.in_(list(ids)))
        return {r.id: r for r in self.connection.execute(found)}

    def cases_named(self, references: Iterable[str]) -> set[int]:
        """The numbers of the cases with these references."""
        wanted = set(references)
        rows = self.connection.execute(select(tables.cases.c.id, tables.cases.c.reference))
        return {r.id for r in rows if r.reference in wanted}

    def past(self) -> list[tuple[str, PastAudit]]:
        """Every audit there was or is, with its reference."""
        audits = tables.audits
        query = select(audits.c.reference, audits.c.facts).order_by(audits.c.id)
        return [(r.reference, _past_of(r.facts)) for r in self.connection.execute(query)]

    # Rounds.

    def attempts(self, month: date) -> Sequence[Any]:
        """Each draw of a month, oldest first; the last one counts."""
        rounds = tables.rounds
        query = select(rounds).where(rounds.c.month == month).order_by(rounds.c.attempt)
        return self.connection.execute(query).all()

    def latest(self, month: date) -> Any | None:
        """The draw of a month that counts, if it was drawn."""
        return next(reversed(self.attempts(month)), None)

    def keep(
        self, row: Mapping[str, Any], quotas: Mapping[str, int], entries: Mapping[int, CaseResult]
    ) -> int:
        """Add a round with its list (by case number); its number. It is never changed again."""
        values = {**row, "quotas": json.dumps(quotas, sort_keys=True)}
        result = self.connection.execute(insert(tables.rounds).values(**values))
        assert result.inserted_primary_key is not None
        round_id = int(result.inserted_primary_key[0])
        listed = [
            {"round_id": round_id, "case_id": case_id, **{n: getattr(e, n) for n in _LISTED}}
            for case_id, e in entries.items()
        ]
        self.connection.execute(insert(tables.round_cases), listed)
        return round_id

    def list_of(self, round_id: int) -> list[RoundCase]:
        """The list of a round, stratum by stratum in the order drawn, then what was excluded."""
        listed, cases, audits = tables.round_cases, tables.cases, tables.audits
        asked = listed, cases.c.reference, cases.c.restricted, audits.c.reference.label("audit")
        rows = self.connection.execute(
            select(*asked)
            .join(cases, cases.c.id == listed.c.case_id)
            .outerjoin(audits, _CAME_OF)
            .where(listed.c.round_id == round_id)
            .order_by(listed.c.stratum, listed.c.rank, cases.c.reference)
        )
        found = ((r, {n: getattr(r, n) for n in ("reference", *_LISTED)}) for r in rows)
        return [
            RoundCase(r.case_id, CaseResult(**entry), r.audit or "", bool(r.restricted))
            for r, entry in found
        ]

    # Audits.

    def place(self, audit_id: int) -> PlaceInRound:
        """Where an audit stands in its round."""
        audits, listed, rounds = tables.audits, tables.round_cases, tables.rounds
        row = self.connection.execute(
            select(audits.c.round_id, audits.c.case_id, listed.c.stratum, rounds.c.as_at)
            .select_from(audits)
            .outerjoin(rounds, rounds.c.id == audits.c.round_id)
            .outerjoin(listed, _CAME_OF)
            .where(audits.c.id == audit_id)
        ).one()
        return PlaceInRound(row.round_id, row.case_id, row.stratum or "", row.as_at)

    def audits_of(self, month: date) -> list[LoadedAudit]:
        """Every audit of a month, by reference."""
        return self._loaded(tables.audits.c.month == month)

    def audits_in(self, round_id: int) -> list[LoadedAudit]:
        """The audits that came of one draw."""
        return self._loaded(tables.audits.c.round_id == round_id)

    def references_in(self, rounds: Iterable[int]) -> set[str]:
        """What the audits that came of these draws are called."""
        a = tables.audits
        # One after the other: a database may look through all for a list that is empty.
        each = (select(a.c.reference).where(a.c.round_id == n) for n in rounds)
        return {ref for query in each for ref in self.connection.execute(query).scalars()}

    def states_by_round(self, ids: Iterable[int]) -> dict[int, dict[str, int]]:
        """Of each of these draws, how many of its audits are in which state."""
        a = tables.audits
        query = select(a.c.round_id, a.c.state, func.count()).where(a.c.round_id.in_(list(ids)))
        found: dict[int, dict[str, int]] = {}
        for round_id, state, n in self.connection.execute(query.group_by(a.c.round_id, a.c.state)):
            found.setdefault(round_id, {})[state] = n
        return found

    def _loaded(self, which: Any) -> list[LoadedAudit]:
        audits = tables.audits
        rows = self.connection.execute(select(*LOADED).where(which).order_by(audits.c.reference))
        return [loaded_audit(r) for r in rows]

    def references(self, ids: Iterable[int]) -> dict[int, str]:
        """What these audits are called, by number."""
        if not (wanted := list(ids)):
            return {}
        audits = tables.audits
        found = select(audits.c.id, audits.c.reference).where(audits.c.id.in_(wanted))
        return {r.id: r.reference for r in self.connection.execute(found)}

    def next_audit(self) -> int:
        """The number the next audit gets; who asks is alone in writing (`Mode.WHOLE`)."""
        last = select(func.coalesce(func.max(tables.audits.c.id), 0))
        return int(self.connection.execute(last).scalar_one()) + 1

    def next_of(self, month: date) -> int:
        """The place the next audit has in its month's count; it goes on over draws."""
        count = select(func.count()).where(tables.audits.c.month == month)
        return int(self.connection.execute(count).scalar_one()) + 1
