"""Forks children that sweep or send, kills them at random moments, and compares what is left.

Each moment is given, so a store on which the work was cut short again and again must end row for
row like one that was left in peace: nothing lost, nothing doubled, each hash the same.
"""

from __future__ import annotations

import gc
import os
import random
import signal
import sys
import time
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from auditflow.audits import Audit
from auditflow.commands import scheduling
from auditflow.machines.diff import fold
from auditflow.persistence.journal import hash_of, read
from auditflow.service import Service, sweeping
from support import stores
from support.office import Office, at
from support.stores import Kind, asked

#: How many audits; what a file takes a millisecond for takes a server ten.
AUDITS: dict[Kind, int] = {"sqlite": 200, "postgres": 60}
DRAWN = at("2025-01-06 09:00")
#: Past the audit month: each audit owes a reminder and an escalation by now.
LATE = at("2025-03-10 10:00")
#: The longest that the first child is let live, in seconds; on a server it must first connect.
LONGEST: dict[Kind, float] = {"sqlite": 0.045, "postgres": 0.15}
#: A child that was through in time lived too long for this machine, one that was killed perhaps
#: too short: so the next may live. About two of three are then killed at work on any machine.
SHORTER, LONGER = 0.9, 1.05
TABLES = (
    "store",
    "audits",
    "journal",
    "duties",
    "actions",
    "escalations",
    "escalation_steps",
    "texts",
    "access_log",
)
OUTBOX = """
SELECT audit_id, seq, kind, role, person, subject, deliver_from FROM outbox ORDER BY 1, 2, 3, 4, 5
"""
WAKE_UPS = "SELECT queueing_lock, scheduled_at, status FROM procrastinate_jobs ORDER BY 1, 2"
HALF_DONE = """
SELECT a.reference FROM audits a LEFT JOIN journal j ON j.audit_id = a.id AND j.seq = a.version
WHERE coalesce(j.hash, '') <> a.head
   OR a.version <> (SELECT count(*) FROM journal WHERE audit_id = a.id)
"""


class Trial:
    """One kind of work on one store, begun afresh whenever the work is through."""

    def __init__(self, what: str, folder: Path) -> None:
        self.what = what
        office = Office(folder, begun="2025-01-02 09:00")
        size = AUDITS[stores.kind]
        office.draw("2025-02", "2025-01-06 09:00", size=size)
        self.url = office.url
        self.service: Service = office.app.service
        self.let_go()
        self.fresh = stores.Fresh(self.url)
        self.references = [f"2025-02-{n:03d}" for n in range(1, size + 1)]
        # Done once in peace: what all others must come to, and all is imported and built.
        self._work(None)
        self.let_go()
        self.wanted = everything(self.url)
        demand_whole_chains(self.url)
        self.fresh.renew()

    def _work(self, said: int | None) -> None:
        if self.what == "sweep":
            assert not self.service.sweep(LATE).failed
            return
        for reference in self.references:
            command = scheduling.Distribute(audit=reference, auditor="aud")
            self.service.do(command, by="qa1", now=DRAWN, key=f"key {reference}")
            if said is not None:
                os.write(said, f"{reference}\n".encode())

    def let_go(self) -> None:
        """No connection may go over a fork."""
        self.service.store.close()

    def is_through(self) -> bool:
        return asked(self.url, "SELECT count(*) FROM journal") == [(len(self.wanted["journal"]),)]

    def kill(self, after: float) -> bool:
        """Fork a child, kill it after so many seconds; whether it was still at work."""
        hear, say = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(hear)
            self._work(say)
            os._exit(0)
        os.close(say)
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        stores.alone(self.url)
        with os.fdopen(hear) as heard:
            self._demand_kept(heard.read().split())
        assert asked(self.url, HALF_DONE) == [], "half a transaction was kept"
        return os.WIFSIGNALED(status)

    def _demand_kept(self, confirmed: list[str]) -> None:
        """What a sender was told is done, is done."""
        kept = {r for (r,) in asked(self.url, "SELECT reference FROM audits WHERE version > 1")}
        assert kept >= set(confirmed), "confirmed, and lost"

    def finish(self) -> None:
        """Do what is left, then all must be as if nobody had ever been killed."""
        self._work(None)
        self._work(None)
        self.let_go()
        found = everything(self.url)
        for name, rows in self.wanted.items():
            assert found[name] == rows, f"{name} is not what it is without kills"
        self.fresh.renew()


def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that work changes, and on a server the jobs that wake workers."""
    found = {t: asked(url, f"SELECT * FROM {t} ORDER BY 1, 2, 3") for t in TABLES}
    found["outbox"] = asked(url, OUTBOX)
    if url.startswith("sqlite"):
        assert asked(url, "PRAGMA integrity_check") == [("ok",)]
    else:
        found["wake-ups"] = asked(url, WAKE_UPS)
    return found


def demand_whole_chains(url: str) -> None:
    """Each line is chained to the one before, and the changes, folded, give the facts."""
    stored = {i: rest for i, *rest in asked(url, "SELECT id, head, facts FROM audits")}
    lines = asked(url, "SELECT audit_id, body, hash FROM journal ORDER BY audit_id, seq")
    for audit_id, chain in groupby(lines, key=lambda line: line[0]):
        last, audit = "", None
        for _, body, hashed in chain:
            assert hashed == hash_of(last, body.encode())
            last = hashed
            audit = fold(audit, read(body)["changed"]) if audit_id else None
        if audit_id:
            head, facts = stored.pop(audit_id)
            assert (head, msgspec.json.decode(facts, type=Audit)) == (last, audit)
    assert not stored, "there are audits without a history"


def main(kind: Kind, what: str, kills: int, folder: Path, seed: int) -> None:
    """Kill at work so often; whenever all is done begin afresh."""
    chance = random.Random(seed)
    sweeping.BATCH = 3
    stores.use(kind)
    trial = Trial(what, folder)
    gc.freeze()
    at_work = rounds = spared = 0
    longest = LONGEST[kind]
    while at_work < kills:
        if trial.kill(chance.uniform(0.0005, longest)):
            at_work, longest = at_work + 1, longest * LONGER
        else:
            spared, longest = spared + 1, longest * SHORTER
        assert spared < 100 + 4 * kills, "the children are through before they can be killed"
        if trial.is_through():
            trial.finish()
            rounds += 1
    trial.finish()
    stores.clear()
    print(f"{kind} {what}: {kills} killed at work, {spared} spared, {rounds + 1} times through")


if __name__ == "__main__":
    told = random.SystemRandom().randrange(1_000_000) if len(sys.argv) < 6 else int(sys.argv[5])
    print(f"seed {told}", flush=True)
    where: Kind = "sqlite" if sys.argv[1] == "sqlite" else "postgres"
    main(where, sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]), told)
