"""The site of a made-up council whose audits stand at every step."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from flask import Flask

from auditflow.demo import tell
from auditflow.web import Look, site
from support.serving import answering

#: A Wednesday at noon in London; the demo's audits stand at every step by then.
NOON: Final = datetime(2026, 6, 17, 11, tzinfo=UTC)
_LOGO: Final = Path(__file__).parents[2] / "src/auditflow/web/static/favicon.svg"


class Served(NamedTuple):
    """A site that answers, and the address it answers at (without a slash at its end)."""

    flask: Flask
    address: str


def told_once(shared: Path) -> Path:
    """The demo's store up to `NOON`; whoever asks first tells it, the others wait."""
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = shared / "demo"
        store = folder / "demo.db"
        if not (folder / "told").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            tell(folder, NOON).close()
            (folder / "told").touch()
        return store


@contextmanager
def served(store: Path, person: str) -> Iterator[Served]:
    """The site as one person meets it, until the end."""
    look = Look(council="Sandmouth Borough Council", logo=_LOGO)
    flask = site(f"sqlite:///{store}", person, now=NOON, look=look)
    with closing(flask.extensions["auditflow"]), answering(flask) as address:
        yield Served(flask, address)
