"""Commands about the office: people, case lists, the draw of a round, the calendar."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from auditflow.audits import Audit, Person, Role
from auditflow.calendar import london_date, month_name, number_of
from auditflow.commands import (
    AppointDeputy,
    Correct,
    DrawRound,
    HandOver,
    ImportCalendar,
    ImportCases,
    ImportPeople,
    Leave,
    Return,
    SetPolicy,
)
from auditflow.commands.office import OfficeCommand
from auditflow.errors import BadInput, Refused
from auditflow.machines.owing import World
from auditflow.machines.process import Act, Stamp, step
from auditflow.notices import notices_of
from auditflow.persistence.register import Held, Recorded, Versions
from auditflow.persistence.store import Store
from auditflow.sampling import digest, draw, new_seed
from auditflow.service.correcting import correct
from auditflow.service.desk import Desk, Settled, at_desk
from auditflow.service.moving import rederive
from auditflow.service.policies import set_policy
from auditflow.service.staffing import appoint_deputy, hand_over, import_people, leave, return_
from auditflow.service.world import Worlds, calendar_of


def do_office(
    store: Store, worlds: Worlds, command: OfficeCommand, who: str, now: datetime
) -> Settled:
    """Carry out one command about the office, in one transaction."""
    with at_desk(store, worlds, command, who, now) as desk:
        return _HANDLERS[type(command)](desk, command)


def _cases(desk: Desk, command: ImportCases) -> Settled:
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
    return Settled(f"{taken} taken in, {open_cases} of them open.", figures)


def _draw(desk: Desk, command: DrawRound) -> Settled:
    month = command.month.replace(day=1)
    as_at = desk.office.as_at()
    if as_at is None:
        raise Refused("There is no case list yet. Take one in: auditflow import FILE --as-at DATE")
    if desk.office.round_of(month) is not None:
        raise Refused(
            f"{_title(month)} was drawn already. See it: auditflow round show {month:%Y-%m}"
        )
    if month <= london_date(desk.now).replace(day=1):
        raise BadInput(f"{_title(month)} is not ahead. Draw a later month.")
    rows = {r.reference: r for r in desk.office.pool(as_at)}
    if command.size < 1:
        raise BadInput(f"--size {command.size} draws nothing. Give how many cases to draw.")
    if command.size > len(rows):
        raise BadInput(
            f"--size {command.size} is more than the pool holds: "
            f"{len(rows)} cases are open and not in a live audit."
        )
    seed = command.seed or new_seed()
    drawn = draw(rows, seed, command.size)
    round_id = desk.office.keep_round(
        month=month,
        as_at=as_at,
        seed=seed,
        size=command.size,
        pool=len(rows),
        pool_digest=digest(rows),
        drawn_by=desk.person,
        drawn_at=desk.now,
    )
    _make_audits(desk, [rows[r] for r in drawn], round_id, month, as_at)
    figures = {
        "month": f"{month:%Y-%m}",
        "pool": len(rows),
        "pool_digest": digest(rows),
        "seed": seed,
        "drawn": [f"{month:%Y-%m}-{i:03d}" for i in range(1, len(drawn) + 1)],
    }
    desk.office.write(
        "draw_round", desk.person, desk.now, {"changed": {**figures, "round": round_id}}
    )
    return Settled(f"{len(drawn)} of {len(rows)} cases drawn for {_title(month)}.", figures)


def _title(month: date) -> str:
    return f"{month_name(month)} {month.year}"


def _make_audits(desk: Desk, rows: list[Any], round_id: int, month: date, as_at: date) -> None:
    people = [p for p in desk.office.people() if p.left_on is None]
    first = desk.office.next_audit()
    stamp = Stamp(desk.now, desk.now, desk.person)
    new = []
    for i, row in enumerate(rows):
        start = _not_drawn(first + i, row, people, month)
        noted = replace(start, as_at=as_at, drawn_on=stamp.today)
        audit, outcomes = step(None, noted, (Act("audit", 0, "draw"),), stamp, desk.world)
        held = Held(start, f"{month:%Y-%m}-{i + 1:03d}", "")
        notices = [n for o in outcomes for n in notices_of(o, desk.world)]
        new.append((Recorded(held, audit, outcomes, notices), round_id, row.id))
    desk.register.draw(new, desk.versions)


def _not_drawn(audit_id: int, row: Any, people: list[Person], month: date) -> Audit:
    manager = next(
        (p for p in people if p.team == row.team and Role.RESPONSIBLE_MANAGER in p.roles), None
    )
    wanted = row.worker.casefold()
    worker = next(
        (p for p in people if wanted and wanted in (p.id.casefold(), p.name.casefold())), None
    )
    return Audit(
        id=audit_id,
        case=row.id,
        kind="random",
        month=month,
        hold_by=month.replace(day=monthrange(month.year, month.month)[1]),
        stratum=row.stratum,
        team=row.team,
        service=row.service or (manager.service if manager else ""),
        restricted=bool(row.restricted),
        key_worker=worker.id if worker else "",
        responsible_manager=manager.id if manager else "",
        case_line=(manager.id, *manager.line) if manager else (),
    )


def _calendar(desk: Desk, command: ImportCalendar) -> Settled:
    """Add the days, then work out anew each deadline that stands and was not missed (TR9)."""
    desk.office.add_holidays(command.days, command.through, command.source, desk.now)
    world = World(calendar_of(desk.office, desk.world.policy), desk.world.policy)
    versions = Versions(desk.versions.policy, desk.versions.calendar + 1)
    moved = rederive(desk, world, versions)
    figures = {
        "added": {d.isoformat(): t for d, t in command.days.items()},
        "moved": moved,
        "through": world.calendar.last.isoformat(),
    }
    desk.office.write(
        "import_calendar", desk.person, desk.now, {"changed": {**figures, "source": command.source}}
    )
    says = f"{len(command.days)} days added from {command.source}; {len(moved)} deadlines moved."
    return Settled(says, figures)


_HANDLERS: dict[type, Callable[[Desk, Any], Settled]] = {
    ImportPeople: import_people,
    AppointDeputy: appoint_deputy,
    Leave: leave,
    Return: return_,
    HandOver: hand_over,
    ImportCases: _cases,
    DrawRound: _draw,
    ImportCalendar: _calendar,
    SetPolicy: set_policy,
    Correct: correct,
}
