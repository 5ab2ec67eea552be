"""A chart in each format that is drawn: DOT, pictures, Mermaid, and its facts as JSON."""

import json
from typing import Final, get_args

from auditflow.drawing.document import document
from auditflow.drawing.dot_writer import written
from auditflow.drawing.fingerprint import sealed_pdf, sealed_png
from auditflow.drawing.fitting import best, roomy
from auditflow.drawing.mermaid import mermaid
from auditflow.drawing.model import FILES, sheet
from auditflow.drawing.overlay import Overlay, Room, marks, over, under
from auditflow.drawing.picture import Picture
from auditflow.drawing.render import Kind, on_paper, render
from auditflow.drawing.svg import finished

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
PICTURES: Final[tuple[Kind, ...]] = get_args(Kind)


def laid_out(name: str, laid_over: Overlay | None = None) -> Picture:
    """The chart of that name (audit, action or escalation) laid out, with an overlay or without."""
    if laid_over is None:
        return best(sheet(name))
    laid = marks(name, laid_over)
    found = roomy(sheet(name), laid.headline, laid.arrows)
    found.items[:0] = under(found, laid)
    found.put(*(item for items in over(found, laid).values() for item in items))
    return found


def dot(name: str, laid_over: Overlay | None = None) -> str:
    """The same as DOT; what a page draws over has no paper of its own."""
    paper = not isinstance(laid_over, Room)
    return written(laid_out(name, laid_over), FILES[name], paper=paper)


def drawing(name: str, kind: str, laid_over: Overlay | None = None) -> bytes:
    """The chart as the bytes of a file: svg, screen, png, pdf, dot, mermaid or json."""
    match kind:
        case "mermaid":
            return mermaid(name, laid_over).encode()
        case "json":
            facts = document(name, laid_over)
            return (json.dumps(facts, ensure_ascii=False, indent=2) + "\n").encode()
        case "dot":
            return dot(name, laid_over).encode()
        case "screen":
            return drawing(name, "svg", Room())
    return _drawn(name, kind, laid_over)


def _drawn(name: str, kind: str, laid_over: Overlay | None) -> bytes:
    found, text, title = laid_out(name, laid_over), dot(name, laid_over), sheet(name).title
    made = render(text, next(known for known in PICTURES if known == kind))
    match kind:
        case "pdf":
            return sealed_pdf(on_paper(made, title), text)
        case "png":
            return sealed_png(made, text)
    return finished(made, text, found, name, title, described(name, laid_over))


def described(name: str, laid_over: Overlay | None = None) -> str:
    """The drawing in two or three sentences, for those who do not see it."""
    drawn, laid = sheet(name), marks(name, laid_over)
    states = ", ".join(drawn.states[s].title for s in drawn.flow if not drawn.states[s].initial)
    owed = f"{len(drawn.cards)} duties show what is owed, by whom and by when."
    words = f"The states from first to last: {states}. {owed} {laid.headline}"
    return f"{words.strip()} The same facts are in {FILES[name]}.md."
