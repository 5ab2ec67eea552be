"""The spine of a chart with lanes: states one below the other, questions and arrows between."""

from __future__ import annotations

from typing import Final

from auditflow.machines.drawing import style
from auditflow.machines.drawing.canvas import Canvas, Look, Rect, lines_high
from auditflow.machines.drawing.facts import Arrow, Sheet
from auditflow.machines.drawing.frame import box_height, put_state
from auditflow.machines.drawing.hints import AT_ANY_TIME, Diamond
from auditflow.machines.drawing.measure import wrapped
from auditflow.machines.drawing.overlay import Marks
from auditflow.machines.drawing.words import listed, only_when, plain, way
from auditflow.machines.rows import Row

SPINE: Final = 206.0
BOX: Final = Rect(41, 0, 106, 24)
_AXIS: Final = BOX.x + BOX.w / 2
#: What is left for words right of the spine's arrows.
_ROOM: Final = SPINE - _AXIS - 8
_TOP: Final = 4.0
_DROP: Final = 7.0
_DIAMOND: Final = (96.0, 22.0)
_WAY: Final = 17.5

_TRIGGER: Final = Look(fill=style.ALARM, edge=style.ALARM, ink=style.PAPER, bold=True)
_SMALL: Final = Look(ink=style.INK)


def row_height(sheet: Sheet, state: str, marks: Marks) -> float:
    """How much of the spine a state takes, with its question and the way to the next."""
    if sheet.states[state].initial:
        return 26.0
    asks = _DROP + _DIAMOND[1] if sheet.diamond(state) else 0
    on_way = next((a for a in sheet.arrows if a.start == state and _down(sheet, a)), None)
    lines = _words(sheet, on_way, marks, _ROOM, down=True) if on_way else []
    on = max(_WAY, lines_high(len(lines), style.TEXT) + 0.4) if on_way else 0
    return _TOP + box_height(sheet, state, marks) + asks + on


def put_spine(canvas: Canvas, sheet: Sheet, marks: Marks, rows: dict[str, float]) -> None:
    """Draw every state, question and arrow of the spine; `rows` gives where each row begins."""
    boxes = {state: _box(sheet, state, y, marks) for state, y in rows.items()}
    for state, box in boxes.items():
        _put_box(canvas, sheet, state, box, marks)
        diamond = sheet.diamond(state)
        if diamond:
            _put_diamond(canvas, sheet, diamond, box, marks)
    for arrow in sheet.arrows:
        if _down(sheet, arrow):
            _put_down(canvas, sheet, arrow, boxes, marks)
        else:
            _put_back(canvas, sheet, arrow, boxes, marks)


def _down(sheet: Sheet, arrow: Arrow) -> bool:
    return sheet.spine.index(arrow.end) > sheet.spine.index(arrow.start)


def _box(sheet: Sheet, state: str, y: float, marks: Marks) -> Rect:
    if sheet.states[state].initial:
        return Rect(_AXIS - 4.5, y + 2, 9, 9)
    return Rect(BOX.x, y + _TOP, BOX.w, box_height(sheet, state, marks))


def _put_box(canvas: Canvas, sheet: Sheet, state: str, box: Rect, marks: Marks) -> None:
    if sheet.states[state].initial:
        canvas.shape(state, box, "", Look(fill=style.INK, shape="circle", round=False), "state")
        return
    put_state(canvas, sheet, state, box, marks)
    event, beside = AT_ANY_TIME.get(sheet.name, ("", ""))
    if state == beside:
        _put_any_time(canvas, sheet, event, box)


def _put_any_time(canvas: Canvas, sheet: Sheet, event: str, box: Rect) -> None:
    """What may be raised in this state as in every other, left of the spine."""
    row = sheet.of(event)[0]
    badge = Rect(2, box.middle[1] - 5.5, 20, 11)
    canvas.shape("any_time", badge, str(row.raises), _TRIGGER, "trigger")
    ends = ((box.x, box.middle[1]), (badge.right, box.middle[1]))
    canvas.arrow(box_name(sheet, event), "any_time", ends, _aside_line(row))
    lines = wrapped(f"at any time: {plain(event)}", box.x + 6, style.TEXT)
    spot = Rect(2, box.bottom + 0.5, box.x + 4, lines_high(len(lines), style.TEXT))
    canvas.text("any_time.says", spot, lines, _SMALL, "l")


def box_name(sheet: Sheet, event: str) -> str:
    """The state an event of any time is drawn beside."""
    return next(state for known, state in [AT_ANY_TIME[sheet.name]] if known == event)


def _aside_line(row: Row, *, walked: bool = False) -> Look:
    return Look(edge=style.ALARM, pen=3.0 if walked else 1.2, dashed=not row.solid)


def _below(sheet: Sheet, state: str, box: Rect) -> tuple[str, Rect]:
    """The lowest shape of a state's row, from which the way on leaves."""
    diamond = sheet.diamond(state)
    if diamond is None:
        return state, box
    wide, high = _DIAMOND
    return diamond.name, Rect(_AXIS - wide / 2, box.bottom + _DROP, wide, high)


