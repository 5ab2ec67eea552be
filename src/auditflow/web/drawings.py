"""The charts as pages show them: plain, with counts as links, or with one audit's place.

They are the drawings shipped with the package, so that no page draws. What is laid over is put
into the room they keep free; colours and strokes are attributes, for a page allows no inline style.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Final
from xml.etree import ElementTree as ET

from auditflow.calendar import month_name, plain_date
from auditflow.errors import NotFound
from auditflow.machines.charts import CHARTS, DUTIES
from auditflow.machines.drawing import style
from auditflow.machines.drawing.measure import clean, width, wrapped
from auditflow.machines.drawing.svg import FAMILY
from auditflow.web.inlay import Box, Drawing, Place, folder, opened, read

__all__ = ["Badge", "Walk", "counted", "folder", "here", "plain"]

#: From, event, to, and the day.
Walk = tuple[str, str, str, date]
_SIZES: Final = (style.TEXT, 6.7, 6.3)
_LINE: Final = 8.5
_TWO_LINES: Final = 12
_NAVY: Final = "#16325c"
_SKY: Final = "#d9e6f7"
_MONTH: Final = re.compile("|".join(month_name(date(2026, n, 1)) for n in range(1, 13)))
_FILL: Final = re.compile(r'fill="[^"]*"')
_PEN: Final = re.compile(r'stroke-width="[^"]*"')


@dataclass(frozen=True)
class Badge:
    """What is written into a box: words, whether they tell of lateness, and where they lead.

    `href` is a path of this site. `label` is what a screen reader says of the link; it is made of
    the box's title and the words where it is left out.
    """

    words: str
    late: bool = False
    href: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        if self.href and (self.href[0] not in "/?#" or self.href.startswith("//")):
            raise ValueError("A badge leads to a page of this site: begin its href with /, ? or #.")


@lru_cache
def plain(name: str) -> str:
    """The chart of that name (audit, action or escalation) as inline SVG, without an overlay."""
    root = read(name, "svg")
    root.set("xmlns", "http://www.w3.org/2000/svg")
    root.set("class", f"chart chart-{name}")
    for element in root.iter():
        if element.tag == "g":
            element.attrib.pop("id", None)
            element.attrib.pop("class", None)
    return ET.tostring(root, encoding="unicode")


def counted(name: str, counts: Mapping[str, Badge]) -> str:
    """The chart with a badge in each box of `counts` (names of states and duties), as a link.

    NotFound names a box that no chart has; one of another chart is left out.
    """
    return _counted(name, tuple(counts.items()))


@lru_cache(maxsize=64)
def _counted(name: str, counts: tuple[tuple[str, Badge], ...]) -> str:
    drawing = opened(name)
    badges = _known(drawing, dict(counts))
    pieces = drawing.pieces_without(frozenset(badges))
    return _whole(name, "counted", drawing, pieces, badges, drawing.says)


def here(name: str, state: str, way: Iterable[Walk] = (), owed: Mapping[str, Badge] = {}) -> str:
    """The chart with one audit's place: where it is, the way it came, what is open on its cards.

    `owed` holds the open duties by name, each with words such as “due 3 May 2026”. NotFound names
    a state or duty that the charts lack.
    """
    return _here(name, state, tuple(way), tuple(owed.items()))


@lru_cache(maxsize=64)
def _here(name: str, state: str, way: tuple[Walk, ...], owed: tuple[tuple[str, Badge], ...]) -> str:
    drawing = opened(name)
    badges = _known(drawing, dict(owed))
    reached = {end: day for _, _, end, day in way if end in drawing.boxes}
    if state not in CHARTS[name].states:
        _refuse(drawing, state)
    pieces = drawing.pieces_without(frozenset((*badges, *reached)))
    for start, event, end, _ in way:
        for n in drawing.ways.get(f"way-{start}-{event}-{end}", ()):
            pieces[n] = _PEN.sub('stroke-width="3"', drawing.pieces[n])
    box = drawing.boxes[state]
    # A border as thin as Graphviz's usual one has no width of its own to replace.
    border = _PEN.sub("", drawing.pieces[box.border])
    pieces[box.border] = _FILL.sub(f'fill="{style.HERE}" stroke-width="3.2"', border, count=1)
    since = [_said(drawing.boxes[k], day, now=k == state) for k, day in reached.items()]
    over = [_tab(box.place), *since]
    pieces += [ET.tostring(one, encoding="unicode") for one in over]
    return _whole(name, "here", drawing, pieces, badges, _told(drawing, box, reached, badges))


def _known(drawing: Drawing, asked: Mapping[str, Badge]) -> dict[str, Badge]:
    """Those of this chart, in the order it is drawn in."""
    for key in asked:
        if key not in drawing.boxes and key not in DUTIES:
            _refuse(drawing, key)
    boxes = drawing.boxes.items()
    return {key: asked[key] for key, box in boxes if key in asked and box.slot is not None}


def _refuse(drawing: Drawing, key: str) -> None:
    raise NotFound(
        f"The chart has no state or duty “{clean(key)}”. It has: {', '.join(drawing.boxes)}."
    )


def _whole(
    name: str,
    kind: str,
    drawing: Drawing,
    pieces: list[str],
    badges: Mapping[str, Badge],
    says: str,
) -> str:
    """One SVG of the pieces with the badges on top; a group where links must be reached."""
    own = f"{name}-{kind}"
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": drawing.view,
            "class": f"chart chart-{name}",
            "role": "group" if any(b.href for b in badges.values()) else "img",
            "aria-labelledby": f"{own}-title",
            "aria-describedby": f"{own}-desc",
            "font-family": FAMILY,
        },
    )
    ET.SubElement(root, "title", {"id": f"{own}-title"}).text = drawing.title
    ET.SubElement(root, "desc", {"id": f"{own}-desc"}).text = clean(says)
    ground = ET.SubElement(root, "g", {"transform": drawing.moved})
    for key, badge in badges.items():
        ground.append(_badge(drawing.boxes[key], badge))
    whole = ET.tostring(root, encoding="unicode", short_empty_elements=False)
    head, opening, tail = whole.partition(_start(ground))
    return "".join((head, opening, *pieces, tail))


def _start(ground: ET.Element) -> str:
    alone = ET.Element("g", ground.attrib)
    return ET.tostring(alone, encoding="unicode", short_empty_elements=False).removesuffix("</g>")


def _badge(box: Box, badge: Badge) -> ET.Element:
    """The words in a box's free room; the whole box is the link, and shows its focus."""
    assert box.slot is not None
    label = clean(badge.label) or f"{box.title}: {clean(badge.words)}"
    link = {"href": clean(badge.href), "class": "chart-link", "aria-label": label}
    group = ET.Element("a" if badge.href else "g", link if badge.href else {})
    if badge.href:
        for ring in ("chart-ring-outer", "chart-ring"):
            marks = {"class": ring, "fill": "none", "stroke": "none", "pointer-events": "all"}
            ET.SubElement(group, "rect", marks | _rect(box.place) | {"rx": f"{box.corner:g}"})
    else:
        ET.SubElement(group, "title").text = label
    lines, size = _fitted(clean(badge.words), box.slot)
    ground = Place(box.slot.x, box.slot.y, box.slot.w, len(lines) * _LINE + 1.8)
    ink, look = (
        (style.ALARM, {"fill": style.PAPER, "stroke": style.ALARM, "stroke-width": "1.5"})
        if badge.late
        else (_NAVY, {"fill": _SKY, "stroke": _NAVY, "stroke-width": "0.6"})
    )
    ET.SubElement(group, "rect", _rect(ground) | {"rx": "3.5"} | look)
    _write(group, lines, size, ground, ink)
    return group


