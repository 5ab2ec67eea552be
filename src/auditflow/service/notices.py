"""Notices that a restore held back, let go again by a person's decision."""

from __future__ import annotations

from auditflow.calendar import number_of
from auditflow.commands import ReleaseNotices, validate_text
from auditflow.errors import BadInput, Refused
from auditflow.service.unit_of_work import Desk, OfficeDone


def release_notices(desk: Desk, command: ReleaseNotices) -> OfficeDone:
    """Let what waits be sent from now on; Refused where nothing is held back."""
    reason = validate_text(command.reason, "The reason")
    if not reason:
        raise BadInput("The reason is empty. Say in a sentence why they may go.")
    held, waiting = desk.office.notices()
    if not held:
        raise Refused("No notices are held back. Nothing was changed.")
    desk.office.hold_notices(held=False)
    figures = {"waiting": waiting}
    said = {"changed": {**figures, "reason": reason}}
    desk.office.write("release_notices", desk.person, desk.now, said)
    return OfficeDone(f"Notices go out again; {number_of(waiting, 'notice')} waited.", figures)
