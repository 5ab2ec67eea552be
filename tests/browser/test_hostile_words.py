"""Hostile words in a real browser: nothing of them runs, and a phone's screen holds them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from flask import Flask
from playwright.sync_api import Browser

from auditflow.application import App
from auditflow.web import Look, site
from support.browsing import SCRIPTED, Screen, window
from support.everywhere import NOW, everywhere
from support.hostile import MARK, NAME, pages_of, spoil
from support.serving import answering

PEOPLE = ("quinn", "amara")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with closing(App(everywhere(tmp_path_factory.mktemp("hostile")), NOW)) as opened:
        spoil(opened.store, by_import=True)
        yield opened


@pytest.fixture(params=PEOPLE)
def flask(app: App, request: pytest.FixtureRequest) -> Flask:
    return site(app.store, request.param, now=NOW, look=Look(council=NAME))


@pytest.mark.parametrize("at", SCRIPTED, ids=str)
def test_nothing_of_them_runs_and_the_screen_holds_them(
    browser: Browser, app: App, flask: Flask, at: Screen
) -> None:
    wrong: list[str] = []
    seen = 0
    with answering(flask) as address, window(browser, address, at) as watched:
        watched.page.on("dialog", lambda dialog: watched.faults.append(f"asked {dialog.message}"))
        for page in pages_of(flask, app):
            if page.endswith(("metrics", "livez", "readyz")):
                continue
            status = watched.open(page).status
            assert status in (200, 400, 403, 404), page
            faults = [f for f in watched.faults if f"status of {status}" not in f]
            wrong += [f"{page}: {fault}" for fault in (*faults, *watched.too_wide()[:3])]
            watched.faults.clear()
            seen += watched.page.inner_text("body").count(f"alert('{MARK}')")
    assert wrong == []
    assert seen > 100
