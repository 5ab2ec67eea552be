"""How wide a text is in the shipped font, to the unit: read from the font's own tables.

A table of widths kept beside the font could say another thing than the font does; so the file that
the letters are drawn with is read, by fontTools, which is Python alone and needs no font installed.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from fontTools.ttLib import TTFont

#: The folder of the one font (Liberation Sans 2.1.5, under the SIL Open Font License).
FONTS: Final = Path(__file__).parent / "fonts"
#: As DOT names it, and its bold letters.
FAMILY: Final = "Liberation Sans"
BOLD: Final = f"{FAMILY} Bold"
_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean(text: str) -> str:
    """One line of what a person typed, without control characters and marks that reorder it."""
    kept = "".join(" " if c in "\t\r\n" else c for c in text)
    kept = "".join(c for c in kept if unicodedata.category(c) not in _UNPRINTABLE)
    return re.sub(r" +", " ", kept).strip()


class _Glyph(NamedTuple):
    """A letter in ems: how far it moves on, and how far it reaches above and below its line."""

    advance: float
    above: float
    below: float


@cache
def _font(bold: bool) -> TTFont:  # noqa: FBT001 - a key of the cache
    return TTFont(FONTS / f"LiberationSans-{'Bold' if bold else 'Regular'}.ttf", lazy=True)


@cache
def _glyph(letter: str, bold: bool) -> _Glyph:  # noqa: FBT001 - a key of the cache
    """The letter, or the box that is drawn for one the font lacks."""
    font = _font(bold)
    name = font.getBestCmap().get(ord(letter), ".notdef")
    outline, em = font["glyf"][name], font["head"].unitsPerEm
    high, low = (getattr(outline, edge, 0) for edge in ("yMax", "yMin"))
    return _Glyph(font["hmtx"][name][0] / em, high / em, -low / em)


@cache
def width(text: str, size: float, *, bold: bool = False) -> float:
    """Its width in the unit of `size`; without kerning, so never too narrow."""
    return sum(_glyph(letter, bold).advance for letter in text) * size


def reach(text: str, size: float, *, bold: bool = False) -> tuple[float, float]:
    """How far its letters reach above and below the line they stand on."""
    glyphs = [_glyph(letter, bold) for letter in text]
    above, below = (max((g[n] for g in glyphs), default=0.0) for n in (1, 2))
    return above * size, below * size


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
