"""Where everything of a chart stands on its sheet: one layout for every chart.

Rows are states, columns are lanes, the list stands at the right. Nothing but the rows of the chart
is asked, and the letters are the largest with which `legibility` has nothing to say.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import Final

from auditflow.drawing import style
from auditflow.drawing.duty_cards import Block, Cards, blocks
from auditflow.drawing.flow_line import FlowLine
from auditflow.drawing.labels import short
from auditflow.drawing.lanes_and_decisions import Lane, decisions, lanes
from auditflow.drawing.legend import key_height, put_key, put_title, title_height
from auditflow.drawing.legibility import faults, missing
from auditflow.drawing.model import Sheet
from auditflow.drawing.numbered_list import NumberedList, listed_parts
from auditflow.drawing.picture import Picture, Rect, Shape
from auditflow.drawing.side_channels import BELOW, Channel, SideChannels, channels
from auditflow.drawing.text_metrics import wrapped

#: How far channels, and lines of letters, are apart: close, and as it is read more easily.
_CLOSER: Final = ((8.8, 8.6), (12.5, 8.6), (12.5, 8.9))
_SHARES: Final = (1.0, 1.15, 1.3, 1.5)
_LISTS: Final = range(170, 240, 4)
_EXIT: Final = 118.0
#: Half a number's box, and from the innermost channel to the states.
_BADGE: Final = 7.5
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
    #: Whether the first of a lane's roles is named on its cards too.
    named: bool = True
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
    def unit(self) -> float:
        """How many points a unit has."""
        return self.form.letters / style.TEXT

    @property
    def margin(self) -> float:
        """The white edge."""
        return style.MARGIN / self.unit

    @property
    def right(self) -> float:
        """Where the right margin begins."""
        return self.form.page[0] / self.unit - self.margin

    @property
    def low(self) -> float:
        """Where the lower margin begins, on a sheet no higher than its page."""
        return self.form.page[1] / self.unit - self.margin

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        """The ways beside the line."""
        return channels(self.sheet)

    @cached_property
    def flow(self) -> FlowLine:
        """The line of states, right of its channels."""
        beside = self.form.pitch * max((c.column for c in self.channels), default=0)
        left = self.margin + beside + _BADGE + _NEAREST
        asked = decisions(self.sheet)[: self.form.questions]
        return FlowLine(self.sheet, self.channels, left, self.form.room, asked)

    @cached_property
    def listed(self) -> NumberedList:
        """The list, as narrow as it may be without being longer than the sheet."""
        parts = listed_parts(self.sheet, self.now)

        def of(wide: float) -> NumberedList:
            return NumberedList(parts, self.right - wide, self.right, self.form.leading)

        if self.form.listed:
            return of(self.form.listed)
        room = self.low - self.margin
        narrowest = bisect_left(_LISTS, True, key=lambda wide: of(wide).high <= room)  # noqa: FBT003
        return of(_LISTS[min(narrowest, len(_LISTS) - 1)])

    @cached_property
    def cards(self) -> Cards:
        """The cards, in those lanes and of those widths in which the rows are lowest together."""
        even = [
            self._cards(roles, (1.0,) * len(roles))
            for roles in lanes(block.owner for block in self._blocks)
        ]
        roles = min(even, key=self._high).lanes
        shares = product(_SHARES, repeat=len(roles))
        return min((self._cards(roles, widths) for widths in shares), key=self._high)

    def _high(self, cards: Cards) -> tuple[float, float]:
        """How high the rows are, and how high the cards, where the rows are no higher for them."""
        return sum(self._rows(cards).values()), sum(cards.tall(s) for s in self.sheet.flow)

    @cached_property
    def _blocks(self) -> list[Block]:
        return blocks(self.sheet)

    def _cards(self, roles: Sequence[Lane], widths: tuple[float, ...]) -> Cards:
        left = max(self.flow.right + 9, self.flow.words_end + 4)
        unit = (self.listed.left - _AIR - left) / sum(widths)
        edges = [left + unit * sum(widths[:n]) for n in range(len(widths) + 1)]
        return Cards(
            self._blocks, roles, tuple(edges), self.form.leading, self.form.room, self.form.named
        )

    def _rows(self, cards: Cards) -> dict[str, float]:
        """How high each row must be."""
        return {s: max(high, cards.tall(s)) for s, high in self._line.items()}

    @cached_property
    def _line(self) -> dict[str, float]:
        return {s: self.flow.tall(s) for s in self.sheet.flow}

    @cached_property
    def headings(self) -> list[tuple[str, ...]]:
        """What stands above each lane."""
        edges = self.cards.edges
        titles = (self._title(lane) for lane in self.cards.lanes)
        return [
            wrapped(title, edges[n + 1] - edges[n] - 6, style.TEXT, bold=True)
            for n, title in enumerate(titles)
        ]

    def _title(self, lane: Lane) -> str:
        if self.form.named or len(lane) == 1:
            return ", ".join(short(role) for role in lane)
        return f"{short(lane[0])}, or who is named"

    @property
    def heading(self) -> float:
        """How high the lanes' headings stand."""
        return 3 + 9 * max(len(lines) for lines in self.headings)

    @property
    def beside(self) -> bool:
        """Whether the ends beside the way stand in the last row."""
        return not self.cards.tall(self.sheet.flow[-1])

    @property
    def chart_wide(self) -> float:
        """From the left margin to the list."""
        return self.listed.left - _AIR - self.margin

    @property
    def top(self) -> float:
        """Where the lanes begin."""
        return self.margin + title_height(self.sheet, self.headline, self.chart_wide)

    @property
    def first(self) -> float:
        """Where the first row begins: beside the lanes' headings, unless a card stands in it."""
        below = self.heading if self.cards.tall(self.sheet.flow[0]) else 0
        return self.top + below + 4

    @property
    def exit_height(self) -> float:
        """How high the ends beside the way are."""
        return max((self.flow.box_height(s) for s in self.sheet.exits), default=0)

    @property
    def foot(self) -> float:
        """What stands below the rows: ends that found no room beside them, ways out, the key."""
        ends = self.exit_height + _AIR if self.sheet.exits and not self.beside else 0
        below = BELOW * sum(c.out for c in self.channels) + _AIR - 1
        return ends + below + key_height(self.chart_wide)

    @cached_property
    def needed(self) -> float:
        """How far down the chart and its list reach."""
        rows, _ = self._high(self.cards)
        return max(self.first + rows + self.foot, self.margin + self.listed.high)

    def draw(self) -> Picture:
        """The sheet; what has no room is told by its faults."""
        low = max(self.low, self.needed) if self.form.high else self.low
        picture = Picture(self.right + self.margin, low + self.margin, self.unit)
        if self.needed > low:
            over = (self.needed - low) * self.unit
            picture.faults.append(f"The sheet is too tall by {over:.0f} pt.")
        tops, floor = self._tops(low)
        self._put_lanes(picture, tops, floor)
        put_title(picture, self.sheet, self.headline, self.chart_wide)
        self.cards.put(picture, tops, self.flow.right)
        boxes = self.flow.boxes(tops)
        self.flow.put(picture, boxes)
        exits = self._put_exits(picture, tops, floor)
        floor = max([floor, *(box.bottom for box in exits.values())])
        inner, pitch = self.flow.left - _NEAREST, self.form.pitch
        flow = self.sheet.flow
        SideChannels(picture, self.channels, flow, boxes, exits, inner, pitch, floor).put()
        self.listed.put(picture, self.margin)
        key = low - key_height(self.chart_wide)
        put_key(picture, self.margin, key, self.chart_wide)
        order = sorted(picture.boxes, key=lambda name: picture.boxes[name].place.middle[::-1])
        picture.boxes = {name: picture.boxes[name] for name in order}
        return picture

    def _tops(self, low: float) -> tuple[dict[str, float], float]:
        """Where each row begins, with what room is left shared out, and where the last ends."""
        rows = self._rows(self.cards)
        free = max(low - self.foot - self.first - sum(rows.values()), 0) / (len(rows) - 1)
        tops, y = {}, self.first
        for state, high in rows.items():
            tops[state] = y
            y += high + free
        return tops, y - free

    def _put_lanes(self, picture: Picture, tops: Mapping[str, float], floor: float) -> None:
        edges, top = self.cards.edges, self.top
        end = tops[self.sheet.flow[-1]] - 2 if self.beside else floor
        for n, lane in enumerate(self.cards.lanes):
            fill, edge, ink = style.LANES.get(lane[0], style.GREY)
            place = Rect(edges[n], top, edges[n + 1] - edges[n], end - top)
            picture.put(Shape(place, fill=fill, edge=edge, pen=0.6))
            for line, words in enumerate(self.headings[n]):
                at = (place.middle[0], top + 2 + 9 * (line + 0.5))
                picture.centre(words, at, place, bold=True, ink=ink)

    def _put_exits(
        self, picture: Picture, tops: Mapping[str, float], floor: float
    ) -> dict[str, Rect]:
        """The ends beside the way, under the lanes."""
        exits, left = self.sheet.exits, self.cards.edges[0] + 5
        y = tops[self.sheet.flow[-1]] if self.beside else floor + _AIR
        pitch = (self.cards.edges[-1] - left) / max(len(exits), 1)
        wide = min(_EXIT, pitch - 6)
        found = {
            end: Rect(left + pitch * n, y, wide, self.exit_height) for n, end in enumerate(exits)
        }
        for end, box in found.items():
            self.flow.put_state(picture, end, box)
        return found


