"""What on a sheet cannot be read: asked of the layout itself, by exact widths."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from auditflow.drawing import style
from auditflow.drawing.labels import plain
from auditflow.drawing.model import Sheet
from auditflow.drawing.picture import Picture, Rect

#: What a text keeps free on either side of it in its box, in points.
SPARE: Final = 1.0
#: Two boxes touch before they meet: rounding is no fault.
_TOUCH: Final = 0.1


def faults(picture: Picture) -> list[str]:
    """Each fault of legibility in a plain sentence that names what it is about."""
    return list(
        dict.fromkeys(
            (*_outside(picture), *_over_each_other(picture), *_crossed(picture), *_small(picture))
        )
    )


def _outside(picture: Picture) -> Iterator[str]:
    """Texts that leave their box, or the page."""
    spare, edge = SPARE / picture.unit, style.MARGIN / picture.unit - _TOUCH
    page = Rect(0, 0, picture.width, picture.height).inset(edge)
    for text in picture.texts:
        over = _over(text.box, text.room.inset(spare)) * picture.unit if text.room else 0
        if over > 0:
            yield f"“{text.words}” is {over:.1f} pt too large for its box."
        if _over(text.box, page) > 0:
            yield f"“{text.words}” lies in the margin or off the page."


def _over(box: Rect, room: Rect) -> float:
    """How far a box reaches out of the room it must lie in."""
    beside = max(room.x - box.x, box.right - room.right)
    return round(max(beside, room.y - box.y, box.bottom - room.bottom), 6)


def _over_each_other(picture: Picture) -> Iterator[str]:
    """Texts that lie on one another, and boxes that do."""
    texts = [(text, text.box.inset(_TOUCH)) for text in picture.texts if text.words]
    texts.sort(key=lambda found: found[1].y)
    for n, (text, box) in enumerate(texts):
        for other, there in texts[n + 1 :]:
            if there.y >= box.bottom:
                break
            if box.meets(there):
                yield f"“{text.words}” and “{other.words}” lie on one another."
    solid = [shape for shape in picture.shapes if shape.solid]
    for a, b in combinations(solid, 2):
        if a.place.inset(_TOUCH).meets(b.place.inset(_TOUCH)) and "diamond" not in (a.form, b.form):
            yield f"{a.says.capitalize()} and {b.says} lie on one another."


def _crossed(picture: Picture) -> Iterator[str]:
    """Lines over a text, and lines through a box."""
    pieces = [(stroke, piece) for stroke in picture.strokes for piece in stroke.pieces]
    for text in picture.texts:
        box = text.box
        if any(_runs_over(piece, box) for _, piece in pieces):
            yield f"A line runs over “{text.words}”."
    for shape in picture.shapes:
        if shape.solid and any(_runs_over(p, shape.place.inset(0.6)) for _, p in pieces):
            yield f"A line runs through {shape.says}."


def _runs_over(piece: Rect, box: Rect) -> bool:
    across = piece.x < box.right and piece.right > box.x
    return across and piece.y < box.bottom and piece.bottom > box.y


def missing(sheet: Sheet, picture: Picture) -> list[str]:
    """What the chart says and the sheet does not, each in a plain sentence."""
    written = " ".join(text.words for text in picture.texts)
    wanted = [(f"the state “{s.title}”", s.title) for s in sheet.states.values() if not s.initial]
    wanted += [(f"“{c.title}”", words) for c in sheet.cards for words in (c.title, c.limit, c.late)]
    wanted += [(f"the event “{a.says}”", a.says) for a in sheet.arrows]
    found = [f"Of {what} the sheet does not say “{w}”." for what, w in wanted if w not in written]
    for row in sheet.rows:
        if row.start != row.end and (row.start, row.event, row.end) not in picture.ways:
            start, end = (sheet.states[s].title for s in (row.start, row.end))
            found.append(f"No line leads from “{start}” to “{end}” for “{plain(row.event)}”.")
    return list(dict.fromkeys(found))


def _small(picture: Picture) -> Iterator[str]:
    """Letters smaller on paper than may be printed."""
    shrunk = min(1.0, style.A4[1] / (picture.height * picture.unit))
    size = min(text.size for text in picture.texts) * picture.unit * shrunk
    least = style.SMALLEST if shrunk == 1 else style.SMALLEST_LAID_OVER
    if size < least - 0.005:
        yield f"Its letters are {size:.1f} pt high on A4, less than {least:g} pt."
