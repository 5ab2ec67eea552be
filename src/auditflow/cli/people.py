"""`auditflow people`: who works here, who stands in, who leaves, who may do what."""

from datetime import date
from pathlib import Path
from typing import Any

import click
import msgspec

from auditflow.audits import Deputyship, Person
from auditflow.cli.base import DATE, PATH, Globals, print_json, table, told
from auditflow.cli.store import answers, office_done, opened, settles, tell_settled
from auditflow.commands import AppointDeputy, HandOver, ImportPeople, Leave, Return
from auditflow.exchange.staff import OPTIONAL, REQUIRED, ROLES, read_people
from auditflow.queries import Reading, deputyships
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
@click.argument("file", type=PATH)
@told
def people_import(options: Globals, file: Path) -> None:
    """Take in the list; every row of it or none."""
    # Whoever takes in the first list is on none yet.
    with opened(options) as app, app.store.reading() as connection:
        known = {p.id for p in everybody(connection)}
    found = tuple(read_people(file, known=known))
    tell_settled(options, office_done(options, ImportPeople(people=found)))
    if not options.as_json:
        click.echo("Next, take in the case list: auditflow import FILE")


def _listed(found: list[Person]) -> str:
    rows = (
        (p.id, p.name, ", ".join(sorted(p.roles)), p.team, p.service, next(iter(p.line), ""),
         p.left_on or "")
        for p in found
    )  # fmt: skip
    return table(rows, ("Id", "Name", "Roles", "Team", "Service", "Line manager", "Left"))


def _documents(found: list[Person]) -> list[dict[str, Any]]:
    names = ("id", "name", "roles", "team", "service", "line", "trained", "cleared", "left_on")
    return [
        msgspec.to_builtins({n: getattr(p, n) for n in names} | {"roles": sorted(p.roles)})
        for p in found
    ]


@people.command("list")
@answers(_listed, _documents)
def people_list(asking: Reading) -> list[Person]:
    """List everybody."""
    return everybody(asking.office)


_REASON = click.option("--reason", required=True, help="Why.")


@people.command("deputy", short_help="Let one person stand in for another for a time.")
@click.option("--for", "whom", required=True, metavar="PERSON", help="The person stood in for.")
@click.option("--deputy", required=True, metavar="PERSON", help="The person who stands in.")
@click.option("--from", "since", type=DATE, required=True, metavar="DATE", help="The first day.")
@click.option("--until", type=DATE, required=True, metavar="DATE", help="The last day.")
@settles()
def people_deputy(whom: str, deputy: str, since: date, until: date) -> AppointDeputy:
    """Let one person stand in for another for a time; for the QA manager.

    The deputy then acts with --for PERSON, and the history says “X for Y”. The same deputy, person
    and first day given again set another last day.
    """
    return AppointDeputy(person=whom, deputy=deputy, since=since, until=until)


def _deputies(found: list[Deputyship]) -> str:
    rows = ((d.person, d.deputy, d.since, d.until) for d in found)
    return table(rows, ("For", "Deputy", "From", "Until"))


@people.command("deputies")
@answers(_deputies, options=told)
def people_deputies(asking: Reading) -> list[Deputyship]:
    """List who stands, stood or will stand in for whom."""
    return deputyships(asking)


@people.command("leave", short_help="Note that a person leaves.")
@click.argument("who", metavar="PERSON")
@click.option("--on", type=DATE, required=True, metavar="DATE", help="The first day away.")
@_REASON
@settles()
def people_leave(who: str, on: date, reason: str) -> Leave:
    """Note that a person leaves; refused while they owe anything or hold a place in a live audit.

    From the day on they may do nothing. They are given nothing from now on.
    """
    return Leave(person=who, on=on, reason=reason)


@people.command("return")
@click.argument("who", metavar="PERSON")
@_REASON
@settles()
def people_return(who: str, reason: str) -> Return:
    """Note that a person who left is here again."""
    return Return(person=who, reason=reason)


@people.command("hand-over", short_help="Give all of one person's places and duties to another.")
@click.option("--from", "giver", required=True, metavar="PERSON", help="Who hands over.")
@click.option("--to", "taker", required=True, metavar="PERSON", help="Who takes over.")
@_REASON
@settles()
def people_hand_over(giver: str, taker: str, reason: str) -> HandOver:
    """Give every place and named duty of one person in live audits to another, all or nothing."""
    return HandOver(giver=giver, taker=taker, reason=reason)


@people.command("permissions")
@told
def people_permissions(options: Globals) -> None:
    """Print who may do what: role by action, for an own audit and for any other."""
    from auditflow.handbook.permission_table import document, page  # noqa: PLC0415 - asks 2,000 questions

    if options.as_json:
        print_json(document())
    else:
        click.echo(page(), nl=False)
