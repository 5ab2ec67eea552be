"""`auditflow serve`: the pages, on this machine, for one person."""

import importlib.util
from collections.abc import Sequence

import click

from auditflow.application import App
from auditflow.audits import Person
from auditflow.cli.base import Globals, given
from auditflow.cli.store import log_unattended, opened, settings_of
from auditflow.errors import AuditflowError
from auditflow.settings.model import Settings

PORT = 8080

#: What the extra `web` brings.
_WEB = ("flask", "flask_wtf", "govuk_frontend_jinja", "prometheus_client", "waitress", "xlsxwriter")


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Where to serve; 0 takes any that is free.",
)
@given
def serve(options: Globals, port: int) -> None:
    """Serve the pages on this machine, to one person (--as), and sweep meanwhile.

    There is no sign-in yet: whoever sits at this machine sees what that person may see.
    """
    settings = settings_of(options)
    with opened(options) as app:
        with app.reading(settings.person) as asking:
            person = asking.person
        log_unattended(settings, "serve", app.store.database.place)
        serve_to(app, person, settings, (port,))


def serve_to(app: App, person: Person, settings: Settings, ports: Sequence[int]) -> None:
    """Serve a store to one person until told to stop, at the first of the ports to be had."""
    if not all(map(importlib.util.find_spec, _WEB)):
        raise AuditflowError(
            "Pages need more packages. Type: pip install 'casefile-auditflow[web]'"
        )
    from auditflow.web import Look, site  # noqa: PLC0415 - an extra, and slow to import
    from auditflow.web.server import serve as run  # noqa: PLC0415 - the same

    look = Look(settings.council, settings.colour, settings.logo, settings.contact)
    now = app.now if app.rehearses else None
    flask = site(app.store, person.id, now=now, look=look)
    # Where there are workers they sweep; a moment that was given stands still.
    sweeps = app if app.store.path is not None and now is None else None

    def tell(said: str) -> None:
        if not said.startswith("http"):
            click.echo(said)
            return
        click.echo(f"Served on this machine only, to {person.name}: {said}\nCtrl-C ends it.")

    run(flask, ports, tell, sweeps=sweeps, seconds=settings.sweep_seconds)
