"""A shipped drawing taken apart: its pieces as text, and where each state and card stands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import auditflow
from auditflow.errors import NotFound
from auditflow.machines.charts import DUTIES
from auditflow.machines.drawing import FILES, sheet

_PLAIN: Final = ' xmlns="http://www.w3.org/2000/svg"'
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
#: The words in a box: lines of a state, parts of a card. What else bears its name is beside it.
_WORDS: Final = frozenset({"0", "1", "title", "who", "limit", "late"})
#: The corner that Graphviz gives to a rounded box.
_ROUND: Final = 12.0
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")


def folder() -> Path:
    """Where the drawings are: in the installed package, or beside the source."""
    package = Path(auditflow.__file__).parent
    shipped = package / "drawings"
    return shipped if shipped.is_dir() else package.parents[1] / "diagrams"


def read(name: str, kind: str) -> ET.Element:
    """The shipped drawing of that chart, as `svg` or as `screen.svg`; NotFound names the charts."""
    if name not in FILES:
        raise NotFound(f"There is no chart of that name. There are: {', '.join(FILES)}.")
    text = (folder() / f"{FILES[name]}.{kind}").read_text(encoding="utf-8")
    # Our own file, and without its namespace each piece of it can be put into a page by itself.
    return ET.fromstring(text.replace(_PLAIN, "").partition("?>")[2])  # noqa: S314


@dataclass(frozen=True)
class Place:
    """Left, top, width and height, in the drawing's own points."""

    x: float
    y: float
    w: float
    h: float

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return self.x + self.w / 2, self.y + self.h / 2


@dataclass(frozen=True)
class Box:
    """A state or a card: what it is called, where it stands, and the room kept free in it."""

    title: str
    place: Place
    slot: Place | None
    #: How far its corners are rounded, in points.
    corner: float
    #: Which piece is its border, and which are the words in it.
    border: int
    words: tuple[int, ...]


@dataclass(frozen=True)
class Drawing:
    """A drawing with room: pieces in the order in which they are painted, boxes, ways."""

    view: str
    moved: str
    title: str
    says: str
    pieces: tuple[str, ...]
    boxes: Mapping[str, Box]
    #: For each row of the chart (`way-from-event-to`) the pieces that are its arrow.
    ways: Mapping[str, tuple[int, ...]]

    def pieces_without(self, used: frozenset[str]) -> list[str]:
        """The pieces, with the words of each box but the used ones moved into its middle."""
        found = list(self.pieces)
        for key, box in self.boxes.items():
            if box.slot is None or key in used:
                continue
            down = f'<g transform="translate(0 {box.slot.h / 2 + 0.5:g})">'
            for n in box.words:
                found[n] = self.pieces[n].replace("<g>", down, 1)
        return found


@lru_cache
def opened(name: str) -> Drawing:
    """The drawing of that chart (audit, action or escalation) that has room for an overlay."""
    root = read(name, "screen.svg")
    ground = next(child for child in root if child.tag == "g")
    parts = [part for part in ground if part.tag == "g"]
    ids = [part.get("id", "") for part in parts]
    ways: dict[str, list[int]] = defaultdict(list)
    for n, part in enumerate(parts):
        for token in part.get("class", "").split():
            ways[token].append(n)
    return Drawing(
        root.get("viewBox", ""),
        ground.get("transform", ""),
        root.findtext("title", ""),
        root.findtext("desc", ""),
        tuple(_bare(part) for part in parts),
        dict(_boxes(name, parts, ids)),
        {token: tuple(found) for token, found in ways.items() if token.startswith("way-")},
    )


def _boxes(name: str, parts: list[ET.Element], ids: list[str]) -> Iterator[tuple[str, Box]]:
    drawn = sheet(name)
    titles = {s.name: s.title for s in drawn.states.values()}
    titles |= {c.name: DUTIES[c.name].title for c in drawn.cards}
    for border, at in enumerate(ids):
        kind, _, key = at.removeprefix(f"{name}-").partition("-")
        if kind not in {"state", "duty"}:
            continue
        own = f"{name}-part-{key}."
        inside = {
            known.removeprefix(own): n for n, known in enumerate(ids) if known.startswith(own)
        }
        slot = inside.get("slot")
        words = tuple(n for part, n in inside.items() if part in _WORDS)
        room = None if slot is None else _place(parts[slot])
        corner = _ROUND if kind == "state" else 1.0
        yield key, Box(titles[key], _place(parts[border]), room, corner, border, words)


def _place(part: ET.Element) -> Place:
    """What a piece covers; a circle is given by its middle, all else by its points."""
    shape = next(child for child in part if child.tag in {"path", "polygon", "ellipse"})
    if shape.tag == "ellipse":
        x, y, wide, high = (float(shape.get(k, "0")) for k in ("cx", "cy", "rx", "ry"))
        return Place(x - wide, y - high, 2 * wide, 2 * high)
    numbers = [float(n) for n in _NUMBER.findall(shape.get("d", "") + shape.get("points", ""))]
    xs, ys = numbers[::2], numbers[1::2]
    return Place(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def _bare(part: ET.Element) -> str:
    """A piece as text, without what the whole drawing says once (and without ids, see there)."""
    kept = ET.Element("g")
    for child in part:
        if child.tag == "title" or child.get("stroke") == child.get("fill") == "none":
            continue
        held = {k: v for k, v in child.attrib.items() if k not in {"font-family", _SPACE}}
        ET.SubElement(kept, child.tag, held).text = child.text
    return ET.tostring(kept, encoding="unicode") if len(kept) else ""
