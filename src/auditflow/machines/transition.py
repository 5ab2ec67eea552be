"""One audit's next step: fire what people or the clock bring, raise, settle, work out what is owed.

Pure: the audit as it was, what is noted, and the world go in; the audit as it is and one
`Outcome` for each event come out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from msgspec.structs import replace

from auditflow.audits import (
    Audit,
    Escalation,
    Owed,
    Trigger,
    cause_of,
)
from auditflow.calendar import london_date, start_of_day
from auditflow.errors import Refused
from auditflow.machines.charts import CHARTS, DUTIES, facts_of, parts
from auditflow.machines.diff import changes
from auditflow.machines.duties import World, standing
from auditflow.machines.effects import (
    cause_of_event,
    fresh_cause,
    held,
    moves_up,
    noted_by_system,
    part,
    placed,
    raised_before,
    reaudit_due,
    resumed,
    with_escalation,
    with_new,
)
from auditflow.machines.engine import Fired, engine, holds
from auditflow.machines.events import Act, Outcome, Stamp
from auditflow.machines.rows import Row, Up

__all__ = ["Act", "Outcome", "Stamp", "held", "rederived", "resumed", "step", "tick"]
__all__ += ["ended_by", "raised_before", "reaudit_due", "with_escalation", "with_new"]


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


def corrected(
    before: Audit, noted: Audit, act: Act, stamp: Stamp, world: World
) -> tuple[Audit, tuple[Outcome, ...]]:
    """An entry set right without an arrow; what is owed is worked out anew, then it settles."""
    run = _Run(before, noted, stamp, world)
    run.correct(act)
    run.settle()
    return run.audit, tuple(run.outcomes)


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
            self._raise(fired.row.raises, cause_of_event(self.audit, fired.row.raises))

    def _arrive(self, act: Act, fired: Fired, duty: Owed | None = None) -> None:
        self.audit = placed(self.audit, act, fired.row, self.stamp)
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
        ended = ended_by(before, self.audit, act)
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

    def correct(self, act: Act) -> None:
        """A line of the journal that takes no arrow."""
        _, state = facts_of(self.audit, act.kind, act.n)
        self._line(act, state, state, {}, None, None)

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
        kind, n = part(owed.subject)
        _, state = facts_of(self.audit, kind, n)
        self._line(Act(kind, n, event), state, state, {}, None, owed)

    def _raise(self, trigger: Trigger, cause: str, owed: Owed | None = None) -> bool:
        """Raise once for each cause; False if that was done before."""
        cause = fresh_cause(self.audit, trigger, cause)
        if not cause:
            return False
        self.audit = with_new(self.audit, trigger, cause, self.stamp.today, self.world, owed)
        act = Act("escalation", len(self.audit.escalations), "raise")
        facts, state = facts_of(self.audit, "escalation", act.n)
        self._arrive(act, engine(CHARTS["escalation"]).fire(state, "raise", facts), owed)
        return True

    def _move_up(self, up: Up, owed: Owed) -> bool:
        """Note that the window lapsed and pass it up; False where it moved on already."""
        escalation = moves_up(self.audit, up, owed)
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
            self.audit = noted_by_system(self.audit, act, self.stamp, self.world)
            self._arrive(act, fired)
            if fired.row.raises is not None:
                self._raise(fired.row.raises, cause_of_event(self.audit, fired.row.raises))

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


def ended_by(before: Audit | None, after: Audit, act: Act) -> tuple[tuple[Owed, str], ...]:
    """Duties that stand no more, each with whether this event met it."""
    if before is None:
        return ()
    stands = {(o.key, o.due) for o in after.duties}
    gone = (o for o in before.duties if (o.key, o.due) not in stands)
    return tuple((o, "met" if act.event in DUTIES[o.duty].met_by else "dropped") for o in gone)
