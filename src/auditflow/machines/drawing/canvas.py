"""Shapes at fixed places, written as DOT through the graphviz package.

Nothing is left to a layout engine (`neato -n2`, also called `nop2`, draws what stands there), and
no label is markup: so a drawing is the same wherever it is made, and a text stays a text.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal

from auditflow.machines.drawing import style
from auditflow.machines.drawing.measure import clean

Align = Literal["l", "c", "r"]
Point = tuple[float, float]
_LEADING: Final = 1.2


@dataclass(frozen=True)
class Look:
    """How a shape is filled, bordered and written on."""

    fill: str = style.PAPER
    edge: str = style.INK
    ink: str = style.INK
    pen: float = 0.9
    size: float = style.TEXT
    bold: bool = False
    dashed: bool = False
    shape: str = "box"
    round: bool = True
    #: The rows a line stands for, by which a page finds it.
    ways: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rect:
    """Left, top, width and height in points, from the page's upper left corner."""

    x: float
    y: float
    w: float
    h: float

    @property
    def middle(self) -> Point:
        """Its centre."""
        return self.x + self.w / 2, self.y + self.h / 2

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.h

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.w


@dataclass
class Canvas:
    """What has been put on the page so far; `chart` begins every id, so that two fit one page."""

    chart: str
    width: float
    height: float = 0
    shapes: list[tuple[str, Rect, str, Look, str, str]] = field(default_factory=list)
    lines: list[tuple[str, str, tuple[Point, ...], Look, bool]] = field(default_factory=list)
    lanes: list[tuple[str, Rect, Look]] = field(default_factory=list)

    def lane(self, name: str, place: Rect, look: Look) -> None:
        """A ground behind other shapes; a cluster in DOT."""
        self.lanes.append((name, place, look))

    def shape(
        self, name: str, place: Rect, lines: list[str] | str, look: Look, kind: str = "part"
    ) -> Rect:
        """A bordered shape with text in its middle; `kind` says in its id what it is."""
        label = [lines] if isinstance(lines, str) else lines
        self.shapes.append((name, place, _label(label, "c"), look, "", kind))
        return place

    def text(
        self, name: str, place: Rect, lines: list[str] | str, look: Look, align: Align = "c"
    ) -> None:
        """Text alone."""
        label = [lines] if isinstance(lines, str) else lines
        if any(label):
            place = self._roomy(place, align)
            self.shapes.append((name, place, _label(label, align), look, align, "part"))

    def _roomy(self, place: Rect, align: Align) -> Rect:
        """More room on the open side, so that a wider font still begins (or ends) in its place."""
        if align == "c":
            return place
        wide = place.w * (1 + _SPARE)
        spare = min(place.h * _SPARE / 2, place.y)
        y, high = place.y - spare, place.h + 2 * spare
        if align == "l":
            return Rect(place.x, y, min(wide, self.width - place.x), high)
        left = max(place.right - wide, 0)
        return Rect(left, y, place.right - left, high)

    def arrow(
        self, start: str, end: str, points: tuple[Point, ...], look: Look, *, head: bool = True
    ) -> None:
        """A line through the points, from one shape to another."""
        self.lines.append((start, end, points, look, head))

    def dot(self, title: str) -> str:
        """The whole page as DOT text; the same page gives the same text."""
        graphviz = importlib.import_module("graphviz")
        graph = graphviz.Digraph(title, graph_attr=self._page(), node_attr=_NODE, edge_attr=_EDGE)
        for name, place, look in self.lanes:
            with graph.subgraph(name=f"cluster_{name}") as cluster:
                cluster.attr(id=f"{self.chart}-lane-{name}", **self._cluster(place, look))
        middle = self._at((self.width / 2, self.height / 2))
        size = {"width": _inch(self.width), "height": _inch(self.height)}
        graph.node("page", label="", style="invis", pos=middle, **size)
        for name, place, label, look, align, kind in self.shapes:
            given = _text(look, align) if align else _shape(look)
            at = self._at(place.middle)
            size = {"width": _inch(place.w), "height": _inch(place.h)}
            found = {"id": f"{self.chart}-{kind}-{name}"}
            graph.node(name, label=graphviz.nohtml(label), pos=at, **found, **size, **given)
        for n, (start, end, points, look, head) in enumerate(self.lines, start=1):
            found = {"id": f"{self.chart}-arrow-{n}"}
            if look.ways:
                found["class"] = " ".join(look.ways)
            graph.edge(start, end, **found, **self._edge(points, look, head=head))
        return str(graph.source)

    def _page(self) -> dict[str, str]:
        return {
            "id": f"{self.chart}-chart",
            "bgcolor": style.PAPER,
            "pad": _inch(style.EDGE),
            "outputorder": "nodesfirst",
            "notranslate": "true",
            "splines": "true",
        }

    def _cluster(self, place: Rect, look: Look) -> dict[str, str]:
        low, high = self._at((place.x, place.bottom)), self._at((place.right, place.y))
        return {
            "bb": f"{low},{high}",
            "label": "",
            "style": "rounded,filled",
            "fillcolor": look.fill,
            "color": look.edge,
            "penwidth": _number(look.pen),
        }

    def _edge(self, points: tuple[Point, ...], look: Look, *, head: bool) -> dict[str, str]:
        through = [self._at(p) for p in _bezier(points)]
        tip = f"e,{self._at(points[-1])} " if head else ""
        return {
            "pos": tip + " ".join(through),
            "color": look.edge,
            "penwidth": _number(look.pen),
            "style": "dashed" if look.dashed else "solid",
            **({} if head else {"arrowhead": "none"}),
        }

    def _at(self, point: Point) -> str:
        return f"{_number(point[0])},{_number(self.height - point[1])}"


