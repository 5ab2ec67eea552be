"""How the pages name a source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Final

from auditflow.drawing.model import Sheet
from auditflow.drawing.traceability import cited
from auditflow.guidance.citation import Kind, Source

#: What the guidance does not say, in the order of the page.
OUR_OWN: Final[tuple[Kind, ...]] = ("inferred", "chosen")


def references() -> dict[Source, str]:
    """Each source that a chart cites as the tables name it: “Prior, 1”, “Inferred, 3”."""
    found = {}
    numbers = {kind: count(1) for kind in OUR_OWN}
    for source in cited():
        if source.item is not None:
            found[source] = source.citation
        else:
            found[source] = f"{source.kind.capitalize()}, {next(numbers[source.kind])}"
    return found


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
    """Sources as a cell names them; of one section only the numbers: “SMART, 1, 2, 3”."""
    by_section: dict[str, list[str]] = {}
    for source in sources:
        section, _, number = names[source].partition(", ")
        by_section.setdefault(section, []).append(number)
    return "; ".join(f"{section}, {_run(found)}" for section, found in by_section.items())


def _run(numbers: Sequence[str]) -> str:
    """“1–5” for a run of three or more, otherwise each."""
    first, last = int(numbers[0]), int(numbers[-1])
    if len(numbers) > 2 and last - first == len(numbers) - 1:  # noqa: PLR2004 - a run is three
        return f"{first}–{last}"
    return ", ".join(numbers)
