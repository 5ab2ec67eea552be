"""What is shown beside a re-audit of the audit it repeats, to those who may read that one too."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection

from auditflow.audits import Audit, Person
from auditflow.commands import may_see_last_answers
from auditflow.persistence.register import Register
from auditflow.persistence.store import Store
from auditflow.queries.earlier import NOT_SHOWN, Earlier, earlier, reference_of


class _Asked(Protocol):
    """What this question needs of the app."""

    store: Store

    def _asked(
        self, reference: str = "", *, texts: bool = False
    ) -> AbstractContextManager[Connection]: ...


class ShowsEarlier:
    """The part of the app that looks up an earlier audit."""

    def _earlier(
        self: _Asked, audit: Audit, person: Person, acting_for: Person | None
    ) -> Earlier | None:
        """The last answers, as the reader may see them; None where it repeats no audit."""
        if audit.repeats is None:
            return None
        with self.store.reading() as connection:
            reference = reference_of(connection, audit.repeats)
        with self._asked(reference, texts=True) as connection:
            held, *_ = Register(connection).open(reference, person.id)
            assert held is not None
            if not may_see_last_answers(person, audit, held.audit, acting_for):
                return NOT_SHOWN
            return earlier(connection, held.audit, reference)
