"""How often the clock looks changes nothing but when it looked (TR7): charts and forms alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import md5
from random import Random

import pytest

from auditflow.audits import Audit, Person
from auditflow.calendar import LONDON, bundled, london_date
from auditflow.commands import CommandContext
from auditflow.errors import AuditflowError, NotFound
from auditflow.machines.diff import changes
from auditflow.machines.duties import Rules
from auditflow.machines.transition import Attribution, Event, advance, catch_up
from auditflow.persistence.actors import Actor
from auditflow.policy import Policy
from auditflow.service import authorization
from support.histories import Hand, Sent, next_month
from support.long import daily
from support.office import CAST, at

RULES = Rules(bundled(), Policy())
PERSONS = {p.id: p for p in CAST}
#: So many seeds in each piece; the long run takes other seeds as well.
PIECES, SEEDS = daily(2, long=70), 40


def drawn(month: date, now: datetime) -> Audit:
    last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return Audit(
        state="start",
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
    """One audit carried by hand, as the service carries it, without a store."""

    audit: Audit

    @classmethod
    def begun(cls, month: date, now: datetime) -> Pure:
        attribution = Attribution(now, now, "qa1")
        audit, _ = advance(
            None, drawn(month, now), (Event("audit", 0, "draw"),), attribution, RULES
        )
        return cls(audit)

    def sweep(self, now: datetime) -> None:
        self.audit, _ = catch_up(self.audit, now, RULES)

    def do(self, sent: Sent, now: datetime) -> bool:
        """Send one command; a refusal leaves everything as it was."""
        done = now - timedelta(days=sent.days_ago)
        audit, _ = catch_up(self.audit, now, RULES)
        begun = audit.held_on or audit.distributed_on or audit.drawn_on
        if begun is not None and london_date(done) < begun:
            done = now
        attribution = Attribution(now, done, sent.by)
        actor = Actor(PERSONS[sent.by])
        context = CommandContext(
            attribution, london_date(done), RULES, actor.person, _person, _kept
        )
        try:
            authorization.require_permission(actor, sent.command, audit)
            noted = sent.command.apply(audit, context)
            after, outcomes = advance(audit, noted, sent.command.events(audit), attribution, RULES)
            authorization.require_transition_roles(actor, audit, outcomes)
        except AuditflowError:
            return False
        self.audit, _ = catch_up(after, now, RULES)
        return True


def _person(name: str) -> Person:
    if name not in PERSONS:
        raise NotFound(f"There is no person {name}.")
    return PERSONS[name]


def _kept(said: str) -> str:
    return md5(said.encode(), usedforsecurity=False).hexdigest()


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
    month = next_month(london_date(begun))
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
            times = ["17:30"] if RULES.calendar.is_working_day(day) else []
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
                one.sweep(now + timedelta(minutes=n))
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
    for seed in range(piece * SEEDS, (piece + 1) * SEEDS):
        written = diary(seed)
        often, daily = through(written, "often"), through(written, "working day")
        assert changes(daily, often) == {}, f"diary({seed})"


@pytest.mark.parametrize("seed", range(daily(4, long=40)))
def test_looking_each_minute_gives_the_same_audit(seed: int) -> None:
    written = diary(seed)
    minutely, daily = through(written, "minute"), through(written, "working day")
    assert changes(daily, minutely) == {}, f"diary({seed})"
