"""Random histories: what people might send at any time, drawn from one seed; and what must hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Any

import msgspec

from auditflow.audits import LEVEL_OF_STATE, Audit, Level, Owed, Person, Trigger, YesNo, cause_of
from auditflow.calendar import LONDON, london_date
from auditflow.commands import FORMS, AuditCommand, PlannedAction, roles_in, senders
from auditflow.commands.after import heading_of
from auditflow.guidance.tool import ELEMENTS, INDICATORS, RECORD_POINTS, Answer, Grade, Question
from auditflow.machines.changes import fold
from auditflow.machines.charts import CHARTS, DUTIES
from auditflow.machines.engine import engine
from auditflow.machines.process import Outcome
from auditflow.machines.replay import lead
from support.checks import NO_ARROW
from support.office import PEOPLE, SMART

#: How often an event is sent where it fits: those that end things seldom, those that lead on
#: often, for histories drawn blindly never come to an action plan.
WEIGHTS = {
    "withdraw": 0.5,
    "exempt": 0.5,
    "void": 0.5,
    "cancel_meeting": 3,
    "rebook_meeting": 5,
    "decline": 4,
    "reallocate": 3,
    "extend": 4,
    "cancel_action": 5,
    "raise_concern": 3,
    "raise": 1,
    "bypass": 4,
    "distribute": 60,
    "book_meeting": 60,
    "start_audit": 60,
    "record_supervision": 40,
    "verify": 40,
    "complete": 40,
    "file": 40,
    "accept": 60,
    "answer": 40,
    "moderate": 40,
    "approve_date": 60,
}
USUAL = 20


def weight(audit: Audit, event: str) -> float:
    """How often this event is sent to this audit."""
    if event == "record_findings":
        return 2 if audit.elements_done else 250
    if event == "submit":
        return 250 if audit.elements_done and audit.grading_recorded else 5
    if event in ("agree_grade", "record_disagreement") and audit.grading_recorded:
        return 4
    return WEIGHTS.get(event, USUAL)


Part = tuple[str, int, str]
_SAID: tuple[YesNo, ...] = ("", "yes", "no")


@dataclass(frozen=True)
class Sent:
    """One command as somebody sends it; `days_ago` is how long ago it was done."""

    command: AuditCommand
    by: str
    days_ago: int


class Hand:
    """Draws what is sent, from one generator."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def sends(self, reference: str, audit: Audit, now: datetime, *leave_out: str) -> Sent:
        """A command about this audit: mostly one that fits it now, by one who may."""
        kind, n, event = self.event(audit, leave_out)
        form = FORMS[kind, event]
        who = self.sender(audit, kind, n, event)
        filler = _Filler(self.random, audit, london_date(now), n)
        values = {
            f.name: filler.value(f.name)
            for f in fields(form)
            if f.name != "audit"
            and (f.default is MISSING or f.name == "element" or self.random.random() < 0.8)
        }
        days_ago = self.random.choice((0, 0, 0, 0, 0, 0, 1, 3, 10, 40))
        return Sent(form(audit=reference, **values), who, days_ago)

    def event(self, audit: Audit, leave_out: tuple[str, ...]) -> Part:
        """Mostly an event that has an arrow from where a part of the audit stands."""
        fits = [p for p in _fitting(audit) if p[2] not in leave_out]
        if fits and self.random.random() < 0.9:
            weights = [weight(audit, event) for _, _, event in fits]
            return self.random.choices(fits, weights)[0]
        others = [k for k in FORMS if k[1] not in leave_out]
        kind, event = self.random.choices(others, [weight(audit, e) for _, e in others])[0]
        return kind, self.random.randint(0, 3), event

    def sender(self, audit: Audit, kind: str, n: int, event: str) -> str:
        """Mostly somebody whose role it is."""
        able = [p.id for p in PEOPLE if roles_in(p, audit, kind, n) & senders(kind, event)]
        if able and self.random.random() < 0.93:
            return self.random.choice(able)
        return self.random.choice(PEOPLE).id

    def later(self, now: datetime, *, longest: int = 60) -> datetime:
        """Some minutes, hours, days or weeks after `now`; now and then midnight to the second."""
        step = self.random.choice(
            (
                timedelta(minutes=self.random.randint(0, 90)),
                timedelta(hours=self.random.randint(1, 30)),
                timedelta(days=self.random.randint(1, 5)),
                timedelta(days=self.random.randint(5, longest)),
            )
        )
        if self.random.random() < 0.2:
            day = london_date(now + step) + timedelta(days=1)
            return datetime.combine(day, time(), LONDON).astimezone(now.tzinfo)
        return now + step


