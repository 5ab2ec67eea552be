"""What the sender of a case list should know: who is on no list, and what became restricted."""

from collections.abc import Iterable, Iterator, Sequence

from auditflow.commands.office import Case
from auditflow.service.new_audits import here, manager_of, worker_of
from auditflow.service.unit_of_work import UnitOfWork

#: So many are named; of more only how many.
_NAMED = 5


def doubts(unit: UnitOfWork, cases: Sequence[Case]) -> Iterator[str]:
    """Warnings, in sentences that say what to do."""
    people = here(unit.office)
    open_cases = [c for c in cases if c.stratum != "closed"]
    teams = {c.team for c in open_cases if manager_of(c.team, people) is None}
    if teams:
        yield (
            f"No responsible manager is on the people list for {_some(teams)}: nobody would owe "
            "supervision and immediate actions there. Add them: auditflow people import"
        )
    unknown = {c.worker for c in open_cases if c.worker and worker_of(c, people) is None}
    if unknown:
        yield (
            f"Not on the people list: {_some(unknown)}. Their cases have no key worker until one "
            "is named in booking. Add them: auditflow people import"
        )
    yield from _restricted_meanwhile(unit, {c.reference for c in cases if c.restricted})


def _restricted_meanwhile(unit: UnitOfWork, restricted: set[str]) -> Iterator[str]:
    """Live audits begun before their record was restricted: what they show stays as it was."""
    listed = unit.rounds.cases_named(restricted)
    known = ((reference, a) for reference, a in unit.rounds.past() if a.case in listed)
    live = [reference for reference, audit in known if not audit.where.ended]
    open_to_all = [r for r in live if not _known_restricted(unit, r)]
    if open_to_all:
        yield (
            f"Restricted now, and audited already without being so: {_some(open_to_all)}. "
            "Withdraw or void these audits, or see to it that only cleared people work on them."
        )


def _known_restricted(unit: UnitOfWork, reference: str) -> bool:
    loaded, *_ = unit.register.open(reference, "")
    return loaded is not None and loaded.audit.restricted


def _some(names: Iterable[str]) -> str:
    listed = sorted(names)
    more = len(listed) - _NAMED
    return ", ".join(listed[:_NAMED]) + (f" and {more} more" if more > 0 else "")
