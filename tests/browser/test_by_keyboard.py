"""The keyboard alone: every stop is in sight and shows that it is one, and none holds a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Browser

from support.browsing import DESK, SCRIPTED, Screen, Watched, window
from support.council import Served
from support.keyboard import demand_reached, stops_of
from support.pages import ALL_SEEING, WALKED

#: Here the keyboard starts at what is wrong, so it does not come by all.
FAULTY: Final = "/limits?from=soon&n=0"
#: A page that keeps the keyboard, hides the focus, or hides a part from the keyboard.
_PAGE: Final = (
    "<!DOCTYPE html><html lang=en><title>Bad</title><style>{}</style>"
    "<a href=#1>One</a> <a href=#2>Two</a> <button id=held>Three</button> <a href=#4>Four</a>"
    "<script>{}</script>"
)
_HOLD: Final = "held.onkeydown = e => e.preventDefault()"
_HIDE: Final = "document.onkeydown = e => e.target.hash === '#2' && held.setAttribute('inert', '')"
BAD: Final = {
    "not marked": (":focus { outline: none }", ""),
    "off the screen": ("a { position: absolute; left: -999px }", ""),
    "a trap": ("", _HOLD),
    "not all are reached": ("", _HIDE),
}


@pytest.fixture(params=SCRIPTED, ids=str)
def page(
    windows: Callable[[str, Screen], Watched],
    site_of: Callable[[str], Served],
    request: pytest.FixtureRequest,
) -> Watched:
    return windows(site_of(ALL_SEEING).address, request.param)


@pytest.mark.parametrize("address", [a for a in WALKED if a != FAULTY])
def test_every_stop_is_seen_and_none_is_a_trap(page: Watched, address: str) -> None:
    page.open(address)
    demand_reached(page.page)


@pytest.mark.parametrize("address", ["/audits", "/charts/audit"])
def test_it_goes_backwards_as_well(page: Watched, address: str) -> None:
    page.open(address)
    there = [s.html for s in stops_of(page.page)]
    page.open(address)
    assert [s.html for s in stops_of(page.page, "Shift+Tab")] == there[::-1]


def test_the_first_stop_leads_past_the_navigation(page: Watched) -> None:
    page.open("/audits")
    page.page.keyboard.press("Tab")
    first = page.page.locator(":focus")
    assert first.inner_text() == "Skip to main content"
    box = first.bounding_box()
    assert box
    assert (box["width"] > 100, box["y"] >= 0) == (True, True)
    page.page.keyboard.press("Enter")
    page.page.keyboard.press("Tab")
    assert page.page.locator("main :focus").count() == 1


def test_after_a_fault_it_starts_at_what_is_wrong_and_leads_to_the_field(page: Watched) -> None:
    page.open(FAULTY)
    page.page.keyboard.press("Tab")
    assert page.page.locator(".govuk-error-summary :focus").count() == 1
    page.page.keyboard.press("Enter")
    assert page.page.locator("input:focus").get_attribute("id") == "from"


@pytest.mark.parametrize(("says", "bad"), BAD.items(), ids=BAD)
def test_what_goes_wrong_with_the_keyboard_is_told(
    browser: Browser, says: str, bad: tuple[str, str]
) -> None:
    with window(browser, "", DESK) as watched:
        watched.page.set_content(_PAGE.format(*bad))
        with pytest.raises(AssertionError, match=says):
            demand_reached(watched.page)
