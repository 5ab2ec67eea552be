"""The store behind a command: which one, and who asks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import wraps
from operator import attrgetter
from secrets import token_hex
from typing import Any, TypeVar

import msgspec

from auditflow import logs
from auditflow.application import App
from auditflow.calendar import LONDON, parse_date, shown, utc_text
from auditflow.cli.base import Globals, Parsed, asked, day_or_instant, tell, told
from auditflow.commands import SetPolicy
from auditflow.commands.office import OfficeCommand
from auditflow.errors import BadInput
from auditflow.exchange.safe import plain
from auditflow.queries import Reading
from auditflow.service import OfficeDone
from auditflow.settings.model import Settings
from auditflow.settings.reading import Known, read

T = TypeVar("T")


def known_of(options: Globals) -> Known:
    """The settings, and where each came from."""
    return read(db=options.db, person=options.person)


def settings_of(options: Globals) -> Settings:
    """The settings that hold for this command."""
    return known_of(options).settings


def log_unattended(settings: Settings, command: str, place: str) -> None:
    """Log from now on what this command does, each line with the run it belongs to."""
    logs.begin(
        settings.log_level, settings.log_format, command=command, run=token_hex(4), store=place
    )


@contextmanager
def opened(options: Globals) -> Iterator[App]:
    """The store, open until the command ends."""
    app = App(settings_of(options).url, options.now, options.as_at)
    try:
        _demand_past(app, options)
        yield app
    finally:
        app.close()


#: What is being done this moment may still be written down; so long a writer may wait.
_SETTLED = timedelta(seconds=15)


def _demand_past(app: App, options: Globals) -> None:
    """What is asked about is over; what is not could be answered otherwise later."""
    as_at = options.as_at
    if as_at is not None and as_at > (options.now or app.clock() - _SETTLED):
        raise BadInput(
            f"--as-at {utc_text(as_at)} is not past yet, so its answer could still change. "
            "Give an earlier moment, or leave it out to ask about now."
        )


@contextmanager
def reading(options: Globals, acting_for: str = "") -> Iterator[Reading]:
    """What the person named asks; nothing is shown to nobody."""
    with opened(options) as app, app.reading(settings_of(options).person, acting_for) as found:
        yield found


def office_done(options: Globals, command: OfficeCommand) -> OfficeDone:
    """Send one command about the office; what it did."""
    with opened(options) as app:
        # What would be moved may be asked at any moment.
        tried = isinstance(command, SetPolicy) and command.dry_run
        now = app.now if tried else app.writing_now
        return app.service.do_office(command, by=settings_of(options).person, now=now)


def answers(
    words: Callable[[T], str],
    document: Callable[[T], object] = msgspec.to_builtins,
    *,
    options: Callable[..., Callable[..., None]] = asked,
) -> Callable[[Callable[..., T]], Callable[..., None]]:
    """Makes a command of what is found in a `Reading`, told in these words or as this document."""

    def command(find: Callable[..., T]) -> Callable[..., None]:
        @wraps(find)
        def run(given: Globals, /, **asks: Any) -> None:
            with reading(given, asks.pop("acting_for", "")) as asking:
                found = find(asking, **asks)
            tell(given, found, words, document)

        return options(run)

    return command


def _says(settled: OfficeDone) -> str:
    return plain(settled.says)


def tell_settled(
    options: Globals, settled: OfficeDone, words: Callable[[OfficeDone], str] = _says
) -> None:
    """Prints what a command about the office did: its sentence, or its figures as JSON."""
    tell(options, settled, words, attrgetter("figures"))


def settles(
    words: Callable[[OfficeDone], str] = _says,
) -> Callable[[Callable[..., OfficeCommand]], Callable[..., None]]:
    """Makes a command of what is to be done about the office; what was done is told."""

    def command(make: Callable[..., OfficeCommand]) -> Callable[..., None]:
        @wraps(make)
        def run(given: Globals, /, **values: Any) -> None:
            tell_settled(given, office_done(given, make(**values)), words)

        return told(run)

    return command


def _moment(text: str, field: str) -> datetime:
    """An instant, or a day: that day at noon in London."""
    return day_or_instant(
        text, field, lambda day: datetime.combine(day, time(12), LONDON), "its noon"
    )


def _month(text: str, field: str) -> date:
    try:
        return parse_date(f"{text}-01" if len(text) == len("2026-03") else text, field).replace(
            day=1
        )
    except BadInput as error:
        raise BadInput(f"{field}: {shown(text)} is not a month; write it as 2026-03.") from error


MOMENT = Parsed("moment", _moment)
"""When something was done: an instant, or a date alone."""
MONTH = Parsed("month", _month)
"""A month written 2026-03."""
