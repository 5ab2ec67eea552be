"""Who asks, through which store, at which moment: the same for the whole of one request."""

from __future__ import annotations

from functools import cached_property
from typing import cast

from flask import g

from auditflow.application import App
from auditflow.audits import Person, Role
from auditflow.commands import SEES_ALL


class Desk:
    """One person at the store, for the length of one request."""

    def __init__(self, app: App, name: str) -> None:
        self.app = app
        self.name = name

    @cached_property
    def person(self) -> Person:
        """The person who asks; NotAllowed where there is none of that name."""
        return self.app.who(self.name)

    @property
    def known(self) -> Person | None:
        """The person, where it is known by now who that is."""
        return self.__dict__.get("person")

    @cached_property
    def rehearsal(self) -> bool:
        """Whether the store is for rehearsal."""
        return self.app.rehearsal

    @property
    def sees_all(self) -> bool:
        """Whether they see every audit, not only those near them."""
        return bool(self.person.roles & SEES_ALL)

    @property
    def only_figures(self) -> bool:
        """Whether they are shown figures and charts, and no case."""
        return self.person.roles <= {Role.BOARD_READER, Role.ADMINISTRATOR}


def desk() -> Desk:
    """The desk of the request under way."""
    return cast(Desk, g.desk)
