"""The layout of the escalation chart: a ladder, what raises it on the left, what is owed right."""

from __future__ import annotations

from typing import Final

from auditflow.audits import ENTRY, JOINT, Level, Role, Trigger
from auditflow.machines.drawing import style
from auditflow.machines.drawing.canvas import Canvas, Look, Rect, lines_high
from auditflow.machines.drawing.cards import put_card
from auditflow.machines.drawing.columns import Placed, packed
from auditflow.machines.drawing.facts import Arrow, Sheet
from auditflow.machines.drawing.frame import GAP, HEADING, put_head, put_lanes, put_rules, put_state
from auditflow.machines.drawing.hints import LANES
from auditflow.machines.drawing.measure import wrapped
from auditflow.machines.drawing.overlay import Marks
from auditflow.machines.drawing.words import plain, roles

_CAUSES: Final = 190.0
_LADDER: Final = 286.0
_BOX: Final = Rect(_CAUSES + GAP + 58, 0, 112, 26)
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
    placed = packed(sheet, LANES["escalation"], _EDGE + GAP, canvas.width - _EDGE - GAP)
    _put_grounds(canvas, placed, top, rows["resolved"] - 2, y)
    put_rules(canvas, list(rows.items())[2:-1], _EDGE + GAP, canvas.width)
    _put_cards(canvas, sheet, placed, rows, marks)
    _put_states(canvas, sheet, boxes, marks)
    _put_causes(canvas, sheet, boxes, marks)
    _put_climb(canvas, sheet, boxes, marks)
    _put_bypass(canvas, sheet, boxes, marks)
    _put_outcome(canvas, sheet, placed, boxes, marks)
    canvas.height = y
    return canvas


def _put_grounds(
    canvas: Canvas, placed: list[Placed], top: float, floor: float, bottom: float
) -> None:
    causes = ("causes", Rect(0, top, _CAUSES, bottom - top), None)
    spine = ("spine", Rect(_CAUSES + GAP, top, _LADDER, bottom - top), None)
    put_lanes(canvas, [spine])
    put_lanes(canvas, [causes], "What raises it")
    for n, lane in enumerate(LANES["escalation"]):
        left, wide = next(p.lane for p in placed if p.card.lane == n)
        end = bottom if Role.JUDGE in lane.roles else floor
        put_lanes(canvas, [(f"lane{n}", Rect(left, top, wide, end - top), lane)])


def _put_cards(
    canvas: Canvas, sheet: Sheet, placed: list[Placed], rows: dict[str, float], marks: Marks
) -> None:
    tops = list(rows.values())
    for one in placed:
        first, last = (sheet.spine.index(s) for s in (one.card.states[0], one.card.states[-1]))
        y = tops[first] + 3
        place = Rect(one.left, y, one.wide, tops[last + 1] - 3 - y)
        put_card(canvas, sheet.name, one.card, place, marks)


def _put_states(canvas: Canvas, sheet: Sheet, boxes: dict[str, Rect], marks: Marks) -> None:
    for state, box in boxes.items():
        if sheet.states[state].initial:
            canvas.shape(state, box, "", Look(fill=style.INK, shape="circle", round=False))
            continue
        put_state(canvas, sheet, state, box, marks)
        words = marks.states.get(state, ())
        lines = [x for w in words for x in wrapped(w, 56, style.TEXT, bold=True)]
        spot = Rect(box.right + 4, box.y - 4, 56, box.h + 2)
        canvas.text(f"{state}.now", spot, lines, Look(bold=True), "l")


def _put_causes(canvas: Canvas, sheet: Sheet, boxes: dict[str, Rect], marks: Marks) -> None:
    """The question who missed it, and for each answer the triggers that start there."""
    dot = boxes["start"]
    asks = sheet.of("raise")[0].question
    place = Rect(_CAUSES / 2 - 70, dot.middle[1] - 15, 140, 30)
    canvas.shape("raise", place, asks, _DIAMOND)
    line = Look(edge=style.LINE, pen=1.2)
    canvas.arrow("start", "raise", ((dot.x, dot.middle[1]), (place.right, dot.middle[1])), line)
    bus = 7.0
    for level in (Level.L1, Level.L2, Level.L3):
        row = next(r for r in sheet.of("raise") if r.end == level.state)
        box = boxes[level.state]
        lines = _triggers(level)
        high = lines_high(len(lines), style.TEXT) + 7
        badge = Rect(16, box.middle[1] - high / 2, _CAUSES - 26, high)
        name = f"raise.{level.state}"
        canvas.shape(name, badge, lines, _ALARM)
        look = Look(edge=style.ALARM, pen=1.4, dashed=not row.solid)
        start = ((place.x, place.middle[1]), (bus, place.middle[1]), (bus, badge.middle[1]))
        canvas.arrow("raise", name, (*start, (badge.x, badge.middle[1])), look)
        thick = Look(**{**vars(look), "pen": 3.2 if ("start", row.end) in marks.walked else 1.4})
        y = badge.middle[1]
        canvas.arrow(name, level.state, ((badge.right, y), (box.x, y)), thick)
        counted = marks.events.get(("start", "raise"), "")
        if counted and level is Level.L1:
            spot = Rect(place.right, place.y - 2, _CAUSES - place.right, 10)
            canvas.text("raise.count", spot, counted, _SMALL, "l")


