"""The finish of an SVG: a name and a description for those who do not see it, and its size."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape, unescape

from auditflow.machines.drawing.measure import clean
from auditflow.machines.drawing.seal import fingerprint

_HEAD: Final = re.compile(r"<svg\b[^>]*?>", re.DOTALL)
_NOISE: Final = re.compile(r"<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*", re.DOTALL)
_TITLES: Final = re.compile(r"<title>([^<]*)</title>\s*")
FAMILY: Final = "Arial, Helvetica, 'Liberation Sans', sans-serif"


@dataclass(frozen=True)
class Words:
    """What is said of a drawing: its chart, title and description, and of its shapes by name."""

    chart: str = "chart"
    title: str = ""
    says: str = ""
    shapes: Mapping[str, str] = field(default_factory=dict)


def finished(made: bytes, dot: str, words: Words) -> bytes:
    """The SVG that scales to its place, with role, title, description and its DOT's fingerprint."""

    def named(found: re.Match[str]) -> str:
        said = words.shapes.get(unescape(found[1]))
        return f"<title>{escape(clean(said))}</title>\n" if said else ""

    plain = _NOISE.sub("", made.decode("utf-8")).replace("&#45;", "-")
    text = _TITLES.sub(named, plain)
    view = re.search(r'viewBox="([^"]+)"', text)
    box = view[1] if view else "0 0 0 0"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img"'
        f" {fingerprint(dot)}"
        f' aria-labelledby="{words.chart}-title {words.chart}-desc">\n'
        f'<title id="{words.chart}-title">{escape(clean(words.title))}</title>\n'
        f'<desc id="{words.chart}-desc">{escape(clean(words.says))}</desc>'
    )
    text = _HEAD.sub(lambda _: head, text, count=1)
    return text.replace('"Helvetica,sans-Serif"', f'"{FAMILY}"').encode("utf-8")
