"""A line of an audit's journal, with the audit before and after it and the world in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from auditflow.audits import SYSTEM, Audit, Level, level_of
from auditflow.machines.duties import Rules


@dataclass(frozen=True)
class Line:
    """`body` is its text, as read."""

    body: dict[str, Any]
    before: Audit | None
    after: Audit
    rules: Rules

    @property
    def event(self) -> str:
        return str(self.body["event"])

    @property
    def kind(self) -> str:
        return str(self.body["subject"]).partition(" ")[0]

    @property
    def n(self) -> int:
        return int(str(self.body["subject"]).partition(" ")[2] or 0)

    @property
    def moves(self) -> bool:
        return bool(self.body["before"] != self.body["after"])

    @property
    def level(self) -> Level | None:
        """The level an escalation came to by it."""
        rises = self.kind == "escalation" and self.moves
        return level_of(self.body["after"]) if rises else None

    @property
    def by_the_clock(self) -> bool:
        return bool(self.body["who"] == SYSTEM.id)

    @cached_property
    def recorded_at(self) -> datetime:
        return datetime.fromisoformat(self.body["recorded_at"])

    @cached_property
    def happened_at(self) -> datetime:
        return datetime.fromisoformat(self.body["happened_at"])

    def words(self) -> Iterator[str]:
        """What happened, for counting."""
        yield f"{self.kind} {self.event}"
        yield f"{self.kind} at {self.body['after']}"
        if self.event == "raise":
            raised = self.after.escalation(self.n)
            assert raised is not None
            yield raised.trigger.value
        if "for" in self.body:
            yield "acting for"
