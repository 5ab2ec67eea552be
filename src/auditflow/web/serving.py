"""Serving a site on this machine until told to stop, and sweeping its store meanwhile."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

import waitress.server
from flask import Flask

from auditflow.app import App
from auditflow.app.sweeping import sweep_until
from auditflow.errors import BadInput, StoreTrouble

#: Until there is a sign-in, nobody but who sits at this machine is served.
HOST: Final = "127.0.0.1"
_THREADS: Final = 4


def serve(
    flask: Flask, port: int, tell: Callable[[str], None], *, sweeps: App | None, seconds: int
) -> None:
    """Serve until SIGINT or SIGTERM; `sweeps` is swept every so many seconds, if given.

    `tell` hears the address first. BadInput where the port is taken.
    """
    try:
        server = waitress.server.create_server(flask, host=HOST, port=port, threads=_THREADS)
    except (OSError, OverflowError) as error:
        raise BadInput(f"Port {port} cannot be used here. Give another with --port N.") from error
    stop = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, _end)
    with ExitStack() as ends:
        ends.callback(server.close)
        if sweeps is not None:
            _sweeping(flask, sweeps, seconds, stop, ends, tell)
        ends.callback(stop.set)
        tell(f"http://{HOST}:{server.effective_port}/")
        server.run()


def _end(*_: object) -> None:
    # Waitress takes it for the end of its loop, and lets what is under way come to its end.
    raise SystemExit(0)


def _sweeping(
    flask: Flask,
    app: App,
    seconds: int,
    stop: threading.Event,
    ends: ExitStack,
    tell: Callable[[str], None],
) -> None:
    """Begin the loop beside the pages, unless another process is at it already."""
    try:
        ends.enter_context(app.sole_sweeper())
    except StoreTrouble:
        tell("Another process sweeps this store; these pages only show it.")
        return
    flask.config.update(SWEEPS_EVERY=seconds, SWEEPS_SINCE=app.clock())
    loop = threading.Thread(target=sweep_until, args=(stop, app, seconds), name="sweep")
    loop.start()
    ends.callback(loop.join)
