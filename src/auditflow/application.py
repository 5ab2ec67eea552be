"""Wires the parts once, from settings; the only place that reads this machine's clock."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime

from sqlalchemy import Connection

from auditflow.calendar import london_date
from auditflow.errors import BadInput, Denied, Forbidden
from auditflow.persistence.access_log import Access, denial, note
from auditflow.persistence.as_at import as_at
from auditflow.persistence.lifecycle import copy, init, upgrade
from auditflow.persistence.store import Store, store_row
from auditflow.queries.reading import Reading, introduced
from auditflow.service import Service


def clock() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


class App:
    """One store with its service, and the moment it is asked at."""

    def __init__(
        self, url: str | Store, now: datetime | None = None, as_at: datetime | None = None
    ) -> None:
        self.store = Store(url) if isinstance(url, str) else url
        self.service = Service(self.store)
        self._now = now
        self._as_at = as_at

    @property
    def rehearses(self) -> bool:
        """Whether a moment was given, in place of the clock's."""
        return self._now is not None

    def clock(self, connection: Connection | None = None) -> datetime:
        """What the store's own clock says, or this machine's where the store has none."""
        return self.store.now(connection) or clock()

    @property
    def now(self) -> datetime:
        """The moment for reading: the clock's, or the one given for rehearsal."""
        return self._now or self.clock()

    @property
    def writing_now(self) -> datetime:
        """The moment for writing; another than the clock's only on a rehearsal store."""
        if self._now is None:
            return self.clock()
        with self.store.reading() as connection:
            if not store_row(connection).rehearsal:
                raise BadInput(
                    "--now is for reading, and for rehearsal stores (auditflow init --rehearsal). "
                    "To say when something was done use --happened-at."
                )
        return self._now

    @contextmanager
    def reading(self, name: str, acting_for: str = "") -> Iterator[Reading]:
        """What this person asks, alone or standing in for another; NotAllowed for nobody known.

        All of it is read in one transaction. Another, when it is over, writes to the access log
        what was read of whom, and the denial that ended it, if any: what cannot be noted is not
        shown.
        """
        accesses: list[Access] = []
        recorded: datetime | None = None
        try:
            # What is folded out of the journal may take its time.
            with self.store.reading(patient=self._as_at is not None) as live:
                recorded = self.clock(live)
                now = self._now or recorded
                asker = introduced(live, name, acting_for, london_date(now))
                with as_at(live, self._as_at) if self._as_at else nullcontext() as past:
                    yield Reading(live, asker, now, accesses, self.service.rules_cache, past)
        except (Denied, Forbidden) as refusal:
            accesses.append(denial(refusal))
            raise
        finally:
            if recorded is not None:
                note(self.store, accesses, recorded)

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()


__all__ = ["App", "Store", "clock", "copy", "init", "upgrade"]
