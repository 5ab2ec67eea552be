"""`do` for the office: one command about it, by whoever holds a post that may send it."""

from collections.abc import Callable
from typing import Any

from auditflow.calendar import number_of
from auditflow.commands import (
    AppointDeputy,
    Correct,
    DrawRound,
    HandOver,
    ImportCalendar,
    ImportCases,
    ImportPeople,
    Leave,
    ReleaseNotices,
    Return,
    SetPolicy,
    may_do_office,
    require_text,
)
from auditflow.commands.office import OfficeCommand
from auditflow.errors import BadInput, Forbidden, Refused
from auditflow.persistence.actors import authenticate
from auditflow.sampling import digest
from auditflow.service.correcting import correct
from auditflow.service.import_warnings import doubts
from auditflow.service.people import appoint_deputy, hand_over, import_people, leave, return_
from auditflow.service.reschedule import import_calendar, set_policy
from auditflow.service.rounds import draw_round
from auditflow.service.unit_of_work import OfficeDone, UnitOfWork


def do_office(unit: UnitOfWork, command: OfficeCommand) -> OfficeDone:
    """Carry out one command about the office, for a person who may send it."""
    # Somebody must be the first; the list says who.
    if not isinstance(command, ImportPeople) or unit.office.people():
        person = authenticate(unit.asker, unit.person, command.name, unit.today)
        if not may_do_office(person, command.by):
            wanted = " or ".join(r.title for r in command.by)
            message = f"That is for: {wanted}. {person.name} is none of these."
            raise Forbidden(message, 0, person.id, command.name)
    return _HANDLERS[type(command)](unit, command)


def _cases(unit: UnitOfWork, command: ImportCases) -> OfficeDone:
    newest = unit.office.as_at()
    if command.as_at > unit.today:
        raise BadInput(f"--as-at {command.as_at} is in the future. Give the day the list was made.")
    if newest is not None and command.as_at < newest:
        raise BadInput(f"--as-at {command.as_at} is older than the list already here ({newest}).")
    unit.office.keep_cases(command.cases, command.as_at)
    open_cases = sum(c.stratum != "closed" for c in command.cases)
    figures = {"cases": len(command.cases), "open": open_cases, "as_at": command.as_at.isoformat()}
    proof = digest(c.reference for c in command.cases)
    unit.record_office(command.name, {**figures, "digest": proof})
    taken = number_of(len(command.cases), "case")
    restricted = sum(c.restricted for c in command.cases)
    says = f"{taken} taken in, {open_cases} of them open, {restricted} restricted."
    return OfficeDone(says, figures, tuple(doubts(unit, command.cases)))


def _release_notices(unit: UnitOfWork, command: ReleaseNotices) -> OfficeDone:
    """Let what waits be sent from now on; Refused where nothing is held back."""
    reason = require_text(command.reason, "The reason", "Say in a sentence why they may go.")
    back, waiting = unit.office.notices()
    if not back:
        raise Refused("No notices are held back. Nothing was changed.")
    unit.office.keep_notices_back(back=False)
    figures = {"waiting": waiting}
    unit.record_office(command.name, {**figures, "reason": reason})
    waited = number_of(waiting, "notice")
    return OfficeDone(f"Notices are held back no longer; {waited} waited.", figures)


_HANDLERS: dict[type, Callable[[UnitOfWork, Any], OfficeDone]] = {
    ImportPeople: import_people,
    AppointDeputy: appoint_deputy,
    Leave: leave,
    Return: return_,
    HandOver: hand_over,
    ImportCases: _cases,
    DrawRound: draw_round,
    ImportCalendar: import_calendar,
    SetPolicy: set_policy,
    Correct: correct,
    ReleaseNotices: _release_notices,
}
