"""What watches every page does see what is wrong with one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Final

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser

from support.browsing import DESK, PHONE, SCREENS, Screen, Watched, window
from support.serving import answering

PAGE: Final = (
    "<!DOCTYPE html><html lang=en><title>Page</title>"
    "<meta name=viewport content='width=device-width, initial-scale=1'>"
    "<main><h1>Page</h1>{}</main>"
)
PAGES: Final = {
    "fine": "<p>Nothing is wrong here.</p>",
    "foreign": "<img alt='' src='http://127.0.0.2:9/pixel.png'>",
    "inline": "<p>Red</p><style>p { color: red }</style>",
    "missing": "<link rel=stylesheet href='/none.css'>",
    "failing": "<p>Fails</p><script src='/fails.js'></script>",
    "wide": "<p class=broad>Wide</p><link rel=stylesheet href=/bad.css>",
    "faint": "<p class=faint>Hardly seen</p><link rel=stylesheet href=/bad.css>",
    "unlabelled": "<input type=text>",
    "hidden": "<noscript><input type=text></noscript>",
}
CSS: Final = ".broad { width: 2000px } .faint { color: #ddd }"
#: Which remark tells of it, whether scripts run or not.
FAULTS: Final = {
    "foreign": "Fetched from elsewhere: http://127.0.0.2:9/pixel.png",
    "inline": "Content Security Policy",
    "missing": "404",
}
BARRIERS: Final = {"faint": "color-contrast", "unlabelled": "label"}

Look = Callable[[str, Screen], Watched]


def bad_site() -> Flask:
    flask = Flask("bad", static_folder=None)
    script = Response("throw new Error('broken')", mimetype="text/javascript")
    flask.add_url_rule("/<name>", "page", lambda name: PAGE.format(PAGES[name]))
    flask.add_url_rule("/fails.js", "fails", lambda: script)
    flask.add_url_rule("/bad.css", "css", lambda: Response(CSS, mimetype="text/css"))
    flask.add_url_rule("/none.css", "none", lambda: ("", 404))
    flask.add_url_rule("/favicon.ico", "icon", lambda: ("", 204))
    flask.after_request(strict)
    return flask


def strict(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = "style-src 'self'; script-src 'self'"
    return response


@pytest.fixture(scope="module")
def bad() -> Iterator[str]:
    with answering(bad_site()) as address:
        yield address


@pytest.fixture
def look(browser: Browser, bad: str) -> Iterator[Look]:
    with ExitStack() as stack:

        def at(name: str, screen: Screen) -> Watched:
            watched = stack.enter_context(window(browser, bad, screen))
            watched.open(f"/{name}")
            return watched

        yield at


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_page_without_fault_has_none(look: Look, screen: Screen) -> None:
    watched = look("fine", screen)
    assert (watched.faults, watched.too_wide(), watched.barriers()) == ([], [], [])


@pytest.mark.parametrize("screen", SCREENS, ids=str)
@pytest.mark.parametrize(("name", "remark"), FAULTS.items(), ids=FAULTS)
def test_what_the_browser_meets_is_told(look: Look, name: str, remark: str, screen: Screen) -> None:
    assert [fault for fault in look(name, screen).faults if remark in fault]


def test_a_script_that_fails_is_told_where_scripts_run(look: Look) -> None:
    assert look("failing", DESK).faults == ["A script failed: broken"]
    assert look("failing", Screen(1280, scripts=False)).faults == []


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_what_runs_off_the_screen_is_named(look: Look, screen: Screen) -> None:
    assert '<p class="broad">Wide</p>' in look("wide", screen).too_wide()


@pytest.mark.parametrize("screen", SCREENS, ids=str)
@pytest.mark.parametrize(("name", "rule"), BARRIERS.items(), ids=BARRIERS)
def test_what_bars_people_is_told(look: Look, name: str, rule: str, screen: Screen) -> None:
    assert [barrier.split(" ")[0] for barrier in look(name, screen).barriers()] == [rule]


def test_what_only_people_without_scripts_meet_is_looked_at_too(look: Look) -> None:
    assert look("hidden", PHONE).barriers() == []
    assert look("hidden", Screen(320, scripts=False)).barriers() != []
