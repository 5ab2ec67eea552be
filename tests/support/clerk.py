"""Random histories: what people might send about the office at any time, drawn from one seed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Any, Final

from msgspec.structs import replace

from auditflow.audits import Audit, Person, Role
from auditflow.commands import (
    AppointDeputy,
    Correct,
    DrawRound,
    HandOver,
    ImportCalendar,
    ImportCases,
    ImportPeople,
    Leave,
    ReleaseNotices,
    Return,
    SetPolicy,
    may_do_office,
)
from auditflow.commands.correction import ENTRIES, value_of
from auditflow.commands.office import Case, OfficeCommand
from auditflow.guidance.tool import Grade
from auditflow.machines.charts import DUTIES
from auditflow.machines.handover import places_of
from auditflow.policy import DEFAULT
from auditflow.sampling import STRATA
from support.histories import next_month
from support.known import Known
from support.office import CAST
from support.values import OFTEN, VALUES, typed_for

#: Two who ask the same questions all through a history, and so are never changed.
ASKING: Final = ("qam", "ad")
#: The most audits a history draws; beyond, it follows those there are.
MOST_AUDITS: Final = 14
_REASON = "It was talked over with the team."


class Clerk:
    """Draws what is sent about the office, from one generator, as it stands today."""

    def __init__(self, random: Random, known: Known, today: date) -> None:
        self.random, self.known, self.today = random, known, today

    def sends(self) -> tuple[OfficeCommand, str]:
        """A command, and who sends it: mostly one who may."""
        kinds, weights = zip(*_KINDS.values(), strict=True)
        command = self.random.choices(kinds, weights)[0](self)
        able = [p.id for p in self._people() if may_do_office(p, command.by)]
        likely = able and self.random.random() < 0.9
        return command, self.random.choice(able if likely else [p.id for p in self._people()])

    def _people(self) -> list[Person]:
        return self.known.here(self.today) if self.random.random() < 0.95 else list(CAST)

    def _someone(self, *but: str) -> str:
        return self.random.choice([p.id for p in CAST if p.id not in but])

    def _days(self, first: int, last: int) -> date:
        return self.today + timedelta(days=self.random.randint(first, last))

    def _reason(self) -> str:
        return self.random.choice((*[_REASON] * 12, " "))

    # People.

    def import_people(self) -> ImportPeople:
        """The whole list or a part of it, with one person changed or none."""
        listed = {p.id: p for p in self.random.sample(CAST, self.random.randint(1, len(CAST)))}
        who = self._someone(*ASKING)
        old = next(p for p in CAST if p.id == who)
        change: dict[str, Any] = self.random.choice(
            (
                {},
                {"trained": not old.trained},
                {"cleared": not old.cleared},
                {"team": self.random.choice(("Able", "Baker", "Charlie"))},
                {"service": self.random.choice(("North", "South"))},
                {"roles": old.roles | {self.random.choice((Role.AUDITOR, Role.MODERATOR))}},
                {"line": (who,)},
            )
        )
        return ImportPeople(people=tuple((listed | {who: replace(old, **change)}).values()))

    def appoint_deputy(self) -> AppointDeputy:
        """Mostly for somebody who owes something."""
        owing = [o.owner for _, a in self.known.live() for o in a.duties if o.owner]
        named = owing and self.random.random() < 0.5
        since = self._days(-3, 5)
        return AppointDeputy(
            person=self.random.choice(owing) if named else self._someone(),
            deputy=self._someone(),
            since=since,
            until=since + timedelta(days=self.random.choice((-1, 5, 20, 40, 90))),
        )

    def leave(self) -> Leave:
        """Somebody leaves about now; mostly somebody who holds no place."""
        free = [p for p in self.known.here(self.today) if not any(self._places(p.id))]
        able = [p.id for p in free if p.id not in ASKING and not p.roles & {Role.QA_TEAM}]
        likely = able and self.random.random() < 0.7
        who = self.random.choice(able) if likely else self._someone(*ASKING)
        return Leave(person=who, on=self._days(-2, 10), reason=self._reason())

    def return_(self) -> Return:
        """Mostly somebody who left."""
        gone = [p.id for p in self.known.people.values() if p.left_on]
        likely = gone and self.random.random() < 0.9
        who = self.random.choice(gone) if likely else self._someone()
        return Return(person=who, reason=self._reason())

    def hand_over(self) -> HandOver:
        """From one who holds places, mostly to one who could hold them."""
        placed = [p for p in self.known.people.values() if any(self._places(p.id))]
        giver = self.random.choice(placed or list(CAST))
        alike = [p.id for p in CAST if p.roles & giver.roles and p.id != giver.id]
        likely = alike and self.random.random() < 0.9
        taker = self.random.choice(alike) if likely else self._someone()
        return HandOver(giver=giver.id, taker=taker, reason=self._reason())

    def _places(self, who: str) -> Iterator[str]:
        return (place for _, audit in self.known.live() for place in places_of(audit, who))

    # Rounds.

    def import_cases(self) -> ImportCases:
        """Mostly a list of today; some cases are new, closed, restricted or elsewhere."""
        as_at = self._days(*self.random.choice(((0, 0), (-2, 2))))
        return ImportCases(cases=tuple(self._case(n) for n in range(1, 17)), as_at=as_at)

    def _case(self, n: int) -> Case:
        odd = self.random.random() < 0.25
        team, worker = (("Able", "kw"), ("Able", "kw2"), ("Charlie", "kw3"))[n % 3]
        changes: dict[str, Any] = self.random.choice(
            (
                {"stratum": "closed"},
                {"closed": self._days(-9, -1)},
                {"opened": self._days(-20, -1)},
                {"last_audited": self._days(-200, -100)},
                {"worker": self.random.choice(("kw2", "Kw3", "Nobody", ""))},
            )
        )
        plain = {
            "stratum": STRATA[n % 2],
            "team": team,
            "worker": worker,
            "restricted": self.random.random() < 0.1,
        }
        return Case(reference=f"CF-{n:02d}", **{**plain, **(changes if odd else {})})

    def draw_round(self) -> OfficeCommand:
        """A month ahead, or again one that was drawn; a case list once there are many audits."""
        if len(self.known.audits) >= MOST_AUDITS:
            return self.import_cases()
        drawn = sorted({a.month for a in self.known.audits.values()})
        month = self.today
        for _ in range(self.random.choice((0, 1, 1, 2, 2, 3, 4))):
            month = next_month(month)
        if drawn and self.random.random() < 0.4:
            month = self.random.choice(drawn)
        how: dict[str, Any] = {"size": self.random.choice((0, 1, 2, 2, 30))}
        if self.random.random() < 0.4:
            quota = self.random.choice((1, 1, 2))
            how = {"quotas": {self.random.choice((*STRATA[:2], "none")): quota}}
        again = month in drawn and self.random.random() < 0.8
        return DrawRound(
            month=month.replace(day=1),
            reserves=self.random.choice((0, 1, 2, 3)),
            exclude={"CF-01": _REASON} if self.random.random() < 0.15 else {},
            seed=f"seed {self.random.randint(0, 10**6)}",
            again=_REASON if again else "",
            **how,
        )

    # Rules.

    def import_calendar(self) -> ImportCalendar:
        """One to three days about now."""
        days = {self._days(-3, 30): "One-off" for _ in range(self.random.randint(1, 3))}
        through = 2031 if self.random.random() < 0.2 else None
        return ImportCalendar(days=days, through=through, source="feed")

    def set_policy(self) -> SetPolicy:
        """One setting or limit, mostly to something that can be read."""
        name = self.random.choice((*VALUES, *DUTIES, *OFTEN))
        typed = typed_for(name, self.random, self.today)
        value = self.random.choice((*[typed] * 8, DEFAULT, "as before"))
        known = name if self.random.random() < 0.97 else "no such thing"
        dry_run = self.random.random() < 0.2
        return SetPolicy(setting=known, value=value, reason=self._reason(), dry_run=dry_run)

    def correct(self) -> Correct:
        """Mostly an entry there is, of an action where one is done; another day or grade."""
        found = [c for ref, audit in self.known.live() for c in self._entries(ref, audit)]
        if not found or self.random.random() < 0.1:
            ref = self.random.choice(list(self.known.references.values()) or ["2025-01-001"])
            name = self.random.choice((*ENTRIES, "month"))
            return Correct(audit=ref, field=name, value=str(self.today), reason=_REASON)
        of_actions = [c for c in found if c.action]
        likely = of_actions if of_actions and self.random.random() < 0.7 else found
        return self.random.choice(likely)

    def _entries(self, ref: str, audit: Audit) -> Iterator[Correct]:
        """Each entry of an audit with something else in its place."""
        for name, entry in ENTRIES.items():
            numbers = [a.n for a in audit.actions] if entry.kind == "action" else [0]
            elements = [f.element for f in audit.findings] if name == "element_grade" else [""]
            for n, element in product(numbers, elements):
                wrong = Correct(
                    audit=ref,
                    field=name,
                    action=n,
                    element=element,
                    value="",
                    reason=self._reason(),
                )
                was = value_of(audit, wrong)
                if was is not None:
                    yield dataclasses.replace(wrong, value=self._other(was))

    def _other(self, was: date | Grade) -> str:
        if isinstance(was, date):
            return str(was + timedelta(days=self.random.choice((-3, -2, -1, -1, 0, 1, 2))))
        grades: list[Grade] = list(Grade)
        return self.random.choice(grades).value

    def release_notices(self) -> ReleaseNotices:
        """What a restore held back may go."""
        return ReleaseNotices(reason=self._reason())


_KINDS: Final[dict[type, tuple[Callable[[Clerk], OfficeCommand], int]]] = {
    ImportPeople: (Clerk.import_people, 8),
    ImportCases: (Clerk.import_cases, 8),
    DrawRound: (Clerk.draw_round, 14),
    ImportCalendar: (Clerk.import_calendar, 10),
    AppointDeputy: (Clerk.appoint_deputy, 14),
    Leave: (Clerk.leave, 8),
    Return: (Clerk.return_, 8),
    HandOver: (Clerk.hand_over, 10),
    SetPolicy: (Clerk.set_policy, 30),
    Correct: (Clerk.correct, 28),
    ReleaseNotices: (Clerk.release_notices, 6),
}
