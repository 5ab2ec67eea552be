"""The layout of a chart with lanes: the spine of states, the cards of what is owed beside it."""

from __future__ import annotations

from typing import Final

from auditflow.machines.drawing import style
from auditflow.machines.drawing.canvas import Canvas, Rect
from auditflow.machines.drawing.cards import put_card, tall
from auditflow.machines.drawing.columns import Placed, packed
from auditflow.machines.drawing.facts import Sheet
from auditflow.machines.drawing.frame import GAP, HEADING, put_exits, put_head, put_lanes, put_rules
from auditflow.machines.drawing.hints import LANES, WIDTH, Lane
from auditflow.machines.drawing.overlay import Marks
from auditflow.machines.drawing.spine import SPINE, put_spine, row_height

_AIR: Final = 2.5


def laid_out(sheet: Sheet, marks: Marks) -> Canvas:
    """The chart on a page as wide as A4 landscape, as high as it needs."""
    canvas = Canvas(sheet.name, style.PAGE[0] * WIDTH[sheet.name] - 2 * style.EDGE)
    top = put_head(canvas, sheet, marks)
    lanes = LANES[sheet.name]
    placed = packed(sheet, lanes, SPINE + GAP, canvas.width - SPINE - GAP)
    rows, bottom = _rows(sheet, placed, marks, top + HEADING)
    last = sheet.spine[-1]
    floor = rows[last] if sheet.exits else bottom
    put_lanes(canvas, [("spine", Rect(0, top, SPINE, bottom - top), None)])
    put_lanes(canvas, _grounds(lanes, placed, top, floor - GAP))
    ruled = [(s, y) for s, y in rows.items() if s not in {last, *sheet.spine[:2]}]
    put_rules(canvas, ruled, SPINE + GAP, canvas.width)
    put_spine(canvas, sheet, marks, rows)
    for one in placed:
        put_card(canvas, sheet.name, one.card, _place(one, rows, floor, sheet, marks), marks)
    put_exits(canvas, sheet, SPINE + GAP, rows[last] + 4, marks)
    canvas.height = bottom
    return canvas


def _grounds(
    lanes: tuple[Lane, ...], placed: list[Placed], top: float, floor: float
) -> list[tuple[str, Rect, Lane | None]]:
    found: list[tuple[str, Rect, Lane | None]] = []
    for n, lane in enumerate(lanes):
        mine = next(p.lane for p in placed if p.card.lane == n)
        found.append((f"lane{n}", Rect(mine[0], top, mine[1], floor - top), lane))
    return found


def _rows(
    sheet: Sheet, placed: list[Placed], marks: Marks, top: float
) -> tuple[dict[str, float], float]:
    """Where each row begins, high enough for its part of the spine and for each of its cards."""
    heights = {state: row_height(sheet, state, marks) for state in sheet.spine}
    for one in sorted(placed, key=lambda p: len(p.card.states)):
        need = tall(sheet.name, one.card, one.wide, marks) + 2 * _AIR
        if sheet.exits and one.card.states[-1] == sheet.spine[-2]:
            need += GAP
        short = need - sum(heights[s] for s in one.card.states)
        if short > 0:
            heights[one.card.states[-1]] += short
    rows, y = {}, top
    for state, high in heights.items():
        rows[state] = y
        y += high
    return rows, y + 5


def _place(one: Placed, rows: dict[str, float], floor: float, sheet: Sheet, marks: Marks) -> Rect:
    """A card of one row stands at its top; one of several rows is as high as they are."""
    tops = list(rows.values())
    first, last = (sheet.spine.index(s) for s in (one.card.states[0], one.card.states[-1]))
    y = tops[first] + _AIR
    end = tops[last + 1] if last + 1 < len(tops) else floor
    high = tall(sheet.name, one.card, one.wide, marks)
    if first != last:
        high = end - y - _AIR
    else:
        y += max(end - y - _AIR - high, 0) / 2
    return Rect(one.left, y, one.wide, high)
