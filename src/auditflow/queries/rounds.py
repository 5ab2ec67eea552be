"""One month's round: how it was drawn and what came of it."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from auditflow.audits import Audit, Person, states_that
from auditflow.calendar import Calendar
from auditflow.commands import may_know_of, may_see_rounds
from auditflow.errors import NotFound
from auditflow.machines.duties import distribute_by
from auditflow.persistence.rounds import RoundCase, Rounds
from auditflow.queries.reading import Reading
from auditflow.sampling import Why, figures


class RoundAudit(msgspec.Struct, frozen=True):
    """One audit of the month."""

    audit: str
    case: str
    stratum: str
    team: str
    state: str
    kind: str
    auditor: str
    short_notice: bool
    #: The audit whose place it took, or that it repeats.
    instead_of: str
    repeats: str


class LeftOut(msgspec.Struct, frozen=True):
    """One case that could not be drawn, and why."""

    case: str
    why: str
    detail: str


class Reserve(msgspec.Struct, frozen=True):
    """One case that stands by; `used` is the audit made of it."""

    case: str
    stratum: str
    rank: int
    used: str


class Attempt(msgspec.Struct, frozen=True):
    """One draw of the month; the last one counts."""

    attempt: int
    drawn_by: str
    drawn_at: datetime
    seed: str
    pool_digest: str
    #: Why it was drawn again.
    again: str


class Completion(msgspec.Struct, frozen=True):
    """Held out of those to be held: drawn, with those that took a place, less what left early.

    What was exempted or voided counts as neither held nor missed, as in report 6.
    """

    drawn: int
    withdrawn: int
    substituted: int
    exempted: int
    voided: int
    held: int
    to_hold: int


class RoundPage(msgspec.Struct, frozen=True):
    """One month's round. The lists of cases are empty for those who may not see them."""

    month: str
    attempt: int
    as_at: date
    seed: str
    drawn_by: str
    drawn_at: datetime
    listed: int
    pool: int
    pool_digest: str
    list_digest: str
    distribute_by: date
    #: Some audit was still to be distributed after that day.
    behind_schedule: bool
    #: Working days late: until the last was distributed, or until now.
    late_by: int
    waiting: int
    strata: list[dict[str, Any]]
    excluded_by_reason: dict[str, int]
    completion: Completion
    attempts: list[Attempt]
    lists_shown: bool
    audits: list[RoundAudit]
    reserves: list[Reserve]
    excluded: list[LeftOut]


def round_page(reading: Reading, month: date) -> RoundPage:
    """The round of a month; NotFound if it was not drawn."""
    person, rules, rounds = reading.person, reading.rules, Rounds(reading.connection)
    attempts = rounds.attempts(month)
    if not attempts:
        raise not_drawn(month)
    row = attempts[-1]
    found = rounds.list_of(row.id)
    in_month = {h.reference: h.audit for h in rounds.audits_of(month)}
    of_draw = rounds.references_in([row.id])
    drawn = [audit for ref, audit in in_month.items() if ref in of_draw]
    due = distribute_by(month, rules)
    late = late_by(drawn, due, reading.today, rules.calendar)
    sees, names = may_see_rounds(person), names_for(person, found)
    return RoundPage(
        month=f"{month:%Y-%m}",
        attempt=row.attempt,
        as_at=row.as_at,
        seed=row.seed,
        drawn_by=row.drawn_by,
        drawn_at=row.drawn_at,
        listed=row.listed,
        pool=row.pool,
        pool_digest=row.pool_digest,
        list_digest=row.list_digest,
        distribute_by=due,
        behind_schedule=late > 0,
        late_by=late,
        waiting=sum(a.undistributed for a in drawn),
        strata=_strata(row, found),
        excluded_by_reason=by_reason(found),
        completion=_completion(found, drawn),
        attempts=[_attempt(r) for r in attempts],
        lists_shown=sees,
        audits=_audits(rounds, in_month, {r.id for r in attempts[:-1]}, person) if sees else [],
        reserves=_reserves(found, names) if sees else [],
        excluded=_left_out(found, names) if sees else [],
    )


