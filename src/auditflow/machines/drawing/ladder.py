"""The layout of the escalation chart: a ladder, what raises it on the left, what is owed right."""

from __future__ import annotations

from typing import Final

from auditflow.audits import ENTRY, JOINT, Level, Trigger
from auditflow.machines.drawing import style
from auditflow.machines.drawing.canvas import Canvas, Look, Rect, lines_high
from auditflow.machines.drawing.cards import put_card
from auditflow.machines.drawing.columns import packed
from auditflow.machines.drawing.facts import Arrow, Sheet
from auditflow.machines.drawing.frame import GAP, HEADING, put_head, put_lanes, put_rules, put_state
from auditflow.machines.drawing.hints import LANES
from auditflow.machines.drawing.measure import wrapped
from auditflow.machines.drawing.overlay import Marks
from auditflow.machines.drawing.words import joined, plain, roles

_CAUSES: Final = 196.0
_LADDER: Final = 262.0
_BOX: Final = Rect(_CAUSES + GAP + 30, 0, 112, 26)
_AXIS: Final = _BOX.x + _BOX.w / 2
_BUS: Final = _BOX.right + 62
_EDGE: Final = _CAUSES + GAP + _LADDER
_TOP: Final = 6.0
_HIGH: Final = {"start": 50.0, "level_2": 84.0, "resolved": 48.0}
_USUAL: Final = 60.0
_DIAMOND: Final = Look(fill=style.DIAMOND, shape="diamond", round=False, bold=True)
_ALARM: Final = Look(fill=style.ALARM, edge=style.ALARM, ink=style.PAPER)
_SMALL: Final = Look()


def laid_out(sheet: Sheet, marks: Marks) -> Canvas:
    """The ladder on a page as wide as A4 landscape."""
    canvas = Canvas(style.PAGE[0] - 2 * style.EDGE)
    top = put_head(canvas, sheet, marks)
    rows, y = {}, top + HEADING
    for state in sheet.spine:
        rows[state] = y
        y += _HIGH.get(state, _USUAL)
    boxes = {s: Rect(_BOX.x, at + _TOP, _BOX.w, _BOX.h) for s, at in rows.items()}
    boxes["start"] = Rect(_AXIS - 5, rows["start"] + 8, 10, 10)
    _put_grounds(canvas, top, rows["resolved"], y)
    put_rules(canvas, list(rows.items())[2:-1], _EDGE + GAP, canvas.width)
    _put_cards(canvas, sheet, rows, marks)
    _put_states(canvas, sheet, boxes, marks)
    _put_causes(canvas, sheet, boxes, marks)
    _put_climb(canvas, sheet, boxes, marks)
    _put_bypass(canvas, sheet, boxes, marks)
    _put_outcome(canvas, sheet, boxes, marks)
    canvas.height = y
    return canvas
