"""The site: its pages, its headers and its way with errors, put together once."""

import secrets
from datetime import datetime
from time import perf_counter
from typing import Final

from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

from auditflow.application import App, Store
from auditflow.web import components, errors, filters, monitoring
from auditflow.web.assets import SERVED, versioned
from auditflow.web.branding import Look
from auditflow.web.pages import PAGES, navigation
from auditflow.web.request_context import app_of_site, asked

#: Nothing but our own files, no script in a page, in no frame.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
#: Names by which this machine, and no other, is reached; another name is some other site's trick.
_HERE: Final = ["127.0.0.1", "localhost", "[::1]"]
#: What names nobody and nothing: files, and whether all is well.
_FOR_ANYBODY: Final = frozenset({SERVED.name, monitoring.PAGE.name})
_LONGEST: Final = 64 * 1024


def site(
    url: str | Store, person: str, *, now: datetime | None = None, look: Look | None = None
) -> Flask:
    """The pages of one store, served to one person; `now` is for rehearsal."""
    flask = Site(App(url, now), person)
    flask.config.update(
        SECRET_KEY=secrets.token_bytes(32),
        SESSION_COOKIE_NAME="auditflow",
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=_HERE,
        MAX_CONTENT_LENGTH=_LONGEST,
        WTF_CSRF_TIME_LIMIT=None,
    )
    _templates(flask, look or Look())
    CSRFProtect(flask)
    flask.extensions["auditflow.watch"] = monitoring.Watch()
    flask.before_request(_begin)
    flask.after_request(_headed)
    for page in (SERVED, monitoring.PAGE, *PAGES):
        flask.register_blueprint(page)
    errors.register(flask)
    return flask


class Site(Flask):
    """The pages of a store as one person asks for them."""

    def __init__(self, app: App, person: str) -> None:
        super().__init__("auditflow.web", static_folder=None)
        self.extensions["auditflow"] = app
        self._person = person

    def dispatch_request(self) -> ResponseReturnValue:
        """Make a page within one reading: of one moment, noted before it is shown.

        Nothing is shown to nobody, a page without a case neither.
        """
        if request.blueprint in _FOR_ANYBODY:
            return super().dispatch_request()
        with app_of_site().reading(self._person) as g.reading:
            return super().dispatch_request()


def _begin() -> None:
    g.begun = perf_counter()


def _headed(response: Response) -> Response:
    response.headers.update(_HEADERS)
    # Pages name cases: no copy of one is left behind in a browser or on the way.
    response.headers.setdefault("Cache-Control", "no-store")
    if "begun" in g and request.blueprint not in _FOR_ANYBODY:
        monitoring.watch_of(current_app).saw(response, perf_counter() - g.begun)
    return response


def _templates(flask: Flask, look: Look) -> None:
    flask.jinja_options = {
        "loader": ChoiceLoader(
            [
                FileSystemLoader(f"{flask.root_path}/templates"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        "trim_blocks": True,
        "lstrip_blocks": True,
        "finalize": filters.harmless,
    }
    flask.jinja_env.filters.update(components.FILTERS | filters.FILTERS)
    flask.jinja_env.globals.update(look=look, asset=versioned)
    flask.context_processor(_around)


def _around() -> dict[str, object]:
    """What every page shows around its own content; an error may come before anybody is known."""
    reading = asked()
    person = reading.person if reading else None
    return {
        "person": person,
        "navigation": list(navigation(person, request.path)),
        "rehearsal": reading is not None and reading.rehearsal,
    }
