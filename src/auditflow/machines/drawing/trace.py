"""The traceability table: each sentence of the guidance, and the chart lines that cite it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from auditflow.guidance.citation import Source
from auditflow.guidance.items import ITEMS, NOT_A_STEP, Item
from auditflow.machines.charts import CHARTS
from auditflow.machines.drawing.tables import table
from auditflow.machines.drawing.words import plain


@dataclass(frozen=True)
class Traced:
    """An item of the guidance with the chart lines that cite it, or why none does."""

    item: Item
    lines: tuple[str, ...]
    because: str

    @property
    def hole(self) -> str:
        """What is wrong with it, in a sentence; empty where nothing is."""
        name = self.item.citation
        if self.lines and self.because:
            return (
                f"“{name}” is cited by the charts and yet listed as no step: drop one of the two."
            )
        if not self.lines and not self.because:
            return f"No line of a chart cites “{name}”: cite it, or say in NOT_A_STEP why not."
        return ""


def traced() -> tuple[Traced, ...]:
    """Every item of the guidance, in its order."""
    cited = _cited()
    return tuple(
        Traced(i, tuple(cited.get(i.citation, ())), NOT_A_STEP.get(i.citation, "")) for i in ITEMS
    )


def holes() -> list[str]:
    """What the traceability table lacks, each in a sentence."""
    return [one.hole for one in traced() if one.hole]


def _cited() -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)

    def note(sources: tuple[Source, ...], line: str) -> None:
        for source in sources:
            if source.item is not None:
                found[source.item.citation][line] = None

    for chart in CHARTS.values():
        for row in chart.rows:
            start, end = chart.states[row.start].title, chart.states[row.end].title
            where = f"at {start}" if row.start == row.end else f"{start} → {end}"
            note(row.source, f"{plain(row.event)} ({where})")
        for duty in chart.duties:
            note(duty.source, f"duty “{duty.title}”")
    return {citation: list(lines) for citation, lines in found.items()}


def traceability() -> str:
    """The table as a Markdown document."""
    rows = [
        (one.item.citation, one.item.says, "; ".join(one.lines) or f"No step: {one.because}")
        for one in traced()
    ]
    head = (
        "# From the guidance to the charts\n\nEach sentence of the guidance, in our own words, and"
        " where the charts carry it out. Made by `auditflow chart draw`; not to be edited by hand."
    )
    return f"{head}\n\n{table(('Guidance', 'What it says', 'Where it is'), rows)}\n"
