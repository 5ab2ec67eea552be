"""Workers killed in mid-sweep, or whose clocks are wrong: nothing lost, nothing doubled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGSTOP

import pytest

from support.asking import proof_of
from support.killing import demand_whole_chains
from support.office import Office, at
from support.stores import asked
from support.waiting import STUCK, until
from support.workers import Worker, number_of, set_clock, swept_at, wake

pytestmark = pytest.mark.only("postgres")

AUDITS, BATCH = 60, 3
#: Seconds of silence after which another takes over.
STALLED = 10
AT_WORK = "SELECT worker_id FROM procrastinate_jobs WHERE status = 'doing'"
LEFT = "SELECT id FROM procrastinate_jobs WHERE status IN ('doing', 'todo')"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Drawn on 6 January; each audit owes a reminder and an escalation on 10 March."""
    made = Office(tmp_path)
    made.draw("2025-02", "2025-01-06 09:00", size=AUDITS)
    set_clock(made.url, at("2025-01-06 10:00"))
    made.app.close()
    yield made
    made.app.close()


@pytest.fixture
def stopping() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_one_of_two_is_killed_in_mid_sweep_and_the_other_takes_over(
    office: Office, tmp_path: Path, stopping: ExitStack
) -> None:
    other = Worker(office.url, tmp_path, "other", stalled=STALLED, batch=BATCH)
    stopping.callback(other.stop)
    until(lambda: number_of(office.url) == 1, "the first worker does not come")
    doomed = Worker(office.url, tmp_path, "doomed", stalled=STALLED, batch=BATCH, dies_in=4)
    stopping.callback(doomed.stop)
    until(lambda: number_of(office.url) == 2, "the second worker does not come")
    until(lambda: not asked(office.url, AT_WORK), "they do not come to rest")
    # So that it is the doomed one that has the job.
    other.send(SIGSTOP)
    set_clock(office.url, at("2025-03-10 10:00"))
    wake(office.url)
    assert doomed.process.wait(STUCK) == -SIGKILL
    assert raised(office) == 3 * BATCH, "what it was at when it was killed is half done"
    ((last,),) = asked(office.url, "SELECT max(id) FROM procrastinate_workers")
    left = f"{AT_WORK} AND worker_id = {last}"
    assert asked(office.url, left), "it had no job"
    other.send(SIGCONT)
    taken = until(lambda: not asked(office.url, left), "its job was not taken over")
    until(lambda: not asked(office.url, LEFT), "its job was not done")
    print(f"taken over after {taken:.1f} s")
    other.stop()
    demand_each_once(office)


def raised(office: Office) -> int:
    return int(asked(office.url, "SELECT count(*) FROM escalations")[0][0])


def demand_each_once(office: Office) -> None:
    each = asked(office.url, "SELECT audit_id, count(*) FROM escalations GROUP BY audit_id")
    assert [n for _, n in each] == [1] * AUDITS
    proof = proof_of(office.app)
    assert (proof.audits, proof.faults) == (AUDITS, [])
    demand_whole_chains(office.url)


def test_a_job_begun_too_often_is_given_up_and_kept_to_be_looked_at(
    office: Office, tmp_path: Path, stopping: ExitStack
) -> None:
    ((job,),) = asked(
        office.url,
        "UPDATE procrastinate_jobs SET status = 'doing', attempts = 5 "
        "WHERE id = (SELECT min(id) FROM procrastinate_jobs) RETURNING id",
    )
    worker = Worker(office.url, tmp_path, "rescuing", stalled=STALLED)
    stopping.callback(worker.stop)
    status = f"SELECT status::text FROM procrastinate_jobs WHERE id = {job}"
    until(lambda: asked(office.url, status) == [("failed",)], "it was not given up")


def test_wherever_its_machines_clock_jumps_a_worker_looks_as_often_as_before(
    office: Office, tmp_path: Path, stopping: ExitStack
) -> None:
    worker = Worker(office.url, tmp_path, "jumping", batch=200, every=1)
    stopping.callback(worker.stop)
    moment = at("2025-02-28 10:00")
    for hours in (0, 40 * 24, 0, 1, -40 * 24, -1, 24 * 365, 0):
        worker.set_machine(timedelta(hours=hours))
        set_clock(office.url, moment := moment + timedelta(days=1))
        until(partial(swept_at, office.url, moment), f"not swept when {hours} hours wrong")
    assert worker.process.poll() is None
    worker.stop()
    recorded = asked(office.url, "SELECT max(recorded_at) FROM journal")
    assert recorded == [("2025-03-03T10:00:00.000000+00:00",)]
    demand_each_once(office)
