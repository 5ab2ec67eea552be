"""Commands about the office: people, case lists, the draw of a round, the calendar."""

from __future__ import annotations

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
)
from auditflow.commands.office import OfficeCommand
from auditflow.errors import BadInput
from auditflow.machines.duties import Rules
from auditflow.persistence.register import Versions
from auditflow.sampling import digest
from auditflow.service.authorization import Forbidden, authenticate
from auditflow.service.correcting import correct
from auditflow.service.import_warnings import doubts
from auditflow.service.notices import release_notices
from auditflow.service.people import appoint_deputy, hand_over, import_people, leave, return_
from auditflow.service.policies import set_policy
from auditflow.service.reschedule import move_deadlines
from auditflow.service.rounds import draw_round
from auditflow.service.rules import calendar_of
from auditflow.service.unit_of_work import OfficeDone, UnitOfWork


def do_office(unit: UnitOfWork, command: OfficeCommand) -> OfficeDone:
    """Carry out one command about the office, for a person who may send it."""
    _demand_post(unit, command)
    return _HANDLERS[type(command)](unit, command)


def _demand_post(unit: UnitOfWork, command: OfficeCommand) -> None:
    if isinstance(command, ImportPeople) and not unit.office.people():
        return  # Somebody must be the first; the list says who.
    person = authenticate(unit.asker, unit.person, command.name, unit.today)
    if not may_do_office(person, command.by):
        wanted = " or ".join(r.title for r in command.by)
        message = f"That is for: {wanted}. {person.name} is none of these."
        raise Forbidden(message, 0, person.id, command.name)


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
    unit.office.write(
        "import_cases", unit.person, unit.now, {"changed": {**figures, "digest": proof}}
    )
    taken = number_of(len(command.cases), "case")
    restricted = sum(c.restricted for c in command.cases)
    says = f"{taken} taken in, {open_cases} of them open, {restricted} restricted."
    return OfficeDone(says, figures, tuple(doubts(unit, command.cases)))


def _calendar(unit: UnitOfWork, command: ImportCalendar) -> OfficeDone:
    """Add the days, then work out anew each deadline that stands and was not missed (TR9)."""
    unit.office.add_holidays(command.days, command.through, command.source, unit.now)
    rules = Rules(calendar_of(unit.office, unit.rules.policy), unit.rules.policy)
    unit.go_by(rules, Versions(unit.versions.policy, unit.versions.calendar + 1))
    moved = move_deadlines(unit)
    figures = {
        "added": {d.isoformat(): t for d, t in command.days.items()},
        "through": rules.calendar.last.isoformat(),
    }
    said = {**figures, "moved": moved.all, "source": command.source}
    unit.office.write("import_calendar", unit.person, unit.now, {"changed": said})
    added, deadlines = number_of(len(command.days), "day"), number_of(len(moved.all), "deadline")
    says = f"{added} added from {command.source}; {deadlines} moved."
    return OfficeDone(says, {**figures, **moved.told})


_HANDLERS: dict[type, Callable[[UnitOfWork, Any], OfficeDone]] = {
    ImportPeople: import_people,
    AppointDeputy: appoint_deputy,
    Leave: leave,
    Return: return_,
    HandOver: hand_over,
    ImportCases: _cases,
    DrawRound: draw_round,
    ImportCalendar: _calendar,
    SetPolicy: set_policy,
    Correct: correct,
    ReleaseNotices: release_notices,
}
