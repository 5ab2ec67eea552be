"""`auditflow db copy`: a store moved into another database."""

from __future__ import annotations

import click

from auditflow.calendar import number_of
from auditflow.cli.base import json_option, print_json, store_options, table

_HELP = """
Copy the store FROM into the empty database TO, and check each row before any counts.

\b
auditflow db copy auditflow.db postgresql+psycopg://USER@HOST/NAME

Let nobody work in FROM meanwhile: what is changed there afterwards is not in TO.
"""


@click.command(
    "copy", help=_HELP, short_help="Move a store to another database, such as PostgreSQL."
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@json_option
@store_options
def copy_(source: str, target: str, as_json: bool) -> None:
    """Moves it and prints what was moved."""
    from auditflow.application import copy  # noqa: PLC0415 - it brings the databases with it

    copied = copy(source, target)
    if as_json:
        print_json([c._asdict() for c in copied])
        return
    click.echo(
        table(
            [(c.table, c.rows, c.digest[:16]) for c in copied],
            ("Table", "Rows", "Digest, alike in both"),
        )
    )
    click.echo(f"{number_of(sum(c.rows for c in copied), 'row')} copied; all are alike.")
