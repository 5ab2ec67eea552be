"""The watch of a store: follows each line that is new, and demands all that must hold of it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from auditflow.audits import Audit
from auditflow.calendar import london_date
from auditflow.machines.diff import fold
from auditflow.persistence.journal import hash_of, read
from support.checks import demand_cache
from support.demands import demand_all, demand_new, demand_noticed
from support.grants import may_know_of, may_touch
from support.known import Head, Known
from support.line import Line

#: What the watch goes on from: the rows of a store, and what is known of it.
Image = tuple[sqlite3.Connection, Known]


class Watch:
    """Reads one store past its service; `known` is what its lines and commands have given."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self.raw = raw
        #: What happened, and how often.
        self.tally: Counter[str] = Counter()
        self._know(Known())

    def _know(self, known: Known) -> None:
        self.known = known
        self.notices = self.ask("SELECT coalesce(max(id), 0) FROM outbox")[0][0]

    def image(self) -> Image:
        """The store as it is, to begin histories from."""
        copy = sqlite3.connect(":memory:")
        self.raw.backup(copy)
        return copy, self.known.copy()

    def begin(self, image: Image) -> None:
        """Make the store what it was, and go on from there."""
        image[0].backup(self.raw)
        self._know(image[1].copy())

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the store."""
        return self.raw.execute(query, values).fetchall()

    def follow(self, now: datetime) -> list[Line]:
        """Every line that is new, audit by audit, each with all that must hold of it."""
        known = self.known
        lines: list[Line] = []
        self.tally.update(f"office {body['event']}" for body in self._new(0, now))
        audits = "SELECT id, reference, version FROM audits ORDER BY id"
        for audit_id, reference, version in self.ask(audits):
            before = known.audits.get(audit_id)
            if before is None or before.version != version:
                known.references[audit_id] = reference
                lines += self._lines(audit_id, now)
                self.demand_stored(audit_id)
        self._demand_notices(lines)
        return lines

    def _new(self, chain: int, now: datetime) -> Iterator[dict[str, Any]]:
        """The new lines of one chain; each is chained to the last, and recorded now."""
        head = self.known.heads.get(chain, Head())
        query = "SELECT seq, recorded_at, body, hash FROM journal WHERE audit_id = ? AND seq > ?"
        for seq, recorded_at, text, hashed in self.ask(f"{query} ORDER BY seq", chain, head.seq):
            body = read(text)
            assert (seq, body["seq"], body["audit"]) == (head.seq + 1, seq, chain)
            assert hashed == hash_of(head.hash, text.encode()), "not chained"
            assert head.recorded_at <= recorded_at, "recorded_at fell"
            assert datetime.fromisoformat(recorded_at) == now, "not recorded when it was sent"
            head = self.known.heads[chain] = Head(seq, hashed, recorded_at)
            yield body

    def _lines(self, audit_id: int, now: datetime) -> Iterator[Line]:
        known = self.known
        for body in self._new(audit_id, now):
            before = known.audits.get(audit_id)
            line = Line(body, before, fold(before, body["changed"]), known.rules)
            demand_all(line)
            assert (body["policy"], body["calendar"]) == (known.policy, known.calendar)
            if before is None:
                demand_new(line.after, known.audits.values())
            known.audits[audit_id] = line.after
            if line.event == "pass_over":
                known.passed_over.setdefault(audit_id, frozenset())
                known.passed_over[audit_id] |= {body["missed"]}
            if line.level is not None:
                known.levels.setdefault(audit_id, frozenset())
                known.levels[audit_id] |= {(line.n, line.level.value)}
            self.tally.update(line.words())
            yield line

    # What must hold of the store.

    def demand_stored(self, audit_id: int) -> None:
        """What is stored of an audit is what its lines give, and every row looked up agrees."""
        known = self.known
        audit = known.audits[audit_id]
        demand_cache(self.ask, audit)
        steps = self.ask("SELECT n, level FROM escalation_steps WHERE audit_id = ?", audit_id)
        assert sorted(steps) == sorted(known.levels.get(audit_id, ()))
        ends = self.ask("SELECT head FROM audits WHERE id = ?", audit_id)
        assert ends == [(known.heads[audit_id].hash,)]

    def _demand_notices(self, lines: Iterable[Line]) -> None:
        """Each notice comes of one line, and whatever escalates or is resolved is told."""
        of = {(line.after.id, line.body["seq"]): line for line in lines}
        told = set()
        query = "SELECT id, audit_id, seq, subject, deliver_from FROM outbox WHERE id > ?"
        for number, audit_id, seq, subject, deliver_from in self.ask(query, self.notices):
            self.notices = max(self.notices, number)
            line = of[audit_id, seq]
            assert subject == line.body["subject"]
            assert datetime.fromisoformat(deliver_from) >= line.recorded_at
            told.add((audit_id, seq))
        for key, line in of.items():
            if line.kind == "escalation" and line.moves:
                assert key in told, f"nobody is told: {line}"

    def demand_noticed(self, audit: Audit, now: datetime) -> None:
        """The clock acted on this audit at `now`."""
        demand_noticed(audit, now, self.known.passed_over.get(audit.id, ()))

    def demand_grants(self, lines: list[Line]) -> None:
        """Whoever sent what gave these lines was here, and the audit was theirs to touch."""
        touched: dict[int, list[Audit]] = {}
        for line in lines:
            touched.setdefault(line.after.id, []).extend(filter(None, (line.before, line.after)))
        for line in lines:
            if line.before is None or line.by_the_clock:
                continue
            who, today = line.body["who"], london_date(line.recorded_at)
            whom = line.body.get("for", who)
            assert self.known.people[who].here(today)
            assert whom == who or self.known.stands_in(who, whom, today)
            theirs = any(may_touch(self.known.people[whom], a) for a in touched[line.after.id])
            assert theirs, f"not theirs to touch: {who} for {whom}"
            if line.after.restricted:
                assert may_know_of(self.known.people[who], line.after)
