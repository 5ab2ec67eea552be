"""What `diagrams/` holds, and whether it is up to date."""

from collections.abc import Iterable
from pathlib import Path

from auditflow import drawing
from auditflow.drawing import COMPARED, ENDINGS, FILES, PICTURES, Overlay, Room
from auditflow.drawing.fingerprint import fingerprint
from auditflow.handbook.pages import page, whole


def draw(
    names: Iterable[str], kinds: Iterable[str], folder: Path, over: Overlay | None = None
) -> list[Path]:
    """Draw the charts of those names in those formats into a folder; gives the files written.

    With the pages of the charts go those they point to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted, written = list(kinds), []
    found = {_file(n, k): _bytes(n, k, over) for n in names for k in wanted}
    if "md" in wanted:
        found |= _pages()
    for name, content in found.items():
        path = folder / name
        path.write_bytes(content)
        written.append(path)
    return written


def _file(name: str, kind: str) -> str:
    return f"{FILES[name]}.{ENDINGS[kind]}"


def _bytes(name: str, kind: str, over: Overlay | None = None) -> bytes:
    return page(name, over).encode() if kind == "md" else drawing.drawing(name, kind, over)


def _pages() -> dict[str, bytes]:
    return {f"{name}.md": text.encode() for name, text in whole().items()}


def stale(folder: Path) -> list[str]:
    """Which drawings of the folder are not what the charts say now, each in a sentence."""
    wanted = {_file(n, k): _bytes(n, k) for n in FILES for k in COMPARED} | _pages()
    found = []
    for name, now in wanted.items():
        path = folder / name
        if not path.is_file():
            found.append(f"{path} is missing: type auditflow chart draw.")
        elif path.read_bytes() != now:
            found.append(f"{path} is not what the charts say now: type auditflow chart draw.")
    for name in FILES:
        plain = fingerprint(wanted[_file(name, "dot")].decode())
        roomy = fingerprint(drawing.dot(name, Room()))
        for kind in (*PICTURES, "screen"):
            path = folder / _file(name, kind)
            seal = (roomy if kind == "screen" else plain).encode()
            if not path.is_file() or seal not in path.read_bytes():
                found.append(f"{path} is missing or out of date: type auditflow chart draw.")
    return found
