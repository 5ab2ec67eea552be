"""The store as it stood at a past instant, told by the journal and by nothing later.

Every line recorded by then is folded again. One audit comes of its own lines alone; for questions
about many the rows those lines make are put into a store of their own in memory, once. So whatever
asks a store can ask the past, and is told the same each time.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, insert, select, update

from auditflow.audits import Audit, Deputyship, Person
from auditflow.machines.diff import changes, fold
from auditflow.machines.transition import Attribution, Event, Outcome
from auditflow.persistence import tables
from auditflow.persistence.batch import AuditStep, Batch, LoadedAudit, Versions, audit_row
from auditflow.persistence.journal import chains, read
from auditflow.persistence.office import Office
from auditflow.persistence.people import Staff
from auditflow.persistence.statements import StatementRunner
from auditflow.persistence.store import Store

#: Rows that never change once they are there, and when each was made.
AS_THEY_ARE = {tables.rounds: "drawn_at", tables.policy: "set_at"}
#: Written with a round, and as little changed.
WITH_THEIR_ROUND = (tables.round_cases,)
#: Told by the journal: by the office's own chain, and by each audit's.
FROM_THE_OFFICE = (tables.store, tables.people, tables.deputies, tables.holidays)
FROM_THE_AUDITS = (
    tables.audits, tables.journal, tables.duties, tables.actions, tables.escalations, tables.steps,
    tables.places,
)  # fmt: skip
#: Only the reference of a case and the words of a text are asked for, and those stay; texts are
#: asked of the store itself.
AS_THEY_STAY = (tables.cases, tables.texts)
#: No question about a past instant is answered from these.
LEFT_OUT = (tables.outbox, tables.access_log, tables.text_keys, tables.beats, tables.views)

#: What is there before anything is asked about audits.
_FIRST = [*AS_THEY_ARE, *FROM_THE_OFFICE, tables.journal]
_OF_THE_OFFICE = tables.journal.c.audit_id == 0


class Past:
    """A past instant: the office at once, an audit or all of them when they are asked for."""

    def __init__(self, live: Connection, made: Connection, at: datetime) -> None:
        self.at = at
        self._live, self._made = live, made
        self._all = False
        tables.metadata.create_all(made, _FIRST, checkfirst=False)
        for table, when in AS_THEY_ARE.items():
            _insert(made, table, live.execute(select(table).where(table.c[when] <= at)))
        row = live.execute(select(tables.store)).one()
        Office(made).found(row.created_at, rehearsal=bool(row.rehearsal))
        _office(made, list(live.execute(_recorded(at).where(_OF_THE_OFFICE))))

    @property
    def office(self) -> Connection:
        """A store of people, calendar and policy as they were; of audits it may know nothing."""
        return self._made

    @property
    def whole(self) -> Connection:
        """A store of everything as it was, but texts."""
        if not self._all:
            rest = [t for t in tables.metadata.sorted_tables if t not in _FIRST]
            tables.metadata.create_all(self._made, rest, checkfirst=False)
            _fill(self._live, self._made, self.at)
            self._all = True
        return self._made

    def lines(self, audit_id: int) -> list[dict[str, Any]]:
        """The journal of one audit as far as it went, oldest first."""
        query = _recorded(self.at).where(tables.journal.c.audit_id == audit_id)
        return [read(row.body) for row in self._live.execute(query)]


def audit_of(lines: Iterable[dict[str, Any]]) -> Audit | None:
    """The audit as these lines of its journal tell it; None where there are none."""
    audit: Audit | None = None
    for line in lines:
        audit = fold(audit, line["changed"])
    return audit


@contextmanager
def as_at(live: Connection, at: datetime) -> Iterator[Past]:
    """The store as it stood, built of what this connection sees."""
    with closing(Store("sqlite://", create=True)) as store, store.writing() as made:
        yield Past(live, made, at)


def _recorded(at: datetime) -> Select[Any]:
    """The lines recorded by then, chain by chain."""
    journal = tables.journal
    lines = select(journal).where(journal.c.recorded_at <= at)
    return lines.order_by(journal.c.audit_id, journal.c.seq)


def _fill(live: Connection, made: Connection, at: datetime) -> None:
    rows = {r.id: r._asdict() for r in live.execute(select(tables.audits))}
    then = _Then(made)
    for audit_id, chain in chains(live.execute(_recorded(at).where(~_OF_THE_OFFICE))):
        then.follow(rows[audit_id], chain)
    listed, rounds = tables.round_cases, tables.rounds
    drawn = live.execute(select(listed).join(rounds).where(rounds.c.drawn_at <= at)).all()
    cases = {row["case_id"] for row in then.audits} | {row.case_id for row in drawn}
    known = (r for r in live.execute(select(tables.cases)) if r.id in cases)
    _insert(made, tables.cases, known)
    _insert(made, listed, drawn)
    then.write()


def _insert(past: Connection, table: Any, rows: Iterable[Any]) -> None:
    found = [r._asdict() for r in rows]
    if found:
        past.execute(insert(table), found)


def _office(past: Connection, chain: list[Any]) -> None:
    """People, deputies, the calendar and the versions, as the office's chain tells them."""
    people: dict[str, Person] = {}
    policy = 1
    for row in chain:
        line = read(row.body)
        changed, event = line["changed"], line["event"]
        if event == "import_people":
            people |= {p.id: p for p in msgspec.convert(changed, list[Person])}
        elif event in ("leave", "return"):
            left = changed["left_on"] and date.fromisoformat(changed["left_on"])
            who = people[changed["person"]]
            people[who.id] = msgspec.structs.replace(who, left_on=left)
        elif event == "appoint_deputy":
            Staff(past).keep_deputyship(msgspec.convert(changed, Deputyship))
        elif event == "import_calendar":
            days = {date.fromisoformat(day): title for day, title in changed["added"].items()}
            through = date.fromisoformat(changed["through"]).year
            Office(past).add_holidays(days, through, changed["source"], row.recorded_at)
        elif event == "set_policy":
            policy = changed["version"]
    Office(past).keep_people(people.values())
    if not chain:
        return
    last = chain[-1]
    head = {"version": last.seq, "head": last.hash, "policy_version": policy}
    past.execute(update(tables.store).values(head))
    _insert(past, tables.journal, chain)


