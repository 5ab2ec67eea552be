"""Builds the parts once, from settings; the only place that reads the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from sqlalchemy import Connection

from auditflow.application.earlier import ShowsEarlier
from auditflow.application.lists import AsksLists
from auditflow.application.office import AsksOffice
from auditflow.application.rounds import AsksRounds
from auditflow.application.watch import TellsHealth
from auditflow.audits import Audit, Person, Role
from auditflow.calendar import london_date, utc_text
from auditflow.commands import can, may_export
from auditflow.errors import (
    BadInput,
    Denied,
    Forbidden,
    NotAllowed,
    NotFound,
    no_such_audit,
    unknown_person,
)
from auditflow.machines.duties import Rules
from auditflow.persistence import as_at
from auditflow.persistence.access_log import Access, note, noting_denials
from auditflow.persistence.actors import act_for, authenticate
from auditflow.persistence.lifecycle import copy, init, upgrade
from auditflow.persistence.office import Office
from auditflow.persistence.people import Staff
from auditflow.persistence.register import LoadedAudit, Register
from auditflow.persistence.store import Store, store_row
from auditflow.queries import (
    Board,
    Entry,
    Job,
    Page,
    board,
    listed,
    page,
    work,
)
from auditflow.reports import Export, Report, audits_held, report
from auditflow.service import Service
from auditflow.verify import Proof, verify

if TYPE_CHECKING:
    from auditflow.drawing.overlay import Counts, OneAudit


def clock() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


class App(AsksRounds, AsksLists, AsksOffice, ShowsEarlier, TellsHealth):
    """One store with its service, and the moment it is asked at."""

    def __init__(
        self, url: str | Store, now: datetime | None = None, as_at: datetime | None = None
    ) -> None:
        self.store = Store(url) if isinstance(url, str) else url
        self.service = Service(self.store)
        self._now = now
        self._as_at = as_at

    @property
    def now(self) -> datetime:
        """The moment for reading: the clock's, or the one given for rehearsal."""
        return self._now or self.clock()

    def clock(self) -> datetime:
        """What the store's own clock says, or this machine's where the store has none."""
        return self.store.now() or clock()

    @property
    def at(self) -> datetime:
        """The moment asked about: now, or a past one."""
        return self._as_at or self.now

    @contextmanager
    def _asked(self, reference: str = "", *, texts: bool = False) -> Iterator[Connection]:
        """The store as it is, or as it stood at the past moment asked about.

        Who may ask is judged as of today; what they see are the facts of then. If it ends in a
        denial, that is noted.
        """
        # What is folded out of the journal may take its time.
        reading = self.store.reading(patient=self._as_at is not None)
        with noting_denials(self.store, self.clock()), reading as connection:
            if self._as_at is None:
                yield connection
                return
            with as_at.as_at(connection, self._as_at, reference, texts=texts) as then:
                yield then

    @property
    def writing_now(self) -> datetime:
        """The moment for writing; another than the clock's only on a rehearsal store."""
        if self._now is not None and not self.rehearsal:
            raise BadInput(
                "--now is for reading, and for rehearsal stores (auditflow init --rehearsal). "
                "To say when something was done use --happened-at."
            )
        return self.now

    @property
    def rehearses(self) -> bool:
        """Whether a moment was given, in place of the clock's."""
        return self._now is not None

    @property
    def rehearsal(self) -> bool:
        """Whether this store was made for rehearsal."""
        with self.store.reading() as connection:
            return bool(store_row(connection).rehearsal)

    # What people ask. Each question says who asks.

    def who(self, name: str | None) -> Person:
        """The person who acts or asks; NotAllowed where nobody is named or known."""
        if not name:
            raise unknown_person("")
        with noting_denials(self.store, self.clock()):
            with self.store.reading() as connection:
                try:
                    person = Register(connection).person(name)
                except NotFound as error:
                    raise unknown_person(name) from error
            return authenticate(person, name, "ask", london_date(self.now))

    def _standing_in(self, person: Person, whom: str | None, what: str) -> Person | None:
        """The person stood in for, if any; Forbidden unless a deputyship stands today."""
        with noting_denials(self.store, self.clock()), self.store.reading() as connection:
            register = Register(connection)
            return act_for(register, person, whom or "", london_date(self.now), what).acting_for

    def rules(self, connection: Connection) -> Rules:
        """The calendar and the policy in force."""
        return self.service.rules_cache.at(Register(connection).versions(), Office(connection))

    def board(self, person: Person) -> Board:
        """Where each audit sits."""
        with self._asked() as connection:
            rules = self.rules(connection)
            return board(connection, person, self.at, rules.calendar, rules.policy)

    def listed(self, person: Person, **filters: Any) -> list[Entry]:
        """A list of audits."""
        with self._asked() as connection:
            return listed(connection, person, self.at, **filters)

    def work(self, person: Person) -> list[Job]:
        """What this person owes."""
        with self._asked() as connection:
            return work(connection, person, self.at)

    def work_for(self, person: Person, whom: str | None) -> list[Job]:
        """What this person owes, or somebody else for the QA Team and that person's managers."""
        if whom is None or whom == person.id:
            return self.work(person)
        with self._asked() as connection:
            other = Register(connection).person(whom)
            deputy = Staff(connection).stands_in(person.id, other.id, london_date(self.now))
            over = person.roles & {Role.QA_TEAM, Role.QA_MANAGER} or person.id in other.line
            if over or deputy:
                return work(connection, other, self.at, shown_to=person)
        with noting_denials(self.store, self.clock()):
            raise Forbidden(
                "Another person's work is shown to the QA Team, to that person's managers and to "
                "their deputies.",
                0,
                person.id,
                "work",
            )

    def show(self, person: Person, reference: str, acting_for: str | None = None) -> Page:
        """One audit, with what it repeats; each reading, or its denial, goes to the access log."""
        with self._asked(reference) as connection:
            held, *_ = Register(connection).open(reference, person.id)
        if held is None:
            raise NotFound(no_such_audit(reference))
        whose = self._standing_in(person, acting_for, "show")
        shown = self.peek(person, reference, whose)
        before = self._earlier(held.audit, person, whose)
        read = [held.audit.id, *([held.audit.repeats] if before and before.shown else [])]
        for audit_id in filter(None, read):
            self._log(person, audit_id, "show")
        return replace(shown, earlier=before)

    def _log(self, person: Person, audit_id: int, what: str, *, denied: bool = False) -> None:
        """A line of the access log."""
        note(self.store, [Access(person.id, audit_id, what, denied)], self.clock())

    def peek(self, person: Person, reference: str, acting_for: Person | None = None) -> Page:
        """One audit, for a list that shows no more of it than a line."""
        with self._asked(reference, texts=True) as connection:
            held = self._readable(connection, person, reference, acting_for)
            return page(connection, held.audit, reference, self.at, self.rules(connection))

    def facts(self, person: Person, reference: str) -> Audit:
        """One audit's facts."""
        with self._asked(reference) as connection:
            return self._readable(connection, person, reference).audit

    def _readable(
        self,
        connection: Connection,
        person: Person,
        reference: str,
        acting_for: Person | None = None,
    ) -> LoadedAudit:
        held, *_ = Register(connection).open(reference, person.id)
        if held is None:
            raise NotFound(no_such_audit(reference))
        if not can(person, "read", held.audit, acting_for=acting_for):
            raise Denied(reference, held.audit.id, person.id, "read")
        return held

    def counts(self, person: Person) -> dict[str, Counts]:
        """What is laid over each chart: how many stand where, what is owed and late."""
        from auditflow.queries.chart_counts import counts  # noqa: PLC0415 - drawing is slow to import

        with self._asked() as connection:
            return counts(connection, person, self.at)

    def place(self, person: Person, reference: str) -> OneAudit:
        """One audit's place on Flow Chart 1, and the way it came."""
        from auditflow.queries.chart_counts import place  # noqa: PLC0415 - drawing is slow to import

        with self._asked(reference) as connection:
            held = self._readable(connection, person, reference)
            return place(connection, held.audit, reference, self.at)

    def report(self, person: Person, name: str, by: str = "") -> Report:
        """The answer to one of the questions a QA team asks, as this person may read it."""
        with self._asked(texts=True) as connection:
            return report(connection, person, name, self.at, self.rules(connection), by)

    def export_audits(self, person: Person, since: date, until: date) -> Export:
        """The audits held from `since` to `until`, a row each; who took them out is logged."""
        allowed = may_export(person)
        what = f"export audits from={since} to={until} at={utc_text(self.at)}"
        self._log(person, 0, what, denied=not allowed)
        if not allowed:
            raise NotAllowed(
                f"Exports are for the QA manager. {person.name} is not; ask one to make it."
            )
        with self._asked(texts=True) as connection:
            return audits_held(connection, person, self.at, self.rules(connection), since, until)

    def verify(self) -> Proof:
        """Replay every journal and compare."""
        with self.store.reading(patient=True) as connection:
            return verify(connection)

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()


__all__ = ["App", "Store", "clock", "copy", "init", "upgrade"]
