"""Every command that only reads, as it is typed about a store of the demo."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Final

import click

from auditflow.cli import COMMANDS, main
from auditflow.reports import REPORTS

#: Asked of no store.
STORELESS: Final = ("config show", "deadline --from 2026-04-02 --months 1", "chart show")
#: Asked of the whole store.
_OFFICE: Final = (
    "where", "work", "work --for hana", "audit list", "audit list --overdue", "people list",
    "people deputies", "people permissions", "policy list", "policy show", "policy history",
    "calendar show", "doctor", "verify",
)  # fmt: skip
_ASKS: Final = "export audits --from 2026-01-01 --to 2026-12-31"
#: What changes a store, makes or moves one, or waits for others; and what checks the drawings.
WRITING: Final = frozenset({
    "demo", "init", "import", "sweep", "serve", "worker", "chart draw", "chart check",
    "audit correct", "calendar import", "db backup", "db copy", "db release-notices",
    "db restore", "db upgrade", "people deputy", "people hand-over", "people import",
    "people leave", "people return", "policy set", "round distribute", "round draw",
})  # fmt: skip


def reading(told: Callable[[str], str]) -> Iterator[str]:
    """Each of them; `told` gives what a command prints."""
    listed = json.loads(told("audit list --json"))
    assert listed
    yield from (*STORELESS, *_OFFICE, _ASKS)
    yield from (f"report {name}" for name in REPORTS)
    for month in sorted({a["reference"][:7] for a in listed}):
        yield from (f"round show {month}", f"round proof {month}")
    for audit in listed:
        yield from (f"audit {what} {audit['reference']}" for what in ("show", "tool"))


def every() -> Iterator[str]:
    """Each command of the help."""
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        if isinstance(command, click.Group):
            yield from (f"{name} {sub}" for sub in command.commands)
        else:
            yield name
