"""A chart in each format that is drawn: DOT, pictures, Mermaid, and its facts as JSON."""

from __future__ import annotations

import json
from typing import Final, get_args

from auditflow.machines.drawing import ladder, lanes
from auditflow.machines.drawing.document import document
from auditflow.machines.drawing.facts import FILES, sheet
from auditflow.machines.drawing.mermaid import mermaid
from auditflow.machines.drawing.overlay import Overlay, Room, marks
from auditflow.machines.drawing.render import Picture, picture
from auditflow.machines.drawing.svg import Words

ENDINGS: Final = {
    "svg": "svg",
    "screen": "screen.svg",
    "png": "png",
    "pdf": "pdf",
    "dot": "dot",
    "mermaid": "mmd",
    "md": "md",
    "json": "json",
}
"""Each format with the ending of its files; `screen` has room for what a page lays over.

The tables (md) are made by the handbook.
"""
#: What is kept under version control; the rest is made when it is wanted.
KEPT: Final = ("svg", "screen", "png", "pdf", "dot", "mermaid", "md")
#: What is compared: of a picture, whose letters stand as each Graphviz places them, only the DOT's
#: fingerprint.
COMPARED: Final = ("dot", "mermaid", "md")
PICTURES: Final[tuple[Picture, ...]] = get_args(Picture)


def dot(name: str, over: Overlay | None = None) -> str:
    """The chart of that name (audit, action or escalation) as DOT, with an overlay or without."""
    laid_out = ladder.laid_out if name == "escalation" else lanes.laid_out
    return laid_out(sheet(name), marks(name, over)).dot(FILES[name])


def drawing(name: str, kind: str, over: Overlay | None = None) -> bytes:
    """The chart as the bytes of a file: svg, png, pdf, dot, mermaid or json."""
    if kind == "mermaid":
        return mermaid(name, over).encode()
    if kind == "json":
        return (json.dumps(document(name, over), ensure_ascii=False, indent=2) + "\n").encode()
    if kind == "screen":
        return drawing(name, "svg", Room())
    text = dot(name, over)
    if kind == "dot":
        return text.encode()
    words = Words(name, sheet(name).title, described(name, over), named(name))
    return picture(text, _picture(kind), words)


def _picture(kind: str) -> Picture:
    return next(known for known in PICTURES if known == kind)


def named(name: str) -> dict[str, str]:
    """What a pointer over a state, a card or a question says, by its name in the DOT."""
    drawn = sheet(name)
    states = {s.name: f"{s.title}, held by {s.holder.title}" for s in drawn.states.values()}
    cards = {c.name: f"{c.title}: {c.who}, {c.limit}" for c in drawn.cards}
    return states | cards | {d.name: d.asks for d in drawn.diamonds}


def described(name: str, over: Overlay | None = None) -> str:
    """The drawing in two or three sentences, for those who do not see it."""
    drawn, laid = sheet(name), marks(name, over)
    states = ", ".join(drawn.states[s].title for s in drawn.spine if not drawn.states[s].initial)
    owed = f"{len(drawn.cards)} cards show what is owed, by whom and by when."
    words = f"The states from first to last: {states}. {owed} {laid.headline}"
    return f"{words.strip()} The same facts are in {FILES[name]}.md."