def _put_diamond(canvas: Canvas, sheet: Sheet, diamond: Diamond, box: Rect, marks: Marks) -> None:
    _, place = _below(sheet, diamond.below, box)
    events = [e for e, _ in (*diamond.on, *diamond.aside)]
    solid = any(r.solid for e in events for r in sheet.of(e, diamond.below))
    look = Look(fill=style.DIAMOND, shape="diamond", round=False, dashed=not solid, bold=True)
    canvas.shape(diamond.name, place, diamond.asks, look, "decision")
    leaving = [r for r in sheet.rows if r.start == diamond.below != r.end]
    pen = 2.6 if marks.walked(leaving) else 1.2
    line = Look(edge=style.LINE, pen=pen, dashed=not solid, ways=tuple(map(way, leaving)))
    down = ((_AXIS, box.bottom), (_AXIS, place.y))
    canvas.arrow(diamond.below, diamond.name, down, line)
    for event, answer in diamond.aside:
        _put_aside(canvas, sheet, diamond, place, event, answer, marks)


def _put_aside(
    canvas: Canvas,
    sheet: Sheet,
    diamond: Diamond,
    place: Rect,
    event: str,
    answer: str,
    marks: Marks,
) -> None:
    rows = sheet.of(event, diamond.below)
    if not rows or rows[0].raises is None:
        return
    name = f"{diamond.name}.{rows[0].raises}"
    badge = Rect(SPINE - 24, place.middle[1] - 5.5, 20, 11)
    canvas.shape(name, badge, str(rows[0].raises), _TRIGGER, "trigger")
    ends = ((place.right, place.middle[1]), (badge.x, place.middle[1]))
    canvas.arrow(diamond.name, name, ends, _aside_line(rows[0], walked=marks.walked(rows)))
    room = SPINE - BOX.right - 4
    counted = _counted(diamond.below, event, marks)
    lines = wrapped(f"{answer}: {plain(event)}{counted}", room, style.TEXT)
    high = lines_high(len(lines), style.TEXT)
    above = Rect(SPINE - room - 2, badge.y - high - 1, room, high)
    canvas.text(f"{name}.answer", above, lines, _SMALL, "l")


def _put_down(
    canvas: Canvas, sheet: Sheet, arrow: Arrow, boxes: dict[str, Rect], marks: Marks
) -> None:
    name, box = _below(sheet, arrow.start, boxes[arrow.start])
    end = boxes[arrow.end]
    points = ((_AXIS, box.bottom), (_AXIS, end.y))
    canvas.arrow(name, arrow.end, points, _line(arrow, marks))
    lines = _words(sheet, arrow, marks, _ROOM, down=True)
    high = lines_high(len(lines), style.TEXT)
    middle = (box.bottom + end.y) / 2 - 1
    spot = Rect(_AXIS + 5, middle - high / 2, _ROOM, high)
    canvas.text(f"{arrow.start}.{arrow.end}", spot, lines, _SMALL, "l")


def _put_back(
    canvas: Canvas, sheet: Sheet, arrow: Arrow, boxes: dict[str, Rect], marks: Marks
) -> None:
    """A way back up, left of the spine, with its words left of the line."""
    name, start = _below(sheet, arrow.start, boxes[arrow.start])
    end = boxes[arrow.end]
    x = BOX.x - 8
    points = (
        (start.x, start.middle[1]),
        (x, start.middle[1]),
        (x, end.middle[1]),
        (end.x, end.middle[1]),
    )
    canvas.arrow(name, arrow.end, points, _line(arrow, marks))
    lines = _words(sheet, arrow, marks, x - 1)
    high = lines_high(len(lines), style.TEXT)
    middle = (start.middle[1] + end.middle[1]) / 2
    canvas.text(
        f"{arrow.start}.{arrow.end}", Rect(1, middle - high / 2, x - 3, high), lines, _SMALL, "r"
    )


def _line(arrow: Arrow, marks: Marks) -> Look:
    walked = marks.walked(arrow.rows)
    pen = 3.0 if walked else 1.2
    return Look(edge=style.LINE, pen=pen, dashed=not arrow.solid, ways=tuple(map(way, arrow.rows)))


def _words(
    sheet: Sheet, arrow: Arrow, marks: Marks, room: float, *, down: bool = False
) -> list[str]:
    """The events of an arrow, each with the answer it gives to the question above it."""
    diamond = sheet.diamond(arrow.start)
    answers = dict((*diamond.on, *diamond.aside)) if diamond else {}
    own = {row.event for row in arrow.rows}
    noted = [f"{a}: {plain(e)}" for e, a in (diamond.on if diamond else ()) if e not in own]
    said = []
    for row in arrow.rows:
        answer, words = answers.get(row.event, ""), plain(row.event)
        if sum(r.event == row.event for r in arrow.rows) > 1:
            answer = only_when(row.guards[:1])
        said.append(f"{answer}: {words}" if answer else words)
        said[-1] += _counted(row.start, row.event, marks)
    together = [said] if len(said) == 1 or not diamond else [[one] for one in said]
    lines = [line for some in together for line in wrapped(listed(some), room, style.TEXT)]
    return [*(noted if down and not marks.events else []), *lines]


def _counted(start: str, event: str, marks: Marks) -> str:
    words = marks.events.get((start, event), "")
    return f" ({words})" if words else ""
