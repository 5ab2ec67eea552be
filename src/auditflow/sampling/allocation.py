"""Giving cases to auditors: none to whom it is not independent, and evenly spread.

Cases are given out one by one; each time the auditor with the least to do of all who can be
reached is taken, where cases given before may change hands on the way. This is known to end in
the most even spread there is (Harvey, Ladner, Lovász and Tamir, Semi-matchings for bipartite
graphs and load balancing, 2006), so where independence allows nobody has two more than another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from auditflow.audits import Person, Role


@dataclass(frozen=True, kw_only=True)
class ToAllocate:
    """An audit to be given to somebody, with what decides who may take it."""

    reference: str
    team: str
    line: tuple[str, ...] = ()
    key_worker: str = ""
    restricted: bool = False
    #: Who audited this case before, or worked it.
    held_by: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Plan:
    """Who gets which audit; which can be given to nobody, and why each auditor is ruled out."""

    given: dict[str, str] = field(default_factory=dict)
    impossible: dict[str, dict[str, str]] = field(default_factory=dict)
    #: Auditors who may take none of these audits.
    idle: tuple[str, ...] = ()


def ruled_out(auditor: Person, audit: ToAllocate) -> str:
    """Why this auditor may not take this audit; empty where they may."""
    reasons = {
        "is not trained": not auditor.trained,
        "is of the case's team": auditor.team == audit.team,
        "is in the case's line of management": auditor.id in audit.line,
        "is its key worker": auditor.id == audit.key_worker,
        "has held this case before": auditor.id in audit.held_by,
        "is not cleared for restricted records": audit.restricted and not auditor.cleared,
    }
    return next((words for words, holds in reasons.items() if holds), "")


def auditors(people: Sequence[Person]) -> list[Person]:
    """Those who audit and have not left, by id."""
    here = (p for p in people if Role.AUDITOR in p.roles and p.left_on is None)
    return sorted(here, key=lambda p: p.id)


def allocate(
    audits: Sequence[ToAllocate],
    people: Sequence[Person],
    loads: Mapping[str, int],
    before: Mapping[str, int] | None = None,
) -> Plan:
    """Give each audit to an auditor who may take it.

    `loads` is what each holds of the month already; among equals whoever held fewer `before` is
    taken. The order of audits and of people makes no difference.
    """
    found = auditors(people)
    whys = {a.reference: {p.id: ruled_out(p, a) for p in found} for a in audits}
    may = {ref: [p for p, why in out.items() if not why] for ref, out in whys.items()}
    order = {p.id: ((before or {}).get(p.id, 0), p.id) for p in found}
    spread = _Spread(may, loads, order)
    for reference in sorted(ref for ref in may if may[ref]):
        spread.give(reference)
    return Plan(
        given=dict(sorted(spread.given.items())),
        impossible={ref: whys[ref] for ref in sorted(may) if not may[ref]},
        idle=tuple(p.id for p in found if may and not any(p.id in who for who in may.values())),
    )


class _Spread:
    """The audits given so far, and what each auditor then holds."""

    def __init__(
        self,
        may: Mapping[str, Sequence[str]],
        loads: Mapping[str, int],
        order: Mapping[str, tuple[int, str]],
    ) -> None:
        self._may = may
        self._order = order
        self._loads = {who: loads.get(who, 0) for who in order}
        self.given: dict[str, str] = {}

    def give(self, reference: str) -> None:
        """Give one more, handing on what was given before where that spreads better."""
        came: dict[str, str] = {}  # auditor → the audit by which they were reached
        waiting = [reference]
        while waiting:
            audit = waiting.pop(0)
            for who in self._may[audit]:
                if who not in came:
                    came[who] = audit
                    waiting += sorted(a for a, owner in self.given.items() if owner == who)
        taker = min(came, key=lambda who: (self._loads[who], self._order[who]))
        self._loads[taker] += 1
        while taker:
            audit = came[taker]
            before = self.given.get(audit, "")
            self.given[audit] = taker
            taker = before
