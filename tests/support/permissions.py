"""Who may do what, typed once: by hand from the domain text, in paper/permissions.csv."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from auditflow.audits import Role

PAPER: Final = Path(__file__).parents[1] / "paper" / "permissions.csv"
_SCOPES: Final = ("all", "own")


class Typed(NamedTuple):
    """The roles that may in every audit, and those that may in their own only."""

    everywhere: frozenset[Role]
    own: frozenset[Role]

    def may(self, *, own: bool) -> frozenset[Role]:
        """The roles that may in an audit of their own, or in one of others."""
        return self.everywhere | self.own if own else self.everywhere

    def cell(self, role: Role) -> str:
        """What the table of permissions is to say of a role."""
        return "all" if role in self.everywhere else "own" if role in self.own else "-"


@cache
def typed() -> dict[tuple[str, str], Typed]:
    """Each line of the paper, by what it is about and the action."""
    with PAPER.open(encoding="utf-8") as file:
        return {
            (r["about"], r["action"]): Typed(*(frozenset(map(Role, r[k].split())) for k in _SCOPES))
            for r in csv.DictReader(file)
        }
