"""The list beside the chart: of every number what happens, who brings it, if what, and the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final

from auditflow.audits import ENTRY, JOINT, Level, Trigger
from auditflow.drawing import style
from auditflow.drawing.labels import cited, conditions, listed, receivers, short
from auditflow.drawing.model import Arrow, Sheet
from auditflow.drawing.picture import Picture, Walk
from auditflow.drawing.text_metrics import width

_AFTER: Final = 0.7
#: A heading with the room above it.
_BEFORE: Final = 15.0
_SPACE: Final = width(" ", style.TEXT)
_HEADING: Final = "What happens"
_TRIGGERS: Final = "What raises it, and where it begins"

Word = tuple[str, bool]


@dataclass(frozen=True)
class Entry:
    """A number, or a run of them, with its words, each bold or not."""

    number: str
    words: tuple[Word, ...]


def entries(sheet: Sheet, now: Mapping[Walk, str]) -> list[Entry]:
    """Every arrow of the chart; lines that differ only by their places are one.

    `now` holds what is laid over an arrow, by its row.
    """
    groups: dict[object, list[Arrow]] = {}
    for arrow in sheet.arrows:
        row = arrow.row
        key = arrow.event, row.by, conditions(sheet.chart, row.guards), row.raises, row.question
        groups.setdefault(key, []).append(arrow)
    firsts = {arrow.event: arrow for arrow in reversed(sheet.arrows)}
    return [_entry(sheet, arrows, now, first=arrows[0] is firsts[arrows[0].event]) for arrows in groups.values()]


def _entry(
    sheet: Sheet, arrows: Sequence[Arrow], now: Mapping[Walk, str], *, first: bool
) -> Entry:
    number, last = arrows[0].number, arrows[-1].number
    number += f"–{last[-1]}" if len(arrows) > 1 else ""
    row, end = arrows[0].row, arrows[0].end
    to = f" (to {sheet.states[end].title})" if end in sheet.exits else ""
    asks = f"{row.question} " if row.question and first else f"{row.answers}. ".lstrip(". ")
    needs = conditions(sheet.chart, row.guards)
    who = listed(short(role) for role in row.by)
    says = f"{asks}{who}{f', if {needs}' if needs else ''}."
    if row.raises:
        says += f" Raises {row.raises} → {receivers(row.raises)}."
    if row.solid:
        says += f" [{cited(row.source)}]"
    figures = (_figure(sheet, w, now, len(arrows)) for a in arrows for w in _walks(a) if w in now)
    words = [*_words(f"{arrows[0].says}{to}:", bold=True), *_words(says)]
    return Entry(number, (*words, *_words("; ".join(figures), bold=True)))


def _walks(arrow: Arrow) -> Iterator[Walk]:
    return ((row.start, row.event, row.end) for row in arrow.rows)


def _figure(sheet: Sheet, walk: Walk, now: Mapping[Walk, str], many: int) -> str:
    return f"{sheet.states[walk[0]].title}: {now[walk]}" if many > 1 else now[walk]


def triggers(sheet: Sheet) -> list[Entry]:
    """What brings an escalation in, for the chart whose states are its levels."""
    return [Entry(str(t), tuple(_words(_begins(t)))) for t in Trigger if sheet.climbs]


def _begins(trigger: Trigger) -> str:
    level, joint = ENTRY[trigger], JOINT.get(trigger)
    says = f"{trigger.says}: level {level}"
    if level is Level.L1:  # it starts above whoever missed it
        return f"{says}, or {level + 1} if the {level.holder.title.lower()} missed it"
    return f"{says} with level {joint}" if joint else says


def _words(text: str, *, bold: bool = False) -> Iterable[Word]:
    return ((word, bold) for word in text.split())


@dataclass(frozen=True)
class NumberedList:
    """The list of a sheet, between two edges."""

    sheet: Sheet
    now: Mapping[Walk, str]
    left: float
    right: float
    leading: float

    @cached_property
    def _parts(self) -> list[tuple[str, list[Entry]]]:
        parts = (_HEADING, entries(self.sheet, self.now)), (_TRIGGERS, triggers(self.sheet))
        return [(heading, found) for heading, found in parts if found]

    @property
    def high(self) -> float:
        """How much room it takes from the top down."""
        found = [entry for _, part in self._parts for entry in part]
        lines = sum(len(self._lines(entry)) for entry in found)
        return lines * self.leading + len(found) * _AFTER + len(self._parts) * _BEFORE

    @cached_property
    def _indent(self) -> float:
        found = (entry.number for _, part in self._parts for entry in part)
        return max(width(number, style.TEXT, bold=True) for number in found) + 4

    def _lines(self, entry: Entry) -> list[list[Word]]:
        """The entry's words in lines as wide as there is room behind the number."""
        room = self.right - self.left - self._indent
        lines: list[list[Word]] = [[]]
        x = 0.0
        for word, bold in entry.words:
            wide = width(word, style.TEXT, bold=bold)
            if lines[-1] and x + wide > room:
                lines.append([])
                x = 0
            lines[-1].append((word, bold))
            x += wide + _SPACE
        return lines

    def put(self, picture: Picture, top: float) -> None:
        """Write the list from `top` down."""
        y = top
        for heading, part in self._parts:
            picture.write(heading, self.left, y + _BEFORE - 8, bold=True)
            y += _BEFORE
            for entry in part:
                picture.write(entry.number, self.left, y + self.leading / 2, bold=True)
                for line in self._lines(entry):
                    self._put_line(picture, line, y + self.leading / 2)
                    y += self.leading
                y += _AFTER

    def _put_line(self, picture: Picture, line: Sequence[Word], y: float) -> None:
        x = self.left + self._indent
        for bold, run in groupby(line, key=lambda word: word[1]):
            text = " ".join(word for word, _ in run)
            picture.write(text, x, y, bold=bold)
            x += width(text, style.TEXT, bold=bold) + _SPACE
