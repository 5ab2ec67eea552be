"""`auditflow where`, `work`, `sweep` and `verify`: all audits at a glance, and proved."""

import re
import signal
import threading
from collections.abc import Iterable
from functools import partial

import click
import msgspec

from auditflow import logs
from auditflow.application import App
from auditflow.audits import Trigger
from auditflow.calendar import LONDON, number_of
from auditflow.cli.base import Globals, asked, print_json, table, tell, told
from auditflow.cli.store import answers, log_unattended, opened, reading, settings_of
from auditflow.commands import only_figures
from auditflow.errors import BadInput
from auditflow.exchange.safe import plain
from auditflow.machines.charts import CHARTS, DUTIES
from auditflow.machines.engine import words
from auditflow.operations.sweep_loop import sole_sweeper, sweep_once, sweep_until
from auditflow.queries import Board, Reading, board
from auditflow.queries import work as what_is_owed
from auditflow.queries.work import Job
from auditflow.service import Raised, Swept
from auditflow.verify import Proof
from auditflow.verify import verify as proved


@click.command()
@asked
def where(options: Globals) -> None:
    """Show where each audit sits: how many in each state, what is overdue, what is due soon."""
    with reading(options) as asking:
        found = board(asking)
    if only_figures(asking.person) and not options.as_json:
        click.echo(f"{_NO_CASES}\n")
    tell(options, found, board_in_words, msgspec.to_builtins)


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
            (f"{states[e.level].title}, {e.title}", e.trigger, Trigger(e.trigger).title,
             e.escalations, e.oldest or "-")
            for e in found.escalations
        ]  # fmt: skip
        parts += ["", table(rows2, ("Escalated to", "Trigger", "Why", "Open", "Oldest"))]
    return "\n".join(parts)


def _jobs(jobs: list[Job]) -> str:
    if not jobs:
        return "Nothing is owed."
    rows = (
        (j.due, "OVERDUE" if j.overdue else "", j.reference, plain(j.what),
         "" if j.about == "audit" else j.about.partition(" level")[0], j.as_role)
        for j in jobs
    )  # fmt: skip
    return table(rows, ("Due", "", "Audit", "What", "About", "As"))


@click.command()
@click.option("--for", "whom", metavar="PERSON", help="Somebody else's work; for the QA Team.")
@answers(_jobs)
def work(asking: Reading, whom: str | None) -> list[Job]:
    """List what you owe: overdue first, then soonest."""
    return what_is_owed(asking, whom)


@click.command()
@click.option(
    "--every",
    is_flag=False,
    flag_value="",
    metavar="[SECONDS]",
    help="Go on sweeping, such as every 60s, until stopped.",
)
@told
def sweep(options: Globals, every: str | None) -> None:
    """Raise what has fallen due. Sweeping twice is sweeping once."""
    with opened(options) as app:
        if every is not None:
            _unattended(app, options, every)
            return
        swept = sweep_once(app)
        _report(options, swept)
    if swept.failed:
        raise SystemExit(1)


def _seconds(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}s?", text) or not (n := int(text.removesuffix("s"))):
        raise BadInput(f"--every “{text[:20]}” is no time. Give seconds, such as 60s.")
    return n


def _unattended(app: App, options: Globals, every: str) -> None:
    """Sweep until told to stop; one process for each store. A store that is busy is tried again."""
    settings = settings_of(options)
    seconds = _seconds(every) if every else settings.sweep_seconds
    stop = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stop.set())
    with sole_sweeper(app.store):
        log_unattended(settings, "sweep", app.store.database.place)
        # The first tells at once if the store cannot be swept at all.
        first = sweep_once(app)
        if first.raised or first.failed:
            _report(options, first)
        if not stop.wait(seconds):
            sweep_until(stop, app, seconds, partial(_report, options))


def _report(options: Globals, swept: Swept) -> None:
    if options.as_json:
        raised = [_raised(r) for r in swept.raised]
        print_json({"looked_at": swept.looked_at, "raised": raised, "failed": swept.failed})
    else:
        for line in swept_in_words(swept):
            click.echo(line)
    tell_unswept(swept)


def tell_unswept(swept: Swept) -> None:
    """Say which audits could not be swept, and why; a log for machines has which, and no more."""
    if logs.for_machines():
        return
    for reference, why in swept.failed.items():
        click.echo(f"auditflow: audit {reference} could not be swept: {plain(why)}", err=True)


def _raised(r: Raised) -> dict[str, str]:
    told = {name: getattr(r, name) for name in ("event", "subject", "before", "after")}
    trigger = r.trigger.value if r.trigger else ""
    return {"audit": r.reference, **told, "trigger": trigger, "duty": r.duty}


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


def _proof(proof: Proof) -> str:
    lines = [f"{fault.reference}, line {fault.seq}: {fault.says}" for fault in proof.faults]
    audits, history = number_of(proof.audits, "audit"), number_of(proof.lines, "line")
    faults = number_of(len(proof.faults), "fault") if proof.faults else "no faults"
    return "\n".join([*lines, f"{audits}, {history} of history: {faults}."])


def _proof_document(proof: Proof) -> dict[str, object]:
    faults = [f._asdict() for f in proof.faults]
    return {"audits": proof.audits, "lines": proof.lines, "faults": faults}


@click.command()
@told
def verify(options: Globals) -> None:
    """Replay the whole history with a second engine; report all that does not agree with it."""
    with opened(options) as app, app.store.reading(patient=True) as connection:
        proof = proved(connection)
    tell(options, proof, _proof, _proof_document)
    if proof.faults:
        raise SystemExit(1)
