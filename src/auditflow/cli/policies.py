"""`auditflow policy`: the numbers, titles and levels a council may set, in versions."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from auditflow.calendar import LONDON
from auditflow.cli.base import (
    Globals,
    accept_store_options,
    as_at_option,
    json_option,
    pass_globals,
    print_json,
    store_options,
    table,
)
from auditflow.cli.store import name_of, opened, reading
from auditflow.commands import SetPolicy
from auditflow.exchange.safe import plain
from auditflow.machines.charts import DUTIES
from auditflow.machines.engine import words
from auditflow.policy import SETTINGS
from auditflow.queries import policy_history as every_change
from auditflow.queries import policy_in_force


@click.group()
def policy() -> None:
    """The numbers, titles and levels a council may set."""


@policy.command("list")
@json_option
@accept_store_options
def policy_list(as_json: bool) -> None:
    """List every setting with its default, unit and source."""
    rows = [(s.name, s.default, s.unit, s.says, s.source.citation) for s in SETTINGS]
    rows += [
        (d.name, d.within.words, "time limit", d.title, d.source[0].citation)
        for d in DUTIES.values()
    ]
    names = ("setting", "default", "unit", "says", "source")
    if as_json:
        print_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    click.echo(table(rows, [n.capitalize() for n in names]))


@policy.command("show")
@json_option
@as_at_option
@store_options
@pass_globals
def policy_show(options: Globals, as_json: bool) -> None:
    """Show what is in force: each value, the version that set it, since when, and its source."""
    with reading(options) as asking:
        found = policy_in_force(every_change(asking))
    if as_json:
        print_json(msgspec.to_builtins(found))
        return
    rows = (
        (s.name, s.value, s.version, f"{s.since:%Y-%m-%d}" if s.since else "-", s.source)
        for s in found.settings
    )
    click.echo(f"Policy, version {found.version}")
    click.echo(table(rows, ("Setting", "Value", "Version", "Since", "Source")))


@policy.command("history")
@json_option
@as_at_option
@store_options
@pass_globals
def policy_history(options: Globals, as_json: bool) -> None:
    """List every change, oldest first: who set what, when and why."""
    with reading(options) as asking:
        found = every_change(asking)
    if as_json:
        print_json(msgspec.to_builtins(found))
        return
    if not found:
        click.echo("Nothing was set; the defaults hold. See them: auditflow policy list")
        return
    rows = (
        (c.version, f"{c.at.astimezone(LONDON):%Y-%m-%d %H:%M}", c.who, c.name, c.value, c.reason)
        for c in found
    )
    click.echo(table(rows, ("Version", "When", "Who", "Setting", "Value", "Why")))


@policy.command("set", short_help="Set one of them; deadlines not yet missed move with it.")
@click.argument("name")
@click.argument("value")
@click.option("--reason", required=True, help="Why it is set.")
@click.option("--dry-run", is_flag=True, help="Only list the deadlines it would move.")
@json_option
@store_options
@pass_globals
def policy_set(
    options: Globals, name: str, value: str, reason: str, dry_run: bool, as_json: bool
) -> None:
    """Set NAME to VALUE (`default` goes back); deadlines not yet missed move with it."""
    with opened(options) as app:
        now = app.now if dry_run else app.writing_now
        command = SetPolicy(setting=name, value=value, reason=reason, dry_run=dry_run)
        settled = app.service.do_office(command, by=name_of(options), now=now)
    if as_json:
        print_json(settled.figures)
        return
    click.echo(plain(settled.says))
    for moved in settled.figures["moved"]:
        click.echo(f"  {_moved(moved)}")
    if hidden := settled.figures["not_shown"]:
        click.echo(f"  and of {hidden}")


def _moved(m: dict[str, Any]) -> str:
    what = f"{m['audit']}: {words(m['duty'])} ({m['subject']})"
    at_once = "; late at once" if m["late_at_once"] else ""
    if m["from"] == m["to"]:
        noticed = f"late from {m['late_from']}, noticed from {m['noticed_from']}"
        return f"{what} stays on {m['to']}, {noticed}{at_once}"
    return f"{what} from {m['from']} to {m['to']}{at_once}"
