"""Serving a site on this machine until told to stop, and sweeping its store meanwhile."""

import gc
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from typing import Any, Final

import waitress.server
from flask import Flask

from auditflow import logs
from auditflow.application import App
from auditflow.errors import BadInput, StoreTrouble, SweptAlready
from auditflow.operations.sweep_loop import sole_sweeper, sweep_once, sweep_until

#: Until there is a sign-in, nobody but who sits at this machine is served.
HOST: Final = "127.0.0.1"
_THREADS: Final = 4


def serve(
    flask: Flask,
    ports: Sequence[int],
    tell: Callable[[str], None],
    *,
    sweeps: App | None,
    seconds: int,
) -> None:
    """Serve until SIGINT or SIGTERM; `sweeps` is swept every so many seconds, if given.

    The first of the ports that can be had is taken; 0 is any that is free. `tell` hears the
    address, and of another process that sweeps. BadInput where no port can be had.
    """
    server = _listening(flask, ports)
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, _end)
    with ExitStack() as ends:
        ends.callback(server.close)
        if sweeps is not None:
            _sweeping(flask, sweeps, seconds, ends, tell)
        # What is there from the start stays: no request waits until it was looked through again.
        gc.collect()
        gc.freeze()
        tell(f"http://{HOST}:{server.effective_port}/")
        server.run()


def _listening(flask: Flask, ports: Sequence[int]) -> Any:
    for port in ports:
        try:
            return waitress.server.create_server(
                flask, host=HOST, port=port, threads=_THREADS, ident=None
            )
        except OSError as error:
            if port == ports[-1]:
                raise BadInput(
                    f"Port {port} is taken, or not yours to use. Give another with --port N."
                ) from error
    raise AssertionError


def _end(*_: object) -> None:
    # Waitress takes it for the end of its loop, and lets what is under way come to its end.
    raise SystemExit(0)


def _sweeping(
    flask: Flask, app: App, seconds: int, ends: ExitStack, tell: Callable[[str], None]
) -> None:
    """Begin the loop beside the pages: as the one that sweeps, or for whoever else does."""
    try:
        ends.enter_context(sole_sweeper(app.store))
    except SweptAlready:
        tell("Another process sweeps this store; these pages do only when it does not.")
        target = _stand_in
    else:
        flask.config.update(SWEEPS_EVERY=seconds, SWEEPS_SINCE=app.clock())
        target = sweep_until
    stop = threading.Event()
    loop = threading.Thread(target=_go_on, args=(stop, app, seconds, target), name="sweep")

    def end() -> None:
        stop.set()
        if loop.ident is not None:
            loop.join()

    # First how it ends, for a sign to stop may come as soon as it has begun.
    ends.callback(end)
    loop.start()


def _stand_in(stop: threading.Event, app: App, seconds: int) -> None:
    """Sweep once in every turn in which nobody else is at it, and let go: another may begin."""
    while not stop.wait(seconds):
        with suppress(SweptAlready, StoreTrouble), sole_sweeper(app.store):
            logs.note("swept instead of another")
            sweep_once(app)


def _go_on(stop: threading.Event, app: App, seconds: int, sweeps: Callable[..., None]) -> None:
    """Sweep until told to stop; nobody starts this thread again, so no defect may end it."""
    while not stop.is_set():
        try:
            sweeps(stop, app, seconds)
        except Exception as defect:  # noqa: BLE001 - whatever it is, /readyz tells that it lasts
            # Its kind alone: what it says may be what somebody wrote.
            logs.note("sweep failed", "error", kind=type(defect).__name__)
            stop.wait(seconds)
