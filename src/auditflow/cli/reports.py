"""`auditflow report` and `auditflow export`: a command for each question, and audits as a file."""

from datetime import date
from pathlib import Path

import click
import msgspec

from auditflow.calendar import LONDON, number_of
from auditflow.cli.base import DATE, PATH, Globals, asked, print_json, table, write_document
from auditflow.cli.store import answers, reading
from auditflow.errors import BadInput
from auditflow.exchange.safe import csv_of
from auditflow.queries import Reading
from auditflow.reports import BY, COLUMNS, REPORTS, Report, Table, audits_held, question
from auditflow.reports import report as answered


@click.group()
def report() -> None:
    """Answer what a QA team asks; each question has its report (docs/questions.md)."""


def _command(name: str) -> click.Command:
    def run(asking: Reading, by: str | None = None) -> Report:
        return answered(asking, name, by or "")

    decorated = answers(report_in_words)(run)
    if name == "grades":
        says = "Only this way of counting; every way if not given."
        decorated = click.option("--by", type=click.Choice(BY), help=says)(decorated)
    return click.command(name, help=question(name))(decorated)


def report_in_words(found: Report) -> str:
    """A report as text: its question, then its tables."""
    local = found.at.astimezone(LONDON)
    parts = [found.question, f"As at {local:%a} {local.day} {local:%B %Y, %H:%M}"]
    parts += (text for t in found.tables for text in ("", t.title, _table(t)))
    if not found.tables:
        parts.append("There is nothing in it that you may see.")
    return "\n".join(parts)


def _table(t: Table) -> str:
    return table((tuple(map(_cell, row)) for row in t.rows), t.columns) if t.rows else "  none"


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None or value == "" else value


for _name in REPORTS:
    report.add_command(_command(_name))


@click.group()
def export() -> None:
    """Take audits out as a file; who took what out when is logged."""


@export.command("audits")
@click.option("--from", "since", type=DATE, required=True, metavar="DATE", help="Held on or after.")
@click.option("--to", "until", type=DATE, required=True, metavar="DATE", help="Held on or before.")
@click.option("--out", type=PATH, metavar="FILE", help="Where to write it.")
@asked
def export_audits(options: Globals, since: date, until: date, out: Path | None) -> None:
    """Export the audits held between two days, both included, as CSV for a spreadsheet.

    For an inspection's six months: --from 2025-12-08 --to 2026-06-08
    """
    if until < since:
        raise BadInput(f"--to {until} is before --from {since}. Give the earlier day first.")
    with reading(options) as asking:
        rows, left_out = audits_held(asking, since, until)
    if left_out:
        click.echo(
            f"{number_of(left_out, 'audit')} of restricted records left out; for all of them ask "
            "somebody who is cleared.",
            err=True,
        )
    if options.as_json:
        named = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
        print_json(msgspec.to_builtins(named))
    else:
        write_document(csv_of(COLUMNS, rows), out)
