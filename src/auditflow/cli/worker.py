"""`auditflow worker`: unattended work on PostgreSQL."""

from datetime import datetime, timedelta

import click

from auditflow.calendar import utc_text
from auditflow.cli.base import Globals, given
from auditflow.cli.overview import swept_in_words, tell_unswept
from auditflow.cli.store import log_unattended, opened, settings_of
from auditflow.errors import BadInput, StoreTrouble
from auditflow.queries.health import last_swept
from auditflow.service import Swept

#: A store not swept for so long is not looked after.
FRESH = timedelta(minutes=3)


@click.command()
@click.option("--check", is_flag=True, help="Only say whether the store is swept; 1 if it is not.")
@click.option("--until-idle", is_flag=True, help="Stop when no job is left to do.")
@click.option(
    "--stalled",
    type=click.IntRange(1),
    metavar="SECONDS",
    help="How long a worker may be silent before its job is taken; 30 unless set.",
)
@given
def worker(options: Globals, check: bool, until_idle: bool, stalled: int | None) -> None:
    """Raise what falls due on PostgreSQL, together with any number of other workers."""
    with opened(options) as app:
        if check:
            with app.store.reading() as connection:
                last = last_swept(connection)
            click.echo(_checked(last, app.clock(), in_file=app.store.path is not None))
            return
        if options.now is not None:
            raise BadInput(
                "A worker goes by the store's clock. To rehearse a moment: auditflow sweep --now"
            )
        from auditflow.operations.worker import work  # noqa: PLC0415 - the job library is slow to import

        settings = settings_of(options)
        stalled = stalled or settings.stalled_seconds
        if not until_idle:
            log_unattended(settings, "worker", app.store.database.place)
        work(app, stalled=stalled, told=_tell, until_idle=until_idle)


def _checked(last: datetime | None, now: datetime, *, in_file: bool) -> str:
    """In words that the store is looked after; StoreTrouble where it is not."""
    if last is None:
        start = "auditflow sweep --every 60s" if in_file else "auditflow worker"
        raise StoreTrouble(f"This store was never swept unattended. Start: {start}")
    if now - last > FRESH:
        raise StoreTrouble(
            f"The last sweep was at {utc_text(last)}, more than {FRESH.seconds // 60} minutes ago. "
            "See whether a worker runs and reaches the database."
        )
    return f"Swept at {utc_text(last)}."


def _tell(swept: Swept) -> None:
    if swept.raised:
        for line in swept_in_words(swept):
            click.echo(line)
    tell_unswept(swept)
