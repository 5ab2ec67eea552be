"""The line of states: each with who holds it, the question below it, and the arrow to the next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Final

from auditflow.drawing import style
from auditflow.drawing.labels import short
from auditflow.drawing.model import Arrow, Question, Sheet
from auditflow.drawing.picture import Box, Picture, Point, Rect, Shape, Stroke
from auditflow.drawing.side_channels import Channel, badge, straight
from auditflow.drawing.text_metrics import width, wrapped

DISC: Final = 11.0
_DIAMOND: Final = 22.0
_DROP: Final = 3.0
_NAME: Final = 12.0
_LINE: Final = 9.2
_SLOT: Final = 10.3
#: The least that a head needs between two states.
_GAP: Final = 15.0
#: How close the ends of channels may lie on a state's edge.
_TICK: Final = 4.2
#: In a box of this width “1,204 audits, 317 overdue” has room.
_ROOMY: Final = 116.0
#: The numbers of what is noted go on in a second line rather than widen every box.
_STAYS: Final = 114.0


@dataclass(frozen=True, eq=False)
class FlowLine:
    """The states of a sheet below each other: how much room they take, and how they are drawn."""

    sheet: Sheet
    channels: Sequence[Channel]
    left: float
    #: Whether each keeps room for what is laid over it.
    room: bool
    #: Those that are drawn.
    questions: Sequence[Question]

    @cached_property
    def wide(self) -> float:
        """As wide as the longest line of a state, and as a line of what is laid over."""
        titles = [width(s.title, style.NAME, bold=True) for s in self.sheet.states.values()]
        under = [line for s in self.sheet.flow for line in self._under(s, _STAYS)]
        stays = [width(line, style.TEXT) for line in under]
        return max(*titles, *stays, _ROOMY - 10 if self.room else 94) + 10

    @cached_property
    def right(self) -> float:
        """The states' right edge."""
        return self.left + self.wide

    @cached_property
    def axis(self) -> float:
        """Where the arrows run: left of the middle, so that their words have room."""
        asked = [_across(q) / 2 + 1 for q in self.asked.values()]
        return self.left + max(0.4 * self.wide, *asked, 0)

    @cached_property
    def asked(self) -> Mapping[str, Question]:
        """The question below each state that asks one."""
        return {question.at: question for question in self.questions}

    @cached_property
    def words_end(self) -> float:
        """How far to the right the words of the arrows reach."""
        near = self._near.values()
        widest = max((_wide(a) for arrows in near for a in self._sides(arrows)[1]), default=0)
        return max(self.axis + 5 + widest, self._asides_end())

    def _asides_end(self) -> float:
        """How far the triggers reach that answers to the drawn questions raise."""
        found = [0.0]
        for question in self.asked.values():
            left = self.axis + _across(question) / 2 + 10
            found += [left + _aside(text) for text, _ in _raising(question)]
        return max(found)

    def _under(self, state: str, room: float) -> Sequence[str]:
        """Who holds it, and the numbers of what is noted there."""
        held = self.sheet.states[state]
        if held.initial:
            return ()
        who = self.sheet.rules.holders.get(state) or short(held.holder)
        stays = ", ".join(self.sheet.staying(state))
        one = f"{who}; stays: {stays}" if stays else who
        if width(one, style.TEXT) <= room:
            return (one,)
        return (who, *wrapped(f"stays: {stays}", room, style.TEXT))

    @cached_property
    def _near(self) -> Mapping[str, tuple[Arrow, ...]]:
        return straight(self.sheet)

    def box_height(self, state: str) -> float:
        """How high a state's box is: for its words, and for the channels that touch it."""
        if self.sheet.states[state].initial:
            return DISC
        touching = sum(state in (*c.sources, *c.ends) for c in self.channels)
        under = len(self._under(state, self.wide - 8)) * _LINE
        held = self.sheet.states[state]
        words = _NAME + under + 5 + (_SLOT if self.room else 0) + 3 * (held.final or held.ended)
        return max(words, (touching + 1) * _TICK)

    def tall(self, state: str) -> float:
        """How high a state's row is: its box, its question, and the words of the arrow on."""
        near = self._near.get(state)
        if near is None:
            return self.box_height(state) + 4
        words = max(map(_stacked, self._sides(near)))
        asked = _DIAMOND + _DROP if state in self.asked else 0
        return self.box_height(state) + asked + max(_GAP, words + 10)

    def boxes(self, tops: Mapping[str, float]) -> dict[str, Rect]:
        """Where each state stands."""
        found = {s: Rect(self.left, y, self.wide, self.box_height(s)) for s, y in tops.items()}
        for state, box in found.items():
            if self.sheet.states[state].initial:
                found[state] = Rect(self.axis - DISC / 2, box.y, DISC, DISC)
        return found

    def put(self, picture: Picture, boxes: Mapping[str, Rect]) -> None:
        """Draw the states, the questions and the arrows from each to the next."""
        for state, box in boxes.items():
            self.put_state(picture, state, box)
        for (state, box), (following, end) in pairwise(boxes.items()):
            arrows = self._near[state]
            below = self._put_question(picture, state, box)
            if arrows:
                self._put_arrows(picture, arrows, below, end.y)
            for row in (row for arrow in arrows for row in arrow.rows):
                way = (self.axis, box.bottom), (self.axis, end.y)
                picture.ways[state, row.event, following] = way

    def put_state(self, picture: Picture, state: str, box: Rect) -> None:
        """A state's box: dashed where nothing in the guidance leads to it, double where it ends."""
        held = self.sheet.states[state]
        shape = Shape(
            box, pen=1.8, solid=True, name=f"state-{state}", says=f"the state “{held.title}”"
        )
        if held.initial:
            picture.put(replace(shape, form="disc", fill=style.INK))
            picture.boxes[state] = Box(held.title, box)
            return
        dashed = not self.sheet.arrived_by_guidance(state)
        picture.put(replace(shape, form="round", dashed=dashed))
        inner = box.inset(2.4 if held.final or held.ended else 0)
        if inner != box:
            picture.put(Shape(inner, "round", pen=0.6))
        lines = self._under(state, box.w - 8)
        slot = Rect(box.x + 4, box.bottom - _SLOT - 3, box.w - 8, _SLOT) if self.room else None
        high = _NAME + _LINE * len(lines) + (_SLOT + 2 if slot else 0)
        middle, y = box.middle[0], box.y + (box.h - high) / 2 - 0.8
        picture.centre(held.title, (middle, y + 6.5), inner, size=style.NAME, bold=True)
        for n, line in enumerate(lines):
            picture.centre(line, (middle, y + _NAME + _LINE * (n + 0.5)), inner)
        picture.boxes[state] = Box(held.title, box, slot)

    def _put_question(self, picture: Picture, state: str, box: Rect) -> float:
        """The diamond below a state, with the triggers its answers raise; gives where it ends."""
        question = self.asked.get(state)
        if question is None:
            return box.bottom
        wide = _across(question)
        place = Rect(self.axis - wide / 2, box.bottom + _DROP, wide, _DIAMOND)
        dashed = not any(arrow.row.solid for _, arrow in question.answers)
        picture.put(Stroke(((self.axis, box.bottom), (self.axis, place.y)), dashed=dashed))
        says = f"the question “{question.asks}”"
        name = f"question-{state}"
        shape = Shape(
            place, "diamond", style.DIAMOND, dashed=dashed, solid=True, name=name, says=says
        )
        picture.put_with(shape, question.asks)
        x, y = place.right, place.middle[1]
        for text, arrow in _raising(question):
            end = self.words_end - _aside(text)
            picture.put(Stroke(((x, y), (end, y)), dashed=not arrow.row.solid))
            sign = Rect(end, y - 5.8, _aside(text), 11.6)
            says = f"the trigger of “{arrow.says}”"
            shape = Shape(sign, fill=style.ALARM, edge=style.ALARM, solid=True, says=says)
            picture.put_with(shape, text, style.PAPER)
        return place.bottom

    def _put_arrows(
        self, picture: Picture, arrows: Sequence[Arrow], top: float, end: float
    ) -> None:
        """One line to the next state, with the number and the words of each event beside it."""
        dashed = not any(arrow.row.solid for arrow in arrows)
        points = (self.axis, top), (self.axis, end)
        picture.put(Stroke(points, dashed=dashed, head=True, name=f"arrow-{arrows[0].name}"))
        for words, left in zip(self._sides(arrows), (True, False), strict=True):
            y = (top + end - 6 - _stacked(words)) / 2
            for arrow in words:
                x = self.axis - 5 - _wide(arrow) if left else self.axis + 5
                high = _mark(arrow).h
                # The line bears the first one's name.
                name = "" if arrow is arrows[0] else f"arrow-{arrow.name}"
                _put_words(picture, arrow, (x, y + high / 2), name)
                y += high + 1

    def _sides(self, arrows: Sequence[Arrow]) -> tuple[Sequence[Arrow], Sequence[Arrow]]:
        """Which events stand left of their line, and which right: one of several, if it fits."""
        fits = len(arrows) > 1 and _wide(arrows[0]) < self.axis - self.left - 6
        return (arrows[:1], arrows[1:]) if fits else ((), arrows)


