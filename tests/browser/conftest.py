"""One browser and one served demo for each process that runs these tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from support.browsing import SCREENS, Screen, Watched, launched, window
from support.council import Served, served, told_once


# Not for the whole session: while Playwright runs, no other test of the process may use asyncio.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        started = launched(playwright)
        yield started
        started.close()


@pytest.fixture(scope="package")
def demo_store(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A copy of the demo's store for this process."""
    base = tmp_path_factory.getbasetemp()
    told = told_once(base if worker_id == "master" else base.parent)
    return Path(shutil.copy(told, tmp_path_factory.mktemp("served") / "demo.db"))


@pytest.fixture(scope="package")
def site_of(demo_store: Path) -> Iterator[Callable[[str], Served]]:
    """The demo's site as a person meets it, each started when it is first asked for."""
    sites: dict[str, Served] = {}
    with ExitStack() as stack:

        def of(person: str) -> Served:
            if person not in sites:
                sites[person] = stack.enter_context(served(demo_store, person))
            return sites[person]

        yield of


@pytest.fixture(params=SCREENS, ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    """Each screen in turn."""
    shown: Screen = request.param
    return shown


@pytest.fixture(scope="package")
def windows(browser: Browser) -> Iterator[Callable[[str, Screen], Watched]]:
    """One window for each site and screen, opened when it is first asked for, emptied each time."""
    there: dict[tuple[str, Screen], Watched] = {}
    with ExitStack() as stack:

        def of(site: str, screen: Screen) -> Watched:
            if (site, screen) not in there:
                there[site, screen] = stack.enter_context(window(browser, site, screen))
            there[site, screen].forget()
            return there[site, screen]

        yield of


@pytest.fixture
def opened(windows: Callable[[str, Screen], Watched], screen: Screen) -> Callable[[str], Watched]:
    """Such a screen's window at the site whose address is given."""
    return lambda site: windows(site, screen)