def _fitting(audit: Audit) -> Iterator[Part]:
    yield from _events("audit", 0, audit.state)
    for action in audit.actions:
        yield from _events("action", action.n, action.state)
    for escalation in audit.escalations:
        yield from _events("escalation", escalation.n, escalation.state)
    yield from (("escalation", 0, "raise") for _ in _escalates(audit)[:1])


def _escalates(audit: Audit) -> list[Owed]:
    """What is owed that raises an escalation when it is missed."""
    return [o for o in audit.duties if isinstance(DUTIES[o.duty].missed, Trigger)]


def _events(kind: str, n: int, state: str) -> Iterator[Part]:
    known = engine(CHARTS[kind]).events(state)
    return ((kind, n, event) for event in known if (kind, event) in FORMS)


class _Filler:
    """Fills the fields of a form, mostly with what would do."""

    def __init__(self, random: Random, audit: Audit, today: date, n: int) -> None:
        self.random, self.audit, self.today, self.n = random, audit, today, n

    def value(self, name: str) -> Any:
        """A plausible value of this field."""
        made = getattr(self, f"_{name}", None)
        if made is not None:
            return made()
        return SMART.get(name, "It was talked over with the team.")

    def _ahead(self, most: int) -> date:
        return self.today + timedelta(days=self.random.randint(0, most))

    def _auditor(self) -> str:
        return self.random.choice(("aud", "aud", "aud2", "kw", "untrained", "nobody"))

    def _key_worker(self) -> str:
        return self.random.choice(("", "kw", "kw", "kw2"))

    def _owner(self) -> str:
        return self.random.choice(("kw", "kw2", "rm", "rm", "aud"))

    def _on(self) -> date:
        within = max(self.today, self.audit.month)
        return within + timedelta(days=self.random.randint(0, 12))

    def _until(self) -> date:
        base = self.random.choice((self.audit.hold_by, self.today))
        return base + timedelta(days=self.random.randint(1, 14))

    def _key_worker_present(self) -> bool:
        return self.random.random() < 0.9

    def _element(self) -> str:
        seen = {f.element for f in self.audit.findings}
        missing = [e.key for e in ELEMENTS if e.key not in seen]
        return self.random.choice(missing or [e.key for e in ELEMENTS])

    def _record_quality(self) -> tuple[tuple[str, str], ...]:
        return tuple((q.key, "It is there.") for q in self._some(RECORD_POINTS))

    def _indicator(self) -> tuple[tuple[str, Answer], ...]:
        answers = list(Answer)
        return tuple((q.key, self.random.choice(answers)) for q in self._some(INDICATORS))

    def _some(self, questions: tuple[Question, ...]) -> list[Question]:
        return self.random.sample(questions, self.random.randint(0, 3))

    def _feedback_explored(self) -> YesNo:
        return self.random.choice(_SAID)

    def _signs_of_safety(self) -> YesNo:
        return self.random.choice(_SAID)

    def _file(self) -> None:
        return None

    def _grade(self) -> Grade:
        grades: list[Grade] = [Grade.GOOD, Grade.GOOD, Grade.INADEQUATE, *Grade]
        return self.random.choice(grades)

    def _auditor_grade(self) -> Grade:
        return self._grade()

    def _worker_grade(self) -> Grade:
        return self.random.choice(list(Grade))

    def _due(self) -> Any:
        return self._ahead(25)

    def _new_date(self) -> date | None:
        return self.random.choice((None, self._ahead(20)))

    def _plan(self) -> tuple[PlannedAction, ...]:
        return tuple(self._planned() for _ in range(self.random.choice((0, 0, 1, 2))))

    def _planned(self) -> PlannedAction:
        due = self._ahead(25).isoformat()
        return PlannedAction(owner=self._owner(), due=due, immediate=self._immediate(), **SMART)

    def _immediate(self) -> bool:
        return self.random.random() < 0.4

    def _because(self) -> str:
        return self.random.choice(("", "The school is closed."))

    def _heading(self) -> str:
        return heading_of(self.audit)

    def _action(self) -> int:
        return self.n or self.random.randint(1, max(1, len(self.audit.actions)))

    def _escalation(self) -> int:
        return self.n or 1

    def _duty(self) -> str:
        owed = _escalates(self.audit)
        return self.random.choice(owed).duty if owed else "verify"

    def _about(self) -> str:
        about = [o.subject.partition(" level")[0] for o in _escalates(self.audit)]
        return self.random.choice(["", *about])

    def _level(self) -> int:
        return self.random.randint(1, 5)


