"""A store that is watched: whatever is sent to it, all that must hold of a store is demanded."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from auditflow.application import App
from auditflow.audits import Person
from auditflow.commands import AuditCommand, Correct, HandOver, ImportCalendar, SetPolicy
from auditflow.commands.office import OfficeCommand
from auditflow.errors import AuditflowError, Denied, Forbidden, NotFound
from auditflow.persistence import as_at
from auditflow.persistence.office import Office
from auditflow.persistence.schema import upgrade
from auditflow.queries import Reading
from auditflow.service import Done, OfficeDone, Service, Swept
from support.asking import ask, listed, proof_of
from support.checks import contents
from support.demands import demand_rederived, moved_by
from support.grants import may_see
from support.line import Line
from support.watch import Image, Watch

T = TypeVar("T")
FOUNDED = datetime(2025, 1, 1, 9, tzinfo=UTC)


class Watched:
    """One store in memory with its service; each change is followed line by line."""

    def __init__(self) -> None:
        self.app = App("sqlite://")
        self.app.store._unchecked = True  # Nothing is in it yet.
        upgrade(self.app.store)
        with self.app.store.writing() as connection:
            Office(connection).found(FOUNDED, rehearsal=True)
        raw = self.app.store.engine.raw_connection().driver_connection
        assert isinstance(raw, sqlite3.Connection)
        self.raw = raw
        #: The store after its last change, as bytes; none until they are wanted.
        self.kept: bytes | None = None
        self.watch = Watch(raw)

    def begin(self, image: Image) -> None:
        """Make the store what it was, under a service that has seen nothing yet."""
        self.watch.begin(image)
        self.app.service, self.app._as_at = Service(self.app.store), None
        self.kept = None

    # What is sent.

    def send(self, command: AuditCommand, now: datetime, by: str, **how: Any) -> Done | None:
        """Send a command about an audit; nothing where it is refused."""
        watch, wrote = self.watch, self.raw.total_changes
        do, name = self.app.service.do, f"{command.kind} {command.event}"
        done = self._tried(name, by, lambda: do(command, by=by, now=now, **how))
        if done is None:
            return None
        if done.repeated:
            assert self.raw.total_changes == wrote, "the same key twice did it twice"
            watch.tally["repeated"] += 1
            return done
        seen = watch.known.audit(done.reference).version
        assert how.get("seen") in (None, seen), "done by somebody who had not seen the last change"
        watch.demand_grants(watch.follow(now))
        watch.demand_noticed(done.audit, now)
        watch.tally["substitute"] += bool(done.substitute)
        return done

    def do_office(self, command: OfficeCommand, now: datetime, by: str) -> OfficeDone | None:
        """Send a command about the office; nothing where it is refused."""
        watch, wrote = self.watch, self.raw.total_changes
        do_office = self.app.service.do_office
        settled = self._tried(command.name, by, lambda: do_office(command, by=by, now=now))
        if settled is None:
            return None
        if isinstance(command, SetPolicy) and command.dry_run:
            assert self.raw.total_changes == wrote, "a dry run changed something"
            return settled
        watch.known.learn(command)
        lines = watch.follow(now)
        if isinstance(command, (SetPolicy, ImportCalendar)):
            self._demand_moved(lines, settled, by, now)
        if isinstance(command, Correct):
            watch.demand_grants(lines)
        if isinstance(command, (Correct, HandOver)):
            for audit_id in {line.after.id for line in lines}:
                watch.demand_noticed(watch.known.audits[audit_id], now)
        return settled

    def hold_notices(self) -> None:
        """Hold notices back, as a restore does: what waits may have been sent already."""
        self.kept = None
        with self.app.store.writing() as connection:
            Office(connection).keep_notices_back(back=True)

    def sweep(self, now: datetime) -> Swept:
        """Let the clock act; twice, which is once."""
        self.kept = None
        swept = self.app.service.sweep(now)
        assert not swept.failed
        assert all(line.by_the_clock for line in self.watch.follow(now))
        for audit in self.watch.known.audits.values():
            self.watch.demand_noticed(audit, now)
        wrote = self.raw.total_changes
        again = self.app.service.sweep(now)
        assert (again.looked_at, again.raised) == (0, []), "sweeping twice is not sweeping once"
        assert self.raw.total_changes == wrote
        return swept

    def read(self, person: Person, reference: str, now: datetime) -> bool:
        """Whether a person is shown an audit; the list of theirs holds those they may see."""
        self.app._now = now
        known, denials = self.watch.known, self._denials()
        audit = known.audit(reference)
        mine = {known.references[n] for n, a in known.audits.items() if may_see(person, a)}
        assert {e.reference for e in listed(self.app, person)} == mine
        try:
            assert ask(self.app, person, Reading.audit, reference) == audit
        except NotFound:
            assert self._denials() == [*denials, person.id], "the denial left no line"
            shown = False
        else:
            shown = True
        assert shown == may_see(person, audit), f"{person.id}: {reference}"
        self.watch.tally[f"read {'done' if shown else 'refused'}"] += 1
        return shown

    def _tried(self, name: str, by: str, call: Callable[[], T]) -> T | None:
        """Nothing where it is refused, which changes nothing but the access log."""
        wrote, denials = self.raw.total_changes, self._denials()
        self.kept = kept = self.kept or self.raw.serialize()
        try:
            done = call()
        except AuditflowError as refusal:
            self.watch.tally[f"{name} refused"] += 1
            denied = isinstance(refusal, (Denied, Forbidden))
        else:
            self.watch.tally[f"{name} done"] += 1
            self.kept = None
            assert self._denials() == denials
            return done
        assert self._denials() == [*denials, *[by] * denied], "noted or not, wrongly"
        # Mostly nothing was written at all; else it must have been taken back.
        if self.raw.total_changes != wrote + denied:
            assert _all_but_the_log(self.raw) == _all_but_the_log(_read_back(kept))
        return None

    def _denials(self) -> list[str]:
        """Who was denied something, as the access log has it."""
        asked = "SELECT person FROM access_log WHERE denied = 1 ORDER BY id"
        return [who for (who,) in self.watch.ask(asked)]

    # What must hold of it.

    def _demand_moved(self, lines: list[Line], settled: OfficeDone, by: str, now: datetime) -> None:
        """What moved is what was told, and nothing that should have moved was left (TR9)."""
        references, asker = self.watch.known.references, self.watch.known.people[by]
        seen = [line for line in lines if may_see(asker, line.after)]
        told = [m for line in seen for m in moved_by(line, references[line.after.id])]
        moved = [m for line in lines for m in moved_by(line, references[line.after.id])]
        assert told == settled.figures["moved"]
        assert bool(settled.figures["not_shown"]) is (told != moved)
        self.watch.tally["moved"] += len(moved)
        for audit in self.watch.known.audits.values():
            demand_rederived(audit, now, self.watch.known.rules)

    def demand_whole(self, now: datetime) -> None:
        """Every row that is a cache, made again from the journal, is the row that is there."""
        for audit_id in self.watch.known.audits:
            self.watch.demand_stored(audit_id)
        with self.app.store.reading() as live, as_at.as_at(live, now) as then:
            assert contents(then.whole) == contents(live)
        assert proof_of(self.app).faults == []


def _read_back(kept: bytes) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.deserialize(kept)
    return database


def _all_but_the_log(database: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {
        name: sorted(database.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
        for (name,) in tables
        if name != "access_log"
    }
