"""What is asked by whoever watches over a store."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from auditflow.persistence.office import Office
from auditflow.persistence.store import Store
from auditflow.queries.health import Figures, figures


class _Watched(Protocol):
    """What these questions need of the app."""

    store: Store

    @property
    def at(self) -> datetime: ...


class TellsHealth:
    """The part of the app that says how the store fares; nothing of a case is in it."""

    def figures(self: _Watched) -> Figures:
        """What is counted over the whole store.

        StoreTrouble where the store cannot be read, is of another version or is gone.
        """
        self.store.demand_there()
        with self.store.reading() as connection:
            return figures(connection, self.at)

    def last_swept(self: _Watched) -> datetime | None:
        """When an unattended sweep last came to its end."""
        with self.store.reading() as connection:
            return Office(connection).beats().get("sweep")
