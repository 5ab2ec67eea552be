"""The deadlines that a new holiday or a new limit moves (TR9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from auditflow.audits import Owed
from auditflow.machines.owing import World
from auditflow.machines.process import Stamp, rederived
from auditflow.notices import notices_of
from auditflow.persistence.register import Recorded, Versions
from auditflow.service.desk import Desk


def rederive(
    desk: Desk, world: World, versions: Versions, *, dry_run: bool = False
) -> list[dict[str, Any]]:
    """Move each deadline that the new world moves, with a journal line on its audit (TR9).

    With `dry_run` they are only listed.
    """
    moved: list[dict[str, Any]] = []
    steps: list[Recorded] = []
    stamp = Stamp(desk.now, desk.now, desk.person)
    for held in desk.register.with_open_duties():
        result = rederived(held.audit, stamp, world)
        if result is None:
            continue
        audit, outcome, changes = result
        # When the clock reminds of it is not the deadline itself.
        later = any(old.overdue_from != new.overdue_from for old, new in changes)
        notices = notices_of(outcome, world) if later else []
        steps.append(Recorded(held, audit, (outcome,), notices))
        moved += [_moved(held.reference, old, new, desk.now) for old, new in changes]
    if not dry_run:
        desk.register.record(steps, versions)
    return moved


def _moved(reference: str, old: Owed, new: Owed, now: datetime) -> dict[str, Any]:
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
