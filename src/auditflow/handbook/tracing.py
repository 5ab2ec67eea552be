"""What each source says, and which lines of the charts rest on it."""

from collections.abc import Iterator, Sequence

from auditflow.drawing.labels import plain
from auditflow.drawing.model import Sheet, sheet
from auditflow.drawing.traceability import cited, traced
from auditflow.guidance.citation import Source
from auditflow.handbook.markup import table
from auditflow.handbook.merged import places, to
from auditflow.handbook.sources import references
from auditflow.machines.charts import CHARTS
from auditflow.machines.rows import Row


def items() -> str:
    """Each sentence of the guidance with the chart lines that cite it."""
    sources = {s.item.citation: s for s in cited() if s.item is not None}
    rows = (
        (
            one.item.citation,
            one.item.says,
            "; ".join(_lines(sources[one.item.citation]))
            if one.item.citation in sources
            else f"No step: {one.because}",
        )
        for one in traced()
    )
    return table(("Guidance", "What it says", "Where it is"), rows)


def reasons(kind: str) -> str:
    """Each reason of ours of that kind, with the chart lines that rest on it."""
    names = references()
    rows = ((names[s], s.reason, "; ".join(_lines(s))) for s in cited() if s.kind == kind)
    return table(("Name", "The reason", "Where it is"), rows)


def _lines(source: Source) -> Iterator[str]:
    """Every step and duty that cites the source; a step at several places said once."""
    for name, chart in CHARTS.items():
        drawn = sheet(name)
        groups: dict[tuple[str, bool], list[Row]] = {}
        for row in chart.rows:
            if source in row.source:
                groups.setdefault((row.event, row.start == row.end), []).append(row)
        for (event, _), rows in groups.items():
            yield f"{plain(event)} ({_where(drawn, rows)})"
        yield from (f"duty “{duty.title}”" for duty in chart.duties if source in duty.source)


def _where(drawn: Sheet, rows: Sequence[Row]) -> str:
    start = places([row.start for row in rows], drawn)
    stays = rows[0].start == rows[0].end
    return f"at {start}" if stays else f"{start} → {to(drawn, rows)}"
