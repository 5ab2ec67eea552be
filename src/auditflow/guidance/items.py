"""The live case-file audit guidance as numbered items, each paraphrased in a plain sentence.

Source: Bracknell Forest, Live Quality Assurance Audit Framework & Toolkit, January 2020, told in
`items.md`. A section and a number together are a citation ("Post, 1").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from auditflow.guidance import parts

GUIDANCE_VERSION: Final = "January 2020"
"""The month the guidance was issued; pinned on an audit when it starts."""

_PARTS: Final = parts("items")
_LINE: Final = re.compile(r"^([0-9]+)\. (.+)(?:\n +No step: (.+))?", re.MULTILINE)

SECTIONS: Final = MappingProxyType({name: part.title for name, part in _PARTS.items()})
"""Each section's short name, as citations use it, with its title."""


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered statement of the guidance: its section, its number there and what it says."""

    section: str
    number: int
    says: str
    #: Why no chart carries it; empty where it is a step of a process.
    no_step_because: str = ""

    @property
    def citation(self) -> str:
        """How the item is cited, such as "Prior, 1"."""
        return f"{self.section}, {self.number}"


def _items() -> Iterator[Item]:
    for section, part in _PARTS.items():
        for number, says, because in _LINE.findall(part.text):
            yield Item(section, int(number), says, because)


ITEMS: Final = tuple(_items())
"""Every item, in the order of the guidance."""

NOT_A_STEP: Final = MappingProxyType(
    {item.citation: item.no_step_because for item in ITEMS if item.no_step_because}
)
"""Citation to reason, for the items that no chart carries because they are no step of a process."""

_BY_CITATION: Final = {item.citation: item for item in ITEMS}


def find(citation: str) -> Item:
    """Give the item cited as "Section, number"; LookupError names what there is to cite."""
    item = _BY_CITATION.get(citation)
    if item is not None:
        return item
    section = citation.partition(",")[0].strip()
    known = [one.citation for one in ITEMS if one.section == section]
    if known:
        raise LookupError(f"The guidance has no “{citation}”; {section} has {'; '.join(known)}.")
    raise LookupError(f"The guidance has no “{citation}”; its sections are {', '.join(SECTIONS)}.")
