"""`auditflow worker` as it is started by a service manager: a process of its own, to be killed."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGTERM, Signals

from support import postgres, stores
from support.waiting import STUCK

#: Small batches make a sweep last; the worker kills itself in the midst of the batch of that number
#: (0: never); the machine's clock is wrong by as many seconds as the file says.
PROGRAM = """
import os, sys, time
from itertools import count
from pathlib import Path
from auditflow.operations import worker
from auditflow.persistence.register import Register
from auditflow.service import sweeping
sweeping.BATCH, worker.EVERY = int(sys.argv.pop(1)), float(sys.argv.pop(1))
dies_in, batches, record = int(sys.argv.pop(1)), count(1), Register.record
def recorded(self, *what):
    record(self, *what)
    if next(batches) == dies_in:
        os.kill(os.getpid(), 9)
Register.record = recorded
wrong, right = Path(sys.argv.pop(1)), time.time
time.time = lambda: right() + float(wrong.read_text())
from auditflow.cli import main
main()
"""


class Worker:
    """One worker on a store; what it says goes to a file."""

    def __init__(
        self, url: str, folder: Path, name: str, *,
        stalled: int = 6, batch: int = 3, every: float = 3600, dies_in: int = 0,
    ) -> None:  # fmt: skip
        self.url, self.said = url, folder / f"{name}.log"
        self._wrong = folder / f"{name}.clock"
        self.set_machine(timedelta())
        typed = [
            str(batch),
            str(every),
            str(dies_in),
            str(self._wrong),
            "worker",
            "--db",
            url,
            "--stalled",
            str(stalled),
        ]
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, *typed],
                stdout=said, stderr=said, env=os.environ | {"PYTHONUNBUFFERED": "1"},
            )  # fmt: skip

    def set_machine(self, wrong_by: timedelta) -> None:
        """Set the clock of its machine wrong."""
        new = self._wrong.with_suffix(".new")
        new.write_text(str(wrong_by.total_seconds()))
        new.rename(self._wrong)

    def send(self, sign: Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(sign)

    def stop(self) -> None:
        """As a service manager would; it ends what it is at."""
        if self.process.poll() is None:
            self.send(SIGTERM)
            self.send(SIGCONT)
            try:
                self.process.wait(STUCK)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise
        assert self.process.returncode in (0, -SIGKILL), self.said.read_text()

    def raised(self) -> int:
        """How many things it says it raised."""
        return self.said.read_text().count(" raised at ")


def number_of(url: str) -> int:
    """How many workers have come to work."""
    return len(stores.asked(url, "SELECT id FROM procrastinate_workers"))


def swept_at(url: str, moment: datetime) -> bool:
    """Whether the store was last swept at this moment."""
    at = moment.astimezone(UTC).isoformat(timespec="microseconds")
    return stores.asked(url, "SELECT at FROM beats WHERE name = 'sweep'") == [(at,)]


def wake(url: str) -> None:
    """Wake a worker, as each step does for the moment at which something falls due."""
    postgres.asked(
        url,
        "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'auditflow.sweep', 0, NULL, "
        "'test', '{}'::jsonb, NULL)::procrastinate_job_to_defer_v1])",
    )


def set_clock(url: str, now: datetime) -> None:
    """What the server's clock says to this store from now on, and to nobody else."""
    said = f"SELECT timestamptz '{now.isoformat()}'"
    postgres.asked(
        url,
        "CREATE OR REPLACE FUNCTION public.clock_timestamp() RETURNS timestamptz "
        f"LANGUAGE sql AS $$ {said} $$",
    )
    name = postgres.name_of(url)
    postgres.asked(url, f'ALTER DATABASE "{name}" SET search_path = public, pg_catalog')


def stop_all(*workers: Worker) -> None:
    for worker in workers:
        with suppress(ProcessLookupError):
            worker.stop()
