"""Every part that pages are built of, on one page, in the compiled style under a strict policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from flask import Flask, Response
from jinja2 import Environment, FileSystemLoader, PackageLoader, PrefixLoader
from playwright.sync_api import Browser

from support.browsing import Screen, Watched, window
from support.serving import answering

STATIC: Final = Path(__file__).parents[2] / "src/auditflow/web/static"
POLICY: Final = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'"


def gallery() -> Flask:
    parts = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    pages = FileSystemLoader(Path(__file__).parents[1] / "data")
    templates = Environment(autoescape=True)
    templates.loader = PrefixLoader({**parts.mapping, "data": pages})
    flask = Flask("gallery", static_folder=str(STATIC))
    page = templates.get_template("data/components.html")
    flask.add_url_rule("/", "page", page.render)
    flask.after_request(strict)
    return flask


def strict(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    return response


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with answering(gallery()) as at:
        yield at


@pytest.fixture
def shown(browser: Browser, address: str, screen: Screen) -> Iterator[Watched]:
    with window(browser, address, screen) as watched:
        watched.open("/")
        yield watched


def test_all_parts_bar_nobody_and_stay_on_the_screen(shown: Watched) -> None:
    assert (shown.faults, shown.too_wide(), shown.barriers()) == ([], [], [])


def test_a_table_becomes_cards_that_name_their_columns_where_it_is_narrow(shown: Watched) -> None:
    cell = shown.page.locator("td[data-label='Stands at']").first
    label = cell.evaluate("cell => getComputedStyle(cell, '::before').content")
    narrow = shown.screen.width < 640
    assert (label != "none") == narrow
    heads = shown.page.locator("thead").first.bounding_box()
    assert heads
    assert (heads["width"] <= 1) == narrow


def test_paper_shows_all_tabs_and_nothing_that_is_pressed(shown: Watched) -> None:
    shown.page.emulate_media(media="print")
    for pressed in ("nav", ".govuk-button", ".govuk-skip-link", ".govuk-tabs__list", "footer"):
        assert not [one for one in shown.page.locator(pressed).all() if one.is_visible()]
    assert [one.is_visible() for one in shown.page.locator(".govuk-tabs__panel").all()] == [
        True
    ] * 2


def test_a_councils_colour_replaces_ours_wherever_it_is_shown(shown: Watched) -> None:
    shown.page.evaluate("document.documentElement.style.setProperty('--af-brand', '#4b0082')")
    indigo = "rgb(75, 0, 130)"
    for part, colour in (
        (".af-header", "background-color"),
        (".govuk-notification-banner", "border-left-color"),
        (".af-timeline__item", "border-left-color"),
        ("footer", "border-top-color"),
    ):
        told = f"part => getComputedStyle(part).getPropertyValue('{colour}')"
        assert shown.page.locator(part).first.evaluate(told) == indigo