#: In place of the reference of a restricted record.
HIDDEN = "(restricted)"


def names_for(person: Person, found: Sequence[RoundCase]) -> dict[int, str]:
    """Each case's reference, but for restricted records only to those cleared."""
    return {
        x.case_id: HIDDEN if x.restricted and not person.cleared else x.entry.reference
        for x in found
    }


def require_rounds(reading: Reading, what: str) -> None:
    """Refuse who may not see which cases were drawn."""
    says = "Which cases were drawn is for the QA Team to see. Ask them."
    reading.require(what, says, allowed=may_see_rounds(reading.person))


def not_drawn(month: date) -> NotFound:
    """What is said of a month without a draw."""
    return NotFound(
        f"{month:%Y-%m} was not drawn. Draw it: auditflow round draw --month {month:%Y-%m} --size N"
    )


def _strata(row: Any, found: Sequence[RoundCase]) -> list[dict[str, Any]]:
    told = figures((x.entry for x in found), json.loads(row.quotas), row.reserves)
    return [s.figures() for s in told]


def by_reason(found: Sequence[RoundCase]) -> dict[str, int]:
    """How many cases were left out, by reason."""
    return dict(Counter(Why(x.entry.reason).title for x in found if x.entry.result == "excluded"))


def _attempt(row: Any) -> Attempt:
    return Attempt(row.attempt, row.drawn_by, row.drawn_at, row.seed, row.pool_digest, row.again)


def late_by(audits: Iterable[Audit], due: date, today: date, calendar: Calendar) -> int:
    """
    Working days a round is late: until its last audit was distributed, or until `today`.

    A substitute is at short notice by nature and makes no round late.
    """
    last = [
        a.distributed_on or (today if a.undistributed else None)
        for a in audits
        if a.substitutes is None
    ]
    done = max((d for d in last if d), default=None)
    return calendar.working_days_late(due, done) if done else 0


def _completion(found: Sequence[RoundCase], audits: Sequence[Audit]) -> Completion:
    states = Counter(a.state for a in audits)
    drawn = sum(x.entry.result == "drawn" for x in found)
    substituted = sum(a.substitutes is not None for a in audits)
    return Completion(
        drawn=drawn,
        **{name: states[name] for name in states_that("audit", "set_aside")},
        substituted=substituted,
        held=sum(a.took_place for a in audits),
        to_hold=sum(not a.set_aside for a in audits),
    )


def _reserves(found: Sequence[RoundCase], names: Mapping[int, str]) -> list[Reserve]:
    return [
        Reserve(names[x.case_id], x.entry.stratum, x.entry.rank, x.audit)
        for x in found
        if x.entry.result == "reserve"
    ]


def _left_out(found: Sequence[RoundCase], names: Mapping[int, str]) -> list[LeftOut]:
    return [
        LeftOut(names[x.case_id], Why(x.entry.reason).title, x.entry.detail)
        for x in found
        if x.entry.result == "excluded"
    ]


def _audits(
    rounds: Rounds, audits: Mapping[str, Audit], before: set[int], person: Person
) -> list[RoundAudit]:
    """The month's audits but those of an earlier draw that were taken back."""
    others = {n for a in audits.values() for n in (a.substitutes, a.repeats) if n is not None}
    references = rounds.references(others)
    cases = rounds.cases({a.case for a in audits.values()})
    old = rounds.references_in(before)
    return [
        RoundAudit(
            audit=ref,
            case=cases[a.case].reference if may_know_of(person, a) else HIDDEN,
            stratum=a.stratum,
            team=a.team,
            state=a.state,
            kind=a.kind,
            auditor=a.auditor,
            short_notice=a.short_notice,
            instead_of=references.get(a.substitutes or 0, ""),
            repeats=references.get(a.repeats or 0, ""),
        )
        for ref, a in audits.items()
        if ref not in old
    ]
