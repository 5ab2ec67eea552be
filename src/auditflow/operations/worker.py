"""The worker on PostgreSQL: any number of them, woken by jobs, working from the store's own rows.

A job carries no meaning: it says only “look now”. What is due stands in the store, and each sweep
takes what no other worker is at; so a job that is lost, late or done twice changes nothing.
"""

import asyncio
import logging
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from functools import partial
from random import SystemRandom
from typing import Any, Final

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, ProcrastinateException
from procrastinate.jobs import Status

from auditflow.application import App
from auditflow.errors import StoreTrouble
from auditflow.operations.sweep_loop import note_swept
from auditflow.persistence.database import Mode
from auditflow.persistence.postgres_connection import CONNECTING, PATIENCE
from auditflow.persistence.store import Store
from auditflow.service import Swept

#: The task that every job asks for, also those that steps make (persistence/statements.py).
SWEEP: Final = "auditflow.sweep"
#: Seconds between two sweeps that nobody asked for: the net below the jobs.
EVERY = 60.0
#: A job that was begun so often and never came to its end has failed, which the doctor reports.
ATTEMPTS = 5
#: Seconds between two looks for jobs, where none is announced.
POLL = 2.0
#: Seconds in which a worker told to stop may end what it is at.
GRACE = 30.0
#: The most seconds before a worker whose database is away tries again.
PAUSE = 5.0
#: Hours for which jobs that failed are kept, to be looked at.
KEPT = 14 * 24
#: Seconds in a day, and for which an announcement is awaited on one connection.
DAY = 86_400.0

log = logging.getLogger("auditflow.worker")
_chance = SystemRandom()


class _Bounded(psycopg.AsyncConnection[Any]):
    """As the store's own: no answer is awaited for ever, only announcements are."""

    async def wait(
        self,
        gen: Any,
        interval: float = 0.1,
        timeout: float | None = None,  # noqa: ASYNC109 - as the driver has it
    ) -> Any:
        """Wait for an answer; OperationalError, and the connection closed, where none comes."""
        if timeout is not None:
            return await super().wait(gen, interval, timeout)
        try:
            return await super().wait(gen, interval, PATIENCE[Mode.WRITE])
        except psycopg.OperationalError as error:
            if error.sqlstate is None:
                await self.close()
            raise

    def notifies(
        self, *, timeout: float | None = None, stop_after: int | None = None
    ) -> AsyncGenerator[psycopg.Notify]:
        """Announcements, as they come."""
        return super().notifies(timeout=timeout or DAY, stop_after=stop_after)


def work(
    app: App, *, stalled: float, told: Callable[[Swept], None], until_idle: bool = False
) -> None:
    """Work until told to stop (SIGTERM, SIGINT); `until_idle`: until no job is left to do.

    The job of a worker silent for `stalled` seconds is by then in another's hands.
    """
    if app.store.url.get_backend_name() != "postgresql":
        raise StoreTrouble(
            "This store is a file, and one loop serves it: auditflow sweep --every 60s. "
            "Workers are for PostgreSQL."
        )
    cut: list[StoreTrouble] = []
    asyncio.run(_serve(_jobs(app, told, cut), app.store, stalled, until_idle=until_idle))
    if until_idle and cut:
        raise cut[0]


async def _serve(
    jobs: procrastinate.App, store: Store, stalled: float, *, until_idle: bool
) -> None:
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    while not stop.is_set():
        try:
            # First by the store itself: the library's pool only knows that it waited in vain.
            await asyncio.to_thread(store.now)
            await _until_stopped(jobs, stalled, stop, until_idle=until_idle)
        except (StoreTrouble, ConnectorException, psycopg.Error) as error:
            said = _what_ails(store, error)
            if until_idle:
                raise StoreTrouble(said) from error
            log.warning("%s It is tried again.", said)
        if until_idle:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _chance.uniform(0.5, PAUSE))