def best(sheet: Sheet, page: tuple[float, float] = style.A4) -> Picture:
    """The sheet with the largest letters with which it has no fault.

    Questions, then a name on a card, are left out before letters go under the smallest; where
    nothing helps, the faults of the last try are told.
    """
    for fuller in _fuller(sheet):
        for layout in reversed(_fitting(sheet, replace(fuller, page=page))):
            picture = _checked(layout)
            if not picture.faults:
                return picture
    return _checked(Layout(sheet, replace(fuller, page=page)))


def _fuller(sheet: Sheet) -> Iterator[Form]:
    """What may be left out, from nothing on."""
    for questions in range(len(decisions(sheet)), -1, -1):
        yield Form(style.SMALLEST, *_CLOSER[0], questions)
    yield Form(style.SMALLEST, *_CLOSER[0], named=False)


def _fitting(sheet: Sheet, form: Form) -> list[Layout]:
    """The layouts that are low enough, from the smallest and closest letters up."""
    found: list[Layout] = []
    for step in range(int((style.LARGEST - style.SMALLEST) * 4) + 1):
        tried = (
            Layout(sheet, replace(form, letters=form.letters + step / 4, pitch=p, leading=leading))
            for p, leading in _CLOSER
        )
        fitting = [layout for layout in tried if layout.needed <= layout.low]
        if not fitting:
            break
        found += fitting
    return found


def roomy(
    sheet: Sheet, headline: str = "", now: Mapping[tuple[str, str], str] | None = None
) -> Picture:
    """The sheet with room in each box for what is laid over it, as high as it must be."""
    for fuller, (pitch, leading) in product(_fuller(sheet), reversed(_CLOSER)):
        form = replace(fuller, pitch=pitch, leading=leading, room=True, high=True)
        tried = (Layout(sheet, replace(form, listed=w), headline, now or {}) for w in _LISTS[::3])
        lowest = min(tried, key=lambda layout: layout.needed)
        picture = _checked(lowest)
        if not picture.faults:
            break
    return picture


def _checked(layout: Layout) -> Picture:
    """The sheet with its faults; one without room is only said to be too tall."""
    picture = layout.draw()
    if not picture.faults:
        picture.faults += [*faults(picture), *missing(layout.sheet, picture)]
    return picture


def check(sheet: Sheet) -> list[str]:
    """What on the chart's sheets cannot be read, or is not said; each in a plain sentence."""
    plain, kept = best(sheet), roomy(sheet)
    return [
        *(f"{sheet.title}: {fault}" for fault in plain.faults),
        *(f"{sheet.title}, with room for figures: {fault}" for fault in kept.faults),
    ]
