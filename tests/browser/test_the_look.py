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
