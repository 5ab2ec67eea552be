"""A picture written as DOT through the graphviz package, for `neato -n2` to draw as it stands.

All of it is ten times too large, and `size` takes it back: Graphviz rounds each letter's advance to
a whole pixel, so at eight points the right font still comes out up to 7 % too wide or too narrow.
Dashes, round corners and heads would not grow with it, and are therefore drawn as lines.
"""

import importlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot
from typing import Any, Final

from auditflow.drawing import style
from auditflow.drawing.picture import HEAD, Picture, Point, Rect, Shape, Stroke, Text, short_of
from auditflow.drawing.text_metrics import BOLD, FAMILY, clean

_LARGER: Final = 10
_DASH: Final = (4.2, 2.6)
_CORNER: Final = 7.0
#: How far above its base line the node of a text must begin, for Graphviz to write it there; it is
#: between versions 2.43 and 14, which differ by an eighth of a letter.
_RISE: Final = 0.99
#: Of a corner's radius: how far a curve's control points lie from its corner.
_CURVE: Final = 0.45
#: Above a pen of 4 Graphviz widens a head with its line.
_HEAD_PEN: Final = "3"
_FORMS: Final = {"box": "box", "diamond": "diamond", "disc": "circle"}

#: A Bézier curve: its first point, then three for each piece.
Curve = list[Point]


def written(picture: Picture, title: str, *, paper: bool = True) -> str:
    """The picture as DOT text, on white paper or on none; the same picture gives the same text."""
    return _Writer(picture, title, paper=paper).text()


class _Writer:
    """Nodes and edges at their places; what is counted as their names, nothing refers to."""

    def __init__(self, picture: Picture, title: str, *, paper: bool) -> None:
        self.high, self.scale = picture.height, picture.unit * _LARGER
        self.count, self.items = 0, picture.items
        sides = (f"{side / 72:.5f}" for side in style.A4)
        self.graphviz: Any = importlib.import_module("graphviz")
        self.graph = self.graphviz.Digraph(title)
        self.graph.attr(
            bgcolor=style.PAPER if paper else "transparent",
            pad="0",
            margin="0",
            size=",".join(sides),
            outputorder="nodesfirst",
            splines="true",
            notranslate="true",
        )
        nodes = {"shape": "none", "label": "", "margin": "0", "fixedsize": "true"}
        self.graph.attr("node", fontname=FAMILY, **nodes)
        self.graph.attr("edge", dir="none", arrowsize=_number(HEAD * self.scale / 10))
        page = Rect(0, 0, picture.width, picture.height)
        self.graph.node("page", style="invis", shape="box", **self._placed(page))

    def text(self) -> str:
        """The whole graph."""
        for item in self.items:
            match item:
                case Shape():
                    self._shape(item)
                case Text():
                    self._letters(item)
                case Stroke():
                    self._stroke(item)
        return str(self.graph.source)

    def _at(self, point: Point) -> str:
        x, y = point[0] * self.scale, (self.high - point[1]) * self.scale
        return f"{_number(x)},{_number(y)}"

    def _placed(self, place: Rect) -> dict[str, str]:
        sides = {"width": place.w, "height": place.h}
        inches = {side: _number(value * self.scale / 72, 4) for side, value in sides.items()}
        return {"pos": self._at(place.middle), **inches}

    def _node(self, place: Rect, name: str = "", **look: str) -> None:
        self.count += 1
        found = {"id": name} if name else {}
        self.graph.node(f"n{self.count}", **found, **self._placed(place), **look)

    def _curves(self, curves: Sequence[Curve], pen: float, ink: str, name: str = "") -> None:
        pos = ";".join(" ".join(map(self._at, curve)) for curve in curves)
        look = {"id": name} if name else {}
        self.graph.edge("page", "page", pos=pos, penwidth=self._pen(pen), color=ink, **look)

    def _pen(self, pen: float) -> str:
        return _number(pen * self.scale)

    def _shape(self, shape: Shape) -> None:
        if shape.form == "round" or shape.dashed:
            self._fill(shape)
            curves = _dashed_border(shape) if shape.dashed else [_border(shape)]
            self._curves(curves, shape.pen, shape.edge, shape.name)
            return
        filled = {"style": "filled", "fillcolor": shape.fill} if shape.fill else {}
        look = {"shape": _FORMS[shape.form], "color": shape.edge, **filled}
        self._node(shape.place, shape.name, penwidth=self._pen(shape.pen), **look)

    def _fill(self, shape: Shape) -> None:
        """The ground of a form whose border is lines; of a round one, within its corners."""
        if shape.fill:
            form = _FORMS.get(shape.form, "box")
            look = {"style": "filled", "fillcolor": shape.fill, "color": shape.fill}
            place = shape.place.inset(1) if shape.form == "round" else shape.place
            self._node(place, shape=form, penwidth="0", **look)

    def _letters(self, text: Text) -> None:
        """A line of letters from their left edge on, as plain text and never as markup."""
        escaped = self.graphviz.escape(clean(text.words))
        box = text.box
        # Graphviz warns of letters that by its own measure are wider than their node.
        room = Rect(box.x, text.y - text.size * _RISE, box.w * 1.1, text.size * 1.36)
        font = {"fontname": BOLD} if text.bold else {}
        look = {"fontsize": _number(text.size * self.scale), "fontcolor": text.ink, **font}
        self._node(room, label=self.graphviz.nohtml(f"{escaped}\\l"), **look)

    def _stroke(self, stroke: Stroke) -> None:
        points = stroke.points
        if stroke.head:
            points = (*points[:-1], short_of(points[-2], points[-1], HEAD))
            self._head(points[-1], stroke)
        sides = list(pairwise(points))
        straight = [points[0], *(p for a, b in sides for p in (a, b, b))]
        curves = [c for a, b in sides for c in _dashes(a, b)] if stroke.dashed else [straight]
        self._curves(curves, stroke.pen, stroke.ink, stroke.name)

    def _head(self, base: Point, stroke: Stroke) -> None:
        tip = stroke.points[-1]
        back = short_of(tip, base, 0.3)
        pos = f"e,{self._at(tip)} " + " ".join(map(self._at, (back, back, base, base)))
        look = {"dir": "forward", "penwidth": _HEAD_PEN, "color": stroke.ink}
        self.graph.edge("page", "page", pos=pos, **look)


