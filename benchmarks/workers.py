"""One, two and four real workers on one store in which 10,000 duties fall due at one moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryFile
from typing import BinaryIO

from benchmarks.bare import WAKE
from benchmarks.measure import FEW, Row, peak_of
from benchmarks.server import Databases
from benchmarks.stores import ACTS, Clones, Genuine

from auditflow.calendar import utc_text
from support import postgres

TEAMS = (1, 2, 4)
#: Seconds from which all workers are surely up, so that the moment finds them waiting.
LEAD = 15
#: Seconds after which a race is given up.
PATIENCE = 300
_LEFT = """
SELECT count(*) FROM duties WHERE ended_at IS NULL AND missed_at IS NULL AND raise_from <= %s
"""
#: From when the first worker looked until the last of it was on the disk.
_SPENT = """
SELECT extract(epoch FROM max(pg_xact_commit_timestamp(xmin)) - min(missed_at))::float8
FROM duties WHERE missed_at >= %s
"""
#: Each audit has one escalation, of one cause, and as many lines as any other.
_SINGLE = """
SELECT count(*), count(DISTINCT audit_id), min(lines), max(lines), bool_and(a.version = lines)
FROM escalations e JOIN audits a ON a.id = e.audit_id
JOIN (SELECT audit_id AS one, count(*) AS lines FROM journal GROUP BY 1) j ON j.one = e.audit_id
"""
_CONNECTED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"


@dataclass(frozen=True)
class Race:
    """What one race came to."""

    seconds: float
    shares: Sequence[float]
    megabytes: float
    connections: float


def raced(made: Genuine, databases: Databases, *, quick: bool) -> Iterator[Row]:
    """Races in turns; each row against the race of a single worker in the same round."""
    due, rounds = (1_000, 1) if quick else (10_000, FEW)
    run: dict[int, list[Race]] = {n: [] for n in TEAMS}
    for turn in range(rounds):
        for team in TEAMS[:: -1 if turn % 2 else 1]:
            run[team].append(_race(made, databases, team, due))
            print(f"    {team} workers: {run[team][-1]}", file=sys.stderr)
    alone = [r.seconds for r in run[1]]
    for team in TEAMS:
        seconds = [r.seconds for r in run[team]]
        what = f"{due:,} due, raised by {team} worker{'s' * (team > 1)}"
        yield Row(what, seconds, alone, "one worker", "s")
    for team in TEAMS[1:]:
        least = [min(r.shares) for r in run[team]]
        yield Row(f"the least that one of {team} workers did", least, unit="%")
    yield Row("peak memory of a worker", [r.megabytes for n in TEAMS for r in run[n]], unit="MB")
    yield Row("connections of a worker", [r.connections for r in run[1]], unit="")


def _race(made: Genuine, databases: Databases, team: int, due: int) -> Race:
    when = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=LEAD + due // 1_000)
    url = databases.store([Clones(made.live, due, when - ACTS)])
    try:
        postgres.asked(url, WAKE.replace("?", "%s"), (f"wake {utc_text(when)}", when))
        with ExitStack() as stack:
            running = [stack.enter_context(_worker(url)) for _ in range(team)]
            connections = _wait(url, when)
            peak = max(peak_of(worker.process.pid) for worker in running)
            did = [worker.did() for worker in running]
        [(seconds,)] = postgres.asked(url, _SPENT, (when,))
        _demand_single(url, did, due)
        return Race(seconds, [len(d) / due for d in did], peak, connections / team)
    finally:
        databases.drop(url)


@dataclass(frozen=True)
class Worker:
    """A worker's process, and the file it tells into: a pipe that nobody empties would stop it."""

    process: subprocess.Popen[bytes]
    told: BinaryIO

    def did(self) -> set[str]:
        """Stop it; the audits it told that it raised something of, none of them twice."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=60) == 0
        self.told.seek(0)
        words = self.told.read().decode().split()
        found = [w.strip(":") for w in words if w.startswith("clone-")]
        assert len(found) == len(set(found)), "a worker raised something twice"
        return set(found)


@contextmanager
def _worker(url: str) -> Iterator[Worker]:
    environment = {**os.environ, "AUDITFLOW_DB": url}
    words = [sys.executable, "-m", "auditflow", "worker"]
    with TemporaryFile() as told, subprocess.Popen(words, env=environment, stdout=told) as process:
        try:
            yield Worker(process, told)
        finally:
            process.kill()


def _wait(url: str, when: datetime) -> int:
    """Wait until nothing is left; how many connections there were before it began."""
    ahead = (when - datetime.now(UTC)).total_seconds()
    assert ahead > 1, "the store was not ready in time: this machine is too busy"
    time.sleep(ahead - 1)
    [(connections,)] = postgres.asked(url, _CONNECTED)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if postgres.asked(url, _LEFT, (when,)) == [(0,)]:
            return int(connections) - 1
        time.sleep(0.5)
    raise RuntimeError("the workers did not come to an end")


def _demand_single(url: str, did: Sequence[set[str]], due: int) -> None:
    """Nothing was lost and nothing doubled, by what they told and by what is stored."""
    assert sum(map(len, did)) == len(set().union(*did)) == due
    [(raised, audits, least, most, whole)] = postgres.asked(url, _SINGLE)
    assert (raised, audits, whole) == (due, due, True)
    assert least == most, "an audit has more lines than another"
