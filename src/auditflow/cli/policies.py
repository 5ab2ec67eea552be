"""`auditflow policy`: the numbers, titles and levels a council may set, in versions."""

from typing import Any

import click

from auditflow.calendar import LONDON
from auditflow.cli.base import Globals, storeless, table, tell
from auditflow.cli.store import answers, settles
from auditflow.commands import SetPolicy
from auditflow.exchange.safe import plain
from auditflow.machines.charts import DUTIES
from auditflow.machines.engine import words
from auditflow.policy import SETTINGS
from auditflow.queries import Reading, policy_in_force
from auditflow.queries import policy_history as every_change
from auditflow.queries.office import PolicyChange, PolicyInForce
from auditflow.service import OfficeDone


@click.group()
def policy() -> None:
    """The numbers, titles and levels a council may set."""


@policy.command("list")
@storeless
def policy_list(options: Globals) -> None:
    """List every setting with its default, unit and source."""
    rows = [(s.name, s.default, s.unit, s.says, s.source.citation) for s in SETTINGS]
    rows += [
        (d.name, d.within.words, "time limit", d.title, d.source[0].citation)
        for d in DUTIES.values()
    ]
    names = ("setting", "default", "unit", "says", "source")
    tell(
        options,
        rows,
        lambda found: table(found, [n.capitalize() for n in names]),
        lambda found: [dict(zip(names, row, strict=True)) for row in found],
    )


def _in_force(found: PolicyInForce) -> str:
    rows = (
        (s.name, s.value, s.version, f"{s.since:%Y-%m-%d}" if s.since else "-", s.source)
        for s in found.settings
    )
    listed = table(rows, ("Setting", "Value", "Version", "Since", "Source"))
    return f"Policy, version {found.version}\n{listed}"


@policy.command("show")
@answers(_in_force)
def policy_show(asking: Reading) -> PolicyInForce:
    """Show what is in force: each value, the version that set it, since when, and its source."""
    return policy_in_force(every_change(asking))


def _changes(found: list[PolicyChange]) -> str:
    if not found:
        return "Nothing was set; the defaults hold. See them: auditflow policy list"
    rows = (
        (c.version, f"{c.at.astimezone(LONDON):%Y-%m-%d %H:%M}", c.who, c.name, c.value, c.reason)
        for c in found
    )
    return table(rows, ("Version", "When", "Who", "Setting", "Value", "Why"))


@policy.command("history")
@answers(_changes)
def policy_history(asking: Reading) -> list[PolicyChange]:
    """List every change, oldest first: who set what, when and why."""
    return every_change(asking)


def _set(settled: OfficeDone) -> str:
    lines = [plain(settled.says), *(f"  {_moved(m)}" for m in settled.figures["moved"])]
    if hidden := settled.figures["not_shown"]:
        lines.append(f"  and of {hidden}")
    return "\n".join(lines)


@policy.command("set", short_help="Set one of them; deadlines not yet missed move with it.")
@click.argument("name")
@click.argument("value")
@click.option("--reason", required=True, help="Why it is set.")
@click.option("--dry-run", is_flag=True, help="Only list the deadlines it would move.")
@settles(_set)
def policy_set(name: str, **values: Any) -> SetPolicy:
    """Set NAME to VALUE (`default` goes back); deadlines not yet missed move with it."""
    return SetPolicy(setting=name, **values)


def _moved(m: dict[str, Any]) -> str:
    what = f"{m['audit']}: {words(m['duty'])} ({m['subject']})"
    at_once = "; late at once" if m["late_at_once"] else ""
    if m["from"] == m["to"]:
        noticed = f"late from {m['late_from']}, noticed from {m['noticed_from']}"
        return f"{what} stays on {m['to']}, {noticed}{at_once}"
    return f"{what} from {m['from']} to {m['to']}{at_once}"
