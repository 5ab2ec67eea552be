"""`auditflow demo`: the main job on a made-up council, in a folder of its own."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import click

from auditflow import handbook
from auditflow.application import App, clock
from auditflow.calendar import long_day, utc_text
from auditflow.cli.base import Globals, pass_globals, store_options, table
from auditflow.cli.overview import board_in_words
from auditflow.cli.serve import PORT, serve_to
from auditflow.cli.store import settings_of
from auditflow.demo import QA, tell
from auditflow.drawing import Counts
from auditflow.errors import AuditflowError, BadInput

_MARK = ".auditflow-demo"


@click.command()
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"),
              show_default=True, help="Where to put it; made anew each time.")  # fmt: skip
@click.option("--once", is_flag=True, help="Leave afterwards without serving the pages.")
@store_options
@pass_globals
def demo(options: Globals, folder: Path, once: bool) -> None:
    """Take a made-up council through some months of audits; show where each sits."""
    _empty(folder)
    now = options.now or clock()
    click.echo(f"Telling some months of audits in {folder}/ ...", err=True)
    app = tell(folder, now)
    try:
        person = app.who(QA)
        click.echo(board_in_words(app.board(person)))
        click.echo("\nWhat is escalated now, and why\n")
        click.echo(_escalated(app))
        _draw(app, folder)
        _say_more(folder, options)
        if not once:
            _serve(app, options)
    finally:
        app.close()


def _serve(app: App, options: Globals) -> None:
    """The pages, at whatever port there is, until told to stop."""
    click.echo("\nIn a browser:")
    serve_to(App(app.store, options.now), app.who(QA), settings_of(options), (PORT, 0))


def _empty(folder: Path) -> None:
    """Make the folder anew; one that is not a demo's is left alone."""
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise BadInput(f"{folder} holds something else. Give another folder with --folder.")
    if folder.exists():
        shutil.rmtree(folder)
    (folder / "charts").mkdir(parents=True)
    (folder / _MARK).touch()


def _escalated(app: App) -> str:
    person = app.who(QA)
    rows = []
    for entry in app.listed(person):
        if not entry.escalations:
            continue
        for e in app.peek(person, entry.reference).escalations:
            if e.resolved:
                continue
            since = long_day(e.told_on) if e.told_on else "-"
            rows.append((entry.reference, f"{e.trigger} {e.why}", e.where, since, e.next))
    return table(rows, ("Audit", "Why", "Stands at", "Since", "Next"))


def _draw(app: App, folder: Path) -> None:
    counts = app.counts(app.who(QA))
    try:
        _drawn(counts, ("svg", "png"), folder)
    except AuditflowError as error:
        click.echo(f"\n{error}", err=True)
        _drawn(counts, ("dot", "mermaid", "md"), folder)


def _drawn(counts: Mapping[str, Counts], formats: tuple[str, ...], folder: Path) -> None:
    for kind, over in counts.items():
        for path in handbook.draw((kind,), formats, folder / "charts", over):
            click.echo(f"Drawn with today's counts: {path}", err=True)


def _say_more(folder: Path, options: Globals) -> None:
    store = f"--db {folder}/demo.db --as {QA}"
    if options.now:
        store += f" --now {utc_text(options.now)}"
    click.echo(
        "\nThe charts with today's counts are in " + str(folder / "charts") + "/. Look further:"
    )
    for words in ("where", "audit list --overdue", "work", "verify"):
        click.echo(f"  ./run auditflow {words} {store}")
