"""What `diagrams/` holds, and whether it is up to date."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final, get_args

from auditflow.machines.drawing import ladder, lanes
from auditflow.machines.drawing.document import document
from auditflow.machines.drawing.facts import FILES, sheet
from auditflow.machines.drawing.mermaid import mermaid
from auditflow.machines.drawing.overlay import Overlay, marks
from auditflow.machines.drawing.render import Picture, picture
from auditflow.machines.drawing.svg import fingerprint
from auditflow.machines.drawing.tables import markdown
from auditflow.machines.drawing.trace import traceability

ENDINGS: Final = {
    "svg": "svg",
    "png": "png",
    "pdf": "pdf",
    "dot": "dot",
    "mermaid": "mmd",
    "md": "md",
    "json": "json",
}
"""Each format with the ending of its files."""
#: What is kept under version control; the rest is made when it is wanted.
KEPT: Final = ("svg", "dot", "mermaid", "md")
#: What is compared: of the SVG, whose letters stand as each Graphviz places them, only the DOT's
#: fingerprint.
COMPARED: Final = ("dot", "mermaid", "md")
TRACEABILITY: Final = "traceability.md"
_PICTURES: Final[tuple[Picture, ...]] = get_args(Picture)


def dot(name: str, over: Overlay | None = None) -> str:
    """The chart of that name (audit, action or escalation) as DOT, with an overlay or without."""
    laid_out = ladder.laid_out if name == "escalation" else lanes.laid_out
    return laid_out(sheet(name), marks(name, over)).dot(FILES[name])


def drawing(name: str, kind: str, over: Overlay | None = None) -> bytes:
    """The chart in one of the formats of `ENDINGS`, as the bytes of a file."""
    if kind == "mermaid":
        return mermaid(name, over).encode()
    if kind == "md":
        return markdown(name, over).encode()
    if kind == "json":
        return (json.dumps(document(name, over), ensure_ascii=False, indent=2) + "\n").encode()
    text = dot(name, over)
    if kind == "dot":
        return text.encode()
    return picture(text, _picture(kind), sheet(name).title, described(name, over))


def _picture(kind: str) -> Picture:
    return next(known for known in _PICTURES if known == kind)


def described(name: str, over: Overlay | None = None) -> str:
    """The drawing in two or three sentences, for those who do not see it."""
    drawn, laid = sheet(name), marks(name, over)
    states = ", ".join(drawn.states[s].title for s in drawn.spine if not drawn.states[s].initial)
    owed = f"{len(drawn.cards)} cards show what is owed, by whom and by when."
    words = f"The states from first to last: {states}. {owed} {laid.headline}"
    return f"{words.strip()} The same facts are in {FILES[name]}.md."


def draw(
    names: Iterable[str], kinds: Iterable[str], folder: Path, over: Overlay | None = None
) -> list[Path]:
    """Draw the charts of those names in those formats into a folder; gives the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted, written = list(kinds), []
    for name in names:
        for kind in wanted:
            path = folder / f"{FILES[name]}.{ENDINGS[kind]}"
            path.write_bytes(drawing(name, kind, over))
            written.append(path)
    if "md" in wanted and over is None:
        path = folder / TRACEABILITY
        path.write_bytes(traceability().encode())
        written.append(path)
    return written


def stale(folder: Path) -> list[str]:
    """Which drawings of the folder are not what the charts say now, each in a sentence."""
    wanted = {f"{FILES[n]}.{ENDINGS[k]}": drawing(n, k) for n in FILES for k in COMPARED}
    wanted[TRACEABILITY] = traceability().encode()
    found = []
    for name, now in wanted.items():
        path = folder / name
        if not path.is_file():
            found.append(f"{path} is missing: type auditflow chart draw.")
        elif path.read_bytes() != now:
            found.append(f"{path} is not what the charts say now: type auditflow chart draw.")
    for name, file in FILES.items():
        path = folder / f"{file}.svg"
        if not path.is_file() or fingerprint(dot(name)) not in path.read_text(encoding="utf-8"):
            found.append(f"{path} is missing or out of date: type auditflow chart draw.")
    return found
