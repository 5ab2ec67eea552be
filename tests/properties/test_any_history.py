"""Any history, through the real service and a real store: whatever is sent, every promise holds."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import event

from auditflow.app import App
from auditflow.audits import Audit
from auditflow.errors import AuditflowError
from auditflow.machines.changes import fold
from auditflow.persistence.lines import hash_of, read
from support.histories import (
    Hand,
    demand_agreement,
    demand_final,
    demand_noticed,
    demand_once,
    levels_reached,
    typed,
)
from support.office import Office, at

LONG = bool(os.environ.get("AUDITFLOW_LONG"))
MONTHS = ("2025-02", "2025-03", "2025-12")
REFERENCES = tuple(f"{month}-001" for month in MONTHS)
#: Drawn evenly from a seed that Hypothesis draws: its own draws would favour the first choice,
#: which ends an audit at once.
RANDOMS = st.randoms(use_true_random=True)
BEGUN = "2025-01-02 09:00"
LOOKS = "SELECT id, reference, version, head, state, entered_at, facts FROM audits ORDER BY id"


@cache
def template() -> Path:
    """A store with three audits drawn, copied for each history."""
    folder = Path(tempfile.mkdtemp(prefix="auditflow-template-"))
    office = Office(folder, begun=BEGUN)
    for month in MONTHS:
        office.draw(month, BEGUN, size=1)
    office.app.close()
    return folder


@pytest.fixture(scope="module", autouse=True)
def _template_is_cleared_away() -> Any:
    yield
    shutil.rmtree(template())


def _unhurried(connection: sqlite3.Connection, _record: object) -> None:
    # Nothing here is about a power cut; waiting for the disk would take most of the time.
    connection.execute("PRAGMA synchronous = OFF")


class AnyHistory(RuleBasedStateMachine):
    """People send what they like, time passes, the clock looks when it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="auditflow-history-"))
        shutil.copy(template() / "office.db", self.folder / "office.db")
        self.app = App(f"sqlite:///{self.folder / 'office.db'}")
        event.listen(self.app.store.engine, "connect", _unhurried)
        self.look = sqlite3.connect(self.folder / "office.db")
        self.look.row_factory = sqlite3.Row
        self.now = at(BEGUN)
        self.asked: list[tuple[datetime, bytes]] = []
        self.last: dict[int, Audit] = {}
        self.lines: dict[int, list[tuple[str, str, str]]] = {}
        self.heads: dict[int, tuple[int, str, str]] = {}

    def teardown(self) -> None:
        for moment, said in self.asked[-3:]:
            past = App(f"sqlite:///{self.folder / 'office.db'}", self.now, moment)
            assert _answers(past) == said, f"another answer for {moment} than was given then"
            past.close()
        self.look.close()
        self.app.close()
        shutil.rmtree(self.folder)

    # What can happen.

    @rule(random=RANDOMS, times=st.integers(1, 20))
    def people_send(self, random: Random, times: int) -> None:
        hand = Hand(random)
        reference = random.choices(REFERENCES, (8, 4, 1))[0]
        for _ in range(times):
            audit = self._stored(reference)
            sent = hand.sends(reference, audit, self.now)
            done = self.now - timedelta(days=sent.days_ago)
            before = self._everything()
            try:
                self.app.service.do(typed(sent), by=sent.by, now=self.now, happened_at=done)
            except AuditflowError:
                assert self._everything() == before, f"a refusal changed something: {sent}"
                continue
            demand_noticed(self._stored(reference), self.now)
            if random.random() < 0.3:
                self.now = hand.later(self.now, longest=20)

    @rule(random=RANDOMS)
    def time_passes(self, random: Random) -> None:
        self.now = Hand(random).later(self.now)

    @rule()
    def somebody_asks(self) -> None:
        self.app._now = self.now
        self.asked.append((self.now, _answers(self.app)))
        self.app._now = None
        # What comes now is later than what was asked about.
        self.now += timedelta(seconds=1)

    @rule()
    def the_clock_looks(self) -> None:
        assert not self.app.service.sweep(self.now).failed
        for row in self._rows(LOOKS):
            demand_noticed(_audit(row), self.now)
        before = self._everything()
        again = self.app.service.sweep(self.now)
        assert (again.looked_at, again.raised) == (0, []), "sweeping twice is not sweeping once"
        assert self._everything() == before

    # What must hold after each.

    @invariant()
    def the_state_is_the_fold_of_the_journal(self) -> None:
        for row in self._rows(LOOKS):
            before = self.last.get(row["id"])
            folded = self._follow(row["id"])
            audit = _audit(row)
            assert folded == audit, f"{row['reference']}: the journal gives another audit"
            assert (row["version"], row["state"]) == (audit.version, audit.state)
            assert row["head"] == self.heads[row["id"]][1]
            demand_once(audit)
            if before is not None:
                demand_final(before, audit)

    @invariant()
    def what_is_looked_up_agrees_with_the_facts(self) -> None:
        for audit_id, audit in self.last.items():
            self._duties_agree(audit_id, audit)
            self._parts_agree(audit_id, audit)

    def _follow(self, audit_id: int) -> Audit | None:
        """The fold up to now; each new line is chained, in time, and led by both engines."""
        seq, head, last = self.heads.get(audit_id, (0, "", ""))
        audit = self.last.get(audit_id)
        query = "SELECT * FROM journal WHERE audit_id = ? AND seq > ? ORDER BY seq"
        for line in self._rows(query, audit_id, seq):
            body = read(line["body"])
            assert line["seq"] == body["seq"] == seq + 1
            assert line["hash"] == hash_of(head, line["body"].encode())
            assert last <= line["recorded_at"], "recorded_at fell"
            assert body["happened_at"] <= body["recorded_at"]
            seq, head, last = line["seq"], line["hash"], line["recorded_at"]
            audit = fold(audit, body["changed"])
            subject = body["subject"]
            kind = subject.split(" ")[0]
            demand_agreement(kind, body["before"], body["after"], body["event"], body["saw"])
            lines = self.lines.setdefault(audit_id, [])
            lines.append((subject, body["before"], body["after"]))
        self.heads[audit_id] = seq, head, last
        if audit is not None:
            self.last[audit_id] = audit
        return audit

    def _duties_agree(self, audit_id: int, audit: Audit) -> None:
        query = "SELECT * FROM duties WHERE audit_id = ? AND ended_at IS NULL"
        rows = {(r["duty"], r["subject"]): r for r in self._rows(query, audit_id)}
        assert set(rows) == {o.key for o in audit.duties}
        for owed in audit.duties:
            row = rows[owed.key]
            said = (row["due"], row["since"], row["role"], row["owner"])
            assert said == (str(owed.due), str(owed.since), owed.role, owed.owner)
            assert row["overdue_from"] == owed.overdue_from.isoformat(timespec="microseconds")
            assert row["raise_from"] == owed.raise_from.isoformat(timespec="microseconds")
            assert (row["missed_at"] is not None) is owed.missed, f"missed or not: {owed}"

    def _parts_agree(self, audit_id: int, audit: Audit) -> None:
        for part, table in ((audit.actions, "actions"), (audit.escalations, "escalations")):
            rows = self._rows(f"SELECT * FROM {table} WHERE audit_id = ? ORDER BY n", audit_id)
            assert len(rows) == len(part)
            for row, one in zip(rows, part, strict=True):
                told = {k: row[k] for k in row.keys() if k in one.__struct_fields__}  # noqa: SIM118
                assert told == {k: _as_stored(getattr(one, k)) for k in told}
        steps = self._rows("SELECT n, level FROM escalation_steps WHERE audit_id = ?", audit_id)
        reached = {(n, int(level)) for n, level in levels_reached(self.lines[audit_id])}
        assert {(r["n"], r["level"]) for r in steps} == reached

    def _stored(self, reference: str) -> Audit:
        query = "SELECT facts FROM audits WHERE reference = ?"
        return _audit(self._rows(query, reference)[0])

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        return self.look.execute(query, values).fetchall()

    def _everything(self) -> object:
        """Enough to see any change: what each audit is, and how long each table."""
        counts = [
            self._rows(f"SELECT count(*) FROM {t}")[0][0]
            for t in ("journal", "duties", "outbox", "texts", "escalation_steps")
        ]
        return [tuple(r) for r in self._rows(LOOKS)], counts


def _answers(app: App) -> bytes:
    """What is said of all audits, as it is printed."""
    qam, worker = app.who("qam"), app.who("kw")
    pages = [app.peek(qam, reference) for reference in REFERENCES]
    lists = [app.listed(qam), app.listed(worker), app.work(worker), app.work(qam)]
    return msgspec.json.encode([app.board(qam), *lists, *pages])


def _audit(row: sqlite3.Row) -> Audit:
    return msgspec.json.decode(row["facts"], type=Audit)


def _as_stored(value: Any) -> Any:
    if hasattr(value, "tzinfo"):
        return value.isoformat(timespec="microseconds")
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    return value


AnyHistory.TestCase.settings = settings(
    max_examples=3000 if LONG else 60,
    stateful_step_count=40,
    deadline=None,
    print_blob=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink),
)
TestAnyHistory = AnyHistory.TestCase
