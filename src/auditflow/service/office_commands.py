"""Commands about the office: people, case lists, the draw of a round, the calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from auditflow.calendar import london_date, number_of
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
)
from auditflow.commands.office import OfficeCommand
from auditflow.errors import BadInput
from auditflow.machines.duties import Rules
from auditflow.persistence.register import Versions
from auditflow.persistence.rules import RulesCache, calendar_of
from auditflow.persistence.store import Store
from auditflow.sampling import digest
from auditflow.service.correcting import correct
from auditflow.service.import_warnings import doubts
from auditflow.service.notices import release_notices
from auditflow.service.people import appoint_deputy, hand_over, import_people, leave, return_
from auditflow.service.policies import set_policy
from auditflow.service.reschedule import move_deadlines
from auditflow.service.rounds import draw_round
from auditflow.service.unit_of_work import Desk, OfficeDone, at_desk


def do_office(
    store: Store, rules_cache: RulesCache, command: OfficeCommand, who: str, now: datetime
) -> OfficeDone:
    """Carry out one command about the office, in one transaction."""
    handle = _HANDLERS[type(command)]
    return at_desk(store, rules_cache, command, who, now, lambda desk: handle(desk, command))


def _cases(desk: Desk, command: ImportCases) -> OfficeDone:
    newest = desk.office.as_at()
    if command.as_at > london_date(desk.now):
        raise BadInput(f"--as-at {command.as_at} is in the future. Give the day the list was made.")
    if newest is not None and command.as_at < newest:
        raise BadInput(f"--as-at {command.as_at} is older than the list already here ({newest}).")
    desk.office.keep_cases(command.cases, command.as_at)
    open_cases = sum(c.stratum != "closed" for c in command.cases)
    figures = {"cases": len(command.cases), "open": open_cases, "as_at": command.as_at.isoformat()}
    proof = digest(c.reference for c in command.cases)
    desk.office.write(
        "import_cases", desk.person, desk.now, {"changed": {**figures, "digest": proof}}
    )
    taken = number_of(len(command.cases), "case")
    restricted = sum(c.restricted for c in command.cases)
    says = f"{taken} taken in, {open_cases} of them open, {restricted} restricted."
    return OfficeDone(says, figures, tuple(doubts(desk, command.cases)))


def _calendar(desk: Desk, command: ImportCalendar) -> OfficeDone:
    """Add the days, then work out anew each deadline that stands and was not missed (TR9)."""
    desk.office.add_holidays(command.days, command.through, command.source, desk.now)
    rules = Rules(calendar_of(desk.office, desk.rules.policy), desk.rules.policy)
    versions = Versions(desk.versions.policy, desk.versions.calendar + 1)
    moved = move_deadlines(desk, rules, versions)
    figures = {
        "added": {d.isoformat(): t for d, t in command.days.items()},
        "through": rules.calendar.last.isoformat(),
    }
    said = {**figures, "moved": moved.all, "source": command.source}
    desk.office.write("import_calendar", desk.person, desk.now, {"changed": said})
    added, deadlines = number_of(len(command.days), "day"), number_of(len(moved.all), "deadline")
    says = f"{added} added from {command.source}; {deadlines} moved."
    return OfficeDone(says, {**figures, **moved.told})


_HANDLERS: dict[type, Callable[[Desk, Any], OfficeDone]] = {
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