class _Then:
    """The audits as their chains tell them, row by row."""

    def __init__(self, past: Connection) -> None:
        self.past = past
        self.audits: list[dict[str, Any]] = []
        self.journal: list[dict[str, Any]] = []
        # Which versions were in force is told by the lines, which are copied as they are.
        self.batch = Batch(Versions(0, 0))

    def follow(self, row: dict[str, Any], chain: list[Any]) -> None:
        """One audit: each line's step, then the row in which it stands."""
        audit: Audit | None = None
        entered_at = chain[0].recorded_at
        for entry in chain:
            outcome = _outcome(audit, read(entry.body))
            audit = outcome.audit
            loaded = LoadedAudit(audit, row["reference"], "")
            self.batch.parts(AuditStep(loaded=loaded, audit=audit, outcomes=(outcome,)))
            if outcome.event.kind == "audit" and outcome.before != outcome.after:
                entered_at = entry.recorded_at
        assert audit is not None
        now = audit_row(audit, chain[-1].hash, (outcome,), chain[-1].recorded_at)
        self.audits.append({**row, **now, "entered_at": entered_at})
        self.journal += (entry._asdict() for entry in chain)

    def write(self) -> None:
        """Write it all, each table once."""
        if not self.audits:
            return
        self.past.execute(insert(tables.audits), self.audits)
        self.past.execute(insert(tables.journal), self.journal)
        for name in ("duties", "actions", "escalations", "steps", "places"):
            if self.batch.rows[name]:
                StatementRunner(self.past).many(name, self.batch.rows[name])


def _outcome(before: Audit | None, line: dict[str, Any]) -> Outcome:
    """What the event of a line did, as it was when the line was written."""
    after = fold(before, line["changed"])
    kind, _, n = line["subject"].partition(" ")
    stood = {f"{o.duty}|{o.subject}|{o.due}": o for o in before.duties} if before else {}
    return Outcome(
        event=Event(kind, int(n or 0), line["event"]),
        before=line["before"],
        after=line["after"],
        saw=line["saw"],
        attribution=Attribution(
            datetime.fromisoformat(line["recorded_at"]),
            datetime.fromisoformat(line["happened_at"]),
            line["who"],
        ),
        audit=after,
        changed=changes(before, after),
        ended=tuple((stood[key], how) for key, how in line.get("ended", {}).items()),
    )