def _mark(arrow: Arrow, middle: Point = (0, 0)) -> Rect:
    return _badge(arrow, middle).place


def _badge(arrow: Arrow, middle: Point) -> Shape:
    return badge(arrow.number, middle, asks=bool(arrow.row.question))


def _wide(arrow: Arrow) -> float:
    return _mark(arrow).w + 3 + width(arrow.says, style.TEXT)


def _stacked(arrows: Iterable[Arrow]) -> float:
    return sum(_mark(arrow).h + 1 for arrow in arrows)


def _put_words(picture: Picture, arrow: Arrow, at: Point, name: str) -> None:
    """An event's number and its words, from a point on."""
    box = replace(_badge(arrow, (at[0] + _mark(arrow).w / 2, at[1])), name=name)
    picture.put_with(box, arrow.number)
    picture.write(arrow.says, box.place.right + 3, at[1])


def _across(question: Question) -> float:
    """How wide its diamond is, for its words between the slanting sides."""
    return width(question.asks, style.TEXT, bold=True) * 1.38 + 8


def _raising(question: Question) -> Iterable[tuple[str, Arrow]]:
    """The answers that raise a trigger: “no: T1”."""
    for answer, arrow in question.answers:
        if arrow.row.raises:
            yield f"{answer}: {arrow.row.raises}", arrow


def _aside(text: str) -> float:
    return width(text, style.TEXT, bold=True) + 6
