"""A person's screen in a real browser, and what is demanded of every page on it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, Response

from support.folders import within_reach
from support.long import daily
from support.waiting import STUCK

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
#: No sandbox, for root may have none; and nothing that would call home.
_ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_AXE: Final = Path(__file__).parents[1] / "data" / "axe.min.js"
_RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_SCRIPTS: Final = re.compile(r"<script\b.*?</script>|</?noscript>", re.DOTALL)
_HTML: Final = "text/html; charset=utf-8"
_TELLS: Final = """
addEventListener('securitypolicyviolation', e => console.error(
    `Against the policy: ${e.violatedDirective}, ${e.blockedURI} at ${e.sourceFile}:${e.lineNumber}`
))
"""
_WIDER: Final = """() => {
    const screen = window.innerWidth
    if (document.documentElement.scrollWidth <= screen) return []
    const wide = [...document.body.querySelectorAll('*')]
        .filter(e => e.getBoundingClientRect().right > screen)
    return [`The page is ${document.documentElement.scrollWidth} wide on a screen of ${screen}`,
        ...wide.slice(-5).map(e => e.outerHTML.slice(0, 200))]
}"""


class Screen(NamedTuple):
    """How wide a person's window is, in CSS pixels, and whether scripts run in it."""

    width: int
    scripts: bool

    def __str__(self) -> str:
        return f"{self.width} wide, scripts {'on' if self.scripts else 'off'}"


DESK: Final = Screen(1280, scripts=True)
#: As wide as WCAG 1.4.10 (reflow) asks for: also a desk's screen at 400 % zoom.
PHONE: Final = Screen(320, scripts=True)
#: Each day both widths, one with scripts and one without; the long run takes each with both.
SCREENS: Final = daily(
    (DESK, Screen(320, scripts=False)),
    long=(DESK, PHONE, Screen(1280, scripts=False), Screen(320, scripts=False)),
)
#: Where only scripts matter: each day the screen that has the least room.
SCRIPTED: Final = daily((PHONE,), long=(DESK, PHONE))


def launched(playwright: Playwright) -> Browser:
    """This machine's own chromium, started without a window."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    assert program, "There is no chromium here. Type: sudo apt-get install -y chromium"
    # It makes a socket where temporary files lie.
    there = {"TMPDIR": str(within_reach("org.chromium.Chromium.123456/SingletonSocket"))}
    return playwright.chromium.launch(
        executable_path=program, args=_ARGUMENTS, timeout=STUCK * 1000, env={**os.environ, **there}
    )


@dataclass
class Watched:
    """One window at the site, and all that went wrong in it."""

    page: Page
    site: str
    screen: Screen
    faults: list[str] = field(default_factory=list)

    def open(self, address: str) -> Response:
        """Go to an address of the site."""
        response = self.page.goto(self.site + address)
        assert response, f"{address} answered nothing"
        return response

    def heard(self, message: ConsoleMessage) -> None:
        """Note a warning or an error of the browser's, a breach of the policy among them."""
        if message.type in {"error", "warning"}:
            self.faults.append(f"In the console: {message.text}")

    def failed(self, error: Any) -> None:
        """Note a script's error."""
        self.faults.append(f"A script failed: {error}")

    def asked(self, request: Request) -> None:
        """Note what is fetched from another place than the site."""
        place = urlsplit(request.url)
        if place.scheme not in {"data", "blob"} and place.netloc != urlsplit(self.site).netloc:
            self.faults.append(f"Fetched from elsewhere: {request.url}")

    def too_wide(self) -> list[str]:
        """What runs off the screen, the innermost last; empty where all is on it."""
        found: list[str] = self.page.evaluate(_WIDER)
        return found

    def barriers(self) -> list[str]:
        """What axe finds against WCAG 2.2 A and AA, and against good practice, in words."""
        if self.screen.scripts:
            return _barriers(self.page)
        # axe is a script too: it reads a copy of the page, in a window where only it may run.
        html = _SCRIPTS.sub("", self.page.content())
        page, url = self._beside, self.page.url
        page.route(url, lambda asked: asked.fulfill(body=html, content_type=_HTML))
        page.goto(url)
        page.unroute(url)
        return _barriers(page)

    @cached_property
    def _beside(self) -> Page:
        browser = self.page.context.browser
        assert browser
        context = browser.new_context(viewport=self.page.viewport_size)
        context.set_default_timeout(STUCK * 1000)
        return context.new_page()

    def close(self) -> None:
        """Close it, and what it opened beside itself."""
        if "_beside" in self.__dict__:
            self._beside.context.close()
        self.page.context.close()

    def forget(self) -> None:
        """Leave the page and remember nothing of it, so that the next finds a window as new."""
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        self.faults.clear()


def _barriers(page: Page) -> list[str]:
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    rules = {"runOnly": {"type": "tag", "values": _RULES}, "resultTypes": ["violations"]}
    found = page.evaluate("rules => axe.run(document, rules)", rules)
    return [
        f"{fault['id']} ({fault['impact']}): {fault['help']}: {node['html'][:200]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


@contextmanager
def window(browser: Browser, site: str, screen: Screen) -> Iterator[Watched]:
    """A window of a browser that remembers nothing of another, watched from its first request."""
    context = browser.new_context(
        viewport={"width": screen.width, "height": 900},
        java_script_enabled=screen.scripts,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/London",
    )
    context.set_default_timeout(STUCK * 1000)
    context.add_init_script(_TELLS)
    watched = Watched(context.new_page(), site, screen)
    context.on("request", watched.asked)
    watched.page.on("console", watched.heard)
    watched.page.on("pageerror", watched.failed)
    try:
        yield watched
    finally:
        watched.close()
