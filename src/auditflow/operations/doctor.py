"""One look at everything that auditflow needs to run well, whatever state it is in."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib.util import find_spec

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from auditflow import __version__
from auditflow.application import clock
from auditflow.calendar import LONDON, long_day, number_of, plain_date
from auditflow.errors import AuditflowError, BadInput, StoreTrouble
from auditflow.persistence.diagnostics import condition
from auditflow.persistence.office import Office
from auditflow.persistence.register import Register
from auditflow.persistence.rules import RulesCache
from auditflow.persistence.store import Store, demand_current, schema_of
from auditflow.policy import Policy
from auditflow.queries.health import Figures, Finding, Health, figures
from auditflow.settings.address import masked
from auditflow.settings.reading import Known

#: Within so many days of the calendar's end somebody must see to it.
CALENDAR_DAYS = 183
#: So many rounds of the sweep, and at least so long, may pass before it is missed.
ROUNDS, PATIENCE = 5, timedelta(minutes=10)
#: The least room, in bytes, that a store should have about it; it should have its own size too.
ROOM = 100_000_000


def examine(read: Callable[[], Known], now: datetime | None = None) -> Health:
    """Look at the settings, the store and what surrounds it, and say what is wrong.

    It is judged as at `now`, or else by the store's own clock, or this machine's.
    """
    pictures = shutil.which("neato") or ("pygraphviz" if find_spec("pygraphviz") else None)
    blank = Health(now or clock(), __version__, pictures)
    try:
        known = read()
    except BadInput as error:
        return replace(blank, findings=(Finding("settings", str(error)),))
    store = replace(blank, store=masked(known.settings.db))
    found = [Finding("settings", warning, wrong=False) for warning in known.warnings]
    health = store
    try:
        health = _at_the_store(store, known.settings.url, now)
    except AuditflowError as error:
        found.append(Finding("store", str(error)))
    except SQLAlchemyError as error:
        found.append(Finding("store", f"{_UNREADABLE} ({type(error).__name__})"))
    every = timedelta(seconds=known.settings.sweep_seconds)
    return replace(health, findings=(*found, *health.findings, *_judged(health, every)))


_UNREADABLE = "The store cannot be read as it should be. Restore the last backup."


def _at_the_store(health: Health, url: str, now: datetime | None) -> Health:
    with closing(Store(url, unchecked=True)) as store:
        health = replace(health, at=now or store.now() or health.at)
        with store.reading() as connection:
            health = _seen(health, connection, store.database.place)
        if store.path is not None:
            health = replace(health, free=shutil.disk_usage(store.path.parent).free)
        return replace(health, findings=(*health.findings, *_of_writing(store)))


def _seen(health: Health, connection: Connection, place: str) -> Health:
    version = schema_of(connection)
    health = replace(health, version=version, database=condition(connection))
    try:
        demand_current(version, place)
    except StoreTrouble as error:
        return replace(health, findings=(Finding("version", str(error)),))
    rules = RulesCache().at(Register(connection).versions(), Office(connection))
    return replace(
        health,
        figures=figures(connection, health.at),
        calendar_ends=rules.calendar.last,
        findings=tuple(_of_routes(rules.policy)),
    )


def _of_writing(store: Store) -> Iterator[Finding]:
    """Others may hold the store, or it may be for reading only."""
    try:
        with store.writing():
            pass
    except AuditflowError as error:
        yield Finding("store", str(error))


# What the figures mean.


def _judged(health: Health, every: timedelta) -> Iterator[Finding]:
    if health.database is not None:
        yield from (Finding("database", says) for says in health.database.faults)
        yield from _of_room(health.free, health.database.size)
    if health.calendar_ends is not None:
        yield from _of_calendar(health.calendar_ends, health.at)
    if health.figures is not None:
        yield from _of_notices(health.figures)
        yield from _of_jobs(health.figures)
        if health.figures.rehearsal:
            yield Finding("clock", _REHEARSAL, wrong=False)
        else:
            yield from _of_clock(health.figures, health.at, max(ROUNDS * every, PATIENCE))
    if health.pictures is None:
        says = "The charts cannot be drawn as pictures. Type: apt-get install graphviz"
        yield Finding("pictures", says, wrong=False)


_REHEARSAL = "This store is for rehearsal, so it is not asked whether its clock acts."


def _of_routes(policy: Policy) -> Iterator[Finding]:
    """Whoever raises a concern is told whom to call."""
    for name in policy.routes_not_set:
        says = (
            f"No telephone number is set for a child at risk ({name}). Type: auditflow policy set "
            f'{name} "WHOM, NUMBER" --reason WHY'
        )
        yield Finding("concerns", says, wrong=False)


def _of_room(free: int | None, size: int) -> Iterator[Finding]:
    if free is not None and free < max(ROOM, size):
        yield Finding(
            "disk",
            f"Only {free // 1_000_000:,} MB are free where the store lies, which has "
            f"{size // 1_000_000:,} MB itself. Make room, or move it to a larger disk.",
        )


def _of_calendar(ends: date, now: datetime) -> Iterator[Finding]:
    if ends - now.astimezone(LONDON).date() < timedelta(days=CALENDAR_DAYS):
        yield Finding(
            "calendar",
            f"Bank holidays are known until {plain_date(ends)} only; no deadline beyond that can "
            "be counted. Fetch https://www.gov.uk/bank-holidays.json and type: "
            "auditflow calendar import FILE",
        )


def _of_notices(seen: Figures) -> Iterator[Finding]:
    if seen.notices_held:
        since = f", the oldest since {_moment(seen.notices_since)}" if seen.notices_since else ""
        yield Finding(
            "notices",
            f"Notices are held back since a restore; {number_of(seen.notices_waiting, 'notice')} "
            f"should be out{since}. See what was sent before, then type: "
            "auditflow db release-notices --reason WHY",
        )


def _of_jobs(seen: Figures) -> Iterator[Finding]:
    """Jobs that came to no end: whatever they were to do, a later sweep did."""
    if seen.jobs_stuck_at is None:
        return
    swept = seen.beats.get("sweep")
    says = (
        f"{number_of(seen.jobs_stuck, 'job')} of a worker came to no end, the last on "
        f"{_moment(seen.jobs_stuck_at)}. Look into that worker's log for the cause. "
    )
    if swept is not None and swept > seen.jobs_stuck_at:
        yield Finding("jobs", f"{says}A sweep since then did what was left.", wrong=False)
    else:
        yield Finding("jobs", f"{says}To do what was left, type: auditflow sweep")


def _of_clock(seen: Figures, now: datetime, patience: timedelta) -> Iterator[Finding]:
    if seen.unraised_since is not None and now - seen.unraised_since > patience:
        yield Finding(
            "duties",
            f"{number_of(seen.unraised, 'missed deadline')} should have been raised since "
            f"{_moment(seen.unraised_since)}. Type: auditflow sweep",
        )
    swept = seen.beats.get("sweep")
    if swept is None and seen.audits_by_state:
        yield Finding("sweep", f"Nothing sweeps this store. {_START}")
    if swept is not None and now - swept > patience:
        yield Finding("sweep", f"It was last swept on {_moment(swept)}. {_START}")


_START = (
    "See that one of these runs: auditflow sweep --every 60s, or on PostgreSQL: auditflow worker"
)


def _moment(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{long_day(local.date())} at {local:%H:%M}"
