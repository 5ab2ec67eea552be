"""The finish of an SVG: a name and a description for those who do not see it, and its size."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final
from xml.sax.saxutils import escape

from auditflow.machines.drawing.measure import clean

_HEAD: Final = re.compile(r"<svg\b[^>]*?>", re.DOTALL)
_NOISE: Final = re.compile(r"<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*|<title>[^<]*</title>\s*", re.DOTALL)
_FAMILY: Final = "Arial, Helvetica, 'Liberation Sans', sans-serif"


def fingerprint(dot: str) -> str:
    """What an SVG carries of the DOT it was made from, so that a stale one is known."""
    return f'data-dot="{sha256(dot.encode()).hexdigest()}"'


def finished(made: bytes, dot: str, title: str, says: str) -> bytes:
    """The SVG that scales to its place, with role, title, description and its DOT's fingerprint."""
    text = _NOISE.sub("", made.decode("utf-8"))
    view = re.search(r'viewBox="([^"]+)"', text)
    box = view[1] if view else "0 0 0 0"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img"'
        f" {fingerprint(dot)}"
        ' aria-labelledby="chart-title chart-desc">\n'
        f'<title id="chart-title">{escape(clean(title))}</title>\n'
        f'<desc id="chart-desc">{escape(clean(says))}</desc>'
    )
    text = _HEAD.sub(lambda _: head, text, count=1)
    return text.replace('"Helvetica,sans-Serif"', f'"{_FAMILY}"').encode("utf-8")
