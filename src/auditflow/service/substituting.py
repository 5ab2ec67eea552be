"""A reserve of the same stratum takes the place of an audit that is withdrawn (A24)."""

from dataclasses import dataclass

from auditflow.audits import Audit
from auditflow.errors import Refused
from auditflow.persistence.rounds import RoundCase
from auditflow.sampling import Why, exclusion
from auditflow.service.new_audits import Chosen, make_audits
from auditflow.service.pool import listed
from auditflow.service.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Substitute:
    """The audit that takes the place, if any, and what the sender should know."""

    reference: str = ""
    warnings: tuple[str, ...] = ()


def substitute(unit: UnitOfWork, withdrawn: Audit, *, wanted: bool) -> Substitute:
    """Make an audit of the next reserve that may still be audited; Refused where none is left.

    An audit that no draw chose (a re-audit) has no reserves and leaves no gap in the sample.
    """
    place = unit.rounds.place(withdrawn.id)
    if place.round_id is None:
        return Substitute()
    if not wanted:
        return Substitute(warnings=("No reserve takes its place; the round is one audit short.",))
    reserve = ("reserve", place.stratum, "")
    listed_then = unit.rounds.list_of(place.round_id)
    waiting = [c for c in listed_then if (c.entry.result, c.entry.stratum, c.audit) == reserve]
    fit, passed_over = _first_fit(unit, waiting)
    if fit is None:
        raise Refused(_none_left(place.stratum, passed_over))
    case = unit.rounds.cases([fit.case_id])[fit.case_id]
    facts = {"as_at": place.as_at, "substitutes": withdrawn.id, "short_notice": True}
    chosen = Chosen(case, place.round_id, facts)
    ((reference, _),) = make_audits(unit, withdrawn.month, "draw", [chosen])
    says = (
        f"{reference} takes its place at short notice (reserve {fit.entry.rank} of its stratum). "
        f"Next: auditflow audit distribute {reference} --auditor PERSON"
    )
    return Substitute(reference, (*passed_over, says))


def _first_fit(
    unit: UnitOfWork, waiting: list[RoundCase]
) -> tuple[RoundCase | None, tuple[str, ...]]:
    """The first reserve in rank that the newest list still allows, and who was passed over."""
    as_at = unit.office.as_at()
    assert as_at is not None
    cases = listed(unit.office, unit.rounds, as_at)
    passed_over = []
    for found in waiting:
        reference = found.entry.reference
        now = cases.get(reference)
        if now is None:
            passed_over.append(f"Reserve {reference} is not on the newest case list.")
            continue
        left_out = exclusion(now.candidate, as_at, unit.rules.policy)
        if left_out is None:
            return found, tuple(passed_over)
        passed_over.append(f"Reserve {reference} was passed over: {Why(left_out.why).title}.")
    return None, tuple(passed_over)


def _none_left(stratum: str, passed_over: tuple[str, ...]) -> str:
    name = stratum.replace("_", " ")
    which = "no reserve is left" if name == "all" else f"no reserve of its stratum ({name}) is left"
    said = f"It is not withdrawn: {which} to take its place."
    instead = "To leave the round one audit short, add --without-substitute."
    return " ".join((said, *passed_over, instead))
