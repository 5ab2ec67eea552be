"""What went wrong, as a page that says what to do; the only place that words it."""

from http import HTTPStatus
from typing import Final

from flask import Flask, render_template, request
from werkzeug.exceptions import HTTPException, SecurityError

from auditflow import logs
from auditflow.errors import (
    AuditflowError,
    BadInput,
    ChangedMeanwhile,
    NotAllowed,
    NotFound,
    Refused,
    StoreTrouble,
)

_STATUS: Final[dict[type[AuditflowError], HTTPStatus]] = {
    BadInput: HTTPStatus.BAD_REQUEST,
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Refused: HTTPStatus.CONFLICT,
    ChangedMeanwhile: HTTPStatus.CONFLICT,
    StoreTrouble: HTTPStatus.SERVICE_UNAVAILABLE,
}
_TITLES: Final = {
    HTTPStatus.BAD_REQUEST: "This address or form was not understood",
    HTTPStatus.FORBIDDEN: "This is not for you to see",
    HTTPStatus.NOT_FOUND: "There is no such page",
    HTTPStatus.CONFLICT: "This cannot be done now",
    HTTPStatus.SERVICE_UNAVAILABLE: "auditflow cannot reach its store",
}
_SORRY: Final = "Something went wrong here, and nothing was changed. It was written to the log."

Answer = tuple[str, int]


def register(flask: Flask) -> None:
    """Have every error become a page."""
    flask.register_error_handler(AuditflowError, _refused)
    flask.register_error_handler(HTTPException, _http)
    flask.register_error_handler(Exception, _failed)


def _refused(error: AuditflowError) -> Answer:
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), None)
    return _page(status or HTTPStatus.INTERNAL_SERVER_ERROR, str(error))


def _http(error: HTTPException) -> Answer:
    if isinstance(error, SecurityError):
        # Reached by another name than this machine's: some other site tries to read these pages.
        return "These pages are served under 127.0.0.1 only.\n", HTTPStatus.BAD_REQUEST
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    says = (
        "Check the address, or begin at one of the pages above."
        if status == HTTPStatus.NOT_FOUND
        else ""
    )
    return _page(status, says or error.description or _SORRY)


def _failed(error: Exception) -> Answer:
    logs.note("page failed", "error", page=request.endpoint or "", kind=type(error).__name__)
    return _page(HTTPStatus.INTERNAL_SERVER_ERROR, _SORRY)


def _page(status: HTTPStatus, says: str) -> Answer:
    title = _TITLES.get(status, "Sorry, there is a problem")
    return render_template("error.html", title=title, says=says, status=int(status)), int(status)
