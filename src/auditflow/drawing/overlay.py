"""What is laid over a chart: one audit's place and way, or the counts of all of them, in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from auditflow.calendar import month_name, plain_date
from auditflow.drawing import style
from auditflow.drawing.picture import (
    HEAD,
    Box,
    Item,
    Picture,
    Rect,
    Shape,
    Stroke,
    Text,
    Walk,
    around,
    short_of,
)
from auditflow.drawing.text_metrics import clean, shortened, width, wrapped
from auditflow.errors import NotFound
from auditflow.machines.charts import CHARTS, DUTIES

#: How far below a line's middle letters stand whose feet must have room too.
_BASE: Final = 0.3
_LONGEST: Final = 60
_HERE: Final = "You are here"
_MONTH: Final = re.compile("|".join(month_name(date(2026, n, 1)) for n in range(1, 13)))


@dataclass(frozen=True)
class Step:
    """One step of the way an audit came: the event, the state it led to, and the day."""

    event: str
    state: str
    on: date | None = None


@dataclass(frozen=True)
class OneAudit:
    """Where one audit (or action, or escalation) is, how it came there, and what is owed on it.

    `due` and `overdue` are names of duties with the day each is, or was, due.
    """

    reference: str
    state: str
    way: tuple[Step, ...] = ()
    due: Mapping[str, date] = field(default_factory=dict)
    overdue: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class Counts:
    """All of them: how many are in each state, owe each duty, are late with it, went each way.

    Those in `overdue` are among those in `duties`.
    `median_days` is the median number of days spent in a state; `arrows` holds, for a state and
    an event, how often it happened and the median number of days before it did.
    """

    states: Mapping[str, int] = field(default_factory=dict)
    duties: Mapping[str, int] = field(default_factory=dict)
    overdue: Mapping[str, int] = field(default_factory=dict)
    median_days: Mapping[str, float] = field(default_factory=dict)
    arrows: Mapping[tuple[str, str], tuple[int, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Room:
    """Nothing yet: each box keeps free what a page needs to write into the drawing."""


@dataclass(frozen=True)
class Mark:
    """What is written into a box: words, and whether they tell of lateness, or only of a day."""

    words: str
    late: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Marks:
    """An overlay in words: in the boxes of states and duties, on arrows, and the way it came."""

    headline: str = ""
    here: str = ""
    boxes: Mapping[str, Mark] = field(default_factory=dict)
    #: By the state an arrow leaves and its event.
    arrows: Mapping[tuple[str, str], str] = field(default_factory=dict)
    way: tuple[Walk, ...] = ()


Overlay = OneAudit | Counts | Room
NONE: Final = Marks()


def marks(name: str, over: Overlay | None) -> Marks:
    """The overlay in words for the chart of that name; NotFound names what the chart lacks."""
    if over is None or isinstance(over, Room):
        return NONE
    _known(name, over)
    return _one(name, over) if isinstance(over, OneAudit) else _all(over)


def under(picture: Picture, laid: Marks) -> list[Item]:
    """What is painted before all else: the ground of where it is, and the way it came."""
    solid = [shape.place for shape in picture.shapes if shape.solid]
    ways = (picture.ways[walk] for walk in laid.way if walk in picture.ways)
    found: list[Item] = []
    for *points, end in ways:
        way = (*points, short_of(points[-1], end, HEAD))
        found += (Stroke(piece, pen=3.0) for piece in around(way, solid))
    if laid.here:
        place = picture.boxes[laid.here].place
        found.append(Shape(place, "round", style.HERE, pen=3.2))
    return found


def over(picture: Picture, laid: Marks) -> dict[str, list[Item]]:
    """What is written into the room of each box, by the box's name, and where it is."""
    found: dict[str, list[Item]] = {}
    if laid.here:
        found[""] = _tab(picture.boxes[laid.here].place)
    for name, mark in laid.boxes.items():
        box = picture.boxes.get(name)
        if box and box.slot:
            found[name] = _written(box, box.slot, mark)
    return found


def _tab(place: Rect) -> list[Item]:
    """The words on the upper edge of the box, right of the arrow that leads into it."""
    wide = width(_HERE, style.TEXT, bold=True) + 6
    tab = Rect(place.right - wide - 6, place.y - 6.6, wide, 9.6)
    return [Shape(tab, fill=style.INK), _middle(_HERE, tab, style.PAPER)]


