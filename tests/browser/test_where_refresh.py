"""The figures that refresh themselves: they do, and they disturb nobody."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from auditflow.commands import scheduling
from support.asking import listed
from support.browsing import DESK, PHONE, Screen, Watched, window
from support.council import NOON, Served, served

SELECTED = "a[aria-label^='Selected: ']"
IN_TABLE = "a[href='/audits?state=selected']:not(.chart-link)"
TOTAL = "#now-totals a[href='/audits']"
MINUTE = 61_000


@pytest.fixture
def site(demo_store: Path, tmp_path: Path) -> Iterator[Served]:
    """The demo's site on a copy of its store, for here it is changed."""
    store = Path(shutil.copy(demo_store, tmp_path / "demo.db"))
    with served(store, "tess") as answering:
        yield answering


@pytest.fixture(params=[DESK, PHONE], ids=str)
def at(browser: Browser, site: Served, request: pytest.FixtureRequest) -> Iterator[Watched]:
    screen: Screen = request.param
    with window(browser, site.address, screen) as watched:
        watched.page.clock.install()
        yield watched


def withdraw_one(site: Served) -> None:
    app = site.flask.extensions["auditflow"]
    selected = listed(app, "tess", state="selected")
    reference, why = selected[0].reference, "The case has closed."
    gone = scheduling.Withdraw(audit=reference, reason=why, without_substitute=True)
    app.service.do(gone, by="tess", now=NOON)


def a_minute_later(page: Page) -> None:
    with page.expect_response(lambda answer: answer.url.endswith("/where")) as answer:
        page.clock.run_for(MINUTE)
    answer.value.finished()
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping')")
    page.clock.run_for(1000)


def figures(page: Page) -> tuple[int, int]:
    label = page.locator(SELECTED).get_attribute("aria-label") or ""
    return int(label.split()[1]), int(page.locator(IN_TABLE).inner_text())


def test_each_minute_every_figure_is_the_one_of_now(at: Watched, site: Served) -> None:
    at.open("/where")
    page, (drawn, told) = at.page, figures(at.page)
    assert drawn == told > 1
    withdraw_one(site)
    for _ in range(2):
        a_minute_later(page)
        assert figures(page) == (drawn - 1, told - 1)
    assert at.faults == []
    assert at.barriers() == []


@pytest.mark.parametrize("link", [SELECTED, IN_TABLE])
def test_what_has_the_focus_is_left_alone(at: Watched, site: Served, link: str) -> None:
    at.open("/where")
    page, before_it = at.page, figures(at.page)
    held = page.locator(link).element_handle()
    assert held
    held.focus()
    scrolled = page.evaluate("scrollY")
    withdraw_one(site)
    a_minute_later(page)
    assert held.evaluate("link => link === document.activeElement")
    assert page.evaluate("scrollY") == scrolled
    of_the_other = 1 if link == SELECTED else 0
    assert figures(page)[1 - of_the_other] == before_it[1 - of_the_other]
    assert figures(page)[of_the_other] == before_it[of_the_other] - 1
    page.evaluate("document.activeElement.blur()")
    a_minute_later(page)
    assert figures(page) == (before_it[0] - 1, before_it[1] - 1)
    assert at.faults == []


def test_it_stops_when_it_is_told_to(at: Watched, site: Served) -> None:
    at.open("/where")
    at.page.get_by_role("link", name="Stop refreshing them").click()
    at.page.wait_for_url("**/where?still=1")
    asked: list[str] = []
    at.page.on("request", lambda request: asked.append(request.url))
    at.page.clock.run_for(3 * MINUTE)
    assert [url for url in asked if "/where" in url] == []
    at.page.get_by_role("link", name="Refresh them every minute").click()
    at.page.wait_for_url("**/where")
    a_minute_later(at.page)
    assert at.faults == []
