"""The job that a step makes is the job that the library itself would make."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import procrastinate
import pytest

from auditflow.operations.worker import SWEEP
from auditflow.persistence.register import Register
from support import stores
from support.office import Office

pytestmark = pytest.mark.only("postgres")

#: All that the library knows of a job but its number and its moment.
JOB = (
    "SELECT queue_name, task_name, priority, lock, args, status, attempts, abort_requested "
    "FROM procrastinate_jobs WHERE queueing_lock = ?"
)
THEN = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


def waiting(office: Office) -> list[tuple[Any, ...]]:
    sql = "SELECT queueing_lock, scheduled_at FROM procrastinate_jobs WHERE status = 'todo'"
    return stores.asked(office.url, sql)


def test_it_is_made_as_the_library_makes_it(office: Office) -> None:
    with office.app.store.writing() as connection:
        Register(connection)._wake({THEN})
        app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
        driver = connection.connection.driver_connection
        theirs = app.configure_task(
            SWEEP, connection=driver, schedule_at=THEN, queueing_lock="theirs"
        )
        theirs.defer()
    ours = "wake 2031-05-06T07:08:09Z"
    assert stores.asked(office.url, JOB, (ours,)) == stores.asked(office.url, JOB, ("theirs",))
    moments = {moment for _, moment in waiting(office)}
    assert moments == {"2031-05-06T07:08:09.000000+00:00"}


def test_one_waits_for_a_moment_however_many_ask(office: Office) -> None:
    for _ in range(3):
        with office.app.store.writing() as connection:
            Register(connection)._wake({THEN, THEN + timedelta(days=1)})
    assert len(waiting(office)) == 2


def test_a_step_that_is_taken_back_leaves_no_job(office: Office) -> None:
    with pytest.raises(ZeroDivisionError):  # noqa: SIM117 - it is to fail after the job
        with office.app.store.writing() as connection:
            _fail_after(Register(connection)._wake, {THEN})
    assert waiting(office) == []


def _fail_after(work: Callable[..., None], *given: Any) -> None:
    work(*given)
    raise ZeroDivisionError