def _what_ails(store: Store, error: Exception) -> str:
    """Why the job library gave up, in a sentence that says what to do."""
    if isinstance(error, StoreTrouble):
        return str(error)
    cause = error.__cause__ if isinstance(error, ConnectorException) else error
    said = store.says(cause) if isinstance(cause, Exception) else None
    return said or "The database went away. Check the server and the network, then try again."


async def _until_stopped(
    jobs: procrastinate.App, stalled: float, stop: asyncio.Event, *, until_idle: bool
) -> None:
    """One run of the library's worker; it ends by itself where the database goes away."""
    async with jobs.open_async():
        await _look(jobs)
        working = jobs.run_worker_async(
            wait=not until_idle,
            concurrency=1,
            delete_jobs="successful",
            fetch_job_polling_interval=POLL,
            shutdown_graceful_timeout=GRACE,
            update_heartbeat_interval=stalled / 6,
            stalled_worker_timeout=stalled * 20,
            install_signal_handlers=False,
        )
        # Not the library's own periods: they go by the machine's clock, and one set back stops
        # them until it has come so far again.
        periods = (
            _each(EVERY, partial(_look, jobs)),
            _each(stalled / 6, partial(_rescue, jobs, stalled)),
            _each(DAY, partial(_tidy, jobs)),
        )
        tasks = [asyncio.create_task(each) for each in (working, stop.wait(), *periods)]
        ended, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in others:
            task.cancel()  # The worker ends what it is at first.
        await asyncio.gather(*others, return_exceptions=True)
        for task in ended:
            task.result()


async def _each(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    """Do it now, and again each so many seconds."""
    while True:
        await work()
        await asyncio.sleep(seconds)


def _jobs(app: App, told: Callable[[Swept], None], cut: list[StoreTrouble]) -> procrastinate.App:
    """The one task there is: look what has fallen due; `cut` gets what cut the last look short."""
    url = app.store.url.set(drivername="postgresql")
    connector = procrastinate.PsycopgConnector(
        conninfo=url.render_as_string(hide_password=False),
        connection_class=_Bounded,
        # What the address says itself holds.
        kwargs={name: value for name, value in CONNECTING.items() if name not in url.query},
        timeout=PATIENCE[Mode.WRITE],
        # Two wait for jobs and announcements, one tells that this worker is alive.
        min_size=1,
        max_size=4,
    )
    jobs = procrastinate.App(connector=connector)

    @jobs.task(name=SWEEP)
    def sweep() -> None:
        cut.clear()
        try:
            now = app.clock()
            told(app.service.sweep(now, share=partial(_call_another, jobs)))
            note_swept(app.store, now)
        except StoreTrouble as trouble:
            cut.append(trouble)
            log.warning("a sweep was cut short, the next does the rest: %s", trouble)

    return jobs


async def _look(jobs: procrastinate.App) -> None:
    # Never `lock`: a job that died with its worker would block every later one.
    with suppress(AlreadyEnqueued):
        await jobs.configure_task(SWEEP, queueing_lock="sweep").defer_async()


def _call_another(jobs: procrastinate.App) -> None:
    """There is more to do than one batch: whoever is idle may lend a hand, if anybody is."""
    with suppress(ProcrastinateException):
        jobs.configure_task(SWEEP, queueing_lock="share").defer()


async def _rescue(jobs: procrastinate.App, stalled: float) -> None:
    """Take over from who went silent."""
    silent = await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled / 2)
    for job in silent:
        try:
            if job.attempts >= ATTEMPTS:
                await jobs.job_manager.finish_job(job, Status.FAILED, delete_job=False)
            else:
                await jobs.job_manager.retry_job(job)
        except (ConnectorException, psycopg.Error) as error:
            # Another rescued it already, or one like it waits; the others go on.
            log.info("job %s was not taken over: %s", job.id, type(error).__name__)


async def _tidy(jobs: procrastinate.App) -> None:
    await jobs.job_manager.delete_old_jobs(KEPT, include_failed=True)
