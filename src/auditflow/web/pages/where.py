"""Where each audit sits: the charts with counts, and the same as tables."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from flask import Blueprint, render_template, request, url_for
from markupsafe import Markup

from auditflow import queries
from auditflow.audits import Trigger
from auditflow.calendar import number_of
from auditflow.drawing.model import sheet
from auditflow.machines.charts import CHARTS, DUTIES
from auditflow.queries import Board, Figure, Place
from auditflow.web import chart_overlay
from auditflow.web.pages.charts import ORDER
from auditflow.web.request_context import asking

PAGE: Final = Blueprint("where", __name__)

#: Duties of an escalation may be owed on an audit that is over.
_OF_ESCALATIONS: Final = frozenset(d.name for d in CHARTS["escalation"].duties)


class Cell(NamedTuple):
    """A figure and the address of the list behind it; none where there is nothing to list."""

    figure: Figure
    href: str = ""


class Line(NamedTuple):
    """A row of one of the tables: what is counted, and its figures."""

    title: str
    beside: str
    cells: tuple[Cell, ...]


@PAGE.get("/where")
def board() -> str:
    """How many audits stand where, what is owed, what is late, what is escalated."""
    seen = queries.board(asking())
    to = Lists(seen)
    return render_template(
        "where.html",
        board=seen,
        still="still" in request.args,
        charts=[(kind, sheet(kind).title, _chart(kind, to)) for kind in ORDER],
        totals=list(_totals(seen, to)),
        places=[to.place(p) for p in seen.places],
        owed=[to.owed(duty) for duty in seen.owed],
        standing=list(_standing(seen, to)),
    )


class Lists:
    """The lists behind the figures of a board, for who may open them."""

    def __init__(self, seen: Board) -> None:
        self.seen = seen

    def cell(self, figure: Figure, page: str, **filters: str) -> Cell:
        """A figure with the address of its list."""
        if not self.seen.lists or not figure:
            return Cell(figure)
        wanted = {name: value for name, value in filters.items() if value}
        return Cell(figure, url_for(f"{page}.listed", **wanted))  # type: ignore[arg-type]

    def place(self, p: Place) -> Line:
        """A state: how many audits are there, how many of them late or due soon."""
        show = "" if p.live else "all"
        cells = (
            self.cell(p.audits, "audits", state=p.state, show=show),
            self.cell(p.overdue, "audits", state=p.state, late="1"),
            self.cell(p.due_soon, "audits", state=p.state, soon="1"),
        )
        return Line(p.title, p.holder, cells)

    def owed(self, duty: str) -> Line:
        """A duty: how often it is owed, and late."""
        show = "all" if duty in _OF_ESCALATIONS else ""
        cells = (
            self.cell(self.seen.owed.get(duty, 0), "audits", duty=duty, show=show),
            self.cell(self.seen.overdue.get(duty, 0), "audits", late_duty=duty, show=show),
        )
        return Line(DUTIES[duty].title, "", cells)


def _totals(seen: Board, to: Lists) -> Iterator[tuple[str, Cell]]:
    """The figures at the top."""
    totals = seen.totals
    yield "audits under way", to.cell(totals.live, "audits")
    yield "have something overdue", to.cell(totals.overdue, "audits", late="1")
    yield "have something due soon", to.cell(totals.due_soon, "audits", soon="1")
    yield "open escalations", to.cell(totals.escalations, "escalations")


def _standing(seen: Board, to: Lists) -> Iterator[tuple[Line, object]]:
    """The open escalations by why and where, each with the day of the oldest."""
    levels = CHARTS["escalation"].states
    for e in seen.escalations:
        why = f"{Trigger(e.trigger).title} ({e.trigger})"
        cell = to.cell(e.escalations, "escalations", trigger=e.trigger, level=e.level)
        yield Line(why, f"{levels[e.level].title}, {e.title}", (cell,)), e.oldest


def _chart(kind: str, to: Lists) -> Markup:
    """A chart with a badge in each box that something stands in, or that is owed."""
    badges = dict(_boxes(kind, to))
    drawn = {card.name for card in sheet(kind).cards}
    for duty in to.seen.owed:
        if duty in drawn:
            badges[duty] = _badge(DUTIES[duty].title, "{} owed", *to.owed(duty).cells)
    # The drawing escapes what it is given.
    return Markup(chart_overlay.counted(kind, badges))  # noqa: S704


def _boxes(kind: str, to: Lists) -> Iterator[tuple[str, chart_overlay.Badge]]:
    """The badges of the states in which something stands."""
    states = CHARTS[kind].states
    if kind == "audit":
        for p in to.seen.places:
            here, late, _ = to.place(p).cells
            if p.audits:
                yield p.state, _badge(p.title, _counted(p.audits, "audit"), here, late)
        return
    page, by, found = _PARTS[kind]
    figures: Mapping[str, Figure] = getattr(to.seen, found)
    for state, n in figures.items():
        here = to.cell(n, page, **{by: state})
        yield state, _badge(states[state].title, _counted(n, kind), here, Cell(0))


#: Of each chart of parts: its list, the list's filter by state, and where the board counts it.
_PARTS: Final = {
    "action": ("actions", "state", "actions"),
    "escalation": ("escalations", "level", "levels"),
}


def _counted(n: Figure, thing: str) -> str:
    return number_of(n, thing) if isinstance(n, int) else f"{n} {thing}s"


def _badge(title: str, words: str, here: Cell, late: Cell) -> chart_overlay.Badge:
    """What is written into a box, short enough for it, and in full for who hears it."""
    said = full = words.format(here.figure)
    if late.figure:
        full += f", {late.figure} overdue"
        if not isinstance(late.figure, int):
            said = f"{said if isinstance(here.figure, int) else here.figure}, some overdue"
        else:
            said = full
    return chart_overlay.Badge(said, bool(late.figure), here.href, f"{title}: {full}")
