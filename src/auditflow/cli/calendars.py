"""`auditflow calendar`: the bank holidays that deadlines are counted by."""

import click

from auditflow.calendar import Calendar, Holiday, bundled, plain_date, weekday_name
from auditflow.cli.base import COUNT, json_option, print_json, store_options, table
from auditflow.errors import BadInput


@click.group()
def calendar() -> None:
    """The bank holidays of England and Wales that deadlines are counted by."""


@calendar.command()
@click.option("--year", type=COUNT, metavar="YEAR", help="Only this year.")
@json_option
@store_options
def show(year: int | None, as_json: bool) -> None:
    """List the holidays and say where they end."""
    known = bundled()
    if year is not None and not known.first.year <= year <= known.last.year:
        raise BadInput(f"--year: {year} is not in the calendar. {_extent(known)}")
    holidays = [day for day in known.holidays if year is None or day.day.year == year]
    if as_json:
        print_json(_document(known, holidays))
        return
    rows = [(day.day, weekday_name(day.day), day.words, day.source) for day in holidays]
    click.echo(table(rows, ("Date", "Weekday", "Title", "Source")))
    click.echo(f"\n{_extent(known)}")


def _extent(known: Calendar) -> str:
    return f"The calendar runs from {plain_date(known.first)} to {plain_date(known.last)}."


def _document(known: Calendar, holidays: list[Holiday]) -> dict[str, object]:
    return {
        "first": known.first.isoformat(),
        "last": known.last.isoformat(),
        "holidays": [
            {
                "date": holiday.day.isoformat(),
                "weekday": weekday_name(holiday.day),
                "title": holiday.title,
                "note": holiday.note,
                "source": holiday.source,
            }
            for holiday in holidays
        ],
    }
