"""What frames a chart: its title with version and rules above it, the key below it."""

from dataclasses import replace
from typing import Final

from auditflow.drawing import style
from auditflow.drawing.model import Sheet
from auditflow.drawing.picture import Picture, Rect, Shape, Text
from auditflow.drawing.text_metrics import width, wrapped

_LINE: Final = 10.4
_SAMPLE: Final = Rect(0, 0, 14, 8)
_CARD: Final = Shape(_SAMPLE, fill=style.CARD, edge=style.CARD_EDGE)
_LIMIT: Final = Shape(_SAMPLE, fill=style.LIMIT, edge=style.LIMIT_INK, pen=0.4)
_ALARM: Final = Shape(_SAMPLE, fill=style.ALARM, edge=style.ALARM)
_STATE: Final = Shape(_SAMPLE, "round", pen=1.4)
#: Each sign, what stands on it, and what it means.
_KEY: Final[tuple[tuple[Shape, str, str], ...]] = (
    (_STATE, "", "where it can be, and who holds it there; double: it ends"),
    (Shape(_SAMPLE, pen=0.8), "3", "see the list; “stays”: noted, and it moves nowhere"),
    (Shape(_SAMPLE, "diamond", style.DIAMOND, pen=0.8), "", "a decision"),
    (_CARD, "", "what somebody owes"),
    (_LIMIT, "", "its time limit"),
    (_ALARM, "T1", "what it raises on Flow Chart 2, and for whom"),
    (Shape(_SAMPLE), "", "solid: the guidance says it"),
    (Shape(_SAMPLE, dashed=True), "", "dashed: inferred or chosen"),
)


def title_height(sheet: Sheet, headline: str, room: float) -> float:
    """How much room the title takes, with its version and what is laid over the chart."""
    below = 0 if _beside(sheet, room) else len(_age(sheet)) * _LINE
    return style.TITLE + 4 + below + _LINE * len(wrapped(headline, room, style.TEXT, bold=True))


def _title(sheet: Sheet) -> str:
    return f"Live case file audit: {sheet.title}"


def _age(sheet: Sheet) -> tuple[str, str]:
    return sheet.stamp, sheet.rules.says


def _beside(sheet: Sheet, room: float) -> bool:
    """Whether the chart's version has room beside its title."""
    widest = max(width(line, style.TEXT) for line in _age(sheet))
    return width(_title(sheet), style.TITLE, bold=True) + widest + 9 < room


def put_title(picture: Picture, sheet: Sheet, headline: str, room: float) -> None:
    """The chart's title, its version and whose rules it shows, and what is laid over it."""
    left = top = style.MARGIN / picture.unit
    picture.put(Text(_title(sheet), left, top + style.TITLE * 0.75, style.TITLE, bold=True))
    beside, y = _beside(sheet, room), top + style.TITLE + 4
    for n, line in enumerate(_age(sheet)):
        if beside:
            picture.write(line, left + room - width(line, style.TEXT), top + 3 + 9 * n)
        else:
            picture.write(line, left, y + _LINE / 2)
            y += _LINE
    for line in wrapped(headline, room, style.TEXT, bold=True):
        picture.write(line, left, y + _LINE / 2, bold=True)
        y += _LINE


def key_height(room: float) -> float:
    """How much room the key takes between the chart and the lower margin."""
    return len(_rows(room)) * _LINE


def _rows(room: float) -> list[list[tuple[Shape, str, str, float]]]:
    """The key's signs with their words, in as many lines as they need; each with its place."""
    rows: list[list[tuple[Shape, str, str, float]]] = [[]]
    x = 0.0
    for sign, on_it, says in _KEY:
        wide = _SAMPLE.w + 3 + width(says, style.TEXT)
        if rows[-1] and x + wide > room:
            rows.append([])
            x = 0
        rows[-1].append((sign, on_it, says, x))
        x += wide + 9
    return rows


def put_key(picture: Picture, left: float, top: float, room: float) -> None:
    """A sample of each sign with what it means."""
    y = top
    for row in _rows(room):
        for sign, on_it, says, x in row:
            place = Rect(left + x, y + 1.5, _SAMPLE.w, _SAMPLE.h)
            ink = style.PAPER if sign.fill == style.ALARM else style.INK
            picture.put_with(replace(sign, place=place), on_it, ink)
            picture.write(says, place.right + 3, y + _LINE / 2)
        y += _LINE
