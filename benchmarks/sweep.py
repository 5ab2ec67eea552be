"""The sweep of 1,000 due among 100,000 audits, against the same rows by bare executemany."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.bare import Bare, Recorder, same, written
from benchmarks.measure import ROUNDS, Row, in_turns, timed
from benchmarks.stores import ACTS, APART, Clones, Genuine, Stores, falls_due

from auditflow.application import App
from auditflow.calendar import london_date
from auditflow.service import sweeping

MEMORY = """
import sys
from datetime import datetime
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from auditflow.application import App
app = App(sys.argv[1])
assert app.service.sweep(datetime.fromisoformat(sys.argv[2])).looked_at == int(sys.argv[3])
status = Path("/proc/self/status")
# Linux hands the parent's peak on through getrusage; what this process took stands in /proc.
lines = status.read_text().splitlines() if status.exists() else []
peak = [line.split()[1] for line in lines if line.startswith("VmHWM")]
print(int(peak[0] if peak else getrusage(RUSAGE_SELF).ru_maxrss) / 1024)
"""


@dataclass
class Field:
    """Two equal stores of many audits, of which a group falls due each minute."""

    ours: str
    bare: str
    #: Who writes the same in the second.
    by: str
    audits: int
    due: int

    def ids(self, n: int) -> range:
        """The audits of group n."""
        return range(n * self.due + 1, (n + 1) * self.due + 1)


def prepared(made: Genuine, stores: Stores, *, quick: bool) -> Field:
    """Three of ten still live, the others closed."""
    audits, due = (5_000, 200) if quick else (100_000, 1_000)
    groups = ROUNDS + 2
    rest = audits - groups * due
    plan = [Clones(made.live, due, n * APART) for n in range(groups)]
    plan += [
        Clones(made.live, rest // 10, timedelta(days=30)),
        Clones(made.drawn, rest // 10),
        Clones(made.closed, rest - 2 * (rest // 10)),
    ]
    return Field(*stores.twins("sweep", plan), stores.bare, audits, due)


def swept(field: Field) -> list[Row]:
    """Raise one group in each round; then look with nothing due."""
    app, bare, recorder = App(field.ours), Bare(field.bare), Recorder(field.ours)
    ours, theirs = [], []
    before_all = ACTS - APART
    idle = in_turns(
        lambda: app.service.sweep(before_all),
        lambda: bare.look(before_all, london_date(before_all)),
        rounds=200,
    )
    for n in range(ROUNDS + 1):
        now, ids = falls_due(n), field.ids(n)
        before = recorder.of(ids)
        found = []
        spent = timed(lambda: found.append(app.service.sweep(now)))  # noqa: B023 - called at once
        assert len(found[0].raised) == field.due
        steps = written(before, recorder.of(ids))

        def write() -> None:
            due = bare.due(now, london_date(now))  # noqa: B023
            assert len(due) == field.due
            for i in range(0, len(due), sweeping.BATCH):
                bare.batch(due[i : i + sweeping.BATCH], steps[i : i + sweeping.BATCH])  # noqa: B023

        other = timed(write)
        # A moment has one job, however many wait for it; the bare side gets it afterwards.
        assert bare.wake(recorder.jobs()) <= 1 or not n
        if n:
            ours.append(spent)
            theirs.append(other)
        assert same(field.ours, field.bare, ids), "the bare program wrote other rows"
    for one in (app, bare, recorder):
        one.close()
    what = f"sweep that raises {field.due:,} due among {field.audits:,}"
    return [
        Row(what, ours, theirs, f"{field.by}, same rows, as durable", "ms", "3"),
        Row(
            f"sweep with nothing due among {field.audits:,}",
            *idle,
            f"{field.by}, same questions",
            ceiling="1 ms",
        ),
    ]


def memory(field: Field) -> Row:
    """The peak of a process that does nothing but such a sweep."""
    now = falls_due(ROUNDS + 1)
    program = [sys.executable, "-c", MEMORY, field.ours, now.isoformat(), str(field.due)]
    done = subprocess.run(program, check=True, capture_output=True, text=True)
    return Row("peak memory of that sweep", [json.loads(done.stdout)], unit="MB", ceiling="100 MB")
