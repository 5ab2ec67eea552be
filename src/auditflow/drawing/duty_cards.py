"""The cards of what is owed: their words, their size, and what joins each to its states."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from auditflow.audits import Role
from auditflow.drawing import style
from auditflow.drawing.labels import listed, plain, short
from auditflow.drawing.lanes_and_decisions import Lane
from auditflow.drawing.model import Card, Sheet
from auditflow.drawing.picture import Box, Picture, Rect, Shape, Stroke, Text
from auditflow.drawing.text_metrics import wrapped

#: From a state's upper edge down to its bus, and on to its cards.
BUS: Final = 3.5
DROP: Final = 7.0
_PAD: Final = 2.0
_BETWEEN: Final = 2.6
_RAIL: Final = 4.0
_BESIDE: Final = 4.0
#: How high a slot is of one line, and of two.
_SLOTS: Final = (10.3, 19.0)
#: A slot of this width has room for “overdue: 30 Sep 2026” in one line.
_WIDE: Final = 106.0


#: A line of a card: its words, and what they are.
Line = tuple[str, str]
_GROUNDS: Final = {"limit": style.LIMIT, "alarm": style.ALARM}
_INKS: Final = {"limit": style.LIMIT_INK, "alarm": style.PAPER}
_BOLD: Final = frozenset({"title", "alarm"})


@dataclass(frozen=True)
class Block:
    """What is drawn as one card: a duty, or all duties of a part under the part's title."""

    cards: tuple[Card, ...]

    @property
    def owner(self) -> Role:
        """Whose lane it stands in."""
        return self.cards[0].duty.by[0]

    @property
    def states(self) -> tuple[str, ...]:
        """The states it is owed in."""
        return self.cards[0].states

    @property
    def solid(self) -> bool:
        """Whether the guidance says all of it."""
        return all(card.solid for card in self.cards)


def blocks(sheet: Sheet) -> list[Block]:
    """The cards as they are drawn: those of a part stand in one, with the first one's owner."""
    found: dict[tuple[str, tuple[str, ...]], list[Card]] = defaultdict(list)
    for card in sheet.cards:
        found[card.part or card.name, card.states].append(card)
    return [Block(tuple(cards)) for cards in found.values()]


