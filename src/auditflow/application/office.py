"""What is asked about the office: its people, its calendar, its policy."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection

from auditflow.audits import Deputyship, Person
from auditflow.calendar import Calendar
from auditflow.machines.duties import Rules
from auditflow.persistence.office import Office
from auditflow.persistence.people import Staff
from auditflow.queries import PolicyChange, PolicyInForce, policy_history, policy_in_force
from auditflow.queries.names import Names


class _Asked(Protocol):
    """What these questions need of the app."""

    def _asked(self) -> AbstractContextManager[Connection]: ...

    def rules(self, connection: Connection) -> Rules: ...


class AsksOffice:
    """The part of the app that answers for the office."""

    def people(self: _Asked) -> list[Person]:
        """Everybody on the people list."""
        with self._asked() as connection:
            return Office(connection).people()

    def names(self: _Asked, people: Iterable[str]) -> dict[str, str]:
        """What these people are called, by id."""
        ids = set(people)
        with self._asked() as connection:
            known = Names(connection).learn(ids)
            return {i: known.of(i) for i in ids}

    def deputyships(self: _Asked) -> list[Deputyship]:
        """Who stands, stood or will stand in for whom."""
        with self._asked() as connection:
            return Staff(connection).deputyships()

    def calendar(self: _Asked) -> Calendar:
        """The calendar in force."""
        with self._asked() as connection:
            return self.rules(connection).calendar

    def policy(self: _Asked) -> PolicyInForce:
        """Each setting as it holds."""
        with self._asked() as connection:
            return policy_in_force(connection)

    def policy_history(self: _Asked) -> list[PolicyChange]:
        """Every change of the policy."""
        with self._asked() as connection:
            return policy_history(connection)
