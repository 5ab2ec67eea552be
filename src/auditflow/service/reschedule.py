"""The deadlines that a new holiday or a new limit moves (TR9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from auditflow.audits import Audit, OpenDuty
from auditflow.machines.duties import Rules
from auditflow.machines.transition import Attribution, recompute_deadlines
from auditflow.notices import notices_of
from auditflow.persistence.register import AuditStep, Versions
from auditflow.service.redaction import not_shown, sees
from auditflow.service.unit_of_work import Desk


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


def move_deadlines(desk: Desk, rules: Rules, versions: Versions, *, dry_run: bool = False) -> Moved:
    """Move each deadline that the new rules move, with a journal line on its audit (TR9).

    With `dry_run` they are only listed.
    """
    moved, steps = Moved(), list[AuditStep]()
    attribution = Attribution(desk.now, desk.now, desk.person)
    for held in desk.register.with_open_duties():
        result = recompute_deadlines(held.audit, attribution, rules)
        if result is None:
            continue
        audit, outcome, changes = result
        # When the clock reminds of it is not the deadline itself.
        later = any(old.overdue_from != new.overdue_from for old, new in changes)
        notices = notices_of(outcome, rules) if later else []
        steps.append(AuditStep(held, audit, (outcome,), notices))
        found = [_moved(held.reference, old, new, desk.now) for old, new in changes]
        moved.all += found
        if sees(desk, held.audit):
            moved.shown += found
        else:
            moved.hidden.append(held.audit)
    if not dry_run:
        desk.register.record(steps, versions)
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
