"""The one place where a failure becomes words on standard error and an exit code."""

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper

import click

from auditflow import logs
from auditflow.errors import AuditflowError
from auditflow.exchange.safe import plain

INTERRUPTED = 130


@contextmanager
def in_words() -> Iterator[None]:
    """Tells whatever goes wrong inside on standard error, and leaves with its exit code."""
    _print_what_can_be_printed()
    try:
        with _worded():
            yield
    finally:
        logs.end()


@contextmanager
def _worded() -> Iterator[None]:
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError:
        raise  # It is the help itself.
    except click.UsageError as misuse:
        raise _told(_usage(misuse), misuse.exit_code) from misuse
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except AuditflowError as refusal:
        raise _told(str(refusal), refusal.exit_code) from refusal
    except KeyboardInterrupt:
        raise click.exceptions.Exit(INTERRUPTED) from None
    except OSError as trouble:
        raise _system_trouble(trouble) from trouble
    except Exception as defect:
        raise _defect(defect) from defect


def _usage(misuse: click.UsageError) -> str:
    """What click says of a wrong use, in one line that says where to read on."""
    said = misuse.format_message()
    path = misuse.ctx.command_path if misuse.ctx else "auditflow"
    return f"{said} See: {path} --help" if said else f"Give a command. See: {path} --help"


def _told(message: str, exit_code: int) -> click.exceptions.Exit:
    if logs.for_machines():
        logs.note("ended", "error", says=message, exit_code=exit_code)
    else:
        lines = map(plain, message.split("\n"))
        click.echo("auditflow: " + "\n".join(lines), err=True)
    return click.exceptions.Exit(exit_code)


def _system_trouble(trouble: OSError) -> click.exceptions.Exit:
    """A full disk, a reader that has gone: the machine's trouble, not a defect."""
    try:
        sys.stdout.flush()
    except OSError:
        _discard_output()
    if trouble.errno == errno.EPIPE:
        return click.exceptions.Exit(1)
    where = f" ({trouble.filename})" if trouble.filename else ""
    reason = trouble.strerror or type(trouble).__name__
    return _told(f"The machine could not read or write: {reason}{where}.", 1)


def _defect(defect: Exception) -> click.exceptions.Exit:
    if os.environ.get("AUDITFLOW_TRACEBACK") == "1":
        traceback.print_exception(defect, file=sys.stderr)
    # What it says may be what somebody wrote, which no log may hold.
    said = f": {_without_rows(defect)}" if str(defect) and not logs.for_machines() else ""
    return _told(
        f"{type(defect).__name__}{said}. This is a defect in auditflow, not something you did"
        " wrong; run it again with AUDITFLOW_TRACEBACK=1 to see where, and report that.",
        1,
    )


def _without_rows(defect: Exception) -> str:
    """What a defect says; of a database's only its kind and code, for it tells whole rows."""
    cause = getattr(defect, "orig", None)
    if cause is None:
        return str(defect)
    return f"{type(cause).__name__} {getattr(cause, 'sqlstate', None) or ''}".strip()


def _discard_output() -> None:
    """What cannot be written is dropped, so that leaving does not fail over it a second time."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_what_can_be_printed() -> None:
    """A terminal that lacks a letter shows another in its place, rather than ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
