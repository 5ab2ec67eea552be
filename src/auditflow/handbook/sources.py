"""How the pages name a source."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from auditflow.drawing.labels import runs
from auditflow.drawing.model import Sheet
from auditflow.drawing.traceability import cited
from auditflow.guidance.citation import Kind, Source

#: What the guidance does not say, in the order of the page.
OUR_OWN: Final[tuple[Kind, ...]] = ("inferred", "chosen")


def references() -> dict[Source, str]:
    """Each source that a chart cites as the tables name it: “Prior, 1”, “Chosen: rebook meeting”.

    What the guidance does not say is named by the first line that rests on it, so that a name
    stays when another line is written; its places are said too where one event has several.
    """
    lines = {source: found[0] for source, found in cited().items()}
    events = Counter((s.kind, _event(line)) for s, line in lines.items())
    found = {}
    for source, line in lines.items():
        alone = events[source.kind, _event(line)] == 1
        ours = f"{source.kind.capitalize()}: {_event(line) if alone else line}"
        found[source] = source.citation if source.item else ours
    return found


def _event(line: str) -> str:
    return line.partition(" (")[0]


def behind(drawn: Sheet) -> dict[Kind, list[tuple[str, str]]]:
    """What one chart rests on, by its kind: how its tables name each source, and what it says."""
    lines = (*(row.source for row in drawn.rows), *(card.duty.source for card in drawn.cards))
    used = {source for line in lines for source in line}
    found: dict[Kind, list[tuple[str, str]]] = {"guidance": [], "inferred": [], "chosen": []}
    for source, name in references().items():
        if source in used:
            says = source.item.says if source.item else source.reason
            found[source.kind].append((name, says))
    return found


def named(sources: Iterable[Source], names: Mapping[Source, str]) -> str:
    """Sources as a cell names them; of one section only the numbers: “SMART, 1–5”."""
    sections: dict[str, list[str]] = {}
    ours = []
    for source in sources:
        if source.item is None:
            ours.append(names[source])
            continue
        section, _, number = names[source].rpartition(", ")
        sections.setdefault(section, []).append(number)
    said = (f"{section}, {runs(found, '–')}" for section, found in sections.items())
    return "; ".join((*said, *ours))
