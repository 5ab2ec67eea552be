"""`auditflow init`, `import`, `config`: a store made, a case list taken in, how auditflow runs."""

from datetime import date
from pathlib import Path

import click

from auditflow.application import clock, init
from auditflow.calendar import london_date
from auditflow.cli.base import DATE, PATH, Globals, given, print_json, table, told
from auditflow.cli.store import known_of, opened, settings_of, tell_settled
from auditflow.commands import ImportCases
from auditflow.exchange.cases import OPTIONAL, REQUIRED, read_cases
from auditflow.exchange.safe import plain
from auditflow.settings.address import masked


@click.command("init")
@click.option(
    "--rehearsal", is_flag=True, help="A store for trying things out: --now may then be any moment."
)
@given
def init_(options: Globals, rehearsal: bool) -> None:
    """Make an empty store."""
    url = settings_of(options).url
    init(url, rehearsal=rehearsal, now=(options.now if rehearsal and options.now else clock()))
    click.echo(f"Made an empty store: {masked(url)}")
    place = masked(settings_of(options).db)
    click.echo(f"Next, say who works here: auditflow --db {place} --as PERSON people import FILE")


_IMPORT = f"""
Take in a case list (CSV or XLSX) with the headings of Annex A, list 6.

Its columns: {", ".join(REQUIRED)}; and, where wanted, {", ".join(OPTIONAL)}. Restricted is Y or N.
Whatever else the list holds is not read.
"""


@click.command("import", help=_IMPORT, short_help="Take in a case list.")
@click.argument("file", type=PATH)
@click.option(
    "--as-at", type=DATE, metavar="DATE", help="The day the list was made; today if not given."
)
@told
def import_(options: Globals, file: Path, as_at: date | None) -> None:
    """Take in the list; every row of it or none."""
    cases = tuple(read_cases(file))
    with opened(options) as app:
        now = app.writing_now
        command = ImportCases(cases=cases, as_at=as_at or london_date(now))
        settled = app.service.do_office(command, by=settings_of(options).person, now=now)
    tell_settled(options, settled)
    if options.as_json:
        return
    for warning in settled.warnings:
        click.echo(f"auditflow: {plain(warning)}", err=True)
    click.echo("Next, draw a month: auditflow round draw --help")


@click.group()
def config() -> None:
    """How auditflow runs here."""


@config.command("show")
@told
def config_show(options: Globals) -> None:
    """Show each setting, its value and where that came from; no password is shown."""
    known = known_of(options)
    if options.as_json:
        print_json([{"setting": n, "value": v or None, "from": w} for n, v, w in known.shown()])
        return
    rows = ((n, v or "-", w) for n, v, w in known.shown())
    click.echo(table(rows, ("Setting", "Value", "From")))
    for warning in known.warnings:
        click.echo(f"auditflow: {plain(warning)}", err=True)
