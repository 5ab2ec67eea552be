"""The finish of an SVG that Graphviz drew, and shapes of our own as elements of one."""

import re
from collections.abc import Iterable
from typing import Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from auditflow.drawing.fingerprint import fingerprint
from auditflow.drawing.picture import Item, Picture, Rect, Shape, Stroke, Text
from auditflow.drawing.text_metrics import FAMILY, clean

#: In each of these a letter is as wide as in the first, where a reader lacks that one.
FAMILIES: Final = f"{FAMILY}, Arial, Helvetica, sans-serif"
_OUTER: Final = re.compile(r"<\?xml.*?<g [^>]*>\s*<title>[^<]*</title>\s*", re.DOTALL)
_NOISE: Final = re.compile(r"<!--.*?-->\s*", re.DOTALL)
#: What Graphviz draws of a node or an edge, in a group that it names by kind and count, or by us.
_GROUP: Final = re.compile(
    r'<g id="([^"]*)" class="(?:node|edge)">\s*<title>[^<]*</title>\s*(.*?)</g>\s*', re.DOTALL
)
_PATHS: Final = re.compile(r'(?:<path fill="none" ([^>]*) d="[^"]*"/>\s*)+')
_CURVE: Final = re.compile(r' d="([^"]*)"')
_TEXT: Final = re.compile(r"<text [^>]*>")


def finished(made: bytes, dot: str, picture: Picture, chart: str, title: str, says: str) -> bytes:
    """The SVG that scales to its place, with role, title, description and its DOT's fingerprint.

    Each state, card, question and arrow is a group that bears its name.
    """
    names = {
        item.name: item.says for item in picture.items if not isinstance(item, Text) and item.name
    }

    def group(found: re.Match[str]) -> str:
        name, body = found[1], _PATHS.sub(_joined, found[2])
        if name not in names:
            return body
        said = f"<title>{escape(clean(names[name]))}</title>" if names[name] else ""
        return f'<g id="{chart}-{name}">{said}\n{body}</g>\n'

    wide, high = (f"{side * picture.unit:.2f}" for side in (picture.width, picture.height))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img"'
        f' font-family="{FAMILIES}" {fingerprint(dot)}'
        f' aria-labelledby="{chart}-title {chart}-desc">\n'
        f'<title id="{chart}-title">{escape(clean(title))}</title>\n'
        f'<desc id="{chart}-desc">{escape(clean(says))}</desc>\n'
        f'<g transform="scale(0.1) translate(0 {picture.height * picture.unit * 10:.1f})">\n'
    )
    text = _OUTER.sub("", _NOISE.sub("", made.decode().replace("&#45;", "-")), count=1)
    texts = iter(picture.texts)
    text = _TEXT.sub(lambda _: _letters(next(texts), picture), _GROUP.sub(group, text))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{text}'.encode()


def _letters(text: Text, picture: Picture) -> str:
    """Where a text stands by our measure: versions of Graphviz differ by an eighth of a letter."""
    unit = picture.unit * 10
    x, y, size = text.x * unit, (text.y - picture.height) * unit, text.size * unit
    bold = ' font-weight="bold"' if text.bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:.1f}"{bold} fill="{text.ink}">'


def _joined(paths: re.Match[str]) -> str:
    """Dashes, which Graphviz writes as a path each, as one path of straight lines."""
    curves = " ".join(_lines(curve) for curve in _CURVE.findall(paths[0]))
    return f'<path fill="none" {paths[1]} d="{curves}"/>\n'


def _lines(curve: str) -> str:
    """A curve's pieces, each a straight line where its control points lie in its ends."""
    first, *points = re.findall(r"-?[\d.]+,-?[\d.]+", curve)
    found = f"M{first}"
    for a, b, end in zip(points[::3], points[1::3], points[2::3], strict=True):
        found += f"L{end}" if b == end else f"C{a} {b} {end}"
    return found


def elements(items: Iterable[Item], unit: float) -> list[ET.Element]:
    """Shapes, texts and strokes as elements, in points of the sheet; no style stands in them."""
    return [_element(item, unit) for item in items]


def _element(item: Item, unit: float) -> ET.Element:
    match item:
        case Shape():
            corner = 7 * unit if item.form == "round" else 1.5
            look = {"rx": f"{corner:g}", "fill": item.fill or "none", "stroke": item.edge}
            pen = {"stroke-width": f"{item.pen * unit:g}"}
            return ET.Element("rect", box(item.place, unit) | look | pen)
        case Stroke():
            points = " ".join(f"{x * unit:.2f},{y * unit:.2f}" for x, y in item.points)
            look = {"fill": "none", "stroke": item.ink, "stroke-width": f"{item.pen * unit:g}"}
            return ET.Element("polyline", {"points": points} | look)
        case Text():
            at = {"x": f"{item.x * unit:.2f}", "y": f"{item.y * unit:.2f}"}
            weight = {"font-weight": "bold"} if item.bold else {}
            look = {"font-size": f"{item.size * unit:g}", "fill": item.ink}
            text = ET.Element("text", at | weight | look)
            # Read out, the last word of a line and the first of the next are two.
            text.text, text.tail = clean(item.words), " "
            return text


def box(place: Rect, unit: float) -> dict[str, str]:
    """Where something stands, as an element's attributes."""
    sides = {"x": place.x, "y": place.y, "width": place.w, "height": place.h}
    return {side: f"{value * unit:.2f}" for side, value in sides.items()}
