"""What frames a chart: title, notes and key above it, lanes, rules, the side exits below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from auditflow.audits import Role, State
from auditflow.machines.drawing import style
from auditflow.machines.drawing.canvas import Canvas, Look, Rect, lines_high
from auditflow.machines.drawing.facts import Sheet, stretch
from auditflow.machines.drawing.hints import Lane
from auditflow.machines.drawing.measure import roomy, width, wrapped
from auditflow.machines.drawing.overlay import Marks
from auditflow.machines.drawing.words import listed, plain, roles

GAP: Final = 4.0
HEADING: Final = 15.0
#: How high the room is that a page may write a line in.
SLOT: Final = 10.5
SLOTTED: Final = ".slot"
UNSEEN: Final = Look(fill="transparent", edge="transparent", round=False)
_SOFT: Final = Look(ink=style.SOFT)


def put_head(canvas: Canvas, sheet: Sheet, marks: Marks) -> float:
    """Title, version, notes (or what an overlay says) and the key; gives where they end."""
    wide = canvas.width
    y = _put_title(canvas, sheet)
    if marks.headline:
        loud = Look(size=style.NAME, bold=True)
        lines = wrapped(marks.headline, wide, loud.size, bold=True)[:2]
        canvas.text(
            "headline", Rect(0, y, wide, lines_high(len(lines), loud.size)), lines, loud, "l"
        )
        y += lines_high(len(lines), loud.size) + 1
    else:
        y = _put_notes(canvas, sheet, y)
    return _put_key(canvas, y + 1) + 12.5


def _put_title(canvas: Canvas, sheet: Sheet) -> float:
    """The title, and the version beside it, or below where there is no room; gives the end."""
    title, look = f"Live case file audit: {sheet.title}", Look(size=style.TITLE, bold=True)
    canvas.text("title", Rect(0, 1.5, canvas.width, 14), title, look, "l")
    room = canvas.width - roomy(title, look.size, bold=True)
    if roomy(sheet.stamp, style.TEXT) < room:
        canvas.text("stamp", Rect(canvas.width - 300, 4, 300, 10), sheet.stamp, _SOFT, "r")
        return 17.0
    canvas.text("stamp", Rect(0, 17, canvas.width, 10), sheet.stamp, _SOFT, "l")
    return 27.0


def _put_notes(canvas: Canvas, sheet: Sheet, y: float) -> float:
    for name, heading, wanted in (
        ("said", "Also, in the guidance: ", True),
        ("inferred", "Also, inferred or chosen: ", False),
    ):
        found = [note.says for note in sheet.notes if note.solid is wanted]
        if not found:
            continue
        lines = wrapped(heading + ";  ".join(found) + ".", canvas.width * 0.94, style.TEXT)
        high = lines_high(len(lines), style.TEXT)
        canvas.text(f"notes.{name}", Rect(0, y, canvas.width, high), lines, Look(), "l")
        y += high
    return y


def _put_key(canvas: Canvas, y: float) -> float:
    """Small samples of each sign, with what it means; gives where the last line of them is."""
    samples: tuple[tuple[str, str, Look, float], ...] = (
        ("state", "where it can be, and who holds it", Look(pen=1.8), 16),
        (
            "card",
            "what somebody owes meanwhile",
            Look(fill=style.CREAM, edge=style.CARD_EDGE, round=False),
            16,
        ),
        ("decision", "a decision", Look(fill=style.DIAMOND, shape="diamond", round=False), 18),
        ("trigger", "a trigger of Flow Chart 2", _TRIGGER, 16),
        ("solid", "solid: the guidance says it", Look(round=False), 24),
        ("dashed", "dashed: inferred or chosen", Look(dashed=True, round=False), 24),
    )
    x = 0.0
    for name, words, look, wide in samples:
        if x + wide + width(words, style.TEXT) > canvas.width:
            x, y = 0.0, y + 12
        label = "T1" if name == "trigger" else ""
        canvas.shape(f"key.{name}", Rect(x + 1, y, wide, 9.5), label, look)
        room = width(words, style.TEXT)
        canvas.text(f"key.{name}.says", Rect(x + wide + 5, y, room, 9.5), words, _SOFT, "l")
        x += wide + room * 1.1 + 8
    return y


_TRIGGER: Final = Look(fill=style.ALARM, edge=style.ALARM, ink=style.PAPER, bold=True)


def put_lanes(
    canvas: Canvas, lanes: Sequence[tuple[str, Rect, Lane | None]], spine: str = "Where it is"
) -> None:
    """A ground and a heading for each lane; the spine has no lane of the chart's hints."""
    for name, place, lane in lanes:
        fill, edge, ink = (
            style.LANE_COLOURS.get(lane.roles[0], style.GREY) if lane else style.SPINE_COLOURS
        )
        canvas.lane(name, place, Look(fill=fill, edge=edge, pen=0.8))
        title = lane.title if lane else spine
        heading = Rect(place.x, place.y + 2, place.w, HEADING - 3)
        fits = min(1.0, (place.w - 4) / roomy(title, style.HEAD, bold=True))
        look = Look(size=max(style.HEAD * fits, style.TEXT), bold=True, ink=ink)
        canvas.text(f"{name}.title", heading, title, look)


