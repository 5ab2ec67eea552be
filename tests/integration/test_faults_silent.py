"""The network swallows what is said without closing: nobody hangs, all goes on by itself after."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from auditflow.app import App
from support import stores
from support.checks import check_store
from support.load import Load, people, setting
from support.office import Office
from support.proxy import Proxy

pytestmark = pytest.mark.only("postgres")

LONG = bool(os.environ.get("AUDITFLOW_LONG"))
#: After how many seconds of being heard again everybody must have been served.
AGAIN = 10.0


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.app.close()


@pytest.fixture
def proxy(office: Office) -> Iterator[Proxy]:
    made = Proxy(office.url)
    yield made
    made.close()


@pytest.mark.parametrize("lost", [False, True], ids=["held-back", "lost"])
@pytest.mark.parametrize("seconds", [5, 15, 60] if LONG else [5])
def test_silence(office: Office, proxy: Proxy, seconds: float, lost: bool) -> None:
    senders = people(office, 3) | {"setter": setting()}
    office.app.close()
    with closing(App(proxy.url)) as app:
        load = Load(app, senders | {"reader": lambda *_: app.board(app.who("qam"))})
        with load.running():
            time.sleep(0.5)
            with proxy.silence(lost=lost):
                time.sleep(seconds)
            load.wait_for_all(time.monotonic(), AGAIN)
            time.sleep(0.5)
    load.demand_truth(office.url)
    proxy.close()
    stores.alone(office.url)
    check_store(office, "2026-03-10 15:00")
