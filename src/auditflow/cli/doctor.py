"""`auditflow doctor`: is all well, and if not, what to type."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import click
import msgspec

from auditflow.audits import State
from auditflow.calendar import LONDON, long_day, number_of, plain_date, utc_text
from auditflow.cli.base import Globals, table, tell, told
from auditflow.cli.store import known_of
from auditflow.exchange.safe import plain
from auditflow.machines.charts import CHARTS
from auditflow.operations.doctor import examine
from auditflow.queries.health import Figures, Health


@click.command()
@told
def doctor(options: Globals) -> None:
    """Look whether all is well: settings, store, clock, notices, calendar, disk.

    Says for each thing that is wrong what to type; the exit code is 1 then.
    """
    health = examine(lambda: known_of(options), options.now)
    tell(options, health, health_in_words, lambda h: {"well": h.well, **msgspec.to_builtins(h)})
    if not health.well:
        raise SystemExit(1)


def health_in_words(health: Health) -> str:
    """What was found, what is wrong, and whether all is well."""
    local = health.at.astimezone(LONDON)
    head = f"auditflow {health.auditflow}, {long_day(local.date())}, {local:%H:%M}"
    parts = [head, table(_rows(health), ("Looked at", "Found"))]
    for title, wrong in (("Wrong", True), ("Well to know", False)):
        said = [plain(f.says) for f in health.findings if f.wrong is wrong]
        if said:
            parts.append("\n".join([title, *(f"- {says}" for says in said)]))
    parts.append("All is well." if health.well else "Not all is well.")
    return "\n\n".join(parts)


def _rows(health: Health) -> Iterator[tuple[str, str]]:
    yield "Store", health.store or "-"
    if health.database is not None:
        room = "" if health.free is None else f", {_size(health.free)} free"
        yield "Size", _size(health.database.size) + room
        yield "Version", f"{health.version or 'none'} (known: {health.known_version})"
        yield "Database", f"{health.database.kind} {health.database.version}"
        yield "", _listed(health.database.settings)
    if health.figures is not None:
        yield from _counted(health.figures)
    if health.calendar_ends is not None:
        yield "Calendar", f"until {plain_date(health.calendar_ends)}"
    yield "Pictures by", health.pictures or "nothing"


def _counted(seen: Figures) -> Iterator[tuple[str, str]]:
    states, levels = CHARTS["audit"].states, CHARTS["escalation"].states
    yield "Audits", _by_state(states, seen.audits_by_state)
    yield "Escalated to", _by_state(levels, seen.open_escalations_by_level)
    yield "History", number_of(seen.lines_of_history, "line")
    yield "To be raised", _waiting(seen.unraised, seen.unraised_since)
    held = ", held back" if seen.notices_held else ""
    yield "Notices due", _waiting(seen.notices_waiting, seen.notices_since) + held
    swept = seen.beats.get("sweep")
    yield "Last swept", utc_text(swept) if swept else "never"
    if seen.jobs_by_status:
        yield "Jobs", _listed(seen.jobs_by_status)


def _waiting(count: int, since: datetime | None) -> str:
    return f"{count}, the oldest since {utc_text(since)}" if since else str(count)


def _by_state(states: Mapping[str, State], counts: Mapping[str, int]) -> str:
    """In the chart's order."""
    return _listed({s.title: counts[name] for name, s in states.items() if name in counts})


def _listed(counts: Mapping[str, object]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in counts.items()) or "none"


def _size(count: int) -> str:
    giga = count >= 10**9
    return f"{count / 10**9:,.1f} GB" if giga else f"{count / 10**6:,.1f} MB"
