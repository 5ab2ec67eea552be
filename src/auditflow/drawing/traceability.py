"""What traces to what: each source, and the chart lines that cite it."""

from collections import defaultdict
from dataclasses import dataclass

from auditflow.drawing.labels import plain
from auditflow.guidance.citation import Source
from auditflow.guidance.items import ITEMS, NOT_A_STEP, Item
from auditflow.machines.charts import CHARTS


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
            why = "say in guidance/items.md why it is no step"
            return f"No line of a chart cites “{name}”: cite it, or {why}."
        return ""


def traced() -> tuple[Traced, ...]:
    """Every item of the guidance, in its order."""
    found = {s.item.citation: lines for s, lines in cited().items() if s.item is not None}
    return tuple(
        Traced(i, tuple(found.get(i.citation, ())), NOT_A_STEP.get(i.citation, "")) for i in ITEMS
    )


def holes() -> list[str]:
    """What the traceability table lacks, each in a sentence."""
    return [one.hole for one in traced() if one.hole]


def cited() -> dict[Source, list[str]]:
    """Every source that a line of a chart cites, in the charts' order, with those lines."""
    found: dict[Source, dict[str, None]] = defaultdict(dict)
    for chart in CHARTS.values():
        for row in chart.rows:
            start, end = chart.states[row.start].title, chart.states[row.end].title
            where = f"at {start}" if row.start == row.end else f"{start} → {end}"
            for source in row.source:
                found[source][f"{plain(row.event)} ({where})"] = None
        for duty in chart.duties:
            for source in duty.source:
                found[source][f"duty “{duty.title}”"] = None
    return {source: list(lines) for source, lines in found.items()}
