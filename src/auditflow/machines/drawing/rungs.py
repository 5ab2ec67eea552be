"""The arrows of the escalation chart: what raises it, the climb, the bypass, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from auditflow.audits import ENTRY, JOINT, Level, Trigger
from auditflow.machines.drawing import style
from auditflow.machines.drawing.canvas import Canvas, Look, Rect, lines_high
from auditflow.machines.drawing.facts import Sheet
from auditflow.machines.drawing.frame import GAP
from auditflow.machines.drawing.measure import wrapped
from auditflow.machines.drawing.overlay import Marks
from auditflow.machines.drawing.words import only_when, plain, roles, way
from auditflow.machines.rows import Row

CAUSES: Final = 190.0
LADDER: Final = 286.0
BOX: Final = Rect(CAUSES + GAP + 58, 0, 112, 24)
#: Where the lanes begin.
EDGE: Final = CAUSES + GAP + LADDER
_AXIS: Final = BOX.middle[0]
_BUS: Final = BOX.right + 62
_ASKS: Final = Look(fill=style.DIAMOND, shape="diamond", round=False, bold=True)
_ALARM: Final = Look(fill=style.ALARM, edge=style.ALARM, ink=style.PAPER)
_SMALL: Final = Look()


@dataclass
class Rungs:
    """The arrows and questions, drawn between boxes that are already in their places."""

    canvas: Canvas
    sheet: Sheet
    marks: Marks
    boxes: dict[str, Rect]

    def put_all(self, judge: float) -> None:
        """Draw everything; `judge` is the middle of the judge's card."""
        self._put_causes()
        for start, end in zip(self.sheet.spine[1:], self.sheet.spine[2:], strict=False):
            self._put_climb(start, end)
        self._put_bypass()
        self._put_acceptance(judge)
        self._put_decision()

    def _line(self, rows: Sequence[Row], edge: str = style.LINE) -> Look:
        solid = any(row.solid for row in rows)
        pen = 3.0 if self.marks.walked(rows) else 1.2
        return Look(edge=edge, pen=pen, dashed=not solid, ways=tuple(map(way, rows)))

    def _put_causes(self) -> None:
        """The question who missed it, and for each answer the triggers that start there."""
        rows = self.sheet.of("raise")
        dot = self.boxes["start"].middle
        place = Rect(CAUSES / 2 - 70, dot[1] - 15, 140, 30)
        self.canvas.shape("raise", place, rows[0].question, _ASKS, "decision")
        ends = ((dot[0] - 5, dot[1]), (place.right, dot[1]))
        self.canvas.arrow("start", "raise", ends, self._line(rows))
        says = f"raise: {roles(rows[0].by)}{self._counted(rows[0])}"
        room = EDGE - dot[0] - 14
        said = wrapped(says, room, style.TEXT)
        high = lines_high(len(said), style.TEXT)
        spot = Rect(dot[0] + 9, dot[1] - high / 2, room, high)
        self.canvas.text("raise.says", spot, said, _SMALL, "l")
        for level in Level:
            row = next((r for r in rows if r.end == level.state), None)
            if row is not None:
                self._put_cause(row, level, place)

    def _put_cause(self, row: Row, level: Level, asks: Rect) -> None:
        box = self.boxes[row.end]
        lines = _triggers(level)
        high = lines_high(len(lines), style.TEXT) + 7
        badge = Rect(14, box.middle[1] - high / 2, CAUSES - 18, high)
        name = f"raise.{row.end}"
        self.canvas.shape(name, badge, lines, _ALARM, "trigger")
        bus, y = 7.0, badge.middle[1]
        points = ((asks.x, asks.middle[1]), (bus, asks.middle[1]), (bus, y), (badge.x, y))
        look = self._line([row], style.ALARM)
        self.canvas.arrow("raise", name, points, look)
        self.canvas.arrow(name, row.end, ((badge.right, y), (box.x, y)), look)

    def _put_climb(self, start: str, end: str) -> None:
        """From a level to the next: rejected, or passed on unanswered; one line for both."""
        found = [r for r in self.sheet.rows if (r.start, r.end) == (start, end)]
        rows = [r for r in found if r.event in {"reject", "pass_unanswered"}]
        if not rows:
            return
        box, below = self.boxes[start], self.boxes[end]
        ends = ((_AXIS, box.bottom), (_AXIS, below.y))
        self.canvas.arrow(start, end, ends, self._line(rows))
        room = _BUS - _AXIS - 8
        said = [plain(r.event) + self._counted(r) for r in rows]
        said[:-1] = [f"{one} or" for one in said[:-1]]
        lines = [line for one in said for line in wrapped(one, room, style.TEXT)]
        high = lines_high(len(lines), style.TEXT)
        spot = Rect(_AXIS + 5, (box.bottom + below.y - high) / 2, room, high)
        self.canvas.text(f"{start}.{end}", spot, lines, _SMALL, "l")

    def _put_bypass(self) -> None:
        """Straight to a higher level: one question, and a way from it to each level above."""
        rows = self.sheet.of("bypass")
        box = self.boxes[rows[0].start]
        y = box.middle[1]
        place = Rect(_BUS - 40, y - 18, 80, 36)
        lines = wrapped(rows[0].question, 54, style.TEXT, bold=True)
        self.canvas.shape("bypass", place, lines, replace(_ASKS, dashed=True), "decision")
        line = self._line(self.sheet.of("bypass", rows[0].start))
        self.canvas.arrow(rows[0].start, "bypass", ((box.right, y), (place.x, y)), line)
        for end in dict.fromkeys(r.end for r in rows):
            there = self.boxes[end].middle[1]
            points = ((_BUS, place.bottom), (_BUS, there), (self.boxes[end].right, there))
            line = self._line([r for r in rows if r.end == end])
            self.canvas.arrow("bypass", end, points, line)
        said = f"bypass: {roles(rows[0].by)}, from any lower level"
        lines = wrapped(said, EDGE - _BUS - 6, style.TEXT)
        high = lines_high(len(lines), style.TEXT)
        spot = Rect(_BUS + 4, place.bottom + 6, EDGE - _BUS - 6, high)
        self.canvas.text("bypass.says", spot, lines, _SMALL, "l")

    def _put_acceptance(self, judge: float) -> None:
        """An answer that all accept ends it."""
        rows = [r for r in self.sheet.of("accept") if r.end != r.start]
        end = self.boxes[rows[0].end]
        place = Rect(judge - 40, end.y - 2, 80, end.h + 10)
        lines = wrapped(rows[0].question, 46, style.TEXT, bold=True)
        self.canvas.shape("accept", place, lines, replace(_ASKS, dashed=True), "decision")
        line = self._line(rows)
        y = place.middle[1]
        self.canvas.arrow("judge_answer", "accept", ((judge, place.y - 4), (judge, place.y)), line)
        self.canvas.arrow("accept", rows[0].end, ((place.x, y), (end.right, y)), line)
        said = "yes: accept; no: accept, and it stays until the other has accepted"
        self.canvas.text("accept.says", Rect(end.right + 14, y - 10, 230, 9), said, _SMALL, "l")

    def _put_decision(self) -> None:
        """A decision ends a dispute about a grade; its ways run down one line."""
        rows = self.sheet.of("decide")
        shared = set.intersection(*(set(row.guards) for row in rows))
        for row in rows:
            start, end = self.boxes[row.start], self.boxes[row.end]
            # Below the middle, where what raises it comes in.
            x, y = start.x - 14, start.bottom - 5
            points = ((start.x, y), (x, y), (x, end.middle[1]), (end.x, end.middle[1]))
            self.canvas.arrow(row.start, row.end, points, self._line([row]))
            also = only_when(g for g in row.guards if g not in shared)
            dispute = f"(a grade dispute{', ' if also else ''}{also})"
            said = f"{plain(row.event)} {dispute}{self._counted(row)}"
            self._beside(row.start, x, said)

    def _beside(self, state: str, right: float, said: str) -> None:
        """Words left of a line, between a level and the next."""
        left = CAUSES + GAP + 2
        lines = wrapped(said, right - left - 2, style.TEXT)
        high = lines_high(len(lines), style.TEXT)
        below = self.boxes[self.sheet.spine[self.sheet.spine.index(state) + 1]]
        y = (self.boxes[state].bottom + below.y - high) / 2
        self.canvas.text(
            f"{state}.decide", Rect(left, y, right - left - 2, high), lines, _SMALL, "r"
        )

    def _counted(self, row: Row) -> str:
        words = self.marks.events.get((row.start, row.event), "")
        return f" ({words})" if words else ""


def _triggers(level: Level) -> list[str]:
    """The triggers that enter at a level, each on a line; T5 goes by whose action it is."""
    found = []
    for trigger, entry in ENTRY.items():
        words = f"{trigger}  {trigger.title}"
        if trigger is Trigger.T5 and level in {Level.L1, Level.L2}:
            whose = "another's" if level is Level.L1 else "the manager's own"
            found += [words, f"(an action that is {whose})"]
        elif entry is level:
            joint = JOINT.get(trigger)
            with_whom = [f"(with {joint.state.replace('_', ' ')})"] if joint else []
            found += [words, *with_whom]
    return found
