"""The layout of the escalation chart: a ladder, what raises it on the left, what is owed right."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from auditflow.audits import Role
from auditflow.machines.drawing import style
from auditflow.machines.drawing.canvas import Canvas, Look, Rect
from auditflow.machines.drawing.cards import put_card
from auditflow.machines.drawing.columns import Placed, packed
from auditflow.machines.drawing.facts import Sheet
from auditflow.machines.drawing.frame import (
    GAP,
    HEADING,
    box_height,
    put_head,
    put_lanes,
    put_rules,
    put_state,
)
from auditflow.machines.drawing.hints import LANES
from auditflow.machines.drawing.overlay import Marks
from auditflow.machines.drawing.rungs import BOX, CAUSES, EDGE, LADDER, Rungs

_TOP: Final = 6.0
_HIGH: Final = {"start": 50.0, "level_2": 84.0, "resolved": 48.0}
_USUAL: Final = 60.0


def laid_out(sheet: Sheet, marks: Marks) -> Canvas:
    """The ladder on a page as wide as A4 landscape."""
    canvas = Canvas(sheet.name, style.PAGE[0] - 2 * style.EDGE)
    top = put_head(canvas, sheet, marks)
    rows, y = {}, top + HEADING
    for state in sheet.spine:
        rows[state] = y
        y += _HIGH.get(state, _USUAL) + max(box_height(sheet, state, marks) - BOX.h, 0)
    placed = packed(sheet, LANES["escalation"], EDGE + GAP, canvas.width - EDGE - GAP)
    _put_grounds(canvas, placed, top, rows["resolved"] - 2, y)
    put_rules(canvas, list(rows.items())[2:-1], EDGE + GAP, canvas.width)
    _put_cards(canvas, sheet, placed, rows, marks)
    boxes = _boxes(sheet, rows, marks)
    for state, box in boxes.items():
        if sheet.states[state].initial:
            canvas.shape(state, box, "", Look(fill=style.INK, shape="circle", round=False), "state")
        else:
            put_state(canvas, sheet, state, box, marks)
    judge = next(p for p in placed if p.card.name == "judge_answer")
    Rungs(canvas, sheet, marks, boxes).put_all(judge.left + judge.wide / 2)
    canvas.height = y
    return canvas


def _boxes(sheet: Sheet, rows: dict[str, float], marks: Marks) -> dict[str, Rect]:
    boxes = {
        state: replace(BOX, y=y + _TOP, h=box_height(sheet, state, marks))
        for state, y in rows.items()
    }
    boxes["start"] = Rect(BOX.middle[0] - 5, rows["start"] + 8, 10, 10)
    return boxes


def _put_grounds(
    canvas: Canvas, placed: list[Placed], top: float, floor: float, bottom: float
) -> None:
    causes = ("causes", Rect(0, top, CAUSES, bottom - top), None)
    spine = ("spine", Rect(CAUSES + GAP, top, LADDER, bottom - top), None)
    put_lanes(canvas, [spine])
    put_lanes(canvas, [causes], "What raises it")
    for n, lane in enumerate(LANES["escalation"]):
        left, wide = next(p.lane for p in placed if p.card.lane == n)
        end = bottom if Role.JUDGE in lane.roles else floor
        put_lanes(canvas, [(f"lane{n}", Rect(left, top, wide, end - top), lane)])


def _put_cards(
    canvas: Canvas, sheet: Sheet, placed: list[Placed], rows: dict[str, float], marks: Marks
) -> None:
    """Each card stands beside all the levels it is owed at."""
    tops = list(rows.values())
    for one in placed:
        first, last = (sheet.spine.index(s) for s in (one.card.states[0], one.card.states[-1]))
        y = tops[first] + 3
        place = Rect(one.left, y, one.wide, tops[last + 1] - 3 - y)
        put_card(canvas, sheet.name, one.card, place, marks)
