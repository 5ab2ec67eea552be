"""`auditflow deadline`: one deadline with its sum, or a file of them."""

import sys
from datetime import date
from typing import IO

import click

from auditflow.calendar import (
    Limit,
    Months,
    Roll,
    WorkingDays,
    bundled,
    due,
    explain,
    london_date,
    long_day,
    overdue_from,
    skipped,
    utc_text,
)
from auditflow.cli.base import COUNT, DATE, Globals, print_json, storeless
from auditflow.cli.batch import work_out

_HELP = """
Work out a deadline and show the sum.

\b
auditflow deadline --from 2026-04-02 --working-days 5
auditflow deadline --batch questions.csv > answers.csv

A batch has the columns from,rule,n,roll, where rule is working_days, months or months_before; it
comes back with due, overdue_from and error added.
"""


@click.command(help=_HELP)
@click.option("--from", "since", type=DATE, metavar="DATE", help="The day it runs from (day 0).")
@click.option("--working-days", type=COUNT, metavar="N", help="Within N working days.")
@click.option("--months", type=COUNT, metavar="N", help="Within N months.")
@click.option("--months-before", type=COUNT, metavar="N", help="N months prior.")
@click.option(
    "--roll",
    type=click.Choice(["next", "none", "previous"]),
    help="Where a month's end on a closed day goes; next for months, previous for months before.",
)
@click.option("--batch", type=click.File("rb"), metavar="FILE", help="A CSV file; - reads stdin.")
@storeless
def deadline(
    options: Globals,
    since: date | None,
    working_days: int | None,
    months: int | None,
    months_before: int | None,
    roll: Roll | None,
    batch: IO[bytes] | None,
) -> None:
    """Work out one deadline in words or JSON, or a file of them."""
    given = [n for n in (working_days, months, months_before) if n is not None]
    if batch is not None:
        if since or given or roll or options.as_json:
            raise click.UsageError("--batch FILE stands alone; its rows say the rest.")
        work_out(batch, sys.stdout.buffer, bundled())
        return
    if since is None or len(given) != 1:
        raise click.UsageError(
            "Give --from DATE and one of --working-days N, --months N, --months-before N;"
            " or --batch FILE."
        )
    if working_days:
        _tell(options, WorkingDays(working_days), since)
    else:
        _tell(options, Months(months or -(months_before or 0), roll), since)


def _tell(options: Globals, limit: Limit, since: date) -> None:
    calendar = bundled()
    end = due(limit, since, calendar)
    overdue = overdue_from(end)
    if not options.as_json:
        click.echo(explain(limit, since, calendar))
        click.echo(
            f"Overdue from 00:00 on {long_day(london_date(overdue))} in London"
            f" ({utc_text(overdue)})."
        )
        return
    passed = skipped(limit, since, calendar)
    print_json(
        {
            "from": since.isoformat(),
            "rule": limit.words,
            "due": end.isoformat(),
            "overdue_from": utc_text(overdue),
            "skipped": [{"date": day.isoformat(), "why": why} for day, why in passed],
        }
    )
