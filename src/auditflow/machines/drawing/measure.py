"""How wide a text is, without asking a font: so that a drawing is the same on each machine."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

#: Advance widths of Helvetica (and Arial), in thousandths, from the space on.
_HELVETICA: Final = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 "
    "556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 "
    "556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 "
    "556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 "
    "500 500 500 334 260 334 584"
)
_WIDTHS: Final = tuple(int(units) for units in _HELVETICA.split())
#: Where neither is installed another takes their place, and is somewhat wider.
_SLACK: Final = 1.09
_BOLD: Final = 1.07
#: Of DejaVu Sans, which is what there is where no other font is.
_STAND_IN: Final = 1.12
_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean(text: str) -> str:
    """One line of what a person typed, without control characters and marks that reorder it."""
    kept = "".join(" " if c in "\t\r\n" else c for c in text)
    kept = "".join(c for c in kept if unicodedata.category(c) not in _UNPRINTABLE)
    return re.sub(r" +", " ", kept).strip()


@cache
def width(text: str, size: float, *, bold: bool = False) -> float:
    """Its width in points, rather too much than too little."""
    units = sum(_WIDTHS[ord(c) - 32] if " " <= c <= "~" else _wide(c) for c in text)
    return units * size / 1000 * _SLACK * (_BOLD if bold else 1)


def roomy(text: str, size: float, *, bold: bool = False) -> float:
    """The width it takes in the widest font that may stand in; for what has no room to spare."""
    return width(text, size, bold=bold) * _STAND_IN


def _wide(letter: str) -> int:
    return 1000 if unicodedata.east_asian_width(letter) in "WF" else 600


def wrapped(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """The text in lines no wider than `room`; a word that is wider is cut with an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        fitting = _cut(word, room, size, bold=bold)
        longer = f"{lines[-1]} {fitting}" if lines else fitting
        if lines and width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(fitting)
    return lines or [""]


def _cut(word: str, room: float, size: float, *, bold: bool) -> str:
    if width(word, size, bold=bold) <= room:
        return word
    while word and width(word + "…", size, bold=bold) > room:
        word = word[:-1]
    return word + "…"
