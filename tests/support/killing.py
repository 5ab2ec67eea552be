"""Forks children that sweep or send, kills them at random moments, and compares what is left.

Each moment is given, so a store on which the work was cut short again and again must end row for
row like one that was left in peace: nothing lost, nothing doubled, each hash the same.
"""

from __future__ import annotations

import gc
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from pathlib import Path

import msgspec

from auditflow.audits import Audit
from auditflow.commands import before
from auditflow.machines.changes import fold
from auditflow.persistence.lines import hash_of, read
from auditflow.service import Service, sweeping
from support.office import Office, at

AUDITS = 200
DRAWN = at("2025-01-06 09:00")
#: Past the audit month: each audit owes a reminder and an escalation by now.
LATE = at("2025-03-10 10:00")
LONGEST = 0.045
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
HALF_DONE = """
SELECT a.reference FROM audits a LEFT JOIN journal j ON j.audit_id = a.id AND j.seq = a.version
WHERE j.hash IS NOT a.head OR a.version <> (SELECT count(*) FROM journal WHERE audit_id = a.id)
"""


class Trial:
    """One kind of work on one store, copied fresh whenever the work is through."""

    def __init__(self, what: str, folder: Path) -> None:
        self.what = what
        self.file = folder / "office.db"
        self.fresh = folder / "fresh.db"
        office = Office(folder, begun="2025-01-02 09:00")
        office.draw("2025-02", "2025-01-06 09:00", size=AUDITS)
        office.app.close()
        shutil.copy(self.file, self.fresh)
        self.service: Service = office.app.service
        self.references = [f"2025-02-{n:03d}" for n in range(1, AUDITS + 1)]
        # Done once in peace: what all others must come to, and all is imported and built.
        self._work(None)
        self.let_go()
        self.wanted = everything(self.file)
        demand_whole_chains(self.file)
        self.renew()

    def _work(self, said: int | None) -> None:
        if self.what == "sweep":
            assert not self.service.sweep(LATE).failed
            return
        for reference in self.references:
            command = before.Distribute(audit=reference, auditor="aud")
            self.service.do(command, by="qa1", now=DRAWN, key=f"key {reference}")
            if said is not None:
                os.write(said, f"{reference}\n".encode())

    def let_go(self) -> None:
        """No connection may go over a fork."""
        self.service.store.close()

    def renew(self) -> None:
        for ending in ("", "-wal", "-shm"):
            self.file.with_name(f"office.db{ending}").unlink(missing_ok=True)
        shutil.copy(self.fresh, self.file)

    def is_through(self) -> bool:
        through = self._count("SELECT count(*) FROM journal")
        return through == len(self.wanted["journal"])

    def _count(self, query: str) -> int:
        look = sqlite3.connect(self.file)
        try:
            return int(look.execute(query).fetchone()[0])
        finally:
            look.close()

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
        with os.fdopen(hear) as heard:
            self._demand_kept(heard.read().split())
        half = sqlite3.connect(self.file)
        assert half.execute(HALF_DONE).fetchall() == [], "half a transaction was kept"
        half.close()
        return os.WIFSIGNALED(status)

    def _demand_kept(self, confirmed: list[str]) -> None:
        """What a sender was told is done, is done."""
        look = sqlite3.connect(self.file)
        kept = {r[0] for r in look.execute("SELECT reference FROM audits WHERE version > 1")}
        look.close()
        assert kept >= set(confirmed), "confirmed, and lost"

    def finish(self) -> None:
        """Do what is left, then all must be as if nobody had ever been killed."""
        self._work(None)
        self._work(None)
        self.let_go()
        found = everything(self.file)
        for name, rows in self.wanted.items():
            assert found[name] == rows, f"{name} is not what it is without kills"
        self.renew()


def everything(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that work changes."""
    look = sqlite3.connect(file)
    assert look.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    found = {t: look.execute(f"SELECT * FROM {t} ORDER BY 1, 2, 3").fetchall() for t in TABLES}
    found["outbox"] = look.execute(OUTBOX).fetchall()
    look.close()
    return found


def demand_whole_chains(file: Path) -> None:
    """Each line is chained to the one before, and the changes, folded, give the facts."""
    look = sqlite3.connect(file)
    for audit_id, head, facts in look.execute("SELECT id, head, facts FROM audits").fetchall():
        last, audit = "", None
        query = "SELECT body, hash FROM journal WHERE audit_id = ? ORDER BY seq"
        for body, hashed in look.execute(query, (audit_id,)):
            assert hashed == hash_of(last, body.encode())
            last, audit = hashed, fold(audit, read(body)["changed"])
        assert last == head
        assert audit == msgspec.json.decode(facts, type=Audit)
    look.close()


def main(what: str, kills: int, folder: Path, seed: int) -> None:
    """Kill so often; whenever all is done begin afresh."""
    chance = random.Random(seed)
    sweeping.BATCH = 3
    trial = Trial(what, folder)
    gc.freeze()
    at_work = rounds = 0
    for _ in range(kills):
        at_work += trial.kill(chance.uniform(0.0005, LONGEST))
        if trial.is_through():
            trial.finish()
            rounds += 1
    trial.finish()
    print(f"{what}: {kills} kills, {at_work} of a child at work, {rounds + 1} times through")
    assert at_work > kills / 2, "most children were through before they were killed"


if __name__ == "__main__":
    told = random.SystemRandom().randrange(1_000_000) if len(sys.argv) < 5 else int(sys.argv[4])
    print(f"seed {told}", flush=True)
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), told)
