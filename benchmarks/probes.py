"""What people and the clock ask of a store, put to any store alike."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, NamedTuple

from benchmarks.population import Population
from benchmarks.stores import ACTS, APART, BEFORE, falls_due, reference
from msgspec.structs import replace
from sqlalchemy import select

from auditflow.application import App
from auditflow.audits import Audit
from auditflow.commands import follow_up
from auditflow.machines.diff import fold
from auditflow.persistence import tables
from auditflow.persistence.journal import hash_of, read
from auditflow.queries import audit_detail, board, lists, work
from auditflow.queries.lists import look_up
from support.asking import ask
from support.office import at

#: Everything that falls due is overdue by then, and not raised yet.
SUNDAY = at("2025-03-09 12:00")
#: Steps, pages and chains in a round.
PER = 20
_FIRST = lists.Asked("all", sort="reference", limit=100)


class Asked:
    """One store that is asked, and how far it has been used up."""

    def __init__(self, url: str, population: Population, first_group: int = 0) -> None:
        self.population = population
        self.app = App(url, now=SUNDAY)
        self.then = App(url, now=SUNDAY, as_at=SUNDAY)
        self.qa, self.auditor = "qa1", "aud2"
        self._groups = count(first_group)
        share = first_group * len(population.waiting) // len(population.groups)
        self._waiting = iter(population.waiting[share:])
        self._chance = random.Random(1)

    def steps(self) -> None:
        """Complete an action, by a form with a key."""
        for _ in range(PER):
            ref = reference(next(self._waiting))
            done = follow_up.Complete(audit=ref, action=1, evidence="See Mosaic, 3 March.")
            self.app.service.do(done, by="kw", now=BEFORE, key=f"form {ref}")

    def _old(self) -> list[int]:
        return self._chance.sample(self.population.closed, PER)

    def pages(self) -> None:
        """The page of an audit that is closed."""
        for number in self._old():
            ask(self.app, self.qa, audit_detail, reference(number))

    def pasts(self) -> None:
        """The page of an audit as it stood on a day."""
        for number in self._old():
            ask(self.then, self.qa, audit_detail, reference(number))

    def chains(self) -> None:
        """Every hash of an audit's history, and what it comes to."""
        for number in self._old():
            demand_proved(self.app, number)

    def board(self) -> None:
        """Where every audit sits."""
        ask(self.app, self.qa, board)

    def own_board(self) -> None:
        """Where the audits sit that an auditor has to do with."""
        ask(self.app, self.auditor, board)

    def first_page(self) -> None:
        """The first hundred audits."""
        ask(self.app, self.qa, look_up, "audits", _FIRST)

    def overdue(self) -> None:
        """The first hundred audits with something overdue."""
        assert ask(
            self.app, self.qa, look_up, "audits", replace(_FIRST, filters={"late": "1"})
        ).rows

    def owed(self) -> None:
        """What somebody of the QA Team owes."""
        ask(self.app, self.qa, work)

    def idle(self) -> None:
        """A sweep that finds nothing to do."""
        assert self.app.service.sweep(ACTS - APART).looked_at == 0

    def sweep(self) -> None:
        """A sweep that raises one group."""
        group = next(self._groups)
        found = self.app.service.sweep(falls_due(group))
        # The first round, which is not counted, also raises what was completed and not filed.
        assert len(found.raised) >= len(self.population.groups[group])

    def close(self) -> None:
        """Let go of the store."""
        self.app.close()
        self.then.close()


def demand_proved(app: App, number: int) -> None:
    """An audit's chain is whole and gives what is stored."""
    audits, journal = tables.audits, tables.journal
    asked = select(journal).where(journal.c.audit_id == number).order_by(journal.c.seq)
    with app.store.reading() as connection:
        lines: Sequence[Any] = connection.execute(asked).all()
        row = connection.execute(select(audits).where(audits.c.id == number)).one()
    audit: Audit | None = None
    last = ""
    for line in lines:
        last = hash_of(last, line.body.encode())
        assert line.hash == last
        audit = fold(audit, read(line.body)["changed"])
    assert audit is not None
    assert (last, audit.state, len(lines)) == (row.head, row.state, row.version)


class Probe(NamedTuple):
    """One question, how many of it a round asks, and the unit it is told in."""

    what: str
    ask: Callable[[Asked], None]
    per: int = 1
    unit: str = "ms"


PROBES = (
    Probe("one persisted step", Asked.steps, PER),
    Probe("an audit's page", Asked.pages, PER),
    Probe("an audit's page as it stood", Asked.pasts, PER),
    Probe("an audit's chain proved", Asked.chains, PER),
    Probe("where everything sits", Asked.board),
    Probe("where an auditor's audits sit", Asked.own_board),
    Probe("the first 100 audits", Asked.first_page),
    Probe("the first 100 overdue", Asked.overdue),
    Probe("what one person owes", Asked.owed),
    Probe("a sweep with nothing due", Asked.idle),
    Probe("a sweep of what is due", Asked.sweep),
)
#: Clones in a file keep the history of their original, so nothing can be proved of it.
IN_FILE = tuple(p for p in PROBES if p.ask not in (Asked.pasts, Asked.chains))
