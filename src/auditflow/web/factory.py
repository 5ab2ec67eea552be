"""The site: its pages, its headers and its way with errors, put together once."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from time import perf_counter
from typing import Final

from flask import Flask, Response, current_app, g, request
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

from auditflow.application import App, Store
from auditflow.web import components, errors, filters, monitoring
from auditflow.web.assets import SERVED, versioned
from auditflow.web.branding import Look
from auditflow.web.pages import PAGES, navigation
from auditflow.web.request_context import Desk

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
    flask = Flask("auditflow.web", static_folder=None)
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
    app = App(url, now)
    flask.extensions["auditflow"] = app
    flask.extensions["auditflow.watch"] = monitoring.Watch()
    flask.before_request(_sat_down(app, person))
    flask.after_request(_headed)
    for page in (SERVED, monitoring.PAGE, *PAGES):
        flask.register_blueprint(page)
    errors.register(flask)
    return flask


def _sat_down(app: App, person: str) -> Callable[[], None]:
    def sit_down() -> None:
        if request.blueprint == monitoring.PAGE.name:
            return
        g.begun = perf_counter()
        g.desk = Desk(App(app.store, app.now), person)
        if request.blueprint not in _FOR_ANYBODY:
            # Nothing is shown to nobody, a page without a case neither.
            g.desk.person  # noqa: B018

    return sit_down


def _headed(response: Response) -> Response:
    response.headers.update(_HEADERS)
    # Pages name cases: no copy of one is left behind in a browser or on the way.
    response.headers.setdefault("Cache-Control", "no-store")
    begun: float | None = g.get("begun")
    if begun is not None and request.blueprint not in _FOR_ANYBODY:
        monitoring.watch_of(current_app).saw(response, perf_counter() - begun)
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
    here: Desk | None = g.get("desk")
    person = here.known if here else None
    return {
        "person": person,
        "navigation": list(navigation(here if person else None, request.path)),
        "rehearsal": bool(person and here and here.rehearsal),
        "served_pages": current_app.view_functions,
    }
