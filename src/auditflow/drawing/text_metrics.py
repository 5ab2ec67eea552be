"""How wide a text is in the shipped font, to the unit: read from the font's own tables.

A table of widths kept beside the font could say another thing than the font does; so the file that
the letters are drawn with is read, by fontTools, which is Python alone and needs no font installed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont

#: The folder of the one font (Liberation Sans 2.1.5, under the SIL Open Font License).
FONTS: Final = Path(__file__).parent / "fonts"
#: As DOT names it, and its bold letters.
FAMILY: Final = "Liberation Sans"
BOLD: Final = f"{FAMILY} Bold"
#: How far letters reach above and below their line, as a share of their size.
ASCENT: Final = 0.73
DESCENT: Final = 0.21
_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean(text: str) -> str:
    """One line of what a person typed, without control characters and marks that reorder it."""
    kept = "".join(" " if c in "\t\r\n" else c for c in text)
    kept = "".join(c for c in kept if unicodedata.category(c) not in _UNPRINTABLE)
    return re.sub(r" +", " ", kept).strip()


@cache
def _advances(bold: bool) -> tuple[Mapping[int, float], float]:  # noqa: FBT001 - a key of the cache
    """The advance of each character in ems, and that of the box drawn for one it lacks."""
    with TTFont(FONTS / f"LiberationSans-{'Bold' if bold else 'Regular'}.ttf", lazy=True) as font:
        em, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
        known = {code: metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()}
        return known, metrics[".notdef"][0] / em


@cache
def width(text: str, size: float, *, bold: bool = False) -> float:
    """Its width in the unit of `size`; without kerning, so never too narrow."""
    known, lacking = _advances(bold)
    return sum(known.get(ord(letter), lacking) for letter in text) * size


@cache
def wrapped(text: str, room: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """The text in lines no wider than `room`, where no single word is wider than that."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def shortened(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it is wider than `room`."""
    if width(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and width(kept + "…", size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"
