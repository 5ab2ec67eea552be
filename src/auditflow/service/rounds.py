"""Drawing a month's cases (A1): checked, excluded with reasons, drawn, kept for good."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from msgspec.structs import replace

from auditflow.audits import Role
from auditflow.calendar import long_day, month_name
from auditflow.commands import DrawRound, may_do_office, validate_text
from auditflow.errors import BadInput, Forbidden, Refused
from auditflow.machines.duties import distribute_by
from auditflow.machines.transition import Event
from auditflow.persistence.register import LoadedAudit
from auditflow.sampling import (
    ALL,
    STRATA,
    CaseResult,
    Stratum,
    Why,
    draw_strata,
    exclusion,
    figures,
    list_digest,
    new_seed,
    pool_digest,
)
from auditflow.service.new_audits import Chosen, make_audits
from auditflow.service.pool import ListedCase, listed
from auditflow.service.unit_of_work import OfficeDone, UnitOfWork

#: The longest reason for leaving a case out; it stands on the list for good.
_LONGEST_REASON = 200


def title(month: date) -> str:
    """`March 2026`."""
    return f"{month_name(month)} {month.year}"


@dataclass(frozen=True)
class _Draw:
    """What was drawn of a list: what became of each of its cases, by which quotas and seed."""

    results: list[CaseResult]
    quotas: Mapping[str, int]
    reserves: int
    seed: str

    @property
    def drawn(self) -> list[CaseResult]:
        return [r for r in self.results if r.result == "drawn"]

    @property
    def excluded(self) -> list[CaseResult]:
        return [r for r in self.results if r.result == "excluded"]

    @property
    def strata(self) -> list[Stratum]:
        return figures(self.results, self.quotas, self.reserves)

    @property
    def proof(self) -> dict[str, Any]:
        """How many cases there were, and what proves which."""
        return {
            "listed": len(self.results),
            "pool": len(self.results) - len(self.excluded),
            "pool_digest": pool_digest(self.results),
            "list_digest": list_digest(self.results),
        }


def draw_round(unit: UnitOfWork, command: DrawRound) -> OfficeDone:
    """Draw the month's cases and make an audit of each."""
    month, as_at, quotas = command.month.replace(day=1), _as_at(unit), _quotas(command)
    _demand_manager(unit, command)
    attempt = _attempt(unit, command, month)
    found = listed(unit.office, unit.rounds, as_at)
    draw = _drawn(unit, command, found, quotas, as_at)
    round_id = unit.rounds.keep(
        {
            "month": month,
            "attempt": attempt,
            "again": command.again.strip(),
            "as_at": as_at,
            "seed": draw.seed,
            "reserves": command.reserves,
            **draw.proof,
            "drawn_by": unit.person,
            "drawn_at": unit.now,
        },
        quotas,
        {found[r.reference].row.id: r for r in draw.results},
    )
    chosen = [Chosen(found[r.reference].row, round_id, {"as_at": as_at}) for r in draw.drawn]
    made = make_audits(unit, month, "draw", chosen)
    told = {
        "as_at": str(as_at),
        **draw.proof,
        "quotas": quotas,
        "reserves": command.reserves,
        "drawn": [reference for reference, _ in made],
        "strata": [s.figures() for s in draw.strata],
        "excluded": dict(Counter(r.reason for r in draw.excluded)),
        "month": f"{month:%Y-%m}",
        "attempt": attempt,
        "seed": draw.seed,
    }
    unit.record_office(command.name, {**told, "round": round_id})
    says = f"{len(made)} of {told['pool']} cases drawn for {title(month)}."
    return OfficeDone(says, told, tuple(_warnings(unit, month, draw.strata)))


def _as_at(unit: UnitOfWork) -> date:
    as_at = unit.office.as_at()
    if as_at is None:
        raise Refused("There is no case list yet. Take one in: auditflow import FILE --as-at DATE")
    return as_at


def _quotas(command: DrawRound) -> dict[str, int]:
    if (command.size is None) == (not command.quotas):
        raise BadInput("Give either --size for all cases together or a --quota of each stratum.")
    if command.reserves < 0:
        raise BadInput(f"--reserves {command.reserves} is less than none. Give 0 or more.")
    if command.size is not None:
        if command.size < 1:
            raise BadInput(f"--size {command.size} draws nothing. Give how many cases to draw.")
        return {ALL: command.size}
    for stratum, quota in command.quotas.items():
        if stratum not in STRATA:
            known = ", ".join(STRATA)
            raise BadInput(f"--quota: “{stratum[:40]}” is no stratum. Give one of: {known}.")
        if quota < 1:
            raise BadInput(f"--quota {stratum}={quota} draws nothing. Give how many cases to draw.")
    return dict(command.quotas)


