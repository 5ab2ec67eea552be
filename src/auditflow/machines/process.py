"""One audit's next step: fire what people or the clock bring, raise, settle, work out what is owed.

Pure: the audit as it was, what is noted, and the world go in; the audit as it is and one
`Outcome` for each event come out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from msgspec.structs import replace

from auditflow.audits import (
    ENTRY,
    SYSTEM,
    Audit,
    Escalation,
    Level,
    Owed,
    Trigger,
    cause_of,
)
from auditflow.calendar import london_date, start_of_day
from auditflow.errors import Refused
from auditflow.machines.changes import changes
from auditflow.machines.charts import CHARTS, DUTIES, facts_of, parts
from auditflow.machines.engine import Fired, engine, holds
from auditflow.machines.owing import World, standing
from auditflow.machines.rows import Row, Up


@dataclass(frozen=True)
class Act:
    """One event somebody brings to one part of an audit."""

    kind: str
    n: int
    event: str
    #: What the event brings about once its guards have said yes (they read the facts before).
    then: Callable[[Audit, date, World], Audit] | None = field(default=None, compare=False)

    @property
    def subject(self) -> str:
        """`audit`, `action 2`, `escalation 1`."""
        return f"{self.kind} {self.n}" if self.n else self.kind


@dataclass(frozen=True)
class Stamp:
    """Who brings it, for whom, when it happened and when it is recorded."""

    now: datetime
    happened_at: datetime
    actor: str = SYSTEM.id
    acting_for: str = ""

    @property
    def today(self) -> date:
        """The London date of recording."""
        return london_date(self.now)


@dataclass(frozen=True)
class Outcome:
    """What one event did; it becomes one line of the journal."""

    act: Act
    before: str
    after: str
    saw: dict[str, bool]
    stamp: Stamp
    audit: Audit
    changed: dict[str, Any]
    row: Row | None = None
    duty: Owed | None = None
    #: Duties that stand no more: `met` by this event, or `dropped`.
    ended: tuple[tuple[Owed, str], ...] = ()


def step(
    before: Audit | None, noted: Audit, acts: tuple[Act, ...], stamp: Stamp, world: World
) -> tuple[Audit, tuple[Outcome, ...]]:
    """Bring `acts` to an audit whose facts are already noted; then settle.

    Refused where the chart has no such arrow now or a guard says no.
    """
    run = _Run(before, noted, stamp, world)
    for act in acts:
        run.fire(act)
    run.settle()
    return run.audit, tuple(run.outcomes)


def tick(audit: Audit, now: datetime, world: World) -> tuple[Audit, tuple[Outcome, ...]]:
    """Everything that has fallen due by `now`, in the order in which it fell due."""
    outcomes: list[Outcome] = []
    while (thing := _fallen_due(audit, now)) is not None:
        at, what = thing
        run = _Run(audit, audit, Stamp(now, min(at, now)), world)
        if isinstance(what, Owed):
            run.miss(what)
        else:
            run.resume(what)
        run.settle()
        audit = run.audit
        outcomes += run.outcomes
    return audit, tuple(outcomes)


def _fallen_due(audit: Audit, now: datetime) -> tuple[datetime, Owed | Escalation] | None:
    waiting: list[tuple[datetime, str, Owed | Escalation]] = [
        (o.raise_from, f"{o.duty} {o.subject}", o)
        for o in audit.duties
        if not o.missed and o.raise_from <= now
    ]
    if not waiting and not any(e.held_until for e in audit.escalations):
        return None
    today = london_date(now)
    waiting += [
        (start_of_day(e.held_until), f"escalation {e.n}", e)
        for e in audit.open_escalations()
        if e.held_until and e.held_until <= today
    ]
    if not waiting:
        return None
    at, _, what = min(waiting, key=lambda w: w[:2])
    return at, what


def rederived(
    audit: Audit, stamp: Stamp, world: World
) -> tuple[Audit, Outcome, list[tuple[Owed, Owed]]] | None:
    """The audit with each open duty not yet missed due anew; None where nothing moves (TR9)."""
    kept = tuple(o for o in audit.duties if o.missed or o.overdue_from <= stamp.now)
    anew = {o.key: o for o in standing(replace(audit, duties=kept), world)}
    moved = [(o, anew[o.key]) for o in audit.duties if _dates(anew[o.key]) != _dates(o)]
    if not moved:
        return None
    noted = replace(audit, version=audit.version + 1, duties=tuple(anew.values()))
    act = Act("audit", 0, "rederive")
    outcome = Outcome(
        act,
        audit.state,
        audit.state,
        {},
        stamp,
        noted,
        changes(audit, noted),
        ended=tuple((old, "dropped") for old, new in moved if old.due != new.due),
    )
    return noted, outcome, moved


def _dates(owed: Owed) -> tuple[date, datetime, datetime]:
    return owed.due, owed.overdue_from, owed.raise_from


class _Run:
    """One audit on its way from one line of the journal to the next."""

    def __init__(self, before: Audit | None, noted: Audit, stamp: Stamp, world: World) -> None:
        self.before = before
        self.audit = noted
        self.stamp = stamp
        self.world = world
        self.outcomes: list[Outcome] = []

    def fire(self, act: Act) -> None:
        """Take one arrow, note where it leads, raise what it raises."""
        facts, state = facts_of(self.audit, act.kind, act.n)
        fired = engine(CHARTS[act.kind]).fire(state, act.event, facts)
        if act.then is not None:
            self.audit = act.then(self.audit, self.stamp.today, self.world)
        self._arrive(act, fired)
        if fired.row.raises is not None:
            self._raise(fired.row.raises, _cause_of_event(self.audit, fired.row.raises))

    def _arrive(self, act: Act, fired: Fired, duty: Owed | None = None) -> None:
        self.audit = _placed(self.audit, act, fired.row, self.stamp)
        self._line(act, fired.row.start, fired.row.end, fired.saw, fired.row, duty)

    def _line(
        self,
        act: Act,
        start: str,
        end: str,
        saw: dict[str, bool],
        row: Row | None,
        duty: Owed | None,
    ) -> None:
        before = self.before
        self.audit = replace(self.audit, version=self.audit.version + 1)
        self.audit = replace(self.audit, duties=standing(self.audit, self.world))
        ended = _ended(before, self.audit, act)
        self.outcomes.append(
            Outcome(
                act,
                start,
                end,
                saw,
                self.stamp,
                self.audit,
                changes(before, self.audit),
                row,
                duty,
                ended,
            )
        )
        self.before = self.audit

    def miss(self, owed: Owed) -> None:
        """A duty has fallen due undone: escalate, move up, or remind, as its card says."""
        self.audit = replace(
            self.audit,
            duties=tuple(replace(o, missed=True) if o is owed else o for o in self.audit.duties),
        )
        if self.world.policy.passes_over(owed.due) and not DUTIES[owed.duty].any_day:
            self._note(owed, "pass_over")
            return
        missed = DUTIES[owed.duty].missed
        if isinstance(missed, Trigger):
            cause = cause_of(owed.duty, owed.subject, owed.due)
            if self._raise(missed, cause, owed):
                return
        elif isinstance(missed, Up) and self._move_up(missed, owed):
            return
        self._note(owed, "remind")

    def _note(self, owed: Owed, event: str) -> None:
        """A line of the journal that takes no arrow."""
        kind, n = _part(owed.subject)
        _, state = facts_of(self.audit, kind, n)
        self._line(Act(kind, n, event), state, state, {}, None, owed)

    def _raise(self, trigger: Trigger, cause: str, owed: Owed | None = None) -> bool:
        """Raise once for each cause; False if that was done before."""
        known = [e for e in self.audit.escalations if e.cause == cause and e.trigger is trigger]
        if known:
            return False
        kind, n = _part(owed.subject) if owed else ("audit", 0)
        new = Escalation(
            n=len(self.audit.escalations) + 1,
            state="start",
            trigger=trigger,
            cause=cause,
            action=n if kind == "action" else 0,
            about=n if kind == "escalation" else 0,
            enters=_entry(self.audit, trigger, n),
            raised_on=self.stamp.today,
            overdue_since=owed.overdue_from if owed else None,
        )
        self.audit = replace(self.audit, escalations=(*self.audit.escalations, new))
        act = Act("escalation", new.n, "raise")
        facts, state = facts_of(self.audit, "escalation", new.n)
        self._arrive(act, engine(CHARTS["escalation"]).fire(state, "raise", facts), owed)
        return True

    def _move_up(self, up: Up, owed: Owed) -> bool:
        """Note that the window lapsed and pass it up; False where it moved on already."""
        escalation = _moves_up(self.audit, up, owed)
        if escalation is None:
            return False
        lapsed = replace(escalation, lapsed=escalation.level)
        noted = with_escalation(self.audit, lapsed)
        act = Act("escalation", escalation.n, "pass_unanswered")
        facts, state = facts_of(noted, "escalation", escalation.n)
        try:
            fired = engine(CHARTS["escalation"]).fire(state, "pass_unanswered", facts)
        except Refused:
            return False
        self.audit = noted
        self._arrive(act, fired, owed)
        return True

    def resume(self, escalation: Escalation) -> None:
        """A hold has reached its review date."""
        self.fire(Act("escalation", escalation.n, "resume", partial(resumed, n=escalation.n)))

    def settle(self) -> None:
        """System transitions fire until none applies (domain text, 7.4)."""
        while (found := next(self._ready(), None)) is not None:
            act, fired = found
            self.audit = _noted_by_system(self.audit, act, self.stamp, self.world)
            self._arrive(act, fired)
            if fired.row.raises is not None:
                self._raise(fired.row.raises, _cause_of_event(self.audit, fired.row.raises))

    def _ready(self) -> Iterator[tuple[Act, Fired]]:
        for kind, n, facts, state in parts(self.audit):
            for event in _SETTLING.get((kind, state), ()):
                rows = engine(CHARTS[kind]).arrows[state, event]
                saw = engine(CHARTS[kind]).answers(state, event, facts)
                if any(holds(r, saw) for r in rows):
                    yield Act(kind, n, event), engine(CHARTS[kind]).fire(state, event, facts)


#: System events that fire by themselves after each command; the others wait for the clock.
_BY_THEMSELVES = ("require_moderation", "all_done", "end_with_audit", "answer_by_doing")
_SETTLING: dict[tuple[str, str], tuple[str, ...]] = {
    (kind, state): found
    for kind, chart in CHARTS.items()
    for state in chart.states
    if (
        found := tuple(
            e for e in _BY_THEMSELVES if any(r.event == e and r.start == state for r in chart.rows)
        )
    )
}


def _part(subject: str) -> tuple[str, int]:
    kind, _, rest = subject.partition(" ")
    return kind, int(rest.split(" ")[0]) if rest else 0


def _entry(audit: Audit, trigger: Trigger, action: int) -> Level:
    """Where it starts: the first level above whoever missed the deadline (8.2)."""
    late = audit.action(action)
    if trigger is Trigger.T5 and late is not None and late.owner == audit.responsible_manager:
        return Level.L2
    return ENTRY[trigger]


def _cause_of_event(audit: Audit, trigger: Trigger) -> str:
    """What T1, T2 and T8 are about: each disagreement, each concern, each grading."""
    count = {Trigger.T1: audit.disagreements, Trigger.T2: audit.concerns}.get(trigger, 1)
    name = {Trigger.T1: "disagreement", Trigger.T2: "concern"}.get(trigger, "grading")
    return f"{name} {count}"


def _moves_up(audit: Audit, up: Up, owed: Owed) -> Escalation | None:
    if up.trigger is None:
        return audit.escalation(_part(owed.subject)[1])
    standing_there = (e for e in audit.open_escalations() if e.trigger is up.trigger)
    return next((e for e in standing_there if e.level is ENTRY[e.trigger]), None)


def with_escalation(audit: Audit, changed: Escalation) -> Audit:
    """The audit with one escalation changed."""
    return replace(
        audit, escalations=tuple(changed if e.n == changed.n else e for e in audit.escalations)
    )


def held(audit: Audit, today: date, world: World, *, n: int, until: date) -> Audit:
    """The audit with the window of escalation `n` paused."""
    del world
    escalation = audit.escalation(n)
    assert escalation is not None
    return with_escalation(audit, replace(escalation, held_since=today, held_until=until))


def resumed(audit: Audit, today: date, world: World, *, n: int) -> Audit:
    """The audit with that window running on, moved by the working days it was paused."""
    escalation = audit.escalation(n)
    assert escalation is not None
    # However late the clock looks, a pause is no longer than was decided.
    ended = min(today, escalation.held_until or today)
    days = world.calendar.working_days_late(escalation.held_since or ended, ended)
    window = escalation.window_from
    if window is not None and days:
        window = world.calendar.add_working_days(window, days)
    return with_escalation(
        audit, replace(escalation, held_since=None, held_until=None, window_from=window)
    )


def _placed(audit: Audit, act: Act, row: Row, stamp: Stamp) -> Audit:
    """The part moved to where the arrow leads."""
    if act.kind == "audit":
        return audit if row.start == row.end else replace(audit, state=row.end)
    if act.kind == "action":
        return replace(
            audit,
            actions=tuple(replace(a, state=row.end) if a.n == act.n else a for a in audit.actions),
        )
    escalation = audit.escalation(act.n)
    assert escalation is not None
    return with_escalation(audit, _climbed(escalation, row, stamp))


def _climbed(escalation: Escalation, row: Row, stamp: Stamp) -> Escalation:
    """On a new level its holder is told today and its window begins (TR7)."""
    if row.end == "resolved":
        return replace(escalation, state=row.end, resolved_on=stamp.today)
    refused_at_top = row.event == "reject" and row.start == row.end
    if row.start == row.end and not refused_at_top:
        return escalation
    return replace(
        escalation,
        state=row.end,
        told_on=stamp.today,
        window_from=stamp.today,
        acknowledged_by="",
        answer="",
        answered_by="",
        answered_for="",
        answered_on=None,
        answer_says="",
        new_date=None,
        advised=None,
        accepted_by=(),
        lapsed=None,
        bypass_to=None,
        held_since=None,
        held_until=None,
    )


def _noted_by_system(audit: Audit, act: Act, stamp: Stamp, world: World) -> Audit:
    """The facts a system transition notes."""
    today = stamp.today
    match act.event:
        case "require_moderation":
            months = world.policy.reaudit_months
            again = world.calendar.add_months(audit.held_on or today, months)
            return replace(
                audit,
                moderation="pending",
                moderation_asked_on=today,
                sampled=False,
                reaudit_due_on=again,
            )
        case "all_done":
            return replace(audit, all_done_on=today)
        case "answer_by_doing" | "end_with_audit":
            escalation = audit.escalation(act.n)
            assert escalation is not None
            if act.event == "end_with_audit":
                return with_escalation(audit, replace(escalation, resolution="audit_ended"))
            return with_escalation(
                audit,
                replace(
                    escalation,
                    answer="done",
                    answered_by=SYSTEM.id,
                    answered_for="",
                    answered_on=today,
                    done_noted=True,
                    new_date=None,
                ),
            )
        case _:
            return audit


def _ended(before: Audit | None, after: Audit, act: Act) -> tuple[tuple[Owed, str], ...]:
    if before is None:
        return ()
    stands = {(o.key, o.due) for o in after.duties}
    gone = (o for o in before.duties if (o.key, o.due) not in stands)
    return tuple((o, "met" if act.event in DUTIES[o.duty].met_by else "dropped") for o in gone)
