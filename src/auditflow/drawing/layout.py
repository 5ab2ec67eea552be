"""Where everything of a chart stands on its sheet: one layout for every chart.

Rows are states, columns are lanes, the list stands at the right. Nothing but the rows of the chart
is asked; `fitting` finds out how large the letters can be.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, product
from typing import Final

from auditflow.drawing import style
from auditflow.drawing.duty_cards import Block, Cards, blocks
from auditflow.drawing.flow_line import FlowLine
from auditflow.drawing.labels import short
from auditflow.drawing.lanes_and_decisions import Lane, decisions, lanes
from auditflow.drawing.legend import key_height, put_key, put_title, title_height
from auditflow.drawing.model import Sheet
from auditflow.drawing.numbered_list import NumberedList, listed_parts
from auditflow.drawing.picture import Picture, Rect, Shape
from auditflow.drawing.side_channels import BELOW, Channel, SideChannels, channels
from auditflow.drawing.text_metrics import wrapped

_SHARES: Final = (1.0, 1.15, 1.3, 1.5)
#: How wide a list may be.
LISTS: Final = range(170, 240, 4)
_EXIT: Final = 118.0
#: From the innermost channel to the states.
_NEAREST: Final = 8.0
_AIR: Final = 8.0


@dataclass(frozen=True)
class Form:
    """One way to lay out a sheet: what may be tried until everything has room."""

    letters: float
    pitch: float = 12.5
    leading: float = 8.9
    #: How many of the questions are drawn.
    questions: int = 0
    #: Whether each box keeps room for what is laid over it.
    room: bool = False
    #: How wide the list is; nothing where it is as narrow as has room on the page.
    listed: float = 0
    #: Whether the sheet may be higher than its page, and is then printed smaller.
    high: bool = False
    page: tuple[float, float] = style.A4


@dataclass(frozen=True, eq=False)
class Layout:
    """A sheet in one form, with what is laid over it, in units."""

    sheet: Sheet
    form: Form
    headline: str = ""
    now: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def _unit(self) -> float:
        return self.form.letters / style.TEXT

    @property
    def _margin(self) -> float:
        return style.MARGIN / self._unit

    @property
    def _right(self) -> float:
        return self.form.page[0] / self._unit - self._margin

    @property
    def low(self) -> float:
        """Where the lower margin begins, on a sheet no higher than its page."""
        return self.form.page[1] / self._unit - self._margin

    @cached_property
    def _channels(self) -> tuple[Channel, ...]:
        return channels(self.sheet)

    @cached_property
    def _flow(self) -> FlowLine:
        beside = self.form.pitch * max((c.column for c in self._channels), default=0)
        half = max((c.badge((0, 0)).place.w / 2 for c in self._channels), default=0)
        left = self._margin + beside + half + _NEAREST
        asked = decisions(self.sheet)[: self.form.questions]
        return FlowLine(self.sheet, self._channels, left, self.form.room, asked)

    @cached_property
    def _listed(self) -> NumberedList:
        parts = listed_parts(self.sheet, self.now)

        def of(wide: float) -> NumberedList:
            return NumberedList(parts, self._right - wide, self._right, self.form.leading)

        if self.form.listed:
            return of(self.form.listed)
        room = self.low - self._margin
        narrowest = bisect_left(LISTS, True, key=lambda wide: of(wide).high <= room)  # noqa: FBT003
        return of(LISTS[min(narrowest, len(LISTS) - 1)])

    @cached_property
    def _cards(self) -> Cards:
        even = [
            self._in_lanes(roles, (1.0,) * len(roles))
            for roles in lanes(block.owner for block in self._blocks)
        ]
        roles = min(even, key=self._high).lanes
        shares = product(_SHARES, repeat=len(roles))
        return min((self._in_lanes(roles, widths) for widths in shares), key=self._high)

    def _high(self, cards: Cards) -> tuple[float, float]:
        """How high the rows are, and how high the cards, where the rows are no higher for them."""
        return sum(self._rows(cards).values()), sum(cards.tall(s) for s in self.sheet.flow)

    @cached_property
    def _blocks(self) -> list[Block]:
        return blocks(self.sheet)

    def _in_lanes(self, roles: Sequence[Lane], widths: tuple[float, ...]) -> Cards:
        left = max(self._flow.right + 9, self._flow.words_end + 4)
        unit = (self._listed.left - _AIR - left) / sum(widths)
        edges = [left + unit * sum(widths[:n]) for n in range(len(widths) + 1)]
        return Cards(self._blocks, roles, tuple(edges), self.form.leading, self.form.room)

    def _rows(self, cards: Cards) -> dict[str, float]:
        """How high each row must be."""
        return {s: max(high, cards.tall(s)) for s, high in self._line.items()}

    @cached_property
    def _line(self) -> dict[str, float]:
        return {s: self._flow.tall(s) for s in self.sheet.flow}

    @cached_property
    def _headings(self) -> list[tuple[str, ...]]:
        titles = (", ".join(map(short, lane)) for lane in self._cards.lanes)
        rooms = (b - a - 6 for a, b in pairwise(self._cards.edges))
        both = zip(titles, rooms, strict=True)
        return [wrapped(title, room, style.TEXT, bold=True) for title, room in both]

    @property
    def _heading(self) -> float:
        return 3 + 9 * max(len(lines) for lines in self._headings)

    @property
    def _beside(self) -> bool:
        return not self._cards.tall(self.sheet.flow[-1])

    @property
    def _chart_wide(self) -> float:
        return self._listed.left - _AIR - self._margin

    @property
    def _top(self) -> float:
        return self._margin + title_height(self.sheet, self.headline, self._chart_wide)

    @property
    def _first(self) -> float:
        below = self._heading if self._cards.tall(self.sheet.flow[0]) else 0
        return self._top + below + 4

    @property
    def _exit_height(self) -> float:
        return max((self._flow.box_height(s) for s in self.sheet.exits), default=0)

    @property
    def _foot(self) -> float:
        ends = self._exit_height + _AIR if self.sheet.exits and not self._beside else 0
        below = BELOW * sum(c.out for c in self._channels) + _AIR - 1
        return ends + below + key_height(self._chart_wide)

    @cached_property
    def needed(self) -> float:
        """How far down the chart and its list reach."""
        rows, _ = self._high(self._cards)
        return max(self._first + rows + self._foot, self._margin + self._listed.high)

    def draw(self) -> Picture:
        """The sheet; what has no room is told by its faults."""
        low = max(self.low, self.needed) if self.form.high else self.low
        picture = Picture(self._right + self._margin, low + self._margin, self._unit)
        if self.needed > low:
            over = (self.needed - low) * self._unit
            picture.faults.append(f"The sheet is too tall by {over:.0f} pt.")
        tops, floor = self._tops(low)
        self._put_lanes(picture, tops, floor)
        put_title(picture, self.sheet, self.headline, self._chart_wide)
        self._cards.put(picture, tops, self._flow.right)
        boxes = self._flow.boxes(tops)
        self._flow.put(picture, boxes)
        exits = self._put_exits(picture, tops, floor)
        floor = max([floor, *(box.bottom for box in exits.values())])
        inner, pitch = self._flow.left - _NEAREST, self.form.pitch
        flow = self.sheet.flow
        SideChannels(picture, self._channels, flow, boxes, exits, inner, pitch, floor).put()
        self._listed.put(picture, self._margin)
        key = low - key_height(self._chart_wide)
        put_key(picture, self._margin, key, self._chart_wide)
        order = sorted(picture.boxes, key=lambda name: picture.boxes[name].place.middle[::-1])
        picture.boxes = {name: picture.boxes[name] for name in order}
        return picture

    def _tops(self, low: float) -> tuple[dict[str, float], float]:
        """Where each row begins, with what room is left shared out, and where the last ends."""
        rows = self._rows(self._cards)
        free = max(low - self._foot - self._first - sum(rows.values()), 0) / (len(rows) - 1)
        tops, y = {}, self._first
        for state, high in rows.items():
            tops[state] = y
            y += high + free
        return tops, y - free

    def _put_lanes(self, picture: Picture, tops: Mapping[str, float], floor: float) -> None:
        edges, top = self._cards.edges, self._top
        end = tops[self.sheet.flow[-1]] - 2 if self._beside else floor
        for n, lane in enumerate(self._cards.lanes):
            fill, edge, ink = style.LANES.get(lane[0], style.GREY)
            place = Rect(edges[n], top, edges[n + 1] - edges[n], end - top)
            picture.put(Shape(place, fill=fill, edge=edge, pen=0.6))
            for line, words in enumerate(self._headings[n]):
                at = (place.middle[0], top + 2 + 9 * (line + 0.5))
                picture.centre(words, at, place, bold=True, ink=ink)

    def _put_exits(
        self, picture: Picture, tops: Mapping[str, float], floor: float
    ) -> dict[str, Rect]:
        """The ends beside the way, under the lanes."""
        exits, left = self.sheet.exits, self._cards.edges[0] + 5
        y = tops[self.sheet.flow[-1]] if self._beside else floor + _AIR
        pitch = (self._cards.edges[-1] - left) / max(len(exits), 1)
        wide = min(_EXIT, pitch - 6)
        found = {
            end: Rect(left + pitch * n, y, wide, self._exit_height) for n, end in enumerate(exits)
        }
        for end, box in found.items():
            self._flow.put_state(picture, end, box)
        return found