def typed(sent: Sent) -> AuditCommand:
    """The command as typed: the date of an action is text on the form that adds one."""
    command: AuditCommand = sent.command
    if isinstance(command, PlannedAction):
        object.__setattr__(command, "due", str(command.due))
    return command


# What must hold, whatever was sent.


@lru_cache(maxsize=100_000)
def _led(kind: str, state: str, event: str, saw: tuple[tuple[str, bool], ...]) -> str | None:
    return lead(kind, state, event, dict(saw))


def demand_agreement(kind: str, before: str, after: str, event: str, saw: dict[str, bool]) -> None:
    """The second engine leads this line to the same place (reminders are on no chart)."""
    if event in NO_ARROW:
        assert before == after
        return
    led = _led(kind, before, event, tuple(sorted(saw.items())))
    assert led == after, f"{event} of {kind} from {before}: {after}, the second engine says {led}"


def demand_once(audit: Audit) -> None:
    """Each cause has one escalation, each duty one date; numbers run on."""
    causes = [(e.trigger, e.cause) for e in audit.escalations]
    assert len(causes) == len(set(causes)), f"raised twice: {causes}"
    assert [e.n for e in audit.escalations] == list(range(1, len(causes) + 1))
    keys = [o.key for o in audit.duties]
    assert len(keys) == len(set(keys)), f"owed twice: {keys}"


def demand_noticed(audit: Audit, now: datetime) -> None:
    """After the clock acted at `now`: nothing is late unseen, all that must be escalated is."""
    raised = {(e.trigger, e.cause) for e in audit.escalations}
    for owed in audit.duties:
        assert owed.missed or owed.raise_from > now, f"late and unnoticed at {now}: {owed}"
        missed = DUTIES[owed.duty].missed
        if owed.missed and isinstance(missed, Trigger):
            cause = cause_of(owed.duty, owed.subject, owed.due)
            stands = (missed, cause) in raised or _by_hand(audit, missed, owed)
            assert stands, f"missed and not escalated: {owed}"


def _by_hand(audit: Audit, trigger: Trigger, owed: Owed) -> bool:
    """Whether one was raised by hand for this duty, maybe when it had another date."""
    duty = f"{owed.duty} {owed.subject} "
    return any(
        e.raised_by and e.trigger is trigger and e.cause.startswith(duty) for e in audit.escalations
    )


def demand_final(before: Audit, after: Audit) -> None:
    """What has ended stays ended; an escalation ends by a person's word or with its audit."""
    if before.ended:
        assert after.state == before.state
    for old in before.escalations:
        new = after.escalation(old.n)
        assert new is not None
        assert (new.cause, new.trigger, new.raised_on) == (old.cause, old.trigger, old.raised_on)
        if old.state == "resolved":
            assert new.state == "resolved"
        elif new.state == "resolved":
            assert new.resolution, f"ended without a word why: {new}"


class Watch:
    """Follows one audit from line to line: what it changes, folded, must give the audit itself."""

    def __init__(self) -> None:
        self.folded: Audit | None = None
        self.climbed: set[tuple[int, date]] = set()
        self.recorded_at: datetime | None = None

    def take(self, outcomes: Iterable[Outcome]) -> None:
        """Follow these outcomes."""
        for outcome in outcomes:
            self._line(outcome)

    def _line(self, outcome: Outcome) -> None:
        changed = msgspec.json.decode(msgspec.json.encode(outcome.changed, order="deterministic"))
        self.folded = fold(self.folded, changed)
        assert self.folded == outcome.audit, "the changes, folded, give another audit"
        act, stamp = outcome.act, outcome.stamp
        demand_agreement(act.kind, outcome.before, outcome.after, act.event, outcome.saw)
        assert stamp.happened_at <= stamp.now
        assert self.recorded_at is None or self.recorded_at <= stamp.now
        self.recorded_at = stamp.now
        if act.event == "pass_unanswered":
            climb = act.n, stamp.today
            assert climb not in self.climbed, f"two levels in one day: {climb}"
            self.climbed.add(climb)


def levels_reached(lines: Iterable[tuple[str, str, str]]) -> set[tuple[int, Level]]:
    """Of (subject, before, after) those levels an escalation came to."""
    return {
        (int(subject.split()[1]), LEVEL_OF_STATE[after])
        for subject, before, after in lines
        if subject.startswith("escalation") and before != after and after in LEVEL_OF_STATE
    }


def people() -> dict[str, Person]:
    """Everybody, by id."""
    return {p.id: p for p in PEOPLE}
