"""`auditflow calendar`: the bank holidays that deadlines are counted by."""

from pathlib import Path

import click

from auditflow.calendar import (
    Calendar,
    Holiday,
    bundled,
    compare,
    plain_date,
    read_feed,
    weekday_name,
)
from auditflow.cli.base import COUNT, PATH, Globals, print_json, table, told
from auditflow.errors import BadInput


@click.group()
def calendar() -> None:
    """The bank holidays of England and Wales that deadlines are counted by."""


@calendar.command()
@click.option("--year", type=COUNT, metavar="YEAR", help="Only this year.")
@told
def show(options: Globals, year: int | None) -> None:
    """List the holidays and say where they end; with --db also those that a store has added."""
    known = _known(options)
    if year is not None and not known.first.year <= year <= known.last.year:
        raise BadInput(f"--year: {year} is not in the calendar. {_extent(known)}")
    holidays = [day for day in known.holidays if year is None or day.day.year == year]
    if options.as_json:
        print_json(_document(known, holidays))
        return
    rows = [(day.day, weekday_name(day.day), day.words, day.source) for day in holidays]
    click.echo(table(rows, ("Date", "Weekday", "Title", "Source")))
    click.echo(f"\n{_extent(known)}")


def _known(options: Globals) -> Calendar:
    if options.db is None:
        return bundled()
    from auditflow.cli.store import opened  # noqa: PLC0415 - the bundled list needs no store
    from auditflow.queries import calendar_in_force  # noqa: PLC0415 - the same

    with opened(options) as app, app.store.reading() as connection:
        return calendar_in_force(connection)


def _extent(known: Calendar) -> str:
    return f"The calendar runs from {plain_date(known.first)} to {plain_date(known.last)}."


def _document(known: Calendar, holidays: list[Holiday]) -> dict[str, object]:
    return {
        "first": known.first.isoformat(),
        "last": known.last.isoformat(),
        "holidays": [
            {"date": h.day.isoformat(), "weekday": weekday_name(h.day)}
            | {"title": h.title, "note": h.note, "source": h.source}
            for h in holidays
        ],
    }


@calendar.command("import")
@click.argument("file", type=PATH)
@told
def import_(options: Globals, file: Path) -> None:
    """Take in the GOV.UK bank holiday file. Days are added, none vanishes; what moves is listed."""
    from auditflow.cli.store import office_done, opened  # noqa: PLC0415 - only this command needs a store
    from auditflow.commands import ImportCalendar  # noqa: PLC0415 - the same
    from auditflow.queries import calendar_in_force  # noqa: PLC0415 - the same

    try:
        feed = read_feed(file.read_bytes(), file.name)
    except OSError as error:
        raise BadInput(
            f"{file} cannot be read ({error.strerror}). Give the GOV.UK file."
        ) from error
    with opened(options) as app, app.store.reading() as connection:
        found = compare(feed, calendar_in_force(connection))
    days = {h.day: h.words for h in found.added}
    command = ImportCalendar(days=days, through=found.through, source=file.name)
    settled = office_done(options, command)
    if options.as_json:
        print_json({**settled.figures, "missing": [h.day.isoformat() for h in found.missing]})
        return
    click.echo(settled.says)
    for day, title in days.items():
        click.echo(f"  added {day} {title}")
    for m in settled.figures["moved"]:
        click.echo(
            f"  {m['audit']}: {m['duty']} ({m['subject']}) moved from {m['from']} to {m['to']}"
        )
    if hidden := settled.figures["not_shown"]:
        click.echo(f"  and of {hidden}")
    if found.missing:
        click.echo(f"The file lacks {len(found.missing)} days that are known; they stay.")
