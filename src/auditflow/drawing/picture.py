"""Shapes, texts and strokes at their places on a sheet, in units of an eighth of a letter.

What is drawn, what is checked and what a page lays over it all read this. Nothing is left to a
layout engine, so a drawing is the same wherever it is made.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from math import hypot
from typing import Final, Literal

from auditflow.drawing import style
from auditflow.drawing.text_metrics import reach, width

Point = tuple[float, float]
#: How long the head of a line is.
HEAD: Final = 5.4
#: From, event, to.
Walk = tuple[str, str, str]
#: How far below a line's middle its letters stand, as a share of their size.
BASE: Final = 0.355
#: How high a capital letter is.
_CAPITAL: Final = 0.73


@dataclass(frozen=True)
class Rect:
    """Left, top, width and height, from the sheet's upper left corner."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.h

    @property
    def middle(self) -> Point:
        """Its centre."""
        return self.x + self.w / 2, self.y + self.h / 2

    def inset(self, by: float) -> Rect:
        """The same, smaller by so much on each side."""
        return Rect(self.x + by, self.y + by, self.w - 2 * by, self.h - 2 * by)

    def meets(self, other: Rect) -> bool:
        """Whether they have anything in common but an edge."""
        beside = self.x >= other.right or other.x >= self.right
        return not (beside or self.y >= other.bottom or other.y >= self.bottom)


@dataclass(frozen=True)
class Shape:
    """A filled or bordered form; no stroke may run through a solid one."""

    place: Rect
    form: Literal["box", "round", "diamond", "disc"] = "box"
    fill: str = ""
    edge: str = style.INK
    pen: float = 1.0
    dashed: bool = False
    solid: bool = False
    #: What it is called in the picture's file, and what it is in words.
    name: str = ""
    says: str = ""

    @property
    def room(self) -> Rect:
        """Where a line of letters may lie in it: in a diamond between its slanting sides."""
        if self.form != "diamond":
            return self.place
        wide = self.place.w * (1 - _CAPITAL * style.TEXT / self.place.h)
        return Rect(self.place.middle[0] - wide / 2, self.place.y, wide, self.place.h)


@dataclass(frozen=True)
class Text:
    """One line of letters: where it begins, its base line, and the box it must lie in."""

    words: str
    x: float
    y: float
    size: float = style.TEXT
    bold: bool = False
    ink: str = style.INK
    room: Rect | None = None

    @cached_property
    def box(self) -> Rect:
        """What its letters cover."""
        wide = width(self.words, self.size, bold=self.bold)
        above, below = reach(self.words, self.size, bold=self.bold)
        return Rect(self.x, self.y - above, wide, above + below)


@dataclass(frozen=True)
class Stroke:
    """A line of straight pieces, with a head where it leads somewhere."""

    points: tuple[Point, ...]
    pen: float = 1.1
    dashed: bool = False
    head: bool = False
    ink: str = style.INK
    name: str = ""
    says: str = ""

    @property
    def pieces(self) -> tuple[Rect, ...]:
        """Each straight piece as a box without breadth."""
        return tuple(
            Rect(min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1]))
            for a, b in pairwise(self.points)
        )


@dataclass(frozen=True)
class Box:
    """A state or a card: what it is called, where it stands, and the room kept free in it."""

    title: str
    place: Rect
    slot: Rect | None = None


Item = Shape | Text | Stroke


@dataclass
class Picture:
    """A sheet and what stands on it, in the order in which it is painted."""

    #: Width and height in units, and how many points a unit has.
    width: float
    height: float
    unit: float
    items: list[Item] = field(default_factory=list)
    boxes: dict[str, Box] = field(default_factory=dict)
    #: Each arrow's way over the sheet, by the row it stands for.
    ways: dict[Walk, tuple[Point, ...]] = field(default_factory=dict)
    #: What had no room, each in a sentence.
    faults: list[str] = field(default_factory=list)

    @property
    def shapes(self) -> list[Shape]:
        """Every form on it."""
        return [item for item in self.items if isinstance(item, Shape)]

    @property
    def texts(self) -> list[Text]:
        """Every line of letters on it."""
        return [item for item in self.items if isinstance(item, Text)]

    @property
    def strokes(self) -> list[Stroke]:
        """Every line on it."""
        return [item for item in self.items if isinstance(item, Stroke)]

    def copy(self) -> Picture:
        """The same sheet, to be painted on."""
        items, faults = [*self.items], [*self.faults]
        return replace(self, items=items, faults=faults, boxes={**self.boxes}, ways={**self.ways})

    def put(self, *items: Item) -> None:
        """Paint these over what is there; a text without words is none."""
        self.items += (item for item in items if not isinstance(item, Text) or item.words)

    def put_with(self, shape: Shape, words: str, ink: str = style.INK) -> None:
        """Paint a form with bold words in its middle."""
        self.put(shape)
        self.centre(words, shape.place.middle, shape.room, bold=True, ink=ink)

    def write(self, words: str, x: float, y: float, *, bold: bool = False) -> None:
        """Letters on the paper from `x` on, in a line whose middle is `y`."""
        self.put(Text(words, x, y + style.TEXT * BASE, bold=bold))

    def centre(
        self,
        words: str,
        at: Point,
        room: Rect,
        *,
        size: float = style.TEXT,
        bold: bool = False,
        ink: str = style.INK,
    ) -> None:
        """Letters about a point."""
        left = at[0] - width(words, size, bold=bold) / 2
        self.put(Text(words, left, at[1] + size * BASE, size, bold, ink, room))


def short_of(start: Point, end: Point, by: float) -> Point:
    """The point so far before the end, or nearly at the start where there is less between them."""
    far = hypot(end[0] - start[0], end[1] - start[1]) or 1
    share = min(by / far, 0.9)
    return end[0] - (end[0] - start[0]) * share, end[1] - (end[1] - start[1]) * share


def around(points: tuple[Point, ...], marks: list[Rect]) -> list[tuple[Point, ...]]:
    """The pieces of a way that are left where marks stand on its upright parts."""
    done: list[tuple[Point, ...]] = []
    piece = [points[0]]
    for (x, a), end in pairwise(points):
        on = [m for m in marks if x == end[0] and m.x < x < m.right and _between(m, a, end[1])]
        for mark in sorted(on, key=lambda m: m.y, reverse=a > end[1]):
            near, far = (mark.bottom, mark.y) if a > end[1] else (mark.y, mark.bottom)
            done.append((*piece, (x, near)))
            piece = [(x, far)]
        piece.append(end)
    return [*done, tuple(piece)]


def _between(mark: Rect, a: float, b: float) -> bool:
    return min(a, b) < mark.y and mark.bottom < max(a, b)
