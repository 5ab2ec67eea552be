"""Drawing each stratum's quota and its reserves; what falls short is told, never filled."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Literal

import msgspec

from auditflow.sampling.ranking import digest, ranked

#: Annex A, list 6: case status a to d; care leavers are on list 9.
STRATA: Final = (
    "looked_after",
    "child_protection",
    "child_in_need",
    "open_assessment",
    "care_leaver",
)
#: The one stratum of a draw that asks for no more than a number of cases.
ALL: Final = "all"

Result = Literal["drawn", "reserve", "not_drawn", "excluded"]


class CaseResult(msgspec.Struct, frozen=True):
    """What became of one case of the list; `rank` is its place within its stratum, from 1."""

    reference: str
    stratum: str
    result: Result
    rank: int = 0
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Stratum:
    """One stratum's figures."""

    name: str
    eligible: int
    quota: int
    drawn: int
    reserves_asked: int
    reserves: int

    @property
    def short(self) -> int:
        """How many cases fewer than its quota were there."""
        return self.quota - self.drawn

    @property
    def reserves_short(self) -> int:
        """How many reserves fewer than asked for were there."""
        return self.reserves_asked - self.reserves

    def figures(self) -> dict[str, Any]:
        """The figures as a document."""
        return {
            "stratum": self.name,
            "eligible": self.eligible,
            "quota": self.quota,
            "drawn": self.drawn,
            "short": self.short,
            "reserves": self.reserves,
            "reserves_short": self.reserves_short,
        }


def draw_strata(
    pool: Mapping[str, str], quotas: Mapping[str, int], reserves: int, seed: str
) -> list[CaseResult]:
    """Rank each stratum of the pool (reference to stratum) and take quota and reserves from it."""
    taken: list[CaseResult] = []
    for stratum in _in_order(quotas, pool.values()):
        members = (r for r, s in pool.items() if s == stratum)
        quota = quotas.get(stratum)
        for rank, reference in enumerate(ranked(members, seed), start=1):
            taken.append(CaseResult(reference, stratum, _result(rank, quota, reserves), rank))
    return taken


def _in_order(quotas: Mapping[str, int], found: Iterable[str]) -> Iterator[str]:
    known = {name: place for place, name in enumerate(STRATA)}
    return iter(sorted({*quotas, *found}, key=lambda s: (known.get(s, len(known)), s)))


def _result(rank: int, quota: int | None, reserves: int) -> Result:
    if quota is None:
        return "not_drawn"
    if rank <= quota:
        return "drawn"
    return "reserve" if rank <= quota + reserves else "not_drawn"


def figures(
    entries: Iterable[CaseResult], quotas: Mapping[str, int], reserves: int
) -> list[Stratum]:
    """Each stratum's figures; a quota of which nothing could be drawn is among them."""
    listed = [e for e in entries if e.result != "excluded"]
    return [
        Stratum(
            name,
            eligible=sum(e.stratum == name for e in listed),
            quota=quotas.get(name, 0),
            drawn=sum((e.stratum, e.result) == (name, "drawn") for e in listed),
            reserves_asked=reserves if name in quotas else 0,
            reserves=sum((e.stratum, e.result) == (name, "reserve") for e in listed),
        )
        for name in _in_order(quotas, (e.stratum for e in listed))
    ]


def pool_digest(entries: Iterable[CaseResult]) -> str:
    """What proves which cases could be drawn, each within its stratum."""
    return digest(f"{e.reference}\t{e.stratum}" for e in entries if e.result != "excluded")


def list_digest(entries: Iterable[CaseResult]) -> str:
    """What proves later that no entry of the list was changed, added or taken away."""
    lines = sorted(
        "\t".join((e.reference, e.stratum, e.result, str(e.rank), e.reason, e.detail))
        for e in entries
    )
    return sha256("\n".join(lines).encode()).hexdigest()
