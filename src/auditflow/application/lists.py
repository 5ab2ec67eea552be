"""What is asked about lists: a page of one, all of it as a file, and the views people keep."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final, Protocol

from msgspec.structs import replace
from sqlalchemy import Connection

from auditflow.audits import Person
from auditflow.commands import may_export
from auditflow.errors import BadInput, NotAllowed
from auditflow.exchange.safe import plain
from auditflow.machines.duties import Rules
from auditflow.persistence.database import Mode
from auditflow.persistence.office import Office
from auditflow.persistence.saved_filters import View, Views
from auditflow.persistence.store import Store
from auditflow.queries.lists import Asked, Found, look_up
from auditflow.queries.team import Coming, Member, coming, team

#: The most rows a file holds; who wants more narrows the filters.
MOST: Final = 10_000
_MOST_VIEWS: Final = 50
_LONGEST_NAME: Final = 60
_LONGEST_QUERY: Final = 1000


class _Asked(Protocol):
    """What these questions need of the app."""

    store: Store

    @property
    def at(self) -> datetime: ...

    def _asked(self) -> AbstractContextManager[Connection]: ...

    def rules(self, connection: Connection) -> Rules: ...

    def _log(self, person: Person, audit_id: int, what: str, *, denied: bool = False) -> None: ...


class AsksLists:
    """The part of the app that answers for lists."""

    def look_up(self: _Asked, person: Person, name: str, asked: Asked) -> Found:
        """One page of the list of that name; BadInput names what is wrong with a filter."""
        with self._asked() as connection:
            return look_up(connection, person, name, self.at, self.rules(connection), asked)

    def take_out(self: _Asked, person: Person, name: str, asked: Asked, said: str) -> Found:
        """All rows of a list at once, for a file; that they were taken out is logged as `said`."""
        allowed = may_export(person)
        self._log(person, 0, f"export {name} {said}", denied=not allowed)
        if not allowed:
            raise NotAllowed(
                f"Exports are for the QA manager. {person.name} is not; ask one to make it."
            )
        asked = replace(asked, after="", limit=MOST)
        with self._asked() as connection:
            found = look_up(connection, person, name, self.at, self.rules(connection), asked)
        if found.next:
            raise BadInput(f"A file holds {MOST:,} rows at most. Filter for fewer.")
        return found

    def team(self: _Asked, person: Person) -> list[Member]:
        """Everybody below this person in the line, and how much they owe by name."""
        with self._asked() as connection:
            return team(connection, person, Office(connection).people_under(person), self.at)

    def coming(self: _Asked, person: Person) -> list[Coming]:
        """Audits in which this person has a place and that wait for somebody else."""
        with self._asked() as connection:
            return coming(connection, person, self.at)

    def views(self: _Asked, person: Person, page: str) -> list[View]:
        """The views of a page that this person keeps."""
        with self._asked() as connection:
            return Views(connection, person.id).kept(page)

    def keep_view(self: _Asked, person: Person, page: str, name: str, query: str) -> None:
        """Keep the filters of a page under a name, in place of one of the same name."""
        view = View(page, _named(name), query)
        if not 0 < len(view.name) <= _LONGEST_NAME:
            raise BadInput(f"A view needs a name of 1 to {_LONGEST_NAME} letters.")
        if len(view.query) > _LONGEST_QUERY:
            raise BadInput("These filters are too long to keep. Use fewer of them.")
        if plain(query) != query:
            raise BadInput("These filters cannot be read. Choose them on the list.")

        def keep(connection: Connection) -> None:
            views = Views(connection, person.id)
            views.keep(view)
            if views.count() > _MOST_VIEWS:
                raise BadInput(f"You keep {_MOST_VIEWS} views already. Remove one first.")

        self.store.transact(keep, Mode.NOTE)

    def drop_view(self: _Asked, person: Person, page: str, name: str) -> None:
        """Keep a view no longer."""
        self.store.transact(lambda c: Views(c, person.id).drop(page, _named(name)), Mode.NOTE)


def _named(name: str) -> str:
    """A view's name as it is stored."""
    return plain(name).strip()