@lru_cache(maxsize=4096)
def _fitted(words: str, room: Place) -> tuple[tuple[str, ...], float]:
    """The words in as many lines as there is room for, smaller or cut where they must be."""
    most = 2 if room.h > _TWO_LINES else 1
    short = _MONTH.sub(lambda found: found[0][:3], words)
    lines: list[str] = []
    for said, size in (*product((words,), _SIZES[:2]), *product((short,), _SIZES)):
        lines = wrapped(said, room.w, size, bold=True)
        halves = re.split("(?<=,) ", said)
        if len(halves) == len(lines) == most and all(_fits(half, room, size) for half in halves):
            return tuple(halves), size
        if len(lines) <= most:
            return tuple(lines), size
    last = wrapped(f"{lines[most - 1]}…", room.w, _SIZES[-1], bold=True)[0]
    return (*lines[: most - 1], last if last.endswith("…") else f"{last}…"), _SIZES[-1]


def _fits(words: str, room: Place, size: float) -> bool:
    return wrapped(words, room.w, size, bold=True) == [words]


def _said(box: Box, day: date, *, now: bool) -> ET.Element:
    """When a state on the way was reached; no badge, for nothing is asked of anyone."""
    group = ET.Element("g")
    words = f"{'since' if now else 'reached'} {plain_date(day)}"
    if box.slot is not None:
        room = replace(box.slot, x=box.slot.x - 5, w=box.slot.w + 10)
        lines, size = _fitted(words, room)
        _write(group, lines, size, room, style.INK)
    return group


def _tab(place: Place) -> ET.Element:
    """The words above the box, left of the arrow that leads into it."""
    words = "You are here"
    group = ET.Element("g")
    tab = Place(place.x + 3, place.y - 10.2, width(words, _SIZES[1], bold=True), 10.6)
    ET.SubElement(group, "rect", _rect(tab) | {"rx": "1.5", "fill": style.INK})
    _write(group, (words,), _SIZES[1], tab, style.PAPER)
    return group


def _told(
    drawing: Drawing, box: Box, reached: Mapping[str, date], badges: Mapping[str, Badge]
) -> str:
    """The same in sentences, for those who do not see it."""
    way = [f"{drawing.boxes[k].title} reached {plain_date(day)}" for k, day in reached.items()]
    open_ = [f"{drawing.boxes[k].title}: {badge.words}" for k, badge in badges.items()]
    said = [f"You are here: {box.title}.", *(f"{one}." for one in (*way, *open_))]
    return " ".join(said)


def _write(group: ET.Element, lines: tuple[str, ...], size: float, place: Place, ink: str) -> None:
    x, middle = place.middle
    given = {"text-anchor": "middle", "font-weight": "bold", "font-size": f"{size:g}", "fill": ink}
    for n, line in enumerate(lines):
        y = middle + (n - (len(lines) - 1) / 2) * _LINE + size * 0.35
        text = ET.SubElement(group, "text", given | {"x": f"{x:g}", "y": f"{y:g}"})
        # Read out, the last word of a line and the first of the next are two.
        text.text, text.tail = line, " "


def _rect(place: Place) -> dict[str, str]:
    return {
        "x": f"{place.x:g}",
        "y": f"{place.y:g}",
        "width": f"{place.w:g}",
        "height": f"{place.h:g}",
    }