_NODE: Final = {
    "shape": "box",
    "margin": "0",
}
_EDGE: Final = {"arrowsize": "0.55", "arrowhead": "normal"}
_TIP: Final = 5.5
_SPARE: Final = 0.4


def _label(lines: list[str], align: Align) -> str:
    if not any(lines):
        return ""  # a label of empty lines makes Graphviz free what it never made
    graphviz = importlib.import_module("graphviz")
    ends = {"l": "\\l", "r": "\\r"}
    safe = [str(graphviz.escape(clean(line))) for line in lines]
    return "".join(line + ends[align] for line in safe) if align in ends else "\\n".join(safe)


def _shape(look: Look) -> dict[str, str]:
    styles = ["filled", *(["rounded"] if look.round else []), *(["dashed"] if look.dashed else [])]
    return _text(look) | {
        "shape": look.shape,
        "style": ",".join(styles),
        "fillcolor": look.fill,
        "color": look.edge,
        "penwidth": _number(look.pen),
    }


def _text(look: Look, align: str = "c") -> dict[str, str]:
    return {
        "shape": "plaintext",
        "fixedsize": "shape" if align == "c" else "true",
        "fontname": style.BOLD if look.bold else style.FONT,
        "fontsize": _number(look.size),
        "fontcolor": look.ink,
    }


def _bezier(points: tuple[Point, ...]) -> list[Point]:
    """A line of straight pieces as Bézier control points, ending where the arrowhead begins."""
    (ax, ay), (bx, by) = points[-2:]
    far = max(abs(bx - ax) + abs(by - ay), 0.01)
    short = min(_TIP, far / 2) / far
    path = [*points[:-1], (bx - (bx - ax) * short, by - (by - ay) * short)]
    found = [path[0]]
    for start, end in pairwise(path):
        found += [start, end, end]
    return found


def _inch(points: float) -> str:
    return _number(points / 72, 4)


def _number(value: float, digits: int = 2) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def lines_high(count: int, size: float) -> float:
    """How high so many lines of that size stand."""
    return count * size * _LEADING
