"""Where a box or an arrow of a chart comes from: the guidance, an inference, or our own choice."""

from dataclasses import dataclass
from typing import Literal

from auditflow.guidance.items import Item, find

Kind = Literal["guidance", "inferred", "chosen"]
"""Said by the guidance; read out of it or others' practice; decided by the design."""


@dataclass(frozen=True, slots=True)
class Source:
    """One citation: either an item of the guidance, or a reason where the guidance is silent."""

    kind: Kind
    item: Item | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if (self.kind == "guidance") != (self.item is not None):
            raise ValueError("A source cites an item exactly when it is the guidance.")
        if self.item is None and not self.reason.strip():
            raise ValueError("What the guidance does not say needs a reason.")

    @property
    def citation(self) -> str:
        """How to name the source in a table: "Prior, 1", "inferred" or "chosen"."""
        return self.item.citation if self.item else self.kind

    @property
    def words(self) -> str:
        """The source as a sentence a reader can check."""
        if self.item:
            return f"{self.item.citation}: {self.item.says}"
        return f"{self.kind.capitalize()}: {self.reason}"


def cite(citation: str) -> Source:
    """Cite an item of the guidance, such as "Prior, 1"; LookupError if there is none."""
    return Source("guidance", item=find(citation))


def inferred(reason: str) -> Source:
    """Say why something not in the text follows from it, or from comparable councils' practice."""
    return Source("inferred", reason=reason)


def chosen(reason: str) -> Source:
    """Say why we decided something that neither the text nor others' practice settles."""
    return Source("chosen", reason=reason)
