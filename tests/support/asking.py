"""What a test asks of a store, each time in a reading of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from auditflow.application import App
from auditflow.audits import Person
from auditflow.queries import Reading, people
from auditflow.queries.lists import Asked, look_up
from auditflow.verify import Proof, verify

P = ParamSpec("P")
T = TypeVar("T")


def ask(
    app: App,
    who: str | Person,
    question: Callable[Concatenate[Reading, P], T],
    *args: P.args,
    **more: P.kwargs,
) -> T:
    """One question of one person."""
    with app.reading(who if isinstance(who, str) else who.id) as reading:
        return question(reading, *args, **more)


def listed(app: App, who: str | Person, **filters: str) -> tuple[Any, ...]:
    """Every audit that they see, in the order of their references."""
    asked = Asked("all", filters=filters, sort="reference", limit=999)
    return ask(app, who, look_up, "audits", asked).rows


def everybody(app: App) -> list[Person]:
    """Everybody on the people list."""
    with app.store.reading() as connection:
        return people(connection)


def proof_of(app: App) -> Proof:
    """The whole history replayed and compared."""
    with app.store.reading(patient=True) as connection:
        return verify(connection)
