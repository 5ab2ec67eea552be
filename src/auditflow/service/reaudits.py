"""Re-audits (A25): each made once, one month before the month it falls due in (7.4, TR5)."""

from dataclasses import dataclass, field
from datetime import date

from auditflow.errors import AuditflowError
from auditflow.machines.duties import distribute_by
from auditflow.machines.transition import Outcome
from auditflow.service.new_audits import Chosen, make_audits
from auditflow.service.unit_of_work import UnitOfWork


@dataclass
class Waiting:
    """The audits whose re-audit is to be made now, and those of which that cannot be told."""

    ids: list[int] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def waiting(unit: UnitOfWork) -> Waiting:
    """The audits that are to be repeated by now; what cannot be told is told as failed."""
    found = Waiting()
    for audit_id, due in unit.register.to_repeat().items():
        try:
            if _has_come(due, unit):
                found.ids.append(audit_id)
        except AuditflowError as error:
            found.failed[f"#{audit_id}"] = str(error)
    return found


def make_reaudit(unit: UnitOfWork, audit_id: int) -> list[tuple[str, Outcome]]:
    """Make the re-audit of this one; nothing where another made it, or it was dropped, meanwhile.

    Nobody else writes now (`Mode.WHOLE`); whoever waited for that finds the re-audit made.
    """
    for loaded in unit.register.load([audit_id]):
        due = unit.register.to_repeat().get(audit_id)
        if due is not None and _has_come(due, unit):
            case = unit.rounds.cases([loaded.audit.case])[loaded.audit.case]
            chosen = [Chosen(case, None, {"kind": "reaudit", "repeats": audit_id})]
            made = make_audits(unit, due.replace(day=1), "draw_reaudit", chosen)
            return [(reference, outcomes[0]) for reference, outcomes in made]
    return []


def _has_come(due: date, unit: UnitOfWork) -> bool:
    return distribute_by(due.replace(day=1), unit.rules) <= unit.today
