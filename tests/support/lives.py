"""A life of the office, drawn from one seed: people send what they like, the clock looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any

import msgspec

from auditflow.calendar import LONDON, london_date
from auditflow.commands import DrawRound, ImportPeople, ReleaseNotices, SetPolicy
from auditflow.queries import audit_detail, board, work
from auditflow.service import Done
from support.asking import ask, listed
from support.clerk import ASKING, Clerk
from support.demands import EXITS
from support.histories import Hand, Sent, next_month
from support.known import Known
from support.office import CAST, at
from support.watch import Image
from support.watched import Watched

#: From so many beginnings histories go on; each has lived so many steps longer than the one before.
BEGINNINGS, APART = 20, 14
STEPS = 40
#: Of so many histories one is made again from its journal, which takes as long as the history.
PROVED = 20
#: How often a life is about an audit that has come so far.
_RIPE = {"post_audit": 8, "awaiting_verification": 12, "in_audit": 4, "closed": 4}


@cache
def watched() -> Watched:
    """The one store of this process; each life makes it again what it was."""
    return Watched()


@cache
def empty() -> Image:
    """The store with nobody in it."""
    return watched().watch.image()


class Life:
    """What happens in one office; whoever draws the steps, `random` draws what each is."""

    def __init__(self, image: Image, now: datetime, random: Random) -> None:
        self.watched, self.now, self.random = watched(), now, random
        self.watched.begin(image)
        self.asked: tuple[datetime, bytes] | None = None
        self.keys: list[tuple[str, Sent]] = []
        self.about, self.longest = "", random.choice((2, 6, 6, 30))

    @property
    def known(self) -> Known:
        """What is known of the office."""
        return self.watched.watch.known

    def step(self) -> None:
        """Something happens: mostly somebody sends something."""
        steps = (
            self.people_send, self.office_settles, self.time_passes, self.clock_looks,
            self.somebody_reads,
        )  # fmt: skip
        self.random.choices(steps, (62, 14, 17, 5, 2))[0]()

    def people_send(self) -> None:
        """Somebody sends a command about an audit, or the same twice."""
        reference = self._reference()
        if not reference:
            return
        audit = self.known.audit(reference)
        people, deputies = list(self.known.people.values()), list(self.known.deputies.values())
        sent = Hand(self.random, people, deputies).sends(reference, audit, self.now)
        seen = None
        if self.random.random() < 0.1:
            seen = audit.version - self.random.choice((0, 1))
        if self.random.random() < 0.9:
            self._send(sent, seen=seen)
        elif self.keys and self.random.random() < 0.3:
            key, old = self.random.choice(self.keys)
            again = self._send(self.random.choice((sent, old)), key=key)
            assert again is None or again.repeated, "the same key did another thing"
        else:
            self._twice(sent, seen)

    def _twice(self, sent: Sent, seen: int | None) -> None:
        key = f"key {self.random.getrandbits(64)}"
        if self._send(sent, key=key, seen=seen):
            self.keys.append((key, sent))
            again = self._send(sent, key=key, seen=seen)
            assert again is not None, "sent twice, it was refused"
            assert again.repeated, "sent twice, it was not known again"

    def _send(self, sent: Sent, **how: Any) -> Done | None:
        done = self.now - timedelta(days=sent.days_ago)
        who = {"by": sent.by, "acting_for": sent.acting_for}
        return self.watched.send(sent.command, self.now, happened_at=done, **who, **how)

    def _reference(self) -> str:
        """Mostly of the audit this life is about, until it is over; sometimes of another."""
        known = self.known
        states = {known.references[n]: audit.state for n, audit in known.audits.items()}
        if not self.about or states[self.about] in EXITS:
            going = [reference for reference, state in states.items() if state not in EXITS]
            ripe = [_RIPE.get(states[reference], 2) for reference in going]
            self.about = self.random.choices(going, ripe)[0] if going else ""
        if self.about and self.random.random() < 0.82:
            return self.about
        return self.random.choice(list(states) or [""])

    def office_settles(self) -> None:
        """Somebody sends a command about the office; a setting may be tried dry before."""
        command, by = Clerk(self.random, self.known, london_date(self.now)).sends()
        if isinstance(command, ReleaseNotices) and self.random.random() < 0.6:
            self.watched.hold_notices()
        if not isinstance(command, SetPolicy) or command.dry_run or self.random.random() < 0.7:
            self.watched.do_office(command, self.now, by)
            return
        told = self.watched.do_office(replace(command, dry_run=True), self.now, by)
        done = self.watched.do_office(command, self.now, by)
        assert (told is None) is (done is None), "tried dry, it went otherwise"
        if told and done:
            assert told.figures == {**done.figures, "dry_run": True}

    def time_passes(self) -> None:
        """Some minutes, hours or days, and weeks where nobody hurries; often until a meeting."""
        about = self.about and self.known.audit(self.about)
        if about and about.state == "meeting_booked" and self.random.random() < 0.5:
            assert about.meeting_on is not None
            nine = datetime.combine(about.meeting_on, time(9), LONDON).astimezone(UTC)
            if nine > self.now:
                self.now = nine
                return
        self.now = Hand(self.random).later(self.now, longest=self.longest)

    def clock_looks(self) -> None:
        """The clock acts."""
        self.watched.sweep(self.now)

    def somebody_reads(self) -> None:
        """Anybody asks for any audit."""
        here = self.known.here(london_date(self.now))
        if self.known.references and here:
            reference = self.random.choice(list(self.known.references.values()))
            self.watched.read(self.random.choice(here), reference, self.now)

    def somebody_asks(self) -> None:
        """Everything is asked, to be asked again of this moment when it is past."""
        self.asked = self.now, self._answers(self.now)
        # What comes now is later than what was asked about.
        self.now += timedelta(seconds=1)

    def _answers(self, now: datetime, moment: datetime | None = None) -> bytes:
        app = self.watched.app
        app._now, app._as_at = now, moment
        everybody, director = ASKING
        rows = listed(app, everybody)
        pages = [ask(app, everybody, audit_detail, row.reference) for row in rows[-2:]]
        found = [ask(app, everybody, board), ask(app, director, work), rows, pages]
        app._as_at = None
        return msgspec.json.encode(found)

    def ends(self) -> None:
        """The clock looks a last time."""
        self.watched.sweep(self.now)

    def is_proved(self) -> None:
        """The whole store is made again from its journal; what was said then is said again."""
        self.watched.demand_whole(self.now)
        if self.asked:
            moment, said = self.asked
            assert self._answers(self.now, moment) == said, f"another answer for {moment}"


@cache
def beginnings() -> list[tuple[Image, datetime]]:
    """Offices in the midst of their work, each later in its life than the one before."""
    return [_begun(n) for n in range(BEGINNINGS)]


def _begun(n: int) -> tuple[Image, datetime]:
    """Three rounds are drawn at once, each for another month; then so many steps."""
    now = at("2025-01-06 09:00") + timedelta(days=23 * n)
    life = Life(empty(), now, Random(f"beginning {n}"))
    with _saying(f"beginning {n}; again: beginnings()"):
        _opens(life, n)
        for _ in range(n * APART):
            life.step()
    return life.watched.watch.image(), life.now


def _opens(life: Life, n: int) -> None:
    """People, a case list, and three rounds."""
    now = life.now
    life.watched.do_office(ImportPeople(people=CAST), now, "qa1")
    clerk = Clerk(life.random, life.known, london_date(now))
    life.watched.do_office(replace(clerk.import_cases(), as_at=london_date(now)), now, "qa1")
    month = now.date()
    for how in ({"size": 2}, {"size": 2}, {"quotas": {"child_protection": 1, "looked_after": 1}}):
        month = next_month(month)
        life.watched.do_office(DrawRound(month=month, reserves=2, seed=f"{n}", **how), now, "qa1")


def lived(seed: int, steps: int = STEPS) -> Life:
    """One history of this seed."""
    image, now = beginnings()[seed % BEGINNINGS]
    life = Life(image, now, Random(seed))
    with _saying(f"seed {seed}; again: lived({seed})"):
        for _ in range(steps):
            life.step()
        life.ends()
        if seed % PROVED == 0:
            life.is_proved()
    return life


@contextmanager
def _saying(how: str) -> Iterator[None]:
    """Whatever fails says how to make it fail again."""
    try:
        yield
    except Exception as failure:
        failure.add_note(how)
        raise