def _dashes(a: Point, b: Point) -> Iterator[Curve]:
    """A straight line as dashes that begin and end on its ends."""
    far = hypot(b[0] - a[0], b[1] - a[1])
    on, off = _DASH
    count = max(1, round((far + off) / (on + off)))
    on = (far - (count - 1) * off) / count
    if count == 1 or on < 1:
        yield [a, a, b, b]
        return
    for n in range(count):
        ends = ((n * (on + off)) / far, (n * (on + off) + on) / far)
        start, end = ((a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for t in ends)
        yield [start, start, end, end]


def _corners(shape: Shape) -> list[Point]:
    place = shape.place
    (x, y), right, low = place.middle, place.right, place.bottom
    if shape.form == "diamond":
        return [(x, place.y), (right, y), (x, low), (place.x, y)]
    return [(place.x, place.y), (right, place.y), (right, low), (place.x, low)]


def _sides(shape: Shape) -> list[tuple[Point, Point, Curve]]:
    """Each side from corner to corner, with the curve from its end to the next side's begin."""
    corners = _corners(shape)
    radius = min(_CORNER, shape.place.h / 2.6) if shape.form == "round" else 0.0
    found = []
    for a, b, c in zip(corners, corners[1:] + corners[:1], corners[2:] + corners[:2], strict=True):
        start, end, on = short_of(b, a, radius), short_of(a, b, radius), short_of(c, b, radius)
        near, far = short_of(a, b, radius * _CURVE), short_of(c, b, radius * _CURVE)
        found.append((start, end, [end, near, far, on] if radius else []))
    return found


def _border(shape: Shape) -> Curve:
    sides = _sides(shape)
    found = [sides[0][0]]
    for start, end, corner in sides:
        found += [start, end, end, *corner[1:]]
    return found


def _dashed_border(shape: Shape) -> list[Curve]:
    sides = _sides(shape)
    dashes = [dash for start, end, _ in sides for dash in _dashes(start, end)]
    return [*dashes, *(corner for _, _, corner in sides if corner)]


def _number(value: float, digits: int = 1) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