def _written(box: Box, slot: Rect, mark: Mark) -> list[Item]:
    lines = fitted(mark.words, slot)
    ink = style.ALARM if mark.late else style.COUNT_INK
    found: list[Item] = []
    if not mark.quiet:
        fill, pen = (style.PAPER, 1.4) if mark.late else (style.COUNT, 0.6)
        found.append(Shape(slot, fill=fill, edge=ink, pen=pen, says=box.title))
    high = slot.h / len(lines)
    for n, line in enumerate(lines):
        room = Rect(slot.x, slot.y + n * high, slot.w, high)
        found.append(_middle(line, room, style.INK if mark.quiet else ink))
    return found


def _middle(words: str, room: Rect, ink: str) -> Text:
    x = room.middle[0] - width(words, style.TEXT, bold=True) / 2
    return Text(words, x, room.middle[1] + style.TEXT * _BASE, bold=True, ink=ink, room=room)


def fitted(words: str, room: Rect) -> tuple[str, ...]:
    """The words in as many lines as there is room for; months, then words, are cut short."""
    most = 2 if room.h > 2 * style.TEXT else 1
    short = _MONTH.sub(lambda found: found[0][:3], words)
    for said in (words, short):
        lines = wrapped(said, room.w - 3, style.TEXT, bold=True)
        if len(lines) <= most:
            return lines
    rest = " ".join(lines[most - 1 :])
    return *lines[: most - 1], shortened(rest, room.w - 3, style.TEXT, bold=True)


def _known(name: str, over: OneAudit | Counts) -> None:
    if isinstance(over, OneAudit):
        states, duties = (
            [over.state, *(step.state for step in over.way)],
            {*over.due, *over.overdue},
        )
    else:
        states, duties = [*over.states], {*over.duties, *over.overdue}
    for state in states:
        if state not in CHARTS[name].states:
            known = ", ".join(CHARTS[name].states)
            raise NotFound(f"The chart has no state “{clean(state)}”. It has: {known}.")
    for duty in duties:
        if duty not in DUTIES:
            known = ", ".join(DUTIES)
            raise NotFound(f"The charts have no duty “{clean(duty)}”. They have: {known}.")


def _one(name: str, one: OneAudit) -> Marks:
    reference = clean(one.reference)
    shown = reference if len(reference) <= _LONGEST else reference[: _LONGEST - 1] + "…"
    states = CHARTS[name].states
    held = f"{shown}: {states[one.state].title}, held by {states[one.state].holder.title}."
    before = [next(s.name for s in states.values() if s.initial), *(s.state for s in one.way)]
    return Marks(
        f"{held} {_owing(one)}",
        one.state,
        _reached(one)
        | {duty: Mark(f"due {plain_date(day)}") for duty, day in one.due.items()}
        | {
            duty: Mark(f"overdue: {plain_date(day)}", late=True)
            for duty, day in one.overdue.items()
        },
        way=tuple((at, step.event, step.state) for at, step in zip(before, one.way, strict=False)),
    )


def _owing(one: OneAudit) -> str:
    late = "; ".join(DUTIES[duty].title for duty in one.overdue)
    open_ = "; ".join(DUTIES[duty].title for duty in one.due)
    said = f"Overdue: {late}." if late else "Nothing is overdue."
    return f"{said} Still owed: {open_}." if open_ else said


def _reached(one: OneAudit) -> dict[str, Mark]:
    """When each state on the way was reached; nothing is asked of anyone by that."""
    days = {step.state: step.on for step in one.way if step.on is not None}
    return {
        state: Mark(f"{'since' if state == one.state else 'reached'} {plain_date(day)}", quiet=True)
        for state, day in days.items()
    }


def _all(counts: Counts) -> Marks:
    states = {name: f"{n} here" for name, n in counts.states.items()}
    for name, days in counts.median_days.items():
        states[name] = ", ".join(filter(None, (states.get(name), f"median {_days(days)}")))
    duties = dict.fromkeys((*counts.duties, *counts.overdue))
    return Marks(
        f"All counted: {sum(counts.states.values())} on this chart,"
        f" {sum(counts.overdue.values())} duties overdue."
        " In the list: how often, and the median of days before it.",
        boxes={name: Mark(words) for name, words in states.items()}
        | {duty: _owed(counts, duty) for duty in duties},
        arrows={at: f"{n}×, {_days(days)}" for at, (n, days) in counts.arrows.items()},
    )


def _owed(counts: Counts, duty: str) -> Mark:
    owed, late = counts.duties.get(duty, 0), counts.overdue.get(duty, 0)
    return Mark(f"{late} of {max(owed, late)} late" if late else f"{owed} owed", late > 0)


def _days(days: float) -> str:
    return f"{days:g} {'day' if days == 1 else 'days'}"
