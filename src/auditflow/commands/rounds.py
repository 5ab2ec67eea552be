"""The form about one month's audits: drawing them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from auditflow.audits import Role


@dataclass(frozen=True, kw_only=True)
class DrawRound:
    """Draw one month's cases at random (A1): so many of all, or a quota of each stratum."""

    month: date
    size: int | None = None
    #: Stratum to how many of it are drawn.
    quotas: Mapping[str, int] = field(default_factory=dict)
    #: How many more of each stratum stand by, to take the place of one that is withdrawn.
    reserves: int = 0
    #: Case reference to why the QA manager leaves it out.
    exclude: Mapping[str, str] = field(default_factory=dict)
    #: Given only to repeat a draw; otherwise one is made and stored.
    seed: str = ""
    #: Why it is drawn again; only while nothing of the month is distributed.
    again: str = ""
    name: ClassVar[str] = "draw_round"
    by: ClassVar[tuple[Role, ...]] = (Role.QA_TEAM,)
