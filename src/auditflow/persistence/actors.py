"""Who asks or acts, and for whom: known, still here, and a deputy only while it stands."""

from dataclasses import dataclass
from datetime import date

from auditflow.audits import Person
from auditflow.calendar import long_day
from auditflow.commands import name_of
from auditflow.errors import Forbidden, unknown_person
from auditflow.persistence.people import Staff
from auditflow.persistence.register import Register

#: The most of a name that the access log takes down; a name is typed by anybody.
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Actor:
    """Who acts, and whom they stand in for if anybody."""

    person: Person
    acting_for: Person | None = None

    @property
    def whose(self) -> Person:
        """The person whose roles count."""
        return self.acting_for or self.person

    @property
    def name(self) -> str:
        """“Ana”, or “Ana for Ben”."""
        return name_of(self.person, self.acting_for)


def authenticate(
    person: Person | None, who: str, what: str, today: date, audit_id: int = 0
) -> Person:
    """The person, if known and still here; otherwise Forbidden."""
    if person is None:
        turned_away = unknown_person(who)
        if not who:
            raise turned_away
        raise Forbidden(str(turned_away), audit_id, storable(who), what)
    if not person.here(today):
        raise _gone(person, person.id, what, audit_id)
    return person


def _gone(person: Person, who: str, what: str, audit_id: int) -> Forbidden:
    assert person.left_on is not None
    message = f"{person.name} left on {long_day(person.left_on)}; nothing is allowed since."
    return Forbidden(message, audit_id, who, what)


def storable(typed: str) -> str:
    """A name nobody has, cut short and without what no database holds (half a letter)."""
    return typed[:_LONGEST_NAME].encode("utf-8", "replace").decode().replace("\0", "?")


def act_for(
    register: Register, person: Person, whom: str, today: date, what: str, audit_id: int = 0
) -> Actor:
    """The person in somebody's stead; Forbidden unless a deputyship stands on the day."""
    if not whom or whom == person.id:
        return Actor(person)
    principal = register.person(whom)
    if not principal.here(today):
        raise _gone(principal, person.id, what, audit_id)
    if not Staff(register.connection).stands_in(person.id, principal.id, today):
        message = (
            f"{person.name} does not stand in for {principal.name} on {long_day(today)}. "
            f"The QA manager appoints deputies: auditflow people deputy --for {principal.id} "
            f"--deputy {person.id} --from DATE --until DATE"
        )
        raise Forbidden(message, audit_id, person.id, what)
    return Actor(person, principal)
