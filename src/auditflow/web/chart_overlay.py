"""The charts as pages show them: with counts as links, or with one audit's place.

They are the drawings shipped with the package, so that no page draws; what is laid over is put
into the room they keep free, by the layout that they were drawn from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree as ET

from auditflow.drawing import OneAudit, Room, laid_out
from auditflow.drawing.overlay import Mark, Marks, marks, over, under
from auditflow.drawing.picture import Box, Item, Picture
from auditflow.drawing.svg import box, elements
from auditflow.drawing.text_metrics import clean
from auditflow.errors import NotFound
from auditflow.machines.charts import DUTIES
from auditflow.web.chart_svg import inlined


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
def _picture(name: str) -> Picture:
    return laid_out(name, Room())


def counted(name: str, counts: Mapping[str, Badge]) -> str:
    """The chart with a badge in each box of `counts` (names of states and duties), as a link.

    NotFound names a box that no chart has; one of another chart is left out.
    """
    return _counted(name, tuple(counts.items()))


@lru_cache(maxsize=64)
def _counted(name: str, counts: tuple[tuple[str, Badge], ...]) -> str:
    picture, badges = _picture(name), dict(counts)
    for key in badges:
        if key not in picture.boxes and key not in DUTIES:
            known = ", ".join(picture.boxes)
            raise NotFound(f"The chart has no state or duty “{clean(key)}”. It has: {known}.")
    laid = Marks(
        boxes={k: Mark(badges[k].words, badges[k].late) for k in picture.boxes if k in badges}
    )
    found = over(picture, laid)
    linked = [_linked(picture, picture.boxes[k], badges[k], items) for k, items in found.items()]
    return inlined(name, "counted", above=linked)


def _linked(picture: Picture, at: Box, badge: Badge, items: list[Item]) -> ET.Element:
    """The words in a box's free room; the whole box is the link, and shows its focus."""
    label = clean(badge.label) or f"{at.title}: {clean(badge.words)}"
    if badge.href:
        link = {"href": clean(badge.href), "class": "chart-link", "aria-label": label}
        group = ET.Element("a", link)
        for ring in ("chart-ring-outer", "chart-ring"):
            look = {"class": ring, "fill": "none", "stroke": "none", "pointer-events": "all"}
            ET.SubElement(group, "rect", look | box(at.place, picture.unit))
    else:
        group = ET.Element("g")
        ET.SubElement(group, "title").text = label
    group.extend(elements(items, picture.unit))
    return group


def here(name: str, place: OneAudit) -> str:
    """The chart with one audit's place: where it is, the way it came, what is open on its cards.

    NotFound names a state or duty that the charts lack.
    """
    picture, laid = _picture(name), marks(name, place)
    above = [item for items in over(picture, laid).values() for item in items]
    return inlined(
        name,
        "here",
        _told(picture, laid),
        elements(under(picture, laid), picture.unit),
        elements(above, picture.unit),
    )


def _told(picture: Picture, laid: Marks) -> str:
    """The same in sentences, for those who do not see it."""
    said = [
        f"{picture.boxes[k].title}: {m.words}." for k, m in laid.boxes.items() if k in picture.boxes
    ]
    return " ".join([f"You are here: {picture.boxes[laid.here].title}.", *said])
