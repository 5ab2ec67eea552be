"""Audits that were not there before: drawn, in another's place, or repeating an earlier one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from msgspec.structs import replace

from auditflow.audits import Audit, Person, Role, initial
from auditflow.commands.scheduling import month_end
from auditflow.machines.transition import Outcome
from auditflow.persistence.office import Office
from auditflow.service.unit_of_work import NewAudit, UnitOfWork


@dataclass(frozen=True)
class Chosen:
    """A case that is to be audited, with the facts that say how it came to be."""

    case: Any
    round_id: int | None
    facts: Mapping[str, Any] = field(default_factory=dict)


def make_audits(
    unit: UnitOfWork, month: date, event: str, chosen: Sequence[Chosen]
) -> list[tuple[str, tuple[Outcome, ...]]]:
    """Make an audit of each case for this month; their references, and what happened."""
    people = here(unit.office)
    number, place = unit.rounds.next_audit(), unit.rounds.next_of(month)
    new = []
    for i, one in enumerate(chosen):
        begins = _unborn(number + i, one.case, people, month)
        facts = replace(begins, drawn_on=unit.today, **one.facts)
        reference = f"{month:%Y-%m}-{place + i:03d}"
        new.append(NewAudit(reference, begins, facts, one.round_id, one.case.id))
    made = unit.record_new(new, event)
    return [(step.loaded.reference, step.outcomes) for step in made]


def here(office: Office) -> list[Person]:
    """Everybody who has not left."""
    return [p for p in office.people() if p.left_on is None]


def manager_of(team: str, people: Sequence[Person]) -> Person | None:
    """The responsible manager of a team."""
    return next((p for p in people if p.team == team and Role.RESPONSIBLE_MANAGER in p.roles), None)


def worker_of(case: Any, people: Sequence[Person]) -> Person | None:
    """The case's worker, whether the list gives an id or a name."""
    wanted = case.worker.casefold()
    same = (p for p in people if wanted and wanted in (p.id.casefold(), p.name.casefold()))
    return next(same, None)


def line_of(manager: Person | None) -> tuple[str, ...]:
    """The responsible manager and the managers above."""
    return (manager.id, *manager.line) if manager else ()


def _unborn(number: int, case: Any, people: Sequence[Person], month: date) -> Audit:
    manager, worker = manager_of(case.team, people), worker_of(case, people)
    return Audit(
        id=number,
        case=case.id,
        kind="random",
        month=month,
        hold_by=month_end(month),
        stratum=case.stratum,
        team=case.team,
        state=initial("audit"),
        service=case.service or (manager.service if manager else ""),
        restricted=bool(case.restricted),
        key_worker=worker.id if worker else "",
        responsible_manager=manager.id if manager else "",
        case_line=line_of(manager),
    )