def _demand_manager(unit: UnitOfWork, command: DrawRound) -> None:
    """A case is left out by hand by the QA manager alone, with a reason that can be kept."""
    if command.exclude and not may_do_office(unit.register.person(unit.person), (Role.QA_MANAGER,)):
        message = (
            "Leaving a case out by hand is for the QA manager. Ask them to draw, or leave it in."
        )
        raise Forbidden(message, 0, unit.person, "exclude")
    for reference, reason in command.exclude.items():
        said = validate_text(reason, f"The reason for leaving out {reference[:60]}")
        if not said or len(said) > _LONGEST_REASON:
            raise BadInput(
                f"--exclude {reference[:60]}: say why in 1 to {_LONGEST_REASON} characters, "
                f"as in --exclude {reference[:60]}=REASON."
            )


# Drawing again.


def _attempt(unit: UnitOfWork, command: DrawRound, month: date) -> int:
    """Which draw of the month this is; the one before is taken back."""
    before = unit.rounds.latest(month)
    why = validate_text(command.again, "The reason for drawing again")
    if before is None and why:
        raise BadInput(f"{title(month)} was not drawn yet. Draw it without --again.")
    if before is not None and not why:
        raise Refused(
            f"{title(month)} was drawn already. While nothing of it is distributed it may be drawn "
            f"again with --again REASON. See it: auditflow round show {month:%Y-%m}"
        )
    if month <= unit.today.replace(day=1):
        raise BadInput(f"{title(month)} is not ahead. Draw a later month.")
    if before is None:
        return 1
    audits = unit.rounds.audits_in(before.id)
    gone = next(((h, on) for h in audits if (on := h.audit.distributed_on)), None)
    if gone:
        raise Refused(
            f"{title(month)} cannot be drawn again: {gone[0].reference} was distributed on "
            f"{long_day(gone[1])}. A case that cannot be audited is withdrawn; a reserve takes its "
            "place."
        )
    _take_back(unit, [h for h in audits if h.audit.undistributed], why)
    return int(before.attempt) + 1


def _take_back(unit: UnitOfWork, audits: Iterable[LoadedAudit], why: str) -> None:
    """Withdraw what the draw before chose; its list and its audits stay to be seen."""
    for loaded in audits:
        step = unit.load(loaded)
        reason = unit.keep_text(step, f"Drawn again: {why}")
        unit.record(step, replace(step.audit, reason=reason), (Event("audit", 0, "withdraw"),))
    unit.write()  # The cases they were of are on the list again.


# The list.


def _drawn(
    unit: UnitOfWork,
    command: DrawRound,
    found: Mapping[str, ListedCase],
    quotas: Mapping[str, int],
    as_at: date,
) -> _Draw:
    """What becomes of each case of the list."""
    unknown = [r for r in command.exclude if r not in found]
    if unknown:
        raise BadInput(
            f"--exclude: there is no case “{unknown[0][:60]}” on the list as at {as_at}. "
            "Give its reference as the list does."
        )
    excluded, pool = [], {}
    for reference, case in found.items():
        by_hand = command.exclude.get(reference, "").strip()
        left_out = exclusion(case.candidate, as_at, unit.rules.policy, by_hand)
        stratum = case.row.stratum if command.quotas else ALL
        if left_out is None:
            pool[reference] = stratum
        else:
            why = left_out.why.value, left_out.detail
            excluded.append(CaseResult(reference, stratum, "excluded", 0, *why))
    if command.size is not None and command.size > len(pool):
        raise BadInput(
            f"--size {command.size} is more than the pool holds: {len(pool)} of {len(found)} cases "
            f"may be drawn{_counted(excluded)}. Give a smaller size."
        )
    seed = validate_text(command.seed, "--seed") or new_seed()
    results = draw_strata(pool, quotas, command.reserves, seed) + excluded
    draw = _Draw(results, quotas, command.reserves, seed)
    if not draw.drawn:
        raise Refused(
            f"Nothing can be drawn: no case of the list as at {as_at} is left in these strata"
            f"{_counted(excluded)}. Take in a newer list, or give other quotas."
        )
    return draw


def _counted(excluded: Iterable[CaseResult]) -> str:
    """`; 2 closed, 1 restricted …`."""
    counts = Counter(Why(e.reason).title for e in excluded)
    return "; " + ", ".join(f"{n} {why}" for why, n in counts.items()) if counts else ""


def _warnings(unit: UnitOfWork, month: date, strata: Iterable[Stratum]) -> Iterator[str]:
    by = distribute_by(month, unit.rules)
    if unit.today > by:
        yield f"{title(month)} is behind schedule: it was to be distributed by {long_day(by)}."
    for stratum in strata:
        name = stratum.name.replace("_", " ")
        if stratum.short:
            yield (
                f"{name}: {stratum.drawn} drawn of the {stratum.quota} asked for; the pool holds "
                "no more, and nothing was put in their place."
            )
        if stratum.reserves_short:
            asked = stratum.reserves_asked
            yield f"{name}: {stratum.reserves} of {asked} reserves; no more are left."
