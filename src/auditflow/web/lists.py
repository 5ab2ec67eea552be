"""A list as a page: its filters in the address, its order, its pages, its files, its views."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from urllib.parse import urlencode

from flask import Response, render_template, request

from auditflow.calendar import LONDON
from auditflow.commands import may_export
from auditflow.errors import BadInput
from auditflow.exchange.safe import csv_of, plain
from auditflow.exchange.xlsx_writer import xlsx_of
from auditflow.queries.lists import Asked, Choice, Found, export, look_up, saved_views
from auditflow.web.request_context import asking

#: What an address may hold beside the list's own filters.
_OWN: Final = ("show", "sort", "after", "q")
#: Of one value: a team's name of 120 characters, and with it a place in the list, is taken.
_LONGEST: Final = 200
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class ListPage:
    """One list as a page: what it is called and which filters it offers, in order."""

    #: What one row is, in the singular.
    thing: str
    #: The headings of a file, each with what of a row it shows.
    columns: Mapping[str, str]
    #: The filters by value, each with its label; those on or off; those that come only by a link.
    selects: Mapping[str, str]
    switches: Mapping[str, str] = field(default_factory=dict)
    by_link: Mapping[str, Callable[[str], str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the list is called, also in its address."""
        return f"{self.thing}s"


@dataclass(frozen=True)
class Address:
    """The address of a list as it is filtered now, and as it would be with something changed."""

    path: str
    args: Mapping[str, str]

    def but(self, **changes: str) -> str:
        """The list with these changes, from its first page on; an empty value leaves it out."""
        kept = {**self.args, "after": "", **changes}
        query = urlencode({k: v for k, v in kept.items() if v})
        return f"{self.path}?{query}" if query else self.path

    @property
    def query(self) -> str:
        """What is kept of it as a view."""
        return urlencode({k: v for k, v in self.args.items() if v and k != "after"})


def asked_of(page: ListPage, args: Mapping[str, str]) -> tuple[Asked, dict[str, str]]:
    """What an address asks for; BadInput if it holds what the list does not know."""
    known = (*_OWN, *page.selects, *page.switches, *page.by_link)
    said = {k: v.strip() for k, v in args.items() if v.strip()}
    for name, value in said.items():
        if name not in known:
            raise BadInput(f"This list has no filter “{name[:40]}”. Choose from the filters on it.")
        if len(value) > _LONGEST or plain(value) != value:
            raise BadInput(f"What was given for “{name}” is too long or unreadable.")
    filters = {k: v for k, v in said.items() if k not in _OWN}
    for name in page.switches:
        if filters.get(name, "1") != "1":
            raise BadInput(f"“{name}” is on or off: give 1, or leave it out.")
    show, sort, after, search = (said.get(name, "") for name in _OWN)
    return Asked(show, filters, search, sort, after), said


def shown(page: ListPage) -> str:
    """The list as a page."""
    asked, said = asked_of(page, request.args)
    reading = asking()
    found = look_up(reading, page.name, asked)
    address = Address(request.path, said)
    return render_template(
        f"{page.name}.html",
        page=page,
        found=found,
        address=address,
        said=said,
        chips=list(_chips(page, found, said, address)),
        offered={name: _offered(found.choices[name]) for name in page.selects},
        switches={n: _titled(t, found.choices[n][0]) for n, t in page.switches.items()},
        exports=may_export(reading.person),
        views=saved_views(reading, page.name),
    )


def _offered(choices: Sequence[Choice]) -> dict[str, str]:
    return {"": "Any", **{c.value: _titled(c.title, c) for c in choices}}


def _titled(title: str, choice: Choice) -> str:
    """A choice with how many there are: “Grade disputed (2)”."""
    return title if choice.count is None else f"{title} ({choice.count:,})"


def _chips(
    page: ListPage, found: Found, said: Mapping[str, str], address: Address
) -> Iterable[tuple[str, str]]:
    """Each filter that is set, in words, with the address of the list without it."""
    for name, label in page.selects.items():
        if name in said:
            titles = {c.value: c.title for c in found.choices[name]}
            yield f"{label}: {titles.get(said[name], said[name])}", address.but(**{name: ""})
    others = {n: label for n, label in page.switches.items() if n in said}
    others |= {n: words(said[n]) for n, words in page.by_link.items() if n in said}
    for name, label in others.items():
        yield label, address.but(**{name: ""})
    if "q" in said:
        yield f"Begins with “{said['q']}”", address.but(q="")


def taken_out(page: ListPage, ending: str) -> Response:
    """All rows of the list, as filtered, as a file."""
    asked, said = asked_of(page, request.args)
    address = Address(request.path, said)
    found = export(asking(), page.name, asked, address.query)
    headings = list(page.columns)
    rows = [[_cell(getattr(row, name)) for name in page.columns.values()] for row in found.rows]
    if ending == "csv":
        body, kind = csv_of(headings, rows).encode(), "text/csv; charset=utf-8"
    else:
        body, kind = xlsx_of(page.name.capitalize(), headings, rows), _XLSX
    day = asking().at.astimezone(LONDON).date()
    attached = f'attachment; filename="auditflow-{page.name}-{day}.{ending}"'
    return Response(body, mimetype=kind, headers={"Content-Disposition": attached})


def _cell(value: object) -> object:
    """What a spreadsheet holds of a value; an instant in London's time."""
    if isinstance(value, datetime):
        return value.astimezone(LONDON).strftime("%Y-%m-%d %H:%M")
    return value if isinstance(value, int | date) or value is None else str(value)
