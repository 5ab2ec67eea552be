"""How every list is filtered, counted, sorted and cut into pages."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    TextClause,
    and_,
    case,
    func,
    literal_column,
    or_,
    select,
    union,
)

from auditflow.calendar import shown
from auditflow.errors import BadInput
from auditflow.persistence import tables
from auditflow.persistence.columns import Day
from auditflow.queries.lists.asked import Asked, Choice, Found, checked
from auditflow.queries.reading import Reading
from auditflow.queries.visibility import visible

Condition = ColumnElement[bool]

#: The largest number that a column of both databases holds.
_LARGEST: Final = 2**31 - 1


@dataclass(frozen=True)
class Show:
    """How much of the past is shown: its condition, its usual order, whether it is counted."""

    title: str
    #: Spelled as a partial index is, where one is to serve it.
    condition: Condition | TextClause | None
    sort: str
    counted: bool = True


@dataclass(frozen=True)
class Sort:
    """An order: by a column that is never empty, then by the row's key."""

    title: str
    column: ColumnElement[Any]
    down: bool = False


@dataclass(frozen=True)
class Group:
    """A filter by the value of a column; counted. `known` are the values there can be."""

    column: Any
    title: Callable[[str], str]
    known: Sequence[str] = ()


@dataclass(frozen=True)
class Listing:
    """One list: where its rows come from and what may be asked of them."""

    source: Any
    columns: Sequence[Any]
    #: From a page's rows what is shown of each.
    rows: Callable[[Sequence[Row[Any]]], Iterable[Any]]
    shows: Mapping[str, Show]
    sorts: Mapping[str, Sort]
    #: What tells a row from every other, in order.
    key: Sequence[ColumnElement[Any]]
    groups: Mapping[str, Group]
    #: Filters that are on or off; counted.
    flags: Mapping[str, Condition]
    #: Filters that are not counted.
    others: Mapping[str, Callable[[str], Condition]] = field(default_factory=dict)


def found(reading: Reading, of: Listing, asked: Asked) -> Found:
    """One page of a list, with the choices of its filters."""
    # Who looks for one reference wants it wherever it is.
    usual = "all" if asked.search else next(iter(of.shows))
    name = checked(asked.show or usual, of.shows, "show")
    show = of.shows[name]
    sort = checked(asked.sort or show.sort, _sorts(of, show), "sort")
    connection = reading.connection
    base = [visible(connection, reading.person)]
    base += [show.condition] if show.condition is not None else []
    base += [_beginning(asked.search)] if asked.search else []
    base += [make(asked.filters[n]) for n, make in of.others.items() if n in asked.filters]
    chosen = _chosen(of, asked.filters)
    cube = _cube(connection, of, base) if show.counted or asked.search else None
    rows = _rows(connection, of, [*base, *chosen.values()], of.sorts[sort], asked)
    page, more = rows[: asked.limit], rows[asked.limit :]
    return Found(
        rows=tuple(of.rows(page)),
        total=None if cube is None else sum(n for r, n in cube if _holds(r, asked.filters, "")),
        choices=_choices(of, cube, asked.filters),
        shows={n: s.title for n, s in of.shows.items()},
        show=name,
        sorts={n: s.title for n, s in of.sorts.items()},
        sort=sort,
        next=_place(page[-1]) if more else "",
    )


def _sorts(of: Listing, show: Show) -> list[str]:
    """Of what is not counted there may be very much: it stays in an order that is kept."""
    kept = (n for n, sort in of.sorts.items() if n == show.sort or _by_key(of, sort))
    return list(of.sorts if show.counted else kept)


def _by_key(of: Listing, sort: Sort) -> bool:
    """Whether it is the order of the key alone."""
    return len(of.key) == 1 and sort.column is of.key[0]


def _beginning(said: str) -> Condition:
    """The condition that the audit's or the case's reference begins so, each by its own index."""
    audits, cases = tables.audits, tables.cases
    found: list[Select[Any]] = []
    for way in sorted({said, said.upper()}):
        found.append(select(audits.c.id).where(_between(audits.c.reference, way)))
        of_case = audits.join(cases, cases.c.id == audits.c.case_id)
        in_case = select(audits.c.id).select_from(of_case)
        found.append(in_case.where(_between(cases.c.reference, way)))
    return audits.c.id.in_(union(*found))


def _between(column: ColumnElement[str], way: str) -> Condition:
    return and_(column >= way, column < f"{way}\U0010ffff")


