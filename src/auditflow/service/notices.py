"""Notices that a restore held back, let go again by a person's decision."""

from __future__ import annotations

from auditflow.calendar import number_of
from auditflow.commands import ReleaseNotices, validate_text
from auditflow.errors import BadInput, Refused
from auditflow.service.unit_of_work import OfficeDone, UnitOfWork


def release_notices(unit: UnitOfWork, command: ReleaseNotices) -> OfficeDone:
    """Let what waits be sent from now on; Refused where nothing is held back."""
    reason = validate_text(command.reason, "The reason")
    if not reason:
        raise BadInput("The reason is empty. Say in a sentence why they may go.")
    back, waiting = unit.office.notices()
    if not back:
        raise Refused("No notices are held back. Nothing was changed.")
    unit.office.keep_notices_back(back=False)
    figures = {"waiting": waiting}
    said = {"changed": {**figures, "reason": reason}}
    unit.office.write("release_notices", unit.person, unit.now, said)
    return OfficeDone(f"Notices go out again; {number_of(waiting, 'notice')} waited.", figures)
