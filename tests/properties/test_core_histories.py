"""Any history, without a database: the charts, the clock and the forms by the thousand."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import md5
from random import Random

import msgspec
import pytest
from msgspec.structs import replace

from auditflow.audits import Audit, Finding, Person
from auditflow.calendar import LONDON, bundled, london_date
from auditflow.commands import Noting
from auditflow.errors import AuditflowError, NotFound
from auditflow.machines.changes import changes, fold
from auditflow.machines.owing import World
from auditflow.machines.process import Act, Outcome, Stamp, step, tick
from auditflow.policy import Policy
from auditflow.service import doors
from support.histories import (
    Hand,
    Sent,
    Watch,
    demand_final,
    demand_noticed,
    demand_once,
    people,
    typed,
)
from support.office import at

WORLD = World(bundled(), Policy())
PERSONS = people()
LONG = bool(os.environ.get("AUDITFLOW_LONG"))
#: So many seeds in each of the tests below; the long run takes other seeds as well.
PIECES, SEEDS = 8, 2500 if LONG else 75


def drawn(month: date, now: datetime) -> Audit:
    last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return Audit(
        id=1,
        case=1,
        kind="random",
        month=month,
        hold_by=last,
        stratum="child_in_need",
        team="Able",
        service="North",
        key_worker="kw",
        responsible_manager="rm",
        case_line=("rm", "hos", "ad"),
        as_at=london_date(now),
        drawn_on=london_date(now),
    )


@dataclass
class Pure:
    """One audit carried by hand, as the service carries it, and watched at each line."""

    audit: Audit
    watch: Watch = field(default_factory=Watch)
    refused: int = 0

    @classmethod
    def begun(cls, month: date, now: datetime) -> Pure:
        stamp = Stamp(now, now, "qa1")
        audit, outcomes = step(None, drawn(month, now), (Act("audit", 0, "draw"),), stamp, WORLD)
        self = cls(audit)
        self.watch.take(outcomes)
        return self

    def sweep(self, now: datetime) -> None:
        audit, outcomes = tick(self.audit, now, WORLD)
        self._become(audit, outcomes)
        assert tick(audit, now, WORLD) == (audit, ()), "sweeping twice is not sweeping once"
        demand_noticed(audit, now)

    def do(self, sent: Sent, now: datetime) -> bool:
        """Send one command; a refusal leaves everything as it was."""
        command, done = typed(sent), now - timedelta(days=sent.days_ago)
        caught_up, first = tick(self.audit, now, WORLD)
        begun = caught_up.held_on or caught_up.distributed_on or caught_up.drawn_on
        if begun is not None and london_date(done) < begun:
            done = now
        stamp = Stamp(now, done, sent.by)
        actor = PERSONS[sent.by]
        noting = Noting(stamp, london_date(done), WORLD, actor, _person, _kept)
        try:
            doors.demand_leave(doors.Actor(actor), command, caught_up)
            noted = command.note(caught_up, noting)
            audit, then = step(caught_up, noted, command.acts(caught_up), stamp, WORLD)
            doors.demand_arrows(doors.Actor(actor), caught_up, then)
        except AuditflowError:
            self.refused += 1
            return False
        audit, late = tick(audit, now, WORLD)
        self._become(audit, (*first, *then, *late))
        demand_noticed(audit, now)
        return True

    def _become(self, audit: Audit, outcomes: tuple[Outcome, ...]) -> None:
        self.watch.take(outcomes)
        if outcomes:
            assert self.watch.folded == audit
            demand_once(audit)
            demand_final(self.audit, audit)
        self.audit = audit


def _person(name: str) -> Person:
    if name not in PERSONS:
        raise NotFound(f"There is no person {name}.")
    return PERSONS[name]


def _kept(said: str) -> str:
    return md5(said.encode(), usedforsecurity=False).hexdigest()


def lived(seed: int, steps: int = 60) -> Pure:
    """One history of this seed."""
    hand = Hand(Random(seed))
    now = at("2025-01-06 09:00") + timedelta(days=hand.random.randint(0, 500))
    month = (london_date(now).replace(day=1) + timedelta(days=40)).replace(day=1)
    one = Pure.begun(month, now)
    for _ in range(steps):
        choice = hand.random.random()
        if choice < 0.25:
            now = hand.later(now, longest=30)
        elif choice < 0.35:
            one.sweep(now)
        else:
            one.do(hand.sends("2025-01-001", one.audit, now), now)
    one.sweep(now)
    return one


def seeds(piece: int) -> range:
    return range(piece * SEEDS, (piece + 1) * SEEDS)


def test_findings_stand_in_the_order_of_the_tool_whatever_a_journal_line_sorts() -> None:
    audit = drawn(date(2025, 3, 1), at("2025-02-03 09:00"))
    one, two = Finding("planning_and_review", "a"), Finding("engagement", "b")
    after = replace(audit, findings=(one, two))
    said = msgspec.json.encode(changes(audit, after), order="deterministic")
    assert fold(audit, msgspec.json.decode(said)) == after


@pytest.mark.parametrize("piece", range(PIECES))
def test_any_history_keeps_every_promise(piece: int) -> None:
    for seed in seeds(piece):
        try:
            lived(seed)
        except Exception:
            print(f"seed {seed}: lived({seed})")
            raise


def test_histories_reach_every_state_and_are_no_formality() -> None:
    found = [lived(seed).audit for seed in range(400)]
    states = {a.state for a in found}
    assert states >= {"post_audit", "closed", "voided", "withdrawn"}
    escalations = [e for a in found for e in a.escalations]
    assert {e.trigger.value for e in escalations} == {f"T{i}" for i in range(1, 10)}
    assert {e.state for e in escalations} >= {
        "level_2",
        "level_3",
        "level_4",
        "level_5",
        "resolved",
    }


# TR7: how often the clock looks changes nothing but when it looked.


@dataclass(frozen=True)
class Diary:
    """What is sent and when, to be lived through with the clock looking more or less often."""

    month: date
    begun: datetime
    sent: tuple[tuple[datetime, Sent], ...]
    until: datetime


def diary(seed: int) -> Diary:
    """A history as lived with a look each working day (T2 apart, whose clocks run at night)."""
    hand = Hand(Random(seed))
    begun = at("2025-01-06 09:00") + timedelta(days=hand.random.randint(0, 500))
    month = (london_date(begun).replace(day=1) + timedelta(days=40)).replace(day=1)
    one, now, sent = Pure.begun(month, begun), begun, []
    for _ in range(40):
        if hand.random.random() < 0.4:
            then = hand.later(now, longest=30)
            for look in looks(now, then, daily=True):
                one.sweep(look)
            now = then
            continue
        command = hand.sends("2025-01-001", one.audit, now, "raise_concern")
        if one.do(command, now):
            sent.append((now, command))
    return Diary(month, begun, tuple(sent), now + timedelta(days=40))


def looks(start: datetime, end: datetime, *, daily: bool) -> list[datetime]:
    """Each working day at 17:30; or each day, twice at midnight and at two odd times."""
    found = []
    day = london_date(start)
    while day <= london_date(end):
        if daily:
            times = ["17:30"] if WORLD.calendar.is_working_day(day) else []
        else:
            times = ["00:00", "00:00", "03:17", "12:00"]
        for text in times:
            hour, minute = map(int, text.split(":"))
            look = datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)
            found.append(look.astimezone(UTC))
        day += timedelta(days=1)
    return [look for look in found if start < look <= end]


def through(written: Diary, every: str) -> Audit:
    """The audit after this diary, the clock looking `every` so often."""
    one, now = Pure.begun(written.month, written.begun), written.begun
    for then, sent in (*written.sent, (written.until, None)):
        if every == "minute":
            for n in range(1, int((then - now).total_seconds() // 60)):
                audit, outcomes = tick(one.audit, now + timedelta(minutes=n), WORLD)
                if outcomes:
                    one.watch.take(outcomes)
                    one.audit = audit
        else:
            for look in looks(now, then, daily=every == "working day"):
                one.sweep(look)
        now = then
        if sent is not None:
            assert one.do(sent, now), f"refused now: {sent}"
    one.sweep(now)
    return one.audit


@pytest.mark.parametrize("piece", range(PIECES))
def test_looking_often_or_once_a_working_day_gives_the_same_audit(piece: int) -> None:
    for seed in range(piece * SEEDS // 7, (piece + 1) * SEEDS // 7):
        written = diary(seed)
        often, daily = through(written, "often"), through(written, "working day")
        assert changes(daily, often) == {}, f"diary({seed})"


@pytest.mark.parametrize("seed", range(40) if LONG else range(4))
def test_looking_each_minute_gives_the_same_audit(seed: int) -> None:
    written = diary(seed)
    minutely, daily = through(written, "minute"), through(written, "working day")
    assert changes(daily, minutely) == {}, f"diary({seed})"
