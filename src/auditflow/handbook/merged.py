"""Arrows and duties of a chart as the rows of its page; what differs only by state is one row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from auditflow.audits import Trigger
from auditflow.calendar import By
from auditflow.drawing.labels import listed, plain, roles
from auditflow.drawing.model import Card, Sheet
from auditflow.drawing.overlay import Marks
from auditflow.guidance.citation import Source
from auditflow.handbook.sources import named
from auditflow.machines.charts import CHARTS, moment_of
from auditflow.machines.rows import Duty, Reminder, Row, Up

ARROWS: Final = ("From", "What happens", "Who", "Only when", "To", "Raises", "Source")
DUTIES: Final = (
    "While", "What is owed", "By whom", "Limit", "Counted from", "Only when", "Met by", "If late",
    "Source",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """What the rows of one chart's page are made from."""

    sheet: Sheet
    marks: Marks
    names: Mapping[Source, str]


def arrows(page: Page) -> Iterator[Sequence[str]]:
    """A row for all arrows that differ only by where they start and lead to."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in page.sheet.rows:
        groups.setdefault(_alike(page.sheet, row), []).append(row)
    for rows in groups.values():
        yield _arrow(page, rows)


def _alike(sheet: Sheet, row: Row) -> tuple[Any, ...]:
    start, end = sheet.states[row.start].level, sheet.states[row.end].level
    leads = "up" if start and end else row.end
    if row.start == row.end:
        leads = "stays"
    said = only_when(sheet.name, row.guards)
    return row.event, row.by, said, row.raises, row.source, row.question, leads


def _arrow(page: Page, rows: Sequence[Row]) -> Sequence[str]:
    one = rows[0]
    return (
        places([r.start for r in rows], page.sheet),
        _what(page, rows),
        roles(one.by),
        only_when(page.sheet.name, one.guards),
        to(page.sheet, rows),
        str(one.raises or ""),
        named(one.source, page.names),
    )


def _what(page: Page, rows: Sequence[Row]) -> str:
    """The event, the question its diamond asks, and what is laid over it."""
    one = rows[0]
    said = plain(one.event)
    if one.question:
        said += f" (the diamond asks: {one.question})"
    if one.answers:
        said += f" (the diamond asks: {one.answers})"
    now = [_now(page, r, alone=len(rows) == 1) for r in rows]
    return "; ".join(filter(None, (said, *now)))


def _now(page: Page, row: Row, *, alone: bool) -> str:
    found = [page.marks.arrows.get((row.start, row.event), "")]
    found += ["on the way it came"] if (row.start, row.event, row.end) in page.marks.way else []
    said = ", ".join(filter(None, found))
    return said if alone or not said else f"{page.sheet.states[row.start].title}: {said}"


def to(sheet: Sheet, rows: Sequence[Row]) -> str:
    """Where these arrows, alike but for their places, lead to."""
    one = rows[0]
    if one.start == one.end:
        return "stays"
    level = {name: state.level for name, state in sheet.states.items()}
    if level[one.start] and level[one.end]:
        steps = {level[r.end] - level[r.start] for r in rows}
        return "the next level up" if steps == {1} else "the level named"
    return sheet.states[one.end].title


def places(names: Iterable[str], sheet: Sheet, last: str = "or") -> str:
    """States in words; a run of levels as “Level 1–4”, a longer run as “Selected to Closed”."""
    order = list(sheet.states)
    at = sorted({order.index(n) for n in names})
    found = [order[i] for i in at]
    titles = [sheet.states[n].title for n in found]
    run = len(at) > 2 and at[-1] - at[0] == len(at) - 1  # noqa: PLR2004 - a run is three
    if run and sheet.states[found[0]].level:
        return f"Level {sheet.states[found[0]].level}–{sheet.states[found[-1]].level}"
    if run and len(at) > 3:  # noqa: PLR2004 - three are still named each
        return f"{titles[0]} to {titles[-1]}"
    return listed(titles, last)


def only_when(chart: str, guards: Iterable[tuple[str, bool]]) -> str:
    """Guards in plain words."""
    found = dict.fromkeys(CHARTS[chart].guards[name].words(wanted) for name, wanted in guards)
    return "; ".join(found)


def duties(page: Page) -> Iterator[Sequence[str]]:
    """A row for each card of the drawing."""
    for card in page.sheet.cards:
        yield _duty(page, card)


def _duty(page: Page, card: Card) -> Sequence[str]:
    duty, mark = card.duty, page.marks.boxes.get(card.name)
    chart = next(n for n, c in CHARTS.items() if duty in c.duties)
    own = chart == page.sheet.name
    return (
        places(card.states, page.sheet, "and") if own else _of_an_action(duty),
        card.title + (f" ({mark.words})" if mark else ""),
        card.who,
        _limit(duty),
        _since(duty),
        only_when(chart, duty.guards),
        listed(plain(e) for e in duty.met_by),
        _late(duty),
        named(duty.source, page.names),
    )


def _of_an_action(duty: Duty) -> str:
    return f"an action is {listed(s.title for s in duty.states)}"


def _limit(duty: Duty) -> str:
    return "by the end of that day" if isinstance(duty.within, By) else duty.within.words


def _since(duty: Duty) -> str:
    said = moment_of(duty, duty.since).title
    if duty.instead:
        said += f"; or due on {moment_of(duty, duty.instead).title}"
    if duty.at_least:
        said += f"; due on {moment_of(duty, duty.at_least).title}, if that is later"
    return said


def _late(duty: Duty) -> str:
    when = "at 00:00 of the next day, on any day" if duty.any_day else "on the first working day"
    match duty.missed:
        case Reminder(because):
            says = f"{duty.ahead} working days before" if duty.ahead else f"{when} after"
            return f"only a reminder, {says}. {because}"
        case Up(trigger):
            of = f"{trigger} moves up to level 4" if trigger else "up one level"
            return f"{of}, {when}" + ("" if duty.any_day else " after")
        case Trigger():
            return f"{duty.missed}, {when} after: {duty.missed.title}"
