"""The worker on PostgreSQL: any number of them, woken by jobs, working from the store's own rows.

A job carries no meaning: it says only “look now”. What is due stands in the store, and each sweep
takes what no other worker is at; so a job that is lost, late or done twice changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from random import SystemRandom
from typing import Final

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from auditflow.app import App
from auditflow.errors import StoreTrouble
from auditflow.persistence.database import Mode
from auditflow.persistence.office import Office
from auditflow.persistence.postgres import BOUNDS
from auditflow.service import Swept

#: The task that every job asks for, also those that steps make (persistence/statements.py).
SWEEP: Final = "auditflow.sweep"
#: A job that was begun so often and never came to its end is left to a person.
ATTEMPTS = 5
#: Seconds between two looks for jobs, where none is announced.
POLL = 2.0
#: Seconds in which a worker told to stop may end what it is at.
GRACE = 30.0
#: The most seconds before a worker whose database is away tries again.
PAUSE = 5.0
#: Hours for which jobs that failed are kept, to be looked at.
KEPT = 14 * 24

log = logging.getLogger("auditflow.worker")
_chance = SystemRandom()


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
    asyncio.run(_serve(_jobs(app, stalled, told), stalled, until_idle=until_idle))


async def _serve(jobs: procrastinate.App, stalled: float, *, until_idle: bool) -> None:
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    while not stop.is_set():
        try:
            await _until_stopped(jobs, stalled, stop, until_idle=until_idle)
        except (ConnectorException, psycopg.Error):
            log.warning("the database is away; trying again")
        if until_idle:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _chance.uniform(0.5, PAUSE))


async def _until_stopped(
    jobs: procrastinate.App, stalled: float, stop: asyncio.Event, *, until_idle: bool
) -> None:
    """One run of the library's worker; it ends by itself where the database goes away."""
    async with jobs.open_async():
        working = asyncio.create_task(
            jobs.run_worker_async(
                wait=not until_idle,
                concurrency=1,
                delete_jobs="successful",
                fetch_job_polling_interval=POLL,
                shutdown_graceful_timeout=GRACE,
                update_heartbeat_interval=stalled / 6,
                stalled_worker_timeout=stalled * 20,
                install_signal_handlers=False,
            )
        )
        others = {asyncio.create_task(stop.wait()), asyncio.create_task(_silent(jobs, stalled))}
        await asyncio.wait({working, *others}, return_when=asyncio.FIRST_COMPLETED)
        for other in others:
            other.cancel()
        if not working.done():
            working.cancel()  # It ends what it is at first.
        _, still = await asyncio.wait({working}, timeout=GRACE + stalled)
        if still:
            # It waits for an answer that never comes; whoever watches over it starts another.
            log.error("the worker does not end by itself and is ended")
            os._exit(1)
        with suppress(asyncio.CancelledError):
            await working


async def _silent(jobs: procrastinate.App, stalled: float) -> None:
    """Ends when the database has not answered for so long, whatever the network pretends."""
    while True:
        await asyncio.sleep(stalled)
        try:
            async with asyncio.timeout(stalled):
                await jobs.check_connection_async()
        except (TimeoutError, ConnectorException, psycopg.Error):
            log.warning("the database does not answer; beginning anew")
            return


def _jobs(app: App, stalled: float, told: Callable[[Swept], None]) -> procrastinate.App:
    """The tasks: look each minute and whenever woken, and take over from who went silent."""
    address = app.store.url.set(drivername="postgresql").render_as_string(hide_password=False)
    # Two connections wait for jobs and announcements, one tells that this worker is alive.
    connector = procrastinate.PsycopgConnector(
        conninfo=address, min_size=1, max_size=4, timeout=stalled, kwargs=dict(BOUNDS)
    )
    jobs = procrastinate.App(connector=connector)

    def sweep(timestamp: int | None = None) -> None:
        del timestamp
        now = app.clock()
        told(app.service.sweep(now, share=partial(_call_another, jobs)))
        app.store.settle(lambda c: Office(c).beat("sweep", now), Mode.NOTE)

    async def rescue(timestamp: int) -> None:
        del timestamp
        await _rescue(jobs, stalled)

    async def tidy(timestamp: int) -> None:
        del timestamp
        await jobs.job_manager.delete_old_jobs(KEPT, include_failed=True)

    every = min(59, max(1, int(stalled / 6)))
    for cron, name, task, lock in (
        ("* * * * *", SWEEP, sweep, "sweep"),
        (f"* * * * * */{every}", "auditflow.rescue", rescue, "rescue"),
        ("0 3 * * *", "auditflow.tidy", tidy, "tidy"),
    ):
        # Never `lock`: a job that died with its worker would block every later one.
        jobs.periodic(cron=cron)(jobs.task(name=name, queueing_lock=lock)(task))
    return jobs


def _call_another(jobs: procrastinate.App) -> None:
    """There is more to do than one batch: whoever is idle may lend a hand."""
    try:
        jobs.configure_task(SWEEP, queueing_lock="share").defer()
    except AlreadyEnqueued:
        pass  # Somebody is called already.
    except (ConnectorException, psycopg.Error) as error:
        log.info("nobody was called to share: %s", type(error).__name__)


async def _rescue(jobs: procrastinate.App, stalled: float) -> None:
    silent = await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled / 2)
    for job in silent:
        if job.attempts >= ATTEMPTS:
            continue
        try:
            await jobs.job_manager.retry_job(job)
        except (ConnectorException, psycopg.Error) as error:
            # Another rescued it already, or one like it waits; the others go on.
            log.info("job %s was not taken over: %s", job.id, type(error).__name__)