@dataclass(frozen=True, eq=False)
class Cards:
    """The cards of a sheet in their lanes: how much room they take, and how they are drawn."""

    blocks: Sequence[Block]
    lanes: Sequence[Lane]
    #: The left edge of each lane, and the right edge of the last.
    edges: Sequence[float]
    leading: float
    #: Whether each keeps room for what is laid over it later.
    room: bool

    def _in_lane(self, lane: int) -> list[Block]:
        return [block for block in self.blocks if block.owner in self.lanes[lane]]

    @cached_property
    def rails(self) -> list[list[tuple[str, ...]]]:
        """For each lane the sets of several states in which something in it is owed."""
        sets = ([b.states for b in self._in_lane(n)] for n in range(len(self.lanes)))
        return [list(dict.fromkeys(s for s in found if len(s) > 1)) for found in sets]

    def _left(self, lane: int) -> float:
        return self.edges[lane] + 5 + _BESIDE + _RAIL * len(self.rails[lane])

    def _wide(self, lane: int) -> float:
        return self.edges[lane + 1] - 4 - self._left(lane)

    def tall(self, state: str) -> float:
        """How high the cards of a row stand, from the row's upper edge."""
        stacks = (self._stack(state, lane) for lane in range(len(self.lanes)))
        return max(
            sum(high + _BETWEEN for _, high in stack) + DROP * bool(stack) for stack in stacks
        )

    def _stack(self, state: str, lane: int) -> list[tuple[Block, float]]:
        """What hangs from a state in a lane, each with its height."""
        return self._stacks[lane].get(state, [])

    @cached_property
    def _stacks(self) -> list[dict[str, list[tuple[Block, float]]]]:
        found: list[dict[str, list[tuple[Block, float]]]] = []
        for lane in range(len(self.lanes)):
            found.append(defaultdict(list))
            for block in self._in_lane(lane):
                found[lane][block.states[0]].append((block, self._height(block, lane)))
        return found

    def _height(self, block: Block, lane: int) -> float:
        sections = self._sections(block, lane)
        return sum(self._tall(card, lines, lane) for card, lines in sections) + 2 * _PAD

    def _tall(self, card: Card | None, lines: Sequence[Line], lane: int) -> float:
        return len(lines) * self.leading + (self._slot(lane) if card else 0)

    def _slot(self, lane: int) -> float:
        """How much room is kept for what is laid over a duty."""
        return _SLOTS[self._wide(lane) < _WIDE] if self.room else 0.0

    def _sections(self, block: Block, lane: int) -> list[tuple[Card | None, list[Line]]]:
        """A part's title, then of each duty its lines."""
        inner = self._wide(lane) - 2 * _PAD - 2
        part = block.cards[0].part
        found: list[tuple[Card | None, list[Line]]] = []
        if part:
            title = f"Each {plain(part)}: a chart of its own"
            found.append((None, list(_lines(title, "title", inner))))
        return found + [(card, self._lines(card, lane, inner)) for card in block.cards]

    def _lines(self, card: Card, lane: int, inner: float) -> list[Line]:
        alone = card.duty.by == self.lanes[lane]
        who = "" if alone else listed(short(role) for role in card.duty.by) + ", "
        return [
            *_lines(card.title, "title", inner),
            *_lines(who + card.limit, "limit", inner),
            *_lines(card.late, "alarm" if card.raises else "late", inner),
        ]

    def put(self, picture: Picture, tops: Mapping[str, float], right: float) -> None:
        """Draw the cards, and from each state's right edge what joins it to them."""
        for state, top in tops.items():
            self._put_bus(picture, state, top, right)
            for lane in range(len(self.lanes)):
                y = top + DROP
                for n, (block, high) in enumerate(self._stack(state, lane)):
                    place = Rect(self._left(lane), y, self._wide(lane), high)
                    self._join(picture, place, top + BUS, first=n == 0)
                    self._put_block(picture, block, place, lane)
                    y = place.bottom + _BETWEEN
        for lane in range(len(self.lanes)):
            for n, states in enumerate(self.rails[lane]):
                self._put_rail(picture, self._rail(lane, n), [tops[s] + BUS for s in states])

    def _rail(self, lane: int, n: int) -> float:
        return self.edges[lane] + 4 + _RAIL * n

    def _put_bus(self, picture: Picture, state: str, top: float, right: float) -> None:
        """A line above the row's cards, as far as the last of them or of the rails it meets."""
        ends = []
        for lane in range(len(self.lanes)):
            ends += [self._left(lane) + 8] if self._stack(state, lane) else []
            ends += [self._rail(lane, n) for n, at in enumerate(self.rails[lane]) if state in at]
        if ends:
            picture.put(Stroke(((right, top + BUS), (max(ends), top + BUS)), pen=0.9))

    def _put_rail(self, picture: Picture, x: float, ys: Sequence[float]) -> None:
        """What joins a card to the other states it is owed in, with a dot at each."""
        picture.put(Stroke(((x, ys[0]), (x, ys[-1])), pen=0.9))
        dots = (Rect(x - 1.5, y - 1.5, 3, 3) for y in ys)
        picture.put(*(Shape(dot, "disc", style.LINE, style.LINE, pen=0) for dot in dots))

    def _join(self, picture: Picture, card: Rect, bus: float, *, first: bool) -> None:
        """The first card of a row hangs from its bus; the others from a line beside them."""
        if first:
            points = [(card.x + 8, bus), (card.x + 8, card.y)]
        else:
            x, y = card.x - _BESIDE, card.y + 7
            points = [(x, bus), (x, y), (card.x, y)]
        picture.put(Stroke(tuple(points), pen=0.9))

    def _put_block(self, picture: Picture, block: Block, place: Rect, lane: int) -> None:
        name = block.cards[0].part or block.cards[0].name
        picture.put(
            Shape(
                place,
                fill=style.CARD,
                edge=style.CARD_EDGE,
                dashed=not block.solid,
                solid=True,
                name=f"card-{name}",
                says=f"the card “{block.cards[0].title}”",
            )
        )
        y = place.y + _PAD
        for card, lines in self._sections(block, lane):
            high = self._tall(card, lines, lane)
            section = Rect(place.x, y, place.w, high)
            if card is not None:
                kept = self._slot(lane)
                slot = Rect(place.x + 3, section.bottom - kept, place.w - 6, kept)
                whole = place if len(block.cards) == 1 else section
                picture.boxes[card.name] = Box(card.title, whole, slot if kept else None)
            self._put_lines(picture, lines, section, place)
            y += high

    def _put_lines(
        self, picture: Picture, lines: Sequence[Line], section: Rect, place: Rect
    ) -> None:
        """The grounds, then the words on them: no ground covers the foot of a letter above it."""
        tops = [section.y + n * self.leading for n in range(len(lines))]
        for y, (_, kind) in zip(tops, lines, strict=True):
            if fill := _GROUNDS.get(kind):
                ground = Rect(place.x + 1.2, y, place.w - 2.4, self.leading)
                picture.put(Shape(ground, fill=fill, edge=fill, pen=0))
        for y, (words, kind) in zip(tops, lines, strict=True):
            ink, bold = _INKS.get(kind, style.INK), kind in _BOLD
            at = place.x + _PAD + 1, y + style.TEXT * 0.83
            picture.put(Text(words, *at, bold=bold, ink=ink, room=place))


def _lines(words: str, kind: str, room: float) -> Iterable[Line]:
    bold = kind in _BOLD
    return ((line, kind) for line in wrapped(words, room, style.TEXT, bold=bold))
