"""The list beside the chart: what happens under each number, by whom, if what, with its source."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final

from auditflow.audits import JOINT, Trigger
from auditflow.drawing import style
from auditflow.drawing.labels import cited, conditions, listed, receivers, short
from auditflow.drawing.model import Arrow, Sheet
from auditflow.drawing.picture import Picture
from auditflow.drawing.text_metrics import width
from auditflow.machines.rows import Row

_AFTER: Final = 0.7
#: A heading with the room above it.
_BEFORE: Final = 15.0
_SPACE: Final = width(" ", style.TEXT)
_HEADING: Final = "What happens"
_TRIGGERS: Final = "What raises it"

Word = tuple[str, bool]


@dataclass(frozen=True)
class Entry:
    """A number, or a run of them, with its words, each bold or not."""

    number: str
    words: tuple[Word, ...]


#: A heading and what stands under it.
Part = tuple[str, list[Entry]]


def entries(sheet: Sheet, now: Mapping[tuple[str, str], str]) -> list[Entry]:
    """Every arrow of the chart; lines that differ only by their places are one.

    `now` holds what is laid over arrows, by the state they leave and their event.
    """
    groups: dict[object, list[Arrow]] = {}
    for arrow in sheet.arrows:
        row = arrow.row
        key = arrow.event, row.by, conditions(sheet.chart, row.guards), row.raises, row.question
        groups.setdefault(key, []).append(arrow)
    left = dict(now)
    firsts = {arrow.event: arrow for arrow in reversed(sheet.arrows)}
    return [
        _entry(sheet, arrows, left, first=arrows[0] is firsts[arrows[0].event])
        for arrows in groups.values()
    ]


def _entry(
    sheet: Sheet, arrows: Sequence[Arrow], now: dict[tuple[str, str], str], *, first: bool
) -> Entry:
    number, last = arrows[0].number, arrows[-1].number
    number += f"–{last[-1]}" if len(arrows) > 1 else ""
    row, end = arrows[0].row, arrows[0].end
    to = f" (to {sheet.states[end].title})" if end in sheet.exits else ""
    asks = f"{row.question} " if row.question and first else f"{row.answers}. ".lstrip(". ")
    needs = listed(_needs(sheet, row), "and")
    who = listed(short(role) for role in row.by)
    says = f"{asks}{who}{f', if {needs}' if needs else ''}."
    if row.raises:
        says += f" Raises {row.raises} → {receivers(row.raises)}."
    if row.solid:
        # A section and its number stay on one line.
        says += f" [{cited(row.source)}]".replace(", ", ",\u00a0")
    figures = _figures(sheet, [row for arrow in arrows for row in arrow.rows], now)
    words = [*_words(f"{arrows[0].says}{to}:", bold=True), *_words(says)]
    return Entry(number, (*words, *_words("; ".join(figures), bold=True)))


def _figures(sheet: Sheet, rows: Sequence[Row], now: dict[tuple[str, str], str]) -> list[str]:
    """What is laid over these arrows, said once; of several, each with the state it leaves."""
    found = [(sheet.states[r.start].title, now.pop((r.start, r.event), "")) for r in rows]
    return [f"{title}: {words}" if len(rows) > 1 else words for title, words in found if words]


def triggers(sheet: Sheet) -> list[Entry]:
    """What brings an escalation in, for the chart whose states are its levels."""
    return [Entry(str(t), tuple(_words(_raised(t)))) for t in Trigger if sheet.climbs]


def _raised(trigger: Trigger) -> str:
    joint = JOINT.get(trigger)
    return f"{trigger.title} (with level {joint})" if joint else trigger.title


def _needs(sheet: Sheet, row: Row) -> Iterator[str]:
    """The guards in words; where an escalation begins, with what they mean in full."""
    begins = sheet.climbs and sheet.states[row.start].initial
    for words, (name, _) in zip(conditions(sheet.chart, row.guards), row.guards, strict=False):
        yield f"{words} ({sheet.chart.guards[name].means.rstrip('.')})" if begins else words


def _words(text: str, *, bold: bool = False) -> Iterable[Word]:
    return ((word, bold) for word in text.split(" ") if word)


def listed_parts(sheet: Sheet, now: Mapping[tuple[str, str], str]) -> list[Part]:
    """All that a sheet lists, under its headings."""
    parts = (_HEADING, entries(sheet, now)), (_TRIGGERS, triggers(sheet))
    return [(heading, found) for heading, found in parts if found]


@dataclass(frozen=True)
class NumberedList:
    """The list of a sheet, between two edges."""

    parts: Sequence[Part]
    left: float
    right: float
    leading: float

    @property
    def high(self) -> float:
        """How much room it takes from the top down."""
        found = [entry for _, part in self.parts for entry in part]
        lines = sum(len(self._lines(entry)) for entry in found)
        return lines * self.leading + len(found) * _AFTER + len(self.parts) * _BEFORE

    @cached_property
    def _indent(self) -> float:
        found = (entry.number for _, part in self.parts for entry in part)
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
        for heading, part in self.parts:
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
