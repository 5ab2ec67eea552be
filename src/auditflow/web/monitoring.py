"""Whether all is well, for those machines that watch over it; nothing of a case, nobody's name."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from auditflow import logs
from auditflow.errors import AuditflowError
from auditflow.queries.health import Figures, figures
from auditflow.web.request_context import app_of_site

PAGE: Final = Blueprint("ops", __name__)
#: How many sweeps may be left out before it is no longer well.
_MISSED: Final = 3
_NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)
#: Seconds; a page is to take 0.05 at most.
_STEPS: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class Watch:
    """What is counted of the pages themselves while the process runs."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "auditflow_requests", "Pages asked for.", ("page", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "auditflow_request_seconds", "How long pages took.", ("page",),
            buckets=_STEPS, registry=self.registry,
        )  # fmt: skip

    def saw(self, response: Response, seconds: float) -> None:
        """Count and log one request: its page, how it ended, how long it took, and no more."""
        page = request.endpoint or "none"
        self.requests.labels(page, response.status_code).inc()
        self.seconds.labels(page).observe(seconds)
        logs.note(
            "page", method=request.method, page=page, status=response.status_code,
            ms=round(seconds * 1000, 1),
        )  # fmt: skip


def watch_of(flask: Flask) -> Watch:
    """The watch of a site."""
    found = flask.extensions["auditflow.watch"]
    assert isinstance(found, Watch)
    return found


def _figures() -> tuple[Figures, datetime]:
    """What is counted now; StoreTrouble where the store cannot be read or is gone."""
    store, now = app_of_site().store, app_of_site().now
    store.demand_there()
    with store.reading() as connection:
        return figures(connection, now), now


@PAGE.get("/livez")
def live() -> Response:
    """The process answers, whatever becomes of the store."""
    return jsonify(live=True)


@PAGE.get("/readyz")
def ready() -> tuple[Response, int]:
    """The store can be read, and what this process sweeps is swept."""
    try:
        why = _unready(*_figures())
    except AuditflowError as error:
        why = str(error)
    status = HTTPStatus.SERVICE_UNAVAILABLE if why else HTTPStatus.OK
    return jsonify({"ready": not why} | ({"why": why} if why else {})), int(status)


def _unready(seen: Figures, now: datetime) -> str:
    every = current_app.config.get("SWEEPS_EVERY")
    if not every:
        return ""
    # Just begun, it has had no time for its first.
    last = max(seen.beats.get("sweep", _NEVER), current_app.config["SWEEPS_SINCE"])
    if (now - last).total_seconds() > every * _MISSED:
        return "No sweep came to its end of late. See what the log says of it."
    return ""


@PAGE.get("/metrics")
def metrics() -> Response:
    """The figures of the store and of the pages, as Prometheus reads them."""
    store = CollectorRegistry()
    _measured(store, *_figures())
    body = generate_latest(store) + generate_latest(watch_of(current_app).registry)
    return Response(body, content_type=CONTENT_TYPE_LATEST)


def _measured(registry: CollectorRegistry, seen: Figures, now: datetime) -> None:
    def gauge(name: str, says: str, value: float) -> None:
        Gauge(f"auditflow_{name}", says, registry=registry).set(value)

    def gauges(name: str, says: str, label: str, values: Mapping[str, float]) -> None:
        made = Gauge(f"auditflow_{name}", says, (label,), registry=registry)
        for key, value in values.items():
            made.labels(key).set(value)

    def age(since: datetime | None) -> float:
        return (now - since).total_seconds() if since else 0

    gauge("unraised_duties", "Duties to be raised that are not raised yet.", seen.unraised)
    gauge("unraised_seconds", "Age of the oldest of them.", age(seen.unraised_since))
    gauge("outbox_waiting", "Notices to be sent.", seen.notices_waiting)
    gauge("outbox_waiting_seconds", "Age of the oldest of them.", age(seen.notices_since))
    gauge("outbox_held", "Whether a restore holds notices back.", int(seen.notices_held))
    gauge("history_lines", "Steps taken, and changes of the office.", seen.lines_of_history)
    gauge("jobs_stuck", "Jobs that came to no end.", seen.jobs_stuck)
    gauges("audits", "Audits by state.", "state", seen.audits_by_state)
    levels = seen.open_escalations_by_level
    gauges("open_escalations", "Open escalations by level.", "level", levels)
    beats = {name: at.timestamp() for name, at in seen.beats.items()}
    gauges("last_done_timestamp", "When unattended work last came to its end.", "work", beats)