def _chosen(of: Listing, filters: Mapping[str, str]) -> dict[str, Condition]:
    columns = {
        n: g.column == _typed(g.column, _known(g, filters[n], n), n)
        for n, g in of.groups.items()
        if n in filters
    }
    return columns | {n: on for n, on in of.flags.items() if n in filters}


def _known(group: Group, value: str, name: str) -> str:
    return checked(value, group.known, name) if group.known else value


def _typed(column: Any, value: str, name: str) -> Any:
    """A value as the column holds it; BadInput where it cannot."""
    with suppress(ValueError):
        typed = _read(column, value)
        # Counts know each value by one spelling; by another there would seem to be none.
        if str(typed) == value:
            return typed
    raise BadInput(f"{name} {shown(value)} is not known. Choose one from the list.")


def _read(column: Any, value: str) -> Any:
    if isinstance(column.type, Day):
        return date.fromisoformat(value)
    return min(int(value), _LARGEST) if isinstance(column.type, Integer) else value


Cube = list[tuple[dict[str, str], int]]


def _cube(connection: Connection, of: Listing, base: list[Any]) -> Cube:
    """How many rows there are of each combination of filters: all counts come from one look."""
    flags = [case((on, 1), else_=0).label(n) for n, on in of.flags.items()]
    by = [*(group.column.label(n) for n, group in of.groups.items()), *flags]
    query = select(*by, func.count()).select_from(of.source).where(*base)
    rows = connection.execute(query.group_by(*(literal_column(str(i + 1)) for i in range(len(by)))))
    names = [*of.groups, *of.flags]
    return [({n: str(v) for n, v in zip(names, row, strict=False)}, row[-1]) for row in rows]


def _holds(row: Mapping[str, str], filters: Mapping[str, str], but: str) -> bool:
    """Whether a combination has what is filtered for, one filter left aside."""
    return all(row[n] == v for n, v in filters.items() if n in row and n != but)


def _choices(
    of: Listing, cube: Cube | None, filters: Mapping[str, str]
) -> dict[str, tuple[Choice, ...]]:
    made: dict[str, tuple[Choice, ...]] = {}
    for name, group in of.groups.items():
        counts = _counted(cube, filters, name) if cube is not None else {}
        values = set(counts) if cube is not None else set(group.known)
        values |= set(filter(None, [filters.get(name)]))
        made[name] = tuple(
            Choice(v, group.title(v), counts.get(v, 0) if cube is not None else None)
            for v in sorted(values, key=lambda v: (group.known.index(v) if group.known else 0, v))
        )
    for name in of.flags:
        n = None if cube is None else _counted(cube, filters, name).get("1", 0)
        made[name] = (Choice("1", "", n),)
    return made


def _counted(cube: Cube, filters: Mapping[str, str], name: str) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for row, n in cube:
        if _holds(row, filters, name):
            counts[row[name]] += n
    return dict(counts)


def _rows(
    connection: Connection, of: Listing, where: list[Any], sort: Sort, asked: Asked
) -> Sequence[Row[Any]]:
    order = [sort.column] if _by_key(of, sort) else [sort.column, *of.key]
    query = select(*of.columns, *(c.label(f"place_{i}") for i, c in enumerate(order)))
    if asked.after:
        where = [*where, _behind(order, asked.after, down=sort.down)]
    query = query.select_from(of.source).where(*where).limit(asked.limit + 1)
    if _by_key(of, sort) and of.flags.keys() & asked.filters.keys():
        # Few are left, and lie together: they are found, then sorted, and not looked for along the
        # index of the key, as the server would rather go.
        order = [sort.column + ""]
    query = query.order_by(*(c.desc() if sort.down else c.asc() for c in order))
    return connection.execute(query).all()


_BETWEEN = "~"


def _place(row: Row[Any]) -> str:
    """Where a row stands in the order: what the next page begins behind."""
    places = {k: v for k, v in row._asdict().items() if k.startswith("place_")}
    return _BETWEEN.join(map(str, places.values()))


def _behind(order: list[Any], after: str, *, down: bool) -> Condition:
    """The condition of standing behind a place; each column counts only where those before tie."""
    said = after.rsplit(_BETWEEN, len(order) - 1)
    if len(said) != len(order):
        raise BadInput("This page of the list cannot be found. Begin at its first page.")
    values = [_typed(c, v, "after") for c, v in zip(order, said, strict=True)]
    ways: list[Condition] = []
    for i, column in enumerate(order):
        beyond = column < values[i] if down else column > values[i]
        ties = (c == v for c, v in zip(order[:i], values[:i], strict=True))
        ways.append(and_(*ties, beyond))
    return or_(*ways)
