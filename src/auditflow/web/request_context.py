"""Who asks, through which store, at which moment: one reading for the whole of one request."""

from typing import cast

from flask import current_app, g

from auditflow.application import App
from auditflow.queries import Reading


def asking() -> Reading:
    """What the person of the request under way asks."""
    return cast(Reading, g.reading)


def asked() -> Reading | None:
    """The same, where it is known who asks; on the page of an error it tells no more than that."""
    return cast(Reading | None, g.get("reading"))


def app_of_site() -> App:
    """The store and the service behind the pages."""
    return cast(App, current_app.extensions["auditflow"])
