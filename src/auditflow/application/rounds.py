"""What is asked about a month's round."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import Connection

from auditflow.audits import Person
from auditflow.commands import may_see_rounds
from auditflow.errors import Forbidden
from auditflow.machines.duties import Rules
from auditflow.persistence.store import Store
from auditflow.queries.allocation import Allocation, allocation
from auditflow.queries.months import Month, months
from auditflow.queries.round_proof import RoundProof, round_proof
from auditflow.queries.rounds import RoundPage, round_page


class _Asked(Protocol):
    """What these questions need of the app."""

    store: Store

    @property
    def at(self) -> datetime: ...

    def _asked(self) -> AbstractContextManager[Connection]: ...

    def rules(self, connection: Connection) -> Rules: ...


class AsksRounds:
    """The part of the app that answers for rounds."""

    def round(self: _Asked, person: Person, month: date) -> RoundPage:
        """The round of a month; NotFound if it was not drawn."""
        with self._asked() as connection:
            return round_page(connection, person, month, self.at, self.rules(connection))

    def months(self: _Asked, before: date | None = None) -> tuple[list[Month], bool]:
        """The last months drawn, or the last before one, in figures, and whether more were."""
        with self._asked() as connection:
            return months(connection, self.at, self.rules(connection), before)

    def round_proof(
        self: _Asked, person: Person, month: date, attempt: int | None = None
    ) -> RoundProof:
        """Draw a month again from what is stored, and compare."""
        with self._asked() as connection:
            _demand(person, "round_proof")
            return round_proof(connection, person, month, attempt)

    def allocation(self: _Asked, person: Person, month: date) -> Allocation:
        """Who would get each audit of the month that waits to be distributed."""
        with self._asked() as connection:
            _demand(person, "round_distribute")
            return allocation(connection, month)


def _demand(person: Person, what: str) -> None:
    """Refuse who may not see which cases were drawn."""
    if not may_see_rounds(person):
        says = "Which cases were drawn is for the QA Team to see. Ask them."
        raise Forbidden(says, 0, person.id, what)
