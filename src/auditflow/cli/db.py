"""`auditflow db`: the store itself, brought up to date, kept and restored."""

from pathlib import Path
from typing import Any

import click

from auditflow.application import clock, copy, upgrade
from auditflow.calendar import number_of
from auditflow.cli.base import PATH, Globals, given, table, tell, told
from auditflow.cli.store import log_unattended, settings_of, settles
from auditflow.commands import ReleaseNotices
from auditflow.exchange.safe import plain
from auditflow.operations.backup import CHECKSUM, CheckedBackup, backup, restore
from auditflow.settings.address import masked
from auditflow.settings.model import Settings


@click.group()
def db() -> None:
    """The store itself."""


@db.command("upgrade", short_help="Bring the store to this auditflow's version.")
@given
def db_upgrade(options: Globals) -> None:
    """Bring the store to this auditflow's version, all of it or nothing."""
    was, now = upgrade(settings_of(options).url)
    if was == now:
        click.echo("The store is up to date.")
        return
    click.echo(f"The store was of version {was} and is up to date now (version {now}).")


@db.command("backup", short_help="Keep a copy of the store, while it is used.")
@click.argument("file", type=PATH)
@told
def db_backup(options: Globals, file: Path) -> None:
    """Keep a copy of the store as it is now, in FILE; a folder gets a file named by the moment.

    Others may use the store meanwhile. The copy is opened to see that it is whole.
    """
    settings = settings_of(options)
    _log(settings, "backup")
    kept = backup(settings.url, file, now=clock(), pg_bin=settings.pg_bin)
    tell(options, kept, lambda kept: _words(kept, f"Kept: {kept.file}"), _document)
    if kept.faults:
        count = number_of(len(kept.faults), "fault")
        click.echo(f"auditflow: The history has {count}. See: auditflow verify", err=True)
        raise SystemExit(1)


@db.command("restore", short_help="Put a copy in place where nothing is yet.")
@click.argument("file", type=PATH)
@told
def db_restore(options: Globals, file: Path) -> None:
    """Put the backup FILE in place as the store of --db, where nothing may be yet.

    Its notices are held back, for they may have been sent since.
    """
    settings = settings_of(options)
    _log(settings, "restore")
    kept = restore(settings.url, file, pg_bin=settings.pg_bin)
    did = f"Restored: {kept.place}, from {kept.file}"
    tell(options, kept, lambda kept: f"{_words(kept, did)}\n{_HELD_BACK}", _document)


_HELD_BACK = (
    "Notices are held back: what waited may have been sent since. To let them go, type: "
    "auditflow db release-notices --reason WHY"
)


@db.command("release-notices", short_help="Let go of what a restore held back.")
@click.option("--reason", required=True, help="Why they may go.")
@settles()
def db_release_notices(reason: str) -> ReleaseNotices:
    """Let the notices go that a restore held back; for the QA manager or the administrator."""
    return ReleaseNotices(reason=reason)


_COPY_HELP = """
Copy the store FROM into the empty database TO, and check each row before any counts.

\b
auditflow db copy auditflow.db postgresql+psycopg://USER@HOST/NAME

Let nobody work in FROM meanwhile: what is changed there afterwards is not in TO.
"""


@db.command(
    "copy", help=_COPY_HELP, short_help="Move a store to another database, such as PostgreSQL."
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@told
def db_copy(options: Globals, source: str, target: str) -> None:
    """Moves it and prints what was moved."""
    tell(options, copy(source, target), _copied, lambda copied: [c._asdict() for c in copied])


def _copied(copied: list[Any]) -> str:
    rows = [(c.table, c.rows, c.digest[:16]) for c in copied]
    count = number_of(sum(c.rows for c in copied), "row")
    return (
        f"{table(rows, ('Table', 'Rows', 'Digest, alike in both'))}\n{count} copied; all are alike."
    )


def _log(settings: Settings, command: str) -> None:
    """What a timer starts is logged where settings say how; what a person types is told anyway."""
    if settings.log_format != "auto":
        log_unattended(settings, command, masked(settings.db))


def _words(kept: CheckedBackup, did: str) -> str:
    found = kept.holdings
    how = "its history was replayed" if kept.replayed else f"it is of version {found.version}"
    audits, lines = number_of(found.audits, "audit"), number_of(found.lines, "line")
    said = [
        f"{plain(did)} ({kept.size / 1_000_000:.1f} MB)",
        f"It was opened and is whole, and {how}: {audits}, {lines} of history.",
        f"Head digest: {found.head}",
    ]
    if kept.program:
        said.append(f"Done by {plain(kept.program)}.")
    if not kept.checksum:
        said.append(f"No {plain(kept.file.name)}{CHECKSUM} lay beside it to compare it with.")
    return "\n".join(said)


def _document(kept: CheckedBackup) -> dict[str, Any]:
    return {
        "file": str(kept.file),
        "store": kept.place,
        "bytes": kept.size,
        "audits": kept.holdings.audits,
        "lines": kept.holdings.lines,
        "head": kept.holdings.head,
        "version": kept.holdings.version,
        "rows": kept.holdings.rows,
        "faults": [f._asdict() for f in kept.faults],
        "program": kept.program or None,
        "checksum": kept.checksum,
    }
