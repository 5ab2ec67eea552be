"""Forks children that bring a store up or down, and kills each before another of its statements.

Whichever it was, the store must be as it was before or as it is after, to the row: never between.
Some are sent the same way once more, and come to its end.
"""

from __future__ import annotations

import gc
import os
import random
import sys
import time
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from signal import SIGKILL
from typing import Any

from sqlalchemy import Engine, event

from auditflow.application import upgrade
from auditflow.persistence import postgres_connection, schema
from auditflow.persistence.store import Store
from support import stores
from support.everywhere import REVISIONS, everywhere
from support.stores import Kind

#: The version before the newest.
BEFORE = REVISIONS[1]


class Trial:
    """One way to go, on a store begun afresh for each kill."""

    def __init__(self, url: str, go: Callable[[str], object]) -> None:
        self.url, self.go = url, go
        self.before = whole(url)
        self.fresh = stores.Fresh(url)
        begun = time.monotonic()
        self.go(url)
        self.took = time.monotonic() - begun
        self.after = whole(url)
        assert self.before != self.after

    def kill(self, *, statement: int | None = None, after: float | None = None) -> bool:
        """Kill a child before a statement, or after so many seconds; whether it was still at work.

        The store is old or new then.
        """
        self.fresh.renew()
        child = os.fork()
        if child == 0:
            if statement is not None:
                _die_at(statement)
            self.go(self.url)
            os._exit(0)
        if after is not None:
            time.sleep(after)
            os.kill(child, SIGKILL)
        _, status = os.waitpid(child, 0)
        stores.alone(self.url)
        found = whole(self.url)
        assert found in (self.before, self.after), f"between: {statement} {after}"
        if not os.WIFSIGNALED(status):
            assert (os.WEXITSTATUS(status), found) == (0, self.after)
        return os.WIFSIGNALED(status)

    def kill_and_finish(self, after: float) -> bool:
        """Kill a child after so many seconds, and go that way again; whether it was at work."""
        at_work = self.kill(after=after)
        self.go(self.url)
        assert whole(self.url) == self.after, "it cannot be finished"
        return at_work


def _die_at(statement: int) -> None:
    """Die just before the statement of this number is sent, whoever sends it."""
    numbers = count(1)

    def counted(*_: Any, **__: Any) -> None:
        if next(numbers) == statement:
            os.kill(os.getpid(), SIGKILL)

    for moment in ("before_cursor_execute", "commit"):
        event.listen(Engine, moment, counted)
    said = postgres_connection.Bounded.execute

    def execute(self: Any, *words: Any, **more: Any) -> Any:
        counted()
        return said(self, *words, **more)

    postgres_connection.Bounded.execute = execute  # type: ignore[method-assign]


def whole(url: str) -> tuple[Any, ...]:
    """All that a store is: its schema and its rows."""
    return stores.shape(url), stores.rows_of(url)


def downgrade(url: str) -> None:
    """Take a store down by the newest step, unless that is done."""
    with closing(Store(url, unchecked=True)) as store:
        schema.downgrade(store, BEFORE)


def main(kind: Kind, apart: int, at_random: int, folder: Path) -> None:
    """Down and up the newest step: kills before statements so far apart, and at random moments."""
    stores.use(kind)
    url = everywhere(folder)
    trials = Trial(url, downgrade), Trial(url, upgrade)
    gc.freeze()
    chance, each, others = random.Random(), 0, 0
    for trial in trials:
        for statement in count(1, apart):
            if not trial.kill(statement=statement):
                break
            each += 1
        assert statement > 5, "hardly anything was counted"
        # For those within one statement, and in the commit.
        moments = [chance.uniform(0, trial.took) for _ in range(at_random)]
        others += sum(map(trial.kill_and_finish, moments))
    stores.clear()
    print(f"{kind}: killed before {each} statements, {apart} apart, and {others} times at random")


if __name__ == "__main__":
    where: Kind = "sqlite" if sys.argv[1] == "sqlite" else "postgres"
    main(where, int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