def put_rules(canvas: Canvas, tops: Sequence[tuple[str, float]], left: float, right: float) -> None:
    """A thin line above each row but the first, across the lanes."""
    for state, y in tops:
        place = Rect(left + 3, y, right - left - 6, 0.4)
        look = Look(fill=style.RULE, edge=style.RULE, pen=0, round=False)
        canvas.shape(f"rule.{state}", place, "", look)


def put_exits(canvas: Canvas, sheet: Sheet, left: float, y: float, marks: Marks) -> None:
    """The final states beside the process, each with where it is reached from, and by whom."""
    if not sheet.exits:
        return
    room = (canvas.width - left) / len(sheet.exits)
    for n, name in enumerate(sheet.exits):
        state = sheet.states[name]
        box = Rect(left + n * room + 2, y, 106, box_height(sheet, name, marks))
        put_state(canvas, sheet, name, box, marks)
        rows = [r for r in sheet.rows if r.end == name]
        who = listed(roles(r.by) for r in rows)
        where = stretch([r.start for r in rows], sheet.states, sheet.spine)
        words = f"{plain(rows[0].event)}, from {where}"
        if rows[0].by != (state.holder,):
            words += f" ({who})"
        lines = wrapped(words, (room - 114) * 0.92, style.TEXT)
        spot = Rect(box.right + 4, y, room - 114, 24)
        canvas.text(f"{name}.from", spot, lines, Look(), "l")


def box_height(sheet: Sheet, name: str, marks: Marks) -> float:
    """How high a state's box is: one line more where the audit is now."""
    if sheet.states[name].initial:
        return 9.0
    if marks.room:
        return 26.0 + SLOT
    return 33.0 if marks.here == name else 24.0


def put_state(canvas: Canvas, sheet: Sheet, name: str, box: Rect, marks: Marks) -> None:
    """A state's box: its title and who holds it; thick and bright where the audit is now."""
    state = sheet.states[name]
    here = marks.here == name
    ended = state.final or state.ended
    look = Look(
        fill=style.HERE if here else style.PAPER,
        pen=3.2 if here else (1.0 if ended else 1.8),
        dashed=not sheet.arrived_by_guidance(name),
    )
    canvas.shape(name, box, "", look, "state")
    if ended:
        canvas.shape(
            f"{name}.inner", _inset(box), "", replace(look, pen=0.6, fill="none", dashed=False)
        )
    y = box.y + 2.3
    for n, (line, size, loud) in enumerate(_written(state, marks, box.w)):
        high = lines_high(1, size)
        words = Look(size=size, bold=loud, ink=style.INK if loud else style.SOFT)
        canvas.text(f"{name}.{n}", Rect(box.x, y, box.w, high), line, words)
        y += high + 0.3
    if marks.room:
        place = Rect(box.x + 8, box.bottom - SLOT - 3.4, box.w - 16, SLOT)
        canvas.shape(name + SLOTTED, place, "", UNSEEN)


def _written(state: State, marks: Marks, room: float) -> list[tuple[str, float, bool]]:
    """The lines in a state's box: title, then who holds it or what is laid over."""
    lines = [(state.title, style.NAME, True)]
    if marks.here == state.name:
        lines.insert(0, ("YOU ARE HERE", style.TEXT, True))
    laid = marks.states.get(state.name, "")
    said = laid or (state.holder.title if state.holder is not Role.SYSTEM else "")
    if said:
        lines.append(
            (wrapped(said, room + 6, style.TEXT, bold=bool(laid))[0], style.TEXT, bool(laid))
        )
    return lines


def _inset(box: Rect) -> Rect:
    """The second border of an end, inside the first."""
    return Rect(box.x + 1.6, box.y + 1.6, box.w - 3.2, box.h - 3.2)
