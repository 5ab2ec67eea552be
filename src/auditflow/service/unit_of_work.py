"""Where commands about the office are dealt with: one person, one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from auditflow.audits import Person
from auditflow.calendar import london_date
from auditflow.commands import ImportPeople, may_do_office
from auditflow.commands.office import OfficeCommand
from auditflow.errors import Forbidden
from auditflow.machines.duties import Rules
from auditflow.machines.transition import Attribution
from auditflow.persistence.access_log import noting_denials
from auditflow.persistence.actors import authenticate
from auditflow.persistence.database import Mode
from auditflow.persistence.office import Office
from auditflow.persistence.register import Register, Versions
from auditflow.persistence.rounds import Rounds
from auditflow.persistence.rules import RulesCache
from auditflow.persistence.store import Store


@dataclass(frozen=True)
class OfficeDone:
    """What an office command did, in a sentence, with its figures and what to note."""

    says: str
    figures: Mapping[str, Any]
    warnings: tuple[str, ...] = ()


@dataclass
class Desk:
    """What an office command works with."""

    register: Register
    office: Office
    rules: Rules
    versions: Versions
    person: str
    now: datetime

    @property
    def today(self) -> date:
        """The London date of now."""
        return london_date(self.now)

    @property
    def attribution(self) -> Attribution:
        """Done now, by who asks."""
        return Attribution(self.now, self.now, self.person)

    @property
    def rounds(self) -> Rounds:
        """The rows of rounds, in the same transaction."""
        return Rounds(self.register.connection)


def at_desk(
    store: Store,
    rules_cache: RulesCache,
    command: OfficeCommand,
    who: str,
    now: datetime,
    work: Callable[[Desk], OfficeDone],
) -> OfficeDone:
    """One transaction for a person who may send this command; otherwise a refusal, and its line."""

    def settle(connection: Connection) -> OfficeDone:
        register, office = Register(connection), Office(connection)
        _, person, versions, _ = register.open("", who)
        _demand_post(person, command, office, who, london_date(now))
        return work(Desk(register, office, rules_cache.at(versions, office), versions, who, now))

    with noting_denials(store, now):
        return store.transact(settle, Mode.WHOLE)


def _demand_post(
    person: Person | None, command: OfficeCommand, office: Office, who: str, today: date
) -> None:
    if isinstance(command, ImportPeople) and not office.people():
        return  # Somebody must be the first; the list says who.
    person = authenticate(person, who, command.name, today)
    if not may_do_office(person, command.by):
        wanted = " or ".join(r.title for r in command.by)
        message = f"That is for: {wanted}. {person.name} is none of these."
        raise Forbidden(message, 0, person.id, command.name)
