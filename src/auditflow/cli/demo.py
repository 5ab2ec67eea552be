"""`auditflow demo`: the main job on a made-up council, in a folder of its own."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import click

from auditflow import handbook
from auditflow.application import App, clock
from auditflow.calendar import long_day, utc_text
from auditflow.cli.base import Globals, given, table
from auditflow.cli.overview import board_in_words
from auditflow.cli.serve import PORT, serve_to
from auditflow.cli.store import settings_of
from auditflow.demo import QA, tell
from auditflow.drawing import Counts
from auditflow.errors import AuditflowError, BadInput
from auditflow.queries import Reading, board, chart_counts
from auditflow.queries.audit_detail import escalation_lines
from auditflow.queries.lists import MOST, Asked, look_up

_MARK = ".auditflow-demo"


@click.command()
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"),
              show_default=True, help="Where to put it; made anew each time.")  # fmt: skip
@click.option("--once", is_flag=True, help="Leave afterwards without serving the pages.")
@given
def demo(options: Globals, folder: Path, once: bool) -> None:
    """Take a made-up council through some months of audits; show where each sits."""
    _empty(folder)
    now = options.now or clock()
    click.echo(f"Telling some months of audits in {folder}/ ...", err=True)
    app = tell(folder, now)
    try:
        with app.reading(QA) as reading:
            click.echo(board_in_words(board(reading)))
            click.echo("\nWhat is escalated now, and why\n")
            click.echo(_escalated(reading))
            counts = chart_counts.counts(reading)
        _draw(counts, folder)
        _say_more(folder, options)
        if not once:
            _serve(app, options)
    finally:
        app.close()


def _serve(app: App, options: Globals) -> None:
    """The pages, at whatever port there is, until told to stop."""
    click.echo("\nIn a browser:")
    with app.reading(QA) as reading:
        person = reading.person
    serve_to(App(app.store, options.now), person, settings_of(options), (PORT, 0))


def _empty(folder: Path) -> None:
    """Make the folder anew; one that is not a demo's is left alone."""
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise BadInput(f"{folder} holds something else. Give another folder with --folder.")
    if folder.exists():
        shutil.rmtree(folder)
    (folder / "charts").mkdir(parents=True)
    (folder / _MARK).touch()


def _escalated(reading: Reading) -> str:
    escalated = Asked(show="all", sort="reference", filters={"escalated": "1"}, limit=MOST)
    rows = (
        (
            row.reference,
            f"{e.trigger} {e.why}",
            e.where,
            long_day(e.told_on) if e.told_on else "-",
            e.next,
        )
        for row in look_up(reading, "audits", escalated).rows
        for e in escalation_lines(reading, reading.audit(row.reference))
        if not e.resolved
    )
    return table(rows, ("Audit", "Why", "Stands at", "Since", "Next"))


def _draw(counts: Mapping[str, Counts], folder: Path) -> None:
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
