"""Where each audit sits: one glance over all of them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select, text

from auditflow.audits.states import state_of
from auditflow.calendar import overdue_from
from auditflow.commands import COUNTS_ALL, only_figures
from auditflow.machines.audit import AuditProcess
from auditflow.persistence import tables
from auditflow.policy import Policy
from auditflow.queries.reading import Reading
from auditflow.queries.suppression import Figure, masked, total
from auditflow.queries.visibility import LIVE, counted


class Place(msgspec.Struct, frozen=True):
    """One state with its figures."""

    state: str
    title: str
    holder: str
    #: Whether the work is not over here.
    live: bool
    audits: Figure
    #: Of these, how many have something overdue; and how many of the others something due soon.
    overdue: Figure
    due_soon: Figure


class Standing(msgspec.Struct, frozen=True):
    """Open escalations of one trigger at one level."""

    level: str
    #: Who answers there, in the council's words.
    title: str
    trigger: str
    escalations: Figure
    #: None where there are so few that it could tell which it is.
    oldest: date | None


class Totals(msgspec.Struct, frozen=True):
    """What the figures come to."""

    live: Figure
    overdue: Figure
    due_soon: Figure
    escalations: Figure


class Board(msgspec.Struct, frozen=True):
    """Where every audit that counts for this person stands now."""

    at: datetime
    #: Whether they may open the lists behind the figures, and whether small ones are hidden.
    lists: bool
    masked: bool
    totals: Totals
    places: tuple[Place, ...]
    #: Of each duty, how many are owed, and how many of them are overdue.
    owed: dict[str, Figure]
    overdue: dict[str, Figure]
    escalations: tuple[Standing, ...]
    #: How many actions stand in each state, and how many escalations at each level, that are not
    #: over.
    actions: dict[str, Figure]
    levels: dict[str, Figure]


def soon(reading: Reading) -> datetime:
    """Until when something counts as due soon."""
    calendar, policy = reading.rules.calendar, reading.rules.policy
    return overdue_from(calendar.add_working_days(reading.today, policy.due_soon_days))


def board(reading: Reading) -> Board:
    """Every state with how many audits stand there, how many of them are late or soon due."""
    connection, person, now = reading.connection, reading.person, reading.at
    mine = counted(connection, person)
    hide = masked if (hidden := only_figures(person)) else _shown
    places = tuple(_places(reading, mine, hide))
    standing = tuple(_standing(connection, mine, reading.rules.policy, hide))
    live = [p for p in places if p.live]
    owed = _by_duty(connection, mine, hide)
    late = _by_duty(connection, mine, hide, tables.duties.c.overdue_from <= now)
    return Board(
        at=now,
        lists=not person.roles & COUNTS_ALL,
        masked=hidden,
        totals=Totals(
            total(p.audits for p in live),
            total(p.overdue for p in live),
            total(p.due_soon for p in live),
            total(s.escalations for s in standing),
        ),
        places=places,
        owed={name: owed[name] for name in sorted(owed, key=lambda n: (-_known(late.get(n)), n))},
        overdue=late,
        escalations=standing,
        actions=_of_audits(connection, mine, hide, tables.actions, tables.TO_DO),
        levels=_of_audits(connection, mine, hide, tables.escalations, tables.OPEN),
    )


_Hide = Callable[[Figure], Figure]


def _shown(figure: Figure) -> Figure:
    return figure


def _hidden(figures: Mapping[str, int], hide: _Hide) -> dict[str, Figure]:
    return {name: hide(n) for name, n in figures.items()}


def _known(figure: Figure | None) -> int:
    """What orders the rows; the order of masked figures would tell of them."""
    return figure if isinstance(figure, int) else 0


def _places(reading: Reading, mine: Any, hide: _Hide) -> Iterator[Place]:
    connection, audits, now, until = reading.connection, tables.audits, reading.at, soon(reading)
    state, first = audits.c.state, audits.c.late_from
    counts = _counts(connection, select(state, func.count()).where(mine), state)
    standing = select(state, func.count()).where(mine, LIVE)
    late = _counts(connection, standing.where(first <= now), state)
    due_soon = _counts(connection, standing.where(first > now, first <= until), state)
    for s in AuditProcess.states.values():
        if s.initial:
            continue
        live = s.live
        figures = (hide(found.get(s.name, 0)) for found in (counts, late, due_soon))
        yield Place(s.name, s.title, s.holder.title, live, *figures)


def _of_audits(
    connection: Connection, mine: Any, hide: _Hide, table: Any, when: str
) -> dict[str, Figure]:
    """How many parts of audits stand in each state of their own chart."""
    source = table.join(tables.audits, tables.audits.c.id == table.c.audit_id)
    query = select(table.c.state, func.count()).select_from(source)
    query = query.where(mine, text(f"{table.name}.{when}"))
    return _hidden(_counts(connection, query, table.c.state), hide)


def _counts(connection: Connection, query: Any, by: Any) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(query.group_by(by).order_by(by))}


def _by_duty(connection: Connection, mine: Any, hide: _Hide, *when: Any) -> dict[str, Figure]:
    duties = tables.duties
    query = (
        select(duties.c.duty, func.count())
        .join(tables.audits, tables.audits.c.id == duties.c.audit_id)
        .where(duties.c.ended_at.is_(None), mine, *when)
    )
    return _hidden(_counts(connection, query, duties.c.duty), hide)


def _standing(connection: Connection, mine: Any, policy: Policy, hide: _Hide) -> Iterator[Standing]:
    e, audits = tables.escalations, tables.audits
    rows = connection.execute(
        select(e.c.state, e.c.trigger, func.count(), func.min(e.c.raised_on))
        .select_from(e.join(audits, audits.c.id == e.c.audit_id))
        .where(text(f"escalations.{tables.OPEN}"), mine)
        .group_by(e.c.state, e.c.trigger)
        .order_by(e.c.state.desc(), e.c.trigger)
    )
    for level, trigger, n, oldest in rows:
        title, figure = policy.level_title(state_of("escalation", level).level), hide(n)
        yield Standing(level, title, trigger, figure, oldest if figure == n else None)
