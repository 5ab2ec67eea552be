"""What the watch of a store knows, from the journal and from the commands that went through."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from auditflow.audits import Audit, Deputyship, Person
from auditflow.calendar import bundled
from auditflow.commands import AppointDeputy, ImportCalendar, ImportPeople, Leave, Return, SetPolicy
from auditflow.commands.office import OfficeCommand
from auditflow.machines.duties import Rules
from auditflow.persistence.journal import NOTHING
from auditflow.persistence.rules import LIMITS
from auditflow.policy import Policy, policy_of


class Head(NamedTuple):
    """The last line of a chain."""

    seq: int = 0
    hash: str = NOTHING
    recorded_at: str = ""


@dataclass
class Known:
    """Each audit as its lines give it, the office as commands made it."""

    audits: dict[int, Audit] = field(default_factory=dict)
    references: dict[int, str] = field(default_factory=dict)
    heads: dict[int, Head] = field(default_factory=dict)
    #: Which levels each escalation came to.
    levels: dict[int, frozenset[tuple[int, int]]] = field(default_factory=dict)
    #: What was late before the council began to enforce, and is not escalated.
    passed_over: dict[int, frozenset[str]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    deputies: dict[tuple[str, str, date], Deputyship] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    holidays: dict[date, str] = field(default_factory=dict)
    #: The calendar and the policy that were set, and of which versions they are.
    policy: int = 1
    calendar: int = 1
    rules: Rules = field(default_factory=lambda: Rules(bundled(), Policy()))

    def copy(self) -> Known:
        """The same, to be followed on from here."""
        other = copy(self)
        for name, held in vars(self).items():
            if isinstance(held, dict):
                setattr(other, name, dict(held))
        return other

    def audit(self, reference: str) -> Audit:
        """An audit by its reference."""
        return next(self.audits[n] for n, known in self.references.items() if known == reference)

    def live(self) -> list[tuple[str, Audit]]:
        """The audits that are not over, or still owe something, with their references."""
        return [
            (self.references[n], audit)
            for n, audit in self.audits.items()
            if audit.duties or not (audit.set_aside or audit.state == "closed")
        ]

    def here(self, today: date) -> list[Person]:
        """Who works here on a day."""
        return [p for p in self.people.values() if p.here(today)]

    def stands_in(self, deputy: str, whom: str, today: date) -> bool:
        """Whether one stands in for another on a day."""
        return any(
            (d.deputy, d.person) == (deputy, whom) and d.since <= today <= d.until
            for d in self.deputies.values()
        )

    def learn(self, command: OfficeCommand) -> None:
        """What a command that went through makes of the office."""
        match command:
            case ImportPeople():
                self._people(command.people)
            case Leave():
                self._left(command.person, command.on)
            case Return():
                self._left(command.person, None)
            case AppointDeputy(person=person, deputy=deputy, since=since, until=until):
                made = Deputyship(deputy, person, since, until)
                self.deputies[person, deputy, since] = made
            case SetPolicy():
                self.values[command.setting] = command.value
                self.policy += 1
                self._rules()
            case ImportCalendar():
                self.holidays |= command.days
                self.calendar += 1
                self._rules()
            case _:
                pass

    def _people(self, listed: tuple[Person, ...]) -> None:
        for one in listed:
            known = self.people.get(one.id)
            self.people[one.id] = replace(one, left_on=known.left_on if known else None)

    def _left(self, who: str, on: date | None) -> None:
        self.people[who] = replace(self.people[who], left_on=on)

    def _rules(self) -> None:
        policy = policy_of(self.values, LIMITS, 0)
        closed = self.holidays | dict.fromkeys(policy.closure_days, "closed")
        self.rules = Rules(bundled().with_days(closed), policy)
