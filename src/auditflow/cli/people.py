"""`auditflow people`: who works here, who stands in, who leaves, who may do what."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click
import msgspec

from auditflow.audits import Person
from auditflow.cli.base import (
    DATE,
    Globals,
    as_at_option,
    json_option,
    pass_globals,
    print_json,
    store_options,
    table,
)
from auditflow.cli.store import office_done, opened, reading
from auditflow.commands import AppointDeputy, HandOver, ImportPeople, Leave, Return
from auditflow.commands.office import OfficeCommand
from auditflow.exchange.staff import OPTIONAL, REQUIRED, ROLES, read_people
from auditflow.queries import deputyships
from auditflow.queries import people as everybody


@click.group()
def people() -> None:
    """Who works here: roles, teams, line managers, deputies, starters and leavers."""


_IMPORT = f"""
Take in a people list (CSV or XLSX), one person a row.

Its columns: {", ".join(REQUIRED)}; and, where wanted, {", ".join(OPTIONAL)}. Several roles have
a semicolon between them. The line manager is an id; trained (as an auditor) and cleared (for
restricted records) are Y or N.

Roles: {", ".join(ROLES)}.

Starters are added, people known already are brought up to date; who has left stays so.
"""


@people.command("import", help=_IMPORT, short_help="Take in a people list (CSV or XLSX).")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@store_options
@pass_globals
def people_import(options: Globals, file: Path, as_json: bool) -> None:
    """Take in the list; every row of it or none."""
    # Whoever takes in the first list is on none yet.
    with opened(options) as app, app.store.reading() as connection:
        known = {p.id for p in everybody(connection)}
    found = tuple(read_people(file, known=known))
    said = _send(options, ImportPeople(people=found), as_json=as_json)
    if said:
        click.echo("Next, take in the case list: auditflow import FILE")


def _send(options: Globals, command: OfficeCommand, *, as_json: bool) -> bool:
    """Send one command and tell what it did; whether that was told in words."""
    settled = office_done(options, command)
    if as_json:
        print_json(settled.figures)
    else:
        click.echo(settled.says)
    return not as_json


@people.command("list")
@json_option
@as_at_option
@store_options
@pass_globals
def people_list(options: Globals, as_json: bool) -> None:
    """List everybody."""
    with reading(options) as asking:
        found = everybody(asking.office)
    if as_json:
        print_json([_document(p) for p in found])
        return
    rows = (
        (
            p.id,
            p.name,
            ", ".join(sorted(p.roles)),
            p.team,
            p.service,
            p.line[0] if p.line else "",
            p.left_on or "",
        )
        for p in found
    )
    click.echo(table(rows, ("Id", "Name", "Roles", "Team", "Service", "Line manager", "Left")))


def _document(p: Person) -> dict[str, Any]:
    return {
        "id": p.id,
        "name": p.name,
        "roles": sorted(p.roles),
        "team": p.team,
        "service": p.service,
        "line": list(p.line),
        "trained": p.trained,
        "cleared": p.cleared,
        "left_on": p.left_on.isoformat() if p.left_on else None,
    }


_REASON = click.option("--reason", required=True, help="Why.")


@people.command("deputy", short_help="Let one person stand in for another for a time.")
@click.option("--for", "whom", required=True, metavar="PERSON", help="The person stood in for.")
@click.option("--deputy", required=True, metavar="PERSON", help="The person who stands in.")
@click.option("--from", "since", type=DATE, required=True, metavar="DATE", help="The first day.")
@click.option("--until", type=DATE, required=True, metavar="DATE", help="The last day.")
@json_option
@store_options
@pass_globals
def people_deputy(
    options: Globals, whom: str, deputy: str, since: date, until: date, as_json: bool
) -> None:
    """Let one person stand in for another for a time; for the QA manager.

    The deputy then acts with --for PERSON, and the history says “X for Y”. The same deputy, person
    and first day given again set another last day.
    """
    command = AppointDeputy(person=whom, deputy=deputy, since=since, until=until)
    _send(options, command, as_json=as_json)


@people.command("deputies")
@json_option
@store_options
@pass_globals
def people_deputies(options: Globals, as_json: bool) -> None:
    """List who stands, stood or will stand in for whom."""
    with reading(options) as asking:
        found = deputyships(asking)
    if as_json:
        print_json(msgspec.to_builtins(found))
        return
    rows = ((d.person, d.deputy, d.since, d.until) for d in found)
    click.echo(table(rows, ("For", "Deputy", "From", "Until")))


@people.command("leave", short_help="Note that a person leaves.")
@click.argument("who", metavar="PERSON")
@click.option("--on", type=DATE, required=True, metavar="DATE", help="The first day away.")
@_REASON
@json_option
@store_options
@pass_globals
def people_leave(options: Globals, who: str, on: date, reason: str, as_json: bool) -> None:
    """Note that a person leaves; refused while they owe anything or hold a place in a live audit.

    From the day on they may do nothing. They are given nothing from now on.
    """
    _send(options, Leave(person=who, on=on, reason=reason), as_json=as_json)


@people.command("return")
@click.argument("who", metavar="PERSON")
@_REASON
@json_option
@store_options
@pass_globals
def people_return(options: Globals, who: str, reason: str, as_json: bool) -> None:
    """Note that a person who left is here again."""
    _send(options, Return(person=who, reason=reason), as_json=as_json)


@people.command("hand-over", short_help="Give all of one person's places and duties to another.")
@click.option("--from", "giver", required=True, metavar="PERSON", help="Who hands over.")
@click.option("--to", "taker", required=True, metavar="PERSON", help="Who takes over.")
@_REASON
@json_option
@store_options
@pass_globals
def people_hand_over(options: Globals, giver: str, taker: str, reason: str, as_json: bool) -> None:
    """Give every place and named duty of one person in live audits to another, all or nothing."""
    _send(options, HandOver(giver=giver, taker=taker, reason=reason), as_json=as_json)


@people.command("permissions")
@json_option
@store_options
def people_permissions(as_json: bool) -> None:
    """Print who may do what: role by action, for an own audit and for any other."""
    from auditflow.handbook.permission_table import document, page  # noqa: PLC0415 - asks 2,000 questions

    if as_json:
        print_json(document())
        return
    click.echo(page(), nl=False)
