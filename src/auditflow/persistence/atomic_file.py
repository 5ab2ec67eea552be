"""Files that are there whole or not at all, whatever happens while they are written."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from auditflow.errors import BadInput


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """A new file beside the target, which gets its name only once all is written, and for good.

    Nothing is left behind otherwise. BadInput where the target is there, or cannot be written.
    """
    _demand_absent(target)
    part = target.with_name(f".{target.name}.{token_hex(4)}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileNotFoundError as error:
        raise BadInput(
            f"There is no folder {target.parent}. Make it first, or give another."
        ) from error
    except OSError as error:
        raise BadInput(f"{target} cannot be written: {error.strerror}. Give another.") from error
    try:
        yield part
        _keep(part)
        _name(part, target)
        _keep(target.parent)
    finally:
        remove(part)


def remove(path: Path) -> None:
    """Take a file away if it is there, and what SQLite may leave beside one that it writes."""
    for ending in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _demand_absent(target: Path) -> None:
    if target.exists():
        raise _taken(target)


def _taken(target: Path) -> BadInput:
    return BadInput(f"There is something at {target} already. Give another name.")


def _name(part: Path, target: Path) -> None:
    """Give the file its name, never over another of that name."""
    try:
        target.hardlink_to(part)
    except FileExistsError as error:
        raise _taken(target) from error
    except OSError:
        # A file system without links.
        _demand_absent(target)
        part.rename(target)


def _keep(path: Path) -> None:
    """Have the disk keep a file, or a folder's names, through a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
