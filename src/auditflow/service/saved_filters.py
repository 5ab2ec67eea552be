"""The filters of a list that people keep under a name: no history is kept of them."""

from typing import Final

from sqlalchemy import Connection

from auditflow.errors import BadInput
from auditflow.exchange.safe import plain
from auditflow.persistence.database import Mode
from auditflow.persistence.saved_filters import View, Views
from auditflow.persistence.store import Store

_MOST: Final = 50
_LONGEST_NAME: Final = 60
_LONGEST_QUERY: Final = 1000


def keep_view(store: Store, who: str, page: str, name: str, query: str) -> None:
    """Keep the filters of a page under a name, in place of one of the same name."""
    view = View(page, _named(name), query)
    if not 0 < len(view.name) <= _LONGEST_NAME:
        raise BadInput(f"A view needs a name of 1 to {_LONGEST_NAME} letters.")
    if len(view.query) > _LONGEST_QUERY:
        raise BadInput("These filters are too long to keep. Use fewer of them.")
    if plain(query) != query:
        raise BadInput("These filters cannot be read. Choose them on the list.")

    def keep(connection: Connection) -> None:
        views = Views(connection, who)
        views.keep(view)
        if views.count() > _MOST:
            raise BadInput(f"You keep {_MOST} views already. Remove one first.")

    store.transact(keep, Mode.NOTE)


def drop_view(store: Store, who: str, page: str, name: str) -> None:
    """Keep a view no longer."""
    store.transact(lambda c: Views(c, who).drop(page, _named(name)), Mode.NOTE)


def _named(name: str) -> str:
    """A view's name as it is stored."""
    return plain(name).strip()
