"""The deadlines that a new holiday or a new limit moves (TR9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from auditflow.audits import Audit, OpenDuty
from auditflow.service.redaction import not_shown, sees
from auditflow.service.unit_of_work import UnitOfWork


@dataclass
class Moved:
    """The deadlines that moved, and those of them that who asks is told of one by one."""

    all: list[dict[str, Any]] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)
    #: The audits whose deadlines moved, but that are not theirs to see.
    hidden: list[Audit] = field(default_factory=list)

    @property
    def told(self) -> dict[str, Any]:
        """What is told of them."""
        return {"moved": self.shown, "not_shown": not_shown(self.hidden)}


def move_deadlines(unit: UnitOfWork, *, dry_run: bool = False) -> Moved:
    """Move each deadline that the rules now move, with a journal line on its audit (TR9).

    With `dry_run` they are only listed.
    """
    moved = Moved()
    for loaded in unit.register.with_open_duties():
        changes = unit.record_deadlines(loaded, dry_run=dry_run)
        if not changes:
            continue
        found = [_moved(loaded.reference, old, new, unit.now) for old, new in changes]
        moved.all += found
        if sees(unit, loaded.audit):
            moved.shown += found
        else:
            moved.hidden.append(loaded.audit)
    return moved


def _moved(reference: str, old: OpenDuty, new: OpenDuty, now: datetime) -> dict[str, Any]:
    return {
        "audit": reference,
        "duty": old.duty,
        "subject": old.subject,
        "from": old.due.isoformat(),
        "to": new.due.isoformat(),
        "late_from": new.overdue_from.isoformat(),
        "noticed_from": new.raise_from.isoformat(),
        "late_at_once": new.overdue_from <= now,
    }
