"""A card of the drawing: what is owed, by when, what if not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from auditflow.machines.drawing import style
from auditflow.machines.drawing.canvas import Canvas, Look, Rect, lines_high
from auditflow.machines.drawing.facts import Card
from auditflow.machines.drawing.frame import UNSEEN
from auditflow.machines.drawing.hints import LANES
from auditflow.machines.drawing.measure import width, wrapped
from auditflow.machines.drawing.overlay import Marks

_NAME_SIZE: Final = 7.5
_PAD: Final = 2.2
_BADGE_PAD: Final = 1.4
_BETWEEN: Final = 1.1
#: How much of a badge's width its words take where they can.
_ROUNDED: Final = 0.93
#: A card of this width has room for “overdue since 30 September 2026” in one line.
_WIDE: Final = 132.0

_CARD: Final = Look(fill=style.CREAM, edge=style.CARD_EDGE, pen=1.0, round=False)
_LIMIT: Final = Look(fill=style.LIMIT, edge=style.CARD_EDGE, ink=style.LIMIT_INK, pen=0.5)
_ALARM: Final = Look(fill=style.ALARM, edge=style.ALARM, ink=style.PAPER, bold=True)
_REMINDER: Final = Look(fill=style.PAPER, edge=style.SOFT, ink=style.SOFT, pen=0.5)
_COUNT: Final = Look(fill=style.COUNT, edge=style.COUNT, ink=style.PAPER, bold=True)
_LATE: Final = Look(fill=style.HERE, edge=style.INK, ink=style.INK, bold=True, pen=1.6)


@dataclass(frozen=True)
class _Part:
    name: str
    lines: list[str]
    look: Look
    badge: bool

    @property
    def high(self) -> float:
        return lines_high(len(self.lines), self.look.size) + (_BADGE_PAD if self.badge else 0)


def _parts(sheet: str, card: Card, room: float, marks: Marks) -> list[_Part]:
    inner = room - 2 * _PAD - 2
    name = Look(size=_NAME_SIZE, bold=True)
    parts = [
        _Part("title", wrapped(card.title, inner + 2, _NAME_SIZE, bold=True), name, badge=False)
    ]
    if not _plain_owner(sheet, card):
        who = Look(ink=style.SOFT)
        parts.append(_Part("who", wrapped(card.who, inner + 2, style.TEXT), who, badge=False))
    parts.append(_Part("limit", _within(card.limit, inner), _LIMIT, badge=True))
    late = _ALARM if card.raises else _REMINDER
    words, alarming = marks.cards.get(card.name, ("", False))
    if card.raises or not words:
        parts.append(
            _Part("late", wrapped(card.late, inner, style.TEXT, bold=late.bold), late, badge=True)
        )
    if words:
        look = _LATE if alarming else _COUNT
        parts.append(_Part("now", wrapped(words, inner, style.TEXT, bold=True), look, badge=True))
    return parts


def _within(limit: str, inner: float) -> list[str]:
    """The limit's words, clear of the badge's round ends where that takes no line more."""
    lines = wrapped(limit, inner, style.TEXT)
    clear = wrapped(limit, inner * _ROUNDED, style.TEXT)
    return clear if len(clear) == len(lines) else lines


def _plain_owner(sheet: str, card: Card) -> bool:
    roles = LANES[sheet][card.lane].roles
    return card.duty.by == roles[:1] or len(roles) == 1


def _lines(sheet: str, card: Card, room: float, marks: Marks) -> list[list[_Part]]:
    """The parts from top to bottom; in a wide card the badges share a line."""
    parts = _parts(sheet, card, room, marks)
    kept = [[_slot(room)]] if marks.room else []
    badges = [p for p in parts if p.badge]
    share = (room - 2 * _PAD) / len(badges) - 6
    if any(len(p.lines) > 1 or width(p.lines[0], p.look.size, bold=True) > share for p in badges):
        return [*([p] for p in parts), *kept]
    return [*([p] for p in parts if not p.badge), badges, *kept]


def _slot(room: float) -> _Part:
    """Room for what is owed, in two lines where the card is narrow."""
    return _Part("slot", [""] if room >= _WIDE else ["", ""], UNSEEN, badge=True)


def tall(sheet: str, card: Card, room: float, marks: Marks) -> float:
    """How high the card must be in a column of that width."""
    lines = _lines(sheet, card, room, marks)
    return sum(line[0].high for line in lines) + _BETWEEN * (len(lines) - 1) + 2 * _PAD


def put_card(canvas: Canvas, sheet: str, card: Card, place: Rect, marks: Marks) -> None:
    """Draw the card; a card higher than its text is a duty that stands over several rows."""
    canvas.shape(card.name, place, "", replace(_CARD, dashed=not card.solid), "duty")
    free = place.h - tall(sheet, card, place.w, marks)
    y = place.y + _PAD + max(free, 0) / 2
    for line in _lines(sheet, card, place.w, marks):
        wide = (place.w - 2 * _PAD - _BETWEEN * (len(line) - 1)) / len(line)
        for n, part in enumerate(line):
            x = place.x + _PAD + n * (wide + _BETWEEN)
            put = canvas.shape if part.badge else canvas.text
            put(f"{card.name}.{part.name}", Rect(x, y, wide, part.high), part.lines, part.look)
        y += line[0].high + _BETWEEN