def _triggers(level: Level) -> list[str]:
    """The triggers that enter at a level, one a line; T5 goes by whose action it is."""
    found = []
    for trigger, entry in ENTRY.items():
        words = f"{trigger}  {trigger.says}"
        if trigger is Trigger.T5 and level in {Level.L1, Level.L2}:
            whose = "another's" if level is Level.L1 else "the manager's own"
            found += [words, f"(an action that is {whose})"]
        elif entry is level:
            joint = JOINT.get(trigger)
            found.append(words + (f" (with {joint.state.replace('_', ' ')})" if joint else ""))
    return found


def _put_climb(canvas: Canvas, sheet: Sheet, boxes: dict[str, Rect], marks: Marks) -> None:
    """From each level to the next: rejected, or passed on unanswered; one line for both."""
    for arrow in sheet.arrows:
        rows = tuple(r for r in arrow.rows if r.event in {"reject", "pass_unanswered"})
        if not rows:
            continue
        climb = Arrow(arrow.start, arrow.end, rows)
        box, end = boxes[arrow.start], boxes[arrow.end]
        pen = 3.2 if (arrow.start, arrow.end) in marks.walked else 1.2
        look = Look(edge=style.LINE, pen=pen, dashed=not climb.solid)
        canvas.arrow(arrow.start, arrow.end, ((_AXIS, box.bottom), (_AXIS, end.y)), look)
        lines = [plain(r.event) + _counted(r.start, r.event, marks) for r in rows]
        lines[0] += " or"
        middle = (box.bottom + end.y) / 2
        spot = Rect(_AXIS + 5, middle - 9, _BUS - _AXIS - 8, 18)
        canvas.text(f"{arrow.start}.{arrow.end}", spot, lines, _SMALL, "l")


def _counted(start: str, event: str, marks: Marks) -> str:
    words = marks.events.get((start, event), "")
    return f" ({words})" if words else ""


def _put_bypass(canvas: Canvas, sheet: Sheet, boxes: dict[str, Rect], marks: Marks) -> None:
    """Straight to a higher level: one question, and a way from it to each level above."""
    rows = sheet.of("bypass")
    level = boxes["level_1"]
    place = Rect(_BUS - 40, level.middle[1] - 18, 80, 36)
    canvas.shape(
        "bypass", place, ["Straight to", "which level?"], Look(**{**vars(_DIAMOND), "dashed": True})
    )
    look = Look(edge=style.LINE, pen=1.1, dashed=True)
    y = level.middle[1]
    canvas.arrow("level_1", "bypass", ((level.right, y), (place.x, y)), look)
    for end in dict.fromkeys(r.end for r in rows):
        y = boxes[end].middle[1]
        walked = any(
            b == end and (a, b) in marks.walked for a, b in ((r.start, r.end) for r in rows)
        )
        pen = 2.6 if walked and end != "level_2" else 1.1
        points = ((_BUS, place.bottom), (_BUS, y), (boxes[end].right, y))
        canvas.arrow("bypass", end, points, Look(**{**vars(look), "pen": pen}))
    words = f"bypass: {roles(rows[0].by)}, from any lower level"
    lines = wrapped(words, _EDGE - _BUS - 6, style.TEXT)
    spot = Rect(_BUS + 4, place.bottom + 6, _EDGE - _BUS - 6, lines_high(len(lines), style.TEXT))
    canvas.text("bypass.says", spot, lines, _SMALL, "l")


def _put_outcome(
    canvas: Canvas, sheet: Sheet, placed: list[Placed], boxes: dict[str, Rect], marks: Marks
) -> None:
    """What ends it: an answer that all accept, or the decision of the Assistant Director."""
    end = boxes["resolved"]
    judge = next(p.lane[0] + p.lane[1] / 2 for p in placed if p.card.name == "judge_answer")
    place = Rect(judge - 40, end.middle[1] - 15, 80, 34)
    asks = sheet.of("accept")[0].question
    canvas.shape(
        "accept", place, wrapped(asks, 46, style.TEXT), Look(**{**vars(_DIAMOND), "dashed": True})
    )
    look = Look(edge=style.LINE, pen=1.2, dashed=True)
    canvas.arrow("judge_answer", "accept", ((judge, place.y - 5), (judge, place.y)), look)
    y = end.middle[1]
    canvas.arrow("accept", "resolved", ((place.x, y), (end.right, y)), look)
    words = "yes: accept.   no: accept, and it stays until the other accepts"
    canvas.text("accept.says", Rect(end.right + 14, y - 11, 250, 9), words, _SMALL, "l")
    _put_decide(canvas, sheet, boxes, marks)


def _put_decide(canvas: Canvas, sheet: Sheet, boxes: dict[str, Rect], marks: Marks) -> None:
    start, end = boxes["level_4"], boxes["resolved"]
    x = start.x - 14
    pen = 3.2 if ("level_4", "resolved") in marks.walked else 1.2
    points = (
        (start.x, start.middle[1]),
        (x, start.middle[1]),
        (x, end.middle[1]),
        (end.x, end.middle[1]),
    )
    canvas.arrow("level_4", "resolved", points, Look(edge=style.LINE, pen=pen, dashed=True))
    row = sheet.of("decide")[0]
    said = f"{plain(row.event)} (a grade dispute){_counted(row.start, row.event, marks)}"
    lines = wrapped(said, x - _CAUSES - GAP - 3, style.TEXT)
    spot = Rect(
        _CAUSES + GAP,
        (start.bottom + end.y) / 2 - 14,
        x - _CAUSES - GAP - 3,
        lines_high(len(lines), style.TEXT),
    )
    canvas.text("decide.says", spot, lines, _SMALL, "r")
