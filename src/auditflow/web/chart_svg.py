"""The shipped drawings as they stand in a page: inline, under names of their own."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import auditflow
from auditflow.drawing import FILES, sheet, style
from auditflow.drawing.svg import FAMILIES
from auditflow.errors import NotFound

_VIEW: Final = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_SAYS: Final = re.compile(r"<desc[^>]*>(.*?)</desc>", re.DOTALL)


def folder() -> Path:
    """Where the drawings are: in the installed package, or beside the source."""
    package = Path(auditflow.__file__).parent
    shipped = package / "drawings"
    return shipped if shipped.is_dir() else package.parents[1] / "diagrams"


@lru_cache
def _shipped(name: str, kind: str) -> str:
    if name not in FILES:
        raise NotFound(f"There is no chart of that name. There are: {', '.join(FILES)}.")
    return (folder() / f"{FILES[name]}.{kind}").read_text(encoding="utf-8")


@lru_cache
def plain(name: str) -> str:
    """The chart of that name (audit, action or escalation) as inline SVG, without an overlay."""
    return inlined(name, "plain")


def inlined(
    name: str,
    own: str,
    says: str = "",
    below: Sequence[ET.Element] = (),
    above: Sequence[ET.Element] = (),
) -> str:
    """The drawing, or the one with room where something is laid below and above it.

    `own` tells the names in it from those of another on the same page. Colours and strokes are
    attributes, for a page allows no inline style.
    """
    text = _shipped(name, "svg" if own == "plain" else "screen.svg")
    view, said = _VIEW.search(text), _SAYS.search(text)
    assert view is not None
    assert said is not None
    known = f"{name}-{own}"
    body = text[text.index("<g transform") : text.rindex("</svg>")]
    body = body.replace(f'id="{name}-', f'id="{known}-')
    links = any(element.tag == "a" for element in above)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {view[0]} class="chart chart-{name}"'
        f' role="{"group" if links else "img"}" aria-labelledby="{known}-title"'
        f' aria-describedby="{known}-desc" font-family="{FAMILIES}">'
        f'<title id="{known}-title">{escape(sheet(name).title)}</title>'
        f'<desc id="{known}-desc">{escape(says) or said[1]}</desc>'
        f'<rect width="{view[1]}" height="{view[2]}" fill="{style.PAPER}"/>'
        f"{_text(below)}{body}{_text(above)}</svg>"
    )


def _text(elements: Sequence[ET.Element]) -> str:
    """The elements as text; those that hold nothing are closed as HTML wants it."""
    each = (ET.tostring(one, encoding="unicode", short_empty_elements=False) for one in elements)
    return "".join(each)
