"""The ways beside the flow line: for each event that does not lead to the next state a channel."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from auditflow.drawing import style
from auditflow.drawing.model import Arrow, Sheet
from auditflow.drawing.picture import Picture, Point, Rect, Shape, Stroke, around
from auditflow.drawing.text_metrics import width

#: How far a way out runs below what stands above it, and below the next.
BELOW: Final = 4.5
_ENTRY: Final = 14.0
_NEARER: Final = 1.5


@dataclass(frozen=True)
class Channel:
    """One event's way beside the line, from its sources to its targets; `column` counts outwards.

    `first` and `last` are the rows it meets; a way out goes on below the last.
    """

    arrows: tuple[Arrow, ...]
    sources: tuple[str, ...]
    ends: tuple[str, ...]
    first: int
    last: int
    out: bool
    column: int = 0

    @property
    def solid(self) -> bool:
        """Whether the guidance says one of its arrows."""
        return any(arrow.row.solid for arrow in self.arrows)

    @property
    def number(self) -> str:
        """What stands on it: of several lines of one event the number alone."""
        first = self.arrows[0].number
        return first if len(self.arrows) == 1 else first.rstrip("abcdefghijklmnopqrstuvwxyz")

    def badge(self, middle: Point) -> Shape:
        """The box of its number."""
        return badge(self.number, middle, asks=bool(self.arrows[0].row.question))

    def name_at(self, state: str, *, leads: bool) -> str:
        """Of several arrows that share it, the one that alone begins or ends there."""
        by_end = len({arrow.end for arrow in self.arrows}) > 1
        here = [a for a in self.arrows if state in ((a.end,) if leads else a.sources)]
        alone = len(self.arrows) > 1 and len(here) == 1 and by_end is leads
        return f"arrow-{here[0].name}" if alone else ""

    def order(self, row: int) -> tuple[int, int]:
        """Where it touches a row: what only goes up above what passes, above what only goes down.

        So few channels cross.
        """
        if self.last == row:
            return 0, self.column
        return (2, -self.column) if self.first == row else (1, self.column)


def straight(sheet: Sheet) -> Mapping[str, tuple[Arrow, ...]]:
    """The arrows that lead from each state to the next on the line."""
    return {
        state: tuple(a for a in sheet.arrows if a.sources == (state,) and a.end == following)
        for state, following in pairwise(sheet.flow)
    }


def channels(sheet: Sheet) -> tuple[Channel, ...]:
    """The others, the shortest next to the states and the ways out outermost."""
    near = {arrow for arrows in straight(sheet).values() for arrow in arrows}
    groups: dict[tuple[str, str], list[Arrow]] = defaultdict(list)
    for arrow in sheet.arrows:
        if arrow.end and arrow not in near:
            groups[arrow.event, "" if arrow.row.question else arrow.end].append(arrow)
    found = [_channel(sheet, arrows) for arrows in groups.values()]
    return tuple(_in_columns(sorted(found, key=lambda c: _inwards(sheet, c))))


def _channel(sheet: Sheet, arrows: Sequence[Arrow]) -> Channel:
    flow = sheet.flow
    sources = tuple(s for s in flow if any(s in a.sources for a in arrows))
    ends = tuple(s for s in sheet.states if any(s == a.end for a in arrows))
    rows = [flow.index(s) if s in flow else len(flow) for s in (*sources, *ends)]
    return Channel(
        tuple(arrows), sources, ends, min(rows), max(rows), out=not set(ends) <= set(flow)
    )


def _inwards(sheet: Sheet, one: Channel) -> tuple[int, int, int]:
    """The ways out lie as their exits do, so that none crosses another."""
    exits = [sheet.exits.index(end) for end in one.ends if end in sheet.exits]
    return (exits[0] + 1 if exits else 0), one.last - one.first, one.first


def _in_columns(found: Iterable[Channel]) -> Iterable[Channel]:
    """Those whose rows do not meet share a column; a way out has one of its own."""
    taken: list[list[Channel]] = []
    for one in found:
        free = (n for n, there in enumerate(taken) if not one.out and _clear(one, there))
        column = next(free, len(taken))
        if column == len(taken):
            taken.append([])
        taken[column].append(one)
        yield replace(one, column=column)


def _clear(one: Channel, there: Iterable[Channel]) -> bool:
    return all(one.last < other.first or one.first > other.last for other in there)


def badge(number: str, middle: Point, *, asks: bool) -> Shape:
    """The box of a number; a diamond where a question is answered."""
    wide = max(width(number, style.TEXT, bold=True) + 4.5, 9.6) + 8 * asks
    high = 9.4 + 5 * asks
    place = Rect(middle[0] - wide / 2, middle[1] - high / 2, wide, high)
    box = Shape(place, fill=style.PAPER, pen=0.8, solid=True, says=f"the number {number}")
    return replace(box, form="diamond", fill=style.DIAMOND) if asks else box


@dataclass(frozen=True)
class SideChannels:
    """The channels of a sheet at their places."""

    picture: Picture
    channels: Sequence[Channel]
    #: The rows, as the states on the line, and where each state and each exit stands.
    flow: Sequence[str]
    boxes: Mapping[str, Rect]
    exits: Mapping[str, Rect]
    #: The innermost channel's place, and how far each is from the next.
    inner: float
    pitch: float
    #: Below it nothing stands but the ways out.
    floor: float

    def put(self) -> None:
        """Draw each channel with its ticks and number, and say of each row which way it goes."""
        heights = self._heights()
        trunks = {one: self._trunk(one, heights) for one in self.channels}
        for one in self.channels:
            self._put_ticks(one, heights)
        level = [p for stroke in self.picture.strokes for p in stroke.pieces if not p.h]
        level += [shape.place for shape in self.picture.shapes if shape.solid]
        for one, trunk in trunks.items():
            mark = self._put_badge(one, trunk, heights, level)
            level.append(mark)
            for piece in around(trunk, [mark]):
                head = one.out and piece[-1] == trunk[-1]
                alone = len(one.arrows) == 1 and piece[0] == trunk[0]
                name = f"arrow-{one.arrows[0].name}" if alone else ""
                self.picture.put(Stroke(piece, dashed=not one.solid, head=head, name=name))
            self._say_ways(one, trunk, heights)

    def _heights(self) -> dict[tuple[Channel, str], float]:
        """How high each channel touches each state."""
        found: dict[tuple[Channel, str], float] = {}
        for row, state in enumerate(self.flow):
            here = [c for c in self.channels if state in (*c.sources, *c.ends)]
            here.sort(key=lambda c: c.order(row))
            box = self.boxes[state]
            for n, one in enumerate(here, start=1):
                found[one, state] = box.y + box.h * n / (len(here) + 1)
        return found

    def _trunk(
        self, one: Channel, heights: Mapping[tuple[Channel, str], float]
    ) -> tuple[Point, ...]:
        """The channel's own line: from its highest tick to its lowest, or below all to an exit."""
        x = self.inner - one.column * self.pitch
        ys = [y for (other, _), y in heights.items() if other is one]
        if not one.out:
            return (x, min(ys)), (x, max(ys))
        outer = [c for c in self.channels if c.out]
        below = self.floor + BELOW * (outer.index(one) + 1)
        end = next(e for e in one.ends if e in self.exits)
        nth = [c for c in outer if end in c.ends].index(one)
        enter, foot = self.exits[end].x + _ENTRY * (nth + 1), self.exits[end].bottom
        return (x, min(ys)), (x, below), (enter, below), (enter, foot)

    def _put_ticks(self, one: Channel, heights: Mapping[tuple[Channel, str], float]) -> None:
        """From each source to the channel, and with a head from it to each target on the line."""
        x = self.inner - one.column * self.pitch
        ends = [(state, True) for state in one.ends if state in self.boxes]
        for state, leads in [(state, False) for state in one.sources] + ends:
            y = heights[one, state]
            touch, beside = (self.boxes[state].x, y), (x, y)
            points = (beside, touch) if leads else (touch, beside)
            name = one.name_at(state, leads=leads)
            self.picture.put(Stroke(points, dashed=not one.solid, head=leads, name=name))

    def _put_badge(
        self,
        one: Channel,
        trunk: Sequence[Point],
        heights: Mapping[tuple[Channel, str], float],
        taken: Sequence[Rect],
    ) -> Rect:
        """Its number on its own line, as near the middle as nothing crosses it; gives its place."""
        (x, top), (_, low) = trunk[:2]
        last = max(heights[one, state] for state in one.sources)
        wanted = (last + low if one.out else top + low) / 2
        steps = (n * _NEARER * sign for n in range(400) for sign in (1, -1))
        spots = (one.badge((x, wanted + step)) for step in steps)
        free = (
            s for s in spots
            if s.place.y > top + 1 and s.place.bottom < low - 1
            and not any(s.place.inset(-0.6).meets(p) for p in taken)
        )  # fmt: skip
        found = next(free, None)
        if found is None:
            said = one.arrows[0].says
            self.picture.faults.append(f"The number {one.number} of “{said}” finds no free place.")
            found = one.badge((x, wanted))
        self.picture.put_with(found, one.number)
        return found.place

    def _say_ways(
        self, one: Channel, trunk: tuple[Point, ...], heights: Mapping[tuple[Channel, str], float]
    ) -> None:
        x = trunk[0][0]
        for row in (row for arrow in one.arrows for row in arrow.rows):
            y = heights[one, row.start]
            begins = (self.boxes[row.start].x, y), (x, y)
            if row.end in self.boxes:
                there = heights[one, row.end]
                ends = (x, there), (self.boxes[row.end].x, there)
                self.picture.ways[row.start, row.event, row.end] = (*begins, *ends)
            else:
                self.picture.ways[row.start, row.event, row.end] = (*begins, *trunk[1:])
