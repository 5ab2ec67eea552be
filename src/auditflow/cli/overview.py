"""`auditflow where`, `work`, `sweep` and `verify`: all audits at a glance, and proved."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterable

import click
import msgspec

from auditflow import logs
from auditflow.application import App
from auditflow.audits import Trigger
from auditflow.calendar import LONDON, number_of
from auditflow.cli.base import (
    Globals,
    as_at_option,
    json_option,
    pass_globals,
    print_json,
    store_options,
    table,
)
from auditflow.cli.store import log_unattended, opened, reading, settings_of
from auditflow.commands import only_figures
from auditflow.errors import BadInput
from auditflow.exchange.safe import plain
from auditflow.machines.charts import CHARTS, DUTIES
from auditflow.machines.engine import words
from auditflow.operations.sweep_loop import sole_sweeper, sweep_once, sweep_until
from auditflow.queries import Board, board
from auditflow.queries import work as what_is_owed
from auditflow.service import Raised, Swept
from auditflow.verify import verify as proved


@click.command()
@json_option
@as_at_option
@store_options
@pass_globals
def where(options: Globals, as_json: bool) -> None:
    """Show where each audit sits: how many in each state, what is overdue, what is due soon."""
    with reading(options) as asking:
        found = board(asking)
    if as_json:
        print_json(msgspec.to_builtins(found))
        return
    if only_figures(asking.person):
        click.echo(f"{_NO_CASES}\n")
    click.echo(board_in_words(found))


_NO_CASES = (
    "Single audits are not shown to a board reader, but what they come to is, small figures "
    "masked. See also: auditflow report --help"
)


def board_in_words(found: Board) -> str:
    """The board as text: states, what is owed, escalations."""
    local = found.at.astimezone(LONDON)
    parts = [f"Where each audit sits, {local:%a} {local.day} {local:%B %Y, %H:%M}", ""]
    places = [
        (p.title, p.holder, p.audits or "-", p.overdue or "-", p.due_soon or "-")
        for p in found.places
    ]
    parts.append(table(places, ("State", "Held by", "Audits", "Overdue", "Due soon")))
    if found.owed:
        rows = [(DUTIES[d].title, n, found.overdue.get(d, "-")) for d, n in found.owed.items()]
        parts += ["", table(rows, ("Owed", "Open", "Overdue"))]
    if found.escalations:
        states = CHARTS["escalation"].states
        rows2 = [
            (
                f"{states[e.level].title}, {e.title}",
                e.trigger,
                Trigger(e.trigger).title,
                e.escalations,
                e.oldest or "-",
            )
            for e in found.escalations
        ]
        parts += ["", table(rows2, ("Escalated to", "Trigger", "Why", "Open", "Oldest"))]
    return "\n".join(parts)


@click.command()
@click.option("--for", "whom", metavar="PERSON", help="Somebody else's work; for the QA Team.")
@json_option
@as_at_option
@store_options
@pass_globals
def work(options: Globals, whom: str | None, as_json: bool) -> None:
    """List what you owe: overdue first, then soonest."""
    with reading(options) as asking:
        jobs = what_is_owed(asking, whom)
    if as_json:
        print_json(msgspec.to_builtins(jobs))
        return
    if not jobs:
        click.echo("Nothing is owed.")
        return
    rows = (
        (
            j.due,
            "OVERDUE" if j.overdue else "",
            j.reference,
            plain(j.what),
            "" if j.about == "audit" else j.about.partition(" level")[0],
            j.as_role,
        )
        for j in jobs
    )
    click.echo(table(rows, ("Due", "", "Audit", "What", "About", "As")))


@click.command()
@click.option(
    "--every",
    is_flag=False,
    flag_value="",
    metavar="[SECONDS]",
    help="Go on sweeping, such as every 60s, until stopped.",
)
@json_option
@store_options
@pass_globals
def sweep(options: Globals, every: str | None, as_json: bool) -> None:
    """Raise what has fallen due. Sweeping twice is sweeping once."""
    with opened(options) as app:
        if every is not None:
            _unattended(app, options, every, as_json=as_json)
            return
        swept = sweep_once(app)
        _report(swept, as_json=as_json)
        tell_unswept(swept)
    if swept.failed:
        raise SystemExit(1)


def _seconds(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}s?", text) or not (n := int(text.removesuffix("s"))):
        raise BadInput(f"--every “{text[:20]}” is no time. Give seconds, such as 60s.")
    return n


def _unattended(app: App, options: Globals, every: str, *, as_json: bool) -> None:
    """Sweep until told to stop; one process for each store. A store that is busy is tried again."""
    settings = settings_of(options)
    seconds = _seconds(every) if every else settings.sweep_seconds
    stop = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stop.set())
    with sole_sweeper(app.store):
        log_unattended(settings, "sweep", app.store.database.place)

        def tell(swept: Swept) -> None:
            _report(swept, as_json=as_json)
            tell_unswept(swept)

        # The first tells at once if the store cannot be swept at all.
        first = sweep_once(app)
        if first.raised or first.failed:
            tell(first)
        if not stop.wait(seconds):
            sweep_until(stop, app, seconds, tell)


def _report(swept: Swept, *, as_json: bool) -> None:
    if not as_json:
        for line in swept_in_words(swept):
            click.echo(line)
        return
    print_json(
        {
            "looked_at": swept.looked_at,
            "raised": [_raised(r) for r in swept.raised],
            "failed": swept.failed,
        }
    )


def tell_unswept(swept: Swept) -> None:
    """Say which audits could not be swept, and why; a log for machines has which, and no more."""
    if logs.for_machines():
        return
    for reference, why in swept.failed.items():
        click.echo(f"auditflow: audit {reference} could not be swept: {plain(why)}", err=True)


def _raised(r: Raised) -> dict[str, str]:
    return {
        "audit": r.reference,
        "event": r.event,
        "subject": r.subject,
        "before": r.before,
        "after": r.after,
        "trigger": r.trigger.value if r.trigger else "",
        "duty": r.duty,
    }


def swept_in_words(swept: Swept) -> Iterable[str]:
    """What a sweep did, a line each."""
    if not swept.raised and not swept.failed:
        yield "Nothing has fallen due."
    yield from (f"{r.reference}: {_what_happened(r)}" for r in swept.raised)


def _what_happened(r: Raised) -> str:
    to = CHARTS["escalation"].states[r.after].title.lower() if r.trigger else ""
    if r.event == "raise" and r.trigger:
        return f"{r.trigger} raised at {to}: {r.trigger.title.lower()}"
    if r.event == "pass_unanswered":
        return f"{r.trigger} moved up to {to}: not answered in time"
    if r.event == "pass_over":
        return f"missed, but from before enforcing began: {DUTIES[r.duty].title.lower()}"
    if r.event == "remind":
        return f"reminder written: {DUTIES[r.duty].title.lower()}"
    return f"{words(r.event)} ({r.subject})"


@click.command()
@json_option
@store_options
@pass_globals
def verify(options: Globals, as_json: bool) -> None:
    """Replay the whole history with a second engine; report all that does not agree with it."""
    with opened(options) as app, app.store.reading(patient=True) as connection:
        proof = proved(connection)
    if as_json:
        print_json(
            {
                "audits": proof.audits,
                "lines": proof.lines,
                "faults": [f._asdict() for f in proof.faults],
            }
        )
    else:
        for fault in proof.faults:
            click.echo(f"{fault.reference}, line {fault.seq}: {fault.says}")
        click.echo(
            f"{number_of(proof.audits, 'audit')}, {number_of(proof.lines, 'line')} of history: "
            f"{number_of(len(proof.faults), 'fault') if proof.faults else 'no faults'}."
        )
    if proof.faults:
        raise SystemExit(1)
