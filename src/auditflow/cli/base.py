"""What all commands share: their options, their kinds of value, and how they print."""

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import click

from auditflow.calendar import overdue_from, parse_date, parse_instant, shown
from auditflow.errors import BadInput
from auditflow.exchange.safe import plain

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")
P = ParamSpec("P")

_COUNT = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Globals:
    """
    The options every command takes, before or after its name; the later one wins.

    `db` is the store's URL, `person` who acts (`--as`), `now` the instant to take for now
    (rehearsal), `as_at` the past instant that is asked about, both in UTC. None where not given.
    `as_json` is whether to print JSON instead of words.
    """

    db: str | None = None
    person: str | None = None
    now: datetime | None = None
    as_at: datetime | None = None
    as_json: bool = False


pass_globals = click.make_pass_decorator(Globals, ensure=True)
"""Gives a command its `Globals` as first argument."""


def parse_count(text: str, field: str) -> int:
    """A whole number from 1 to 999,999, in plain digits (`int` takes 1_000 too); or BadInput."""
    if _COUNT.fullmatch(text) and (n := int(text)):
        return n
    raise BadInput(f"{field}: {shown(text)} is not a whole number from 1 to 999999; write it as 5.")


class Parsed(click.ParamType[T]):
    """A kind of value read by a function of its text and its field's name, raising BadInput."""

    def __init__(self, name: str, parse: Callable[[str, str], T]) -> None:
        self.name = name
        self._parse = parse

    def convert(
        self,
        value: str | T,
        param: click.Parameter | None,
        ctx: click.Context | None,  # noqa: ARG002 - click's signature
    ) -> T:
        """Raises BadInput naming the option; what is no text has been read already."""
        return self._parse(value, field_of(param)) if isinstance(value, str) else value


DATE = Parsed("date", parse_date)
"""A date written 2026-02-28 and no other way."""
INSTANT = Parsed("instant", parse_instant)
"""An instant written 2026-02-28T10:00:00Z, or London time without the zone."""
COUNT = Parsed("number", parse_count)
"""A whole number, 1 or more."""
PATH = click.Path(path_type=Path)
"""A file or a folder."""


def field_of(param: click.Parameter | None) -> str:
    """The option as it is typed ("--from"), for messages."""
    if param is None:
        return "value"
    return param.opts[0] if isinstance(param, click.Option) else param.human_readable_name


def _keep(ctx: click.Context, param: click.Parameter, value: object) -> None:
    known = ctx.obj if isinstance(ctx.obj, Globals) else Globals()
    given: dict[str, Any] = {} if value is None else {str(param.name): value}
    ctx.obj = replace(known, **given)


def store_options(function: F, *, hidden: bool = False) -> F:
    """Adds `--db`, `--as` and `--now` to a command; `pass_globals` gives their values."""
    kept: dict[str, Any] = {"expose_value": False, "callback": _keep, "hidden": hidden}
    db = click.option("--db", metavar="URL", help="The store to use.", **kept)
    person = click.option("--as", "person", metavar="PERSON", help="Who you are.", **kept)
    now = click.option(
        "--now", type=INSTANT, metavar="INSTANT", help="Rehearse at this moment.", **kept
    )
    return db(person(now(function)))


def _end_of(text: str, field: str) -> datetime:
    """An instant; of a day its last, for as at a day goes by what had been recorded by then."""
    return day_or_instant(
        text, field, lambda day: overdue_from(day) - timedelta(microseconds=1), "its end"
    )


def day_or_instant(text: str, field: str, of_day: Callable[[date], datetime], of: str) -> datetime:
    """An instant, or a day, of which a moment stands for the whole; BadInput where it is neither.

    `of` says in words which moment of the day that is.
    """
    if len(text) == len("2026-03-20"):
        return of_day(parse_date(text, field))
    try:
        return parse_instant(text, field)
    except BadInput as error:
        raise BadInput(f"{error} Or give a day, such as 2026-02-28, for {of}.") from error


as_at_option = click.option(
    "--as-at",
    type=Parsed("moment", _end_of),
    metavar="WHEN",
    expose_value=False,
    callback=_keep,
    help="Answer for a past moment, or for the end of a past day.",
)
"""Adds `--as-at` to a reading command: what it would have said at a past moment."""
_json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    expose_value=False,
    callback=_keep,
    help="Print one JSON document instead of words.",
)
acting_for_option = click.option(
    "--for",
    "acting_for",
    default="",
    metavar="PERSON",
    help="The person you stand in for today, as their deputy.",
)
"""Adds `--for`: the person a deputy stands in for."""


def given(function: Callable[Concatenate[Globals, P], None]) -> Callable[P, None]:
    """Gives a command its `Globals` first, with the options of all in its help."""
    return store_options(pass_globals(function))


def told(function: Callable[Concatenate[Globals, P], None]) -> Callable[P, None]:
    """The same for a command that `tell`s what it did: with `--json`."""
    return _json_option(given(function))


def asked(function: Callable[Concatenate[Globals, P], None]) -> Callable[P, None]:
    """The same for a reading command: with `--as-at` too."""
    return _json_option(as_at_option(given(function)))


def storeless(function: Callable[Concatenate[Globals, P], None]) -> Callable[P, None]:
    """The same for a command without a store: the options of all are taken, but not in its help."""
    return _json_option(store_options(pass_globals(function), hidden=True))


def tell(
    options: Globals, found: T, words: Callable[[T], str], document: Callable[[T], object]
) -> None:
    """Prints what was found: as one JSON document where that was asked for, else in words."""
    if options.as_json:
        print_json(document(found))
    else:
        click.echo(words(found))


def print_json(document: object) -> None:
    """Prints one document on standard output: UTF-8 whatever the terminal, keys as given."""
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()  # Whoever reads a watch by a pipe waits for it.


def write_document(text: str, out: Path | None) -> None:
    """Write the document; BadInput where the file is there already or cannot be written."""
    data = text.encode("utf-8")
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        return
    try:
        with out.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise BadInput(f"There is a file {out} already. Give another name with --out.") from error
    except OSError as error:
        raise BadInput(f"{out} cannot be written. Check its folder, or give another.") from error
    click.echo(f"Written: {out}", err=True)


def table(rows: Iterable[Sequence[object]], headings: Sequence[str]) -> str:
    """An aligned text table, never cut; each cell is made plain first. No rows: only headings."""
    lines = [tuple(headings), *(tuple(plain(str(cell)) for cell in row) for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def _width(text: str) -> int:
    """Columns on a terminal: two for wide letters, none for accents written apart."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(unicodedata.combining(letter) > 0 for letter in text)
