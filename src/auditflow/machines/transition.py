"""One audit's next step: fire what people or the clock bring, raise, settle, work out what is owed.

Pure: the audit as it was, what is noted, and the rules go in; the audit as it is and one
`Outcome` for each event come out.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial

from msgspec.structs import replace

from auditflow.audits import Audit, OpenDuty, Trigger, cause_of
from auditflow.calendar import london_date, start_of_day
from auditflow.errors import Refused
from auditflow.machines.charts import CHARTS, DUTIES, facts_of, parts
from auditflow.machines.diff import changes
from auditflow.machines.duties import Rules, open_duties
from auditflow.machines.effects import (
    cause_of_event,
    fresh_cause,
    moves_up,
    noted_by_system,
    part,
    with_escalation,
    with_new,
    with_state,
)
from auditflow.machines.engine import Fired, engine, holds
from auditflow.machines.events import Attribution, Event, Outcome
from auditflow.machines.rows import RAISE, Row, Up


def advance(
    before: Audit | None,
    noted: Audit,
    events: tuple[Event, ...],
    attribution: Attribution,
    rules: Rules,
) -> tuple[Audit, tuple[Outcome, ...]]:
    """Bring `events` to an audit whose facts are already noted; then settle.

    Refused where the chart has no such arrow now or a guard says no.
    """
    run = _Run(before, noted, attribution, rules)
    for event in events:
        run.fire(event)
    return run.settle()


def catch_up(audit: Audit, now: datetime, rules: Rules) -> tuple[Audit, tuple[Outcome, ...]]:
    """Everything that has fallen due by `now`, in the order in which it fell due."""
    outcomes: list[Outcome] = []
    while (thing := _fallen_due(audit, now)) is not None:
        at, what = thing
        run = _Run(audit, audit, Attribution(now, min(at, now)), rules)
        if isinstance(what, OpenDuty):
            run.miss(what)
        else:
            run.fire(what)
        audit, more = run.settle()
        outcomes += more
    return audit, tuple(outcomes)


def _fallen_due(audit: Audit, now: datetime) -> tuple[datetime, OpenDuty | Event] | None:
    waiting: list[tuple[datetime, str, OpenDuty | Event]] = [
        (o.raise_from, f"{o.duty} {o.subject}", o)
        for o in audit.duties
        if not o.missed and o.raise_from <= now
    ]
    waiting += _moments_come(audit, now)
    if not waiting:
        return None
    at, _, what = min(waiting, key=lambda w: w[:2])
    return at, what


def _moments_come(audit: Audit, now: datetime) -> Iterator[tuple[datetime, str, Event]]:
    """The arrows that the clock takes at a moment, where it has come."""
    today = london_date(now)
    for kind, n, facts, state in parts(audit):
        for row in _AT_A_MOMENT[kind, state]:
            on: date | None = getattr(facts, row.moment)
            if on is not None and on <= today:
                yield start_of_day(on), f"{kind} {n}", Event(kind, n, row.event)


def recompute_deadlines(
    audit: Audit, attribution: Attribution, rules: Rules
) -> tuple[Audit, Outcome, list[tuple[OpenDuty, OpenDuty]]] | None:
    """The audit with each open duty not yet missed due anew; None where nothing moves (TR9)."""
    kept = tuple(o for o in audit.duties if o.missed or o.overdue_from <= attribution.now)
    anew = {o.key: o for o in open_duties(replace(audit, duties=kept), rules)}
    moved = [(o, anew[o.key]) for o in audit.duties if _dates(anew[o.key]) != _dates(o)]
    if not moved:
        return None
    noted = replace(audit, version=audit.version + 1, duties=tuple(anew.values()))
    event = Event("audit", 0, "rederive")
    outcome = Outcome(
        event=event,
        before=audit.state,
        after=audit.state,
        attribution=attribution,
        audit=noted,
        changed=changes(audit, noted),
        ended=tuple((old, "dropped") for old, new in moved if old.due != new.due),
    )
    return noted, outcome, moved


def corrected(
    before: Audit, noted: Audit, event: Event, attribution: Attribution, rules: Rules
) -> tuple[Audit, tuple[Outcome, ...]]:
    """An entry set right without an arrow; what is owed is worked out anew, then it settles."""
    run = _Run(before, noted, attribution, rules)
    run.write(event)
    return run.settle()


def _dates(owed: OpenDuty) -> tuple[date, datetime, datetime]:
    return owed.due, owed.overdue_from, owed.raise_from


class _Run:
    """One audit on its way from one line of the journal to the next."""

    def __init__(
        self, before: Audit | None, noted: Audit, attribution: Attribution, rules: Rules
    ) -> None:
        self.before = before
        self.audit = noted
        self.attribution = attribution
        self.rules = rules
        self.outcomes: list[Outcome] = []

    def fire(self, event: Event) -> None:
        """Take one arrow, note what comes with it, raise what it raises."""
        fired = _fired(self.audit, event)
        then = event.then or partial(noted_by_system, event)
        self.audit = then(self.audit, self.attribution.today, self.rules)
        self._arrive(event, fired)
        if fired.row.raises is not None:
            self._raise(fired.row.raises, cause_of_event(self.audit, fired.row.raises))

    def _arrive(self, event: Event, fired: Fired, duty: OpenDuty | None = None) -> None:
        self.audit = with_state(self.audit, event, fired.row, self.attribution.today)
        self.write(event, fired, duty)

    def write(self, event: Event, fired: Fired | None = None, duty: OpenDuty | None = None) -> None:
        """A line of the journal, with the arrow that was taken, if any."""
        line = outcome_of(
            self.before, self.audit, event, self.attribution, self.rules, fired=fired, duty=duty
        )
        self.outcomes.append(line)
        self.before = self.audit = line.audit

    def miss(self, owed: OpenDuty) -> None:
        """A duty has fallen due undone: escalate, move up, or remind, as its card says."""
        self.audit = replace(
            self.audit,
            duties=tuple(replace(o, missed=True) if o is owed else o for o in self.audit.duties),
        )
        if self.rules.policy.passes_over(owed.due) and not DUTIES[owed.duty].any_day:
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

    def _note(self, owed: OpenDuty, name: str) -> None:
        self.write(Event(*part(owed.subject), name), duty=owed)

    def _raise(self, trigger: Trigger, cause: str, owed: OpenDuty | None = None) -> bool:
        """Raise once for each cause; False if that was done before."""
        cause = fresh_cause(self.audit, trigger, cause)
        if not cause:
            return False
        self.audit = with_new(
            self.audit, trigger, cause, self.attribution.today, self.rules, owed=owed
        )
        event = Event("escalation", len(self.audit.escalations), RAISE)
        self._arrive(event, _fired(self.audit, event), owed)
        return True

    def _move_up(self, up: Up, owed: OpenDuty) -> bool:
        """Note that the window lapsed and pass it up; False where it moved on already."""
        escalation = moves_up(self.audit, up, owed)
        if escalation is None:
            return False
        lapsed = replace(escalation, lapsed=escalation.level)
        noted = with_escalation(self.audit, lapsed)
        event = Event("escalation", escalation.n, up.event)
        try:
            fired = _fired(noted, event)
        except Refused:
            return False
        self.audit = noted
        self._arrive(event, fired, owed)
        return True

    def settle(self) -> tuple[Audit, tuple[Outcome, ...]]:
        """Fire system transitions until none applies (domain text, 7.4); what it came to."""
        while (event := next(self._ready(), None)) is not None:
            self.fire(event)
        return self.audit, tuple(self.outcomes)

    def _ready(self) -> Iterator[Event]:
        for kind, n, facts, state in parts(self.audit):
            for row in _BY_ITSELF[kind, state]:
                saw = engine(CHARTS[kind]).answers(state, row.event, facts)
                if holds(row, saw):
                    yield Event(kind, n, row.event)


def _fired(audit: Audit, event: Event) -> Fired:
    """The arrow that the event takes from where its part stands; Refused where it may not."""
    facts, state = facts_of(audit, event.kind, event.n)
    return engine(CHARTS[event.kind]).fire(state, event.name, facts)


def _by_state(takes: Callable[[Row], object]) -> dict[tuple[str, str], list[Row]]:
    return {
        (kind, name): [row for row in chart.rows if row.start == name and takes(row)]
        for kind, chart in CHARTS.items()
        for name in chart.states
    }


#: The arrows that nobody brings: at once, or when a moment comes.
_BY_ITSELF = _by_state(lambda row: row.by_itself)
_AT_A_MOMENT = _by_state(lambda row: row.moment)


def outcome_of(
    before: Audit | None,
    noted: Audit,
    event: Event,
    attribution: Attribution,
    rules: Rules,
    *,
    fired: Fired | None = None,
    duty: OpenDuty | None = None,
) -> Outcome:
    """What the event did; where no arrow was taken, its part stays where it is."""
    audit = replace(noted, version=noted.version + 1)
    audit = replace(audit, duties=open_duties(audit, rules))
    _, state = facts_of(audit, event.kind, event.n)
    return Outcome(
        event=event,
        before=fired.row.start if fired else state,
        after=state,
        saw=fired.saw if fired else {},
        attribution=attribution,
        audit=audit,
        changed=changes(before, audit),
        row=fired.row if fired else None,
        duty=duty,
        ended=_closed_duties(before, audit, event),
    )


def _closed_duties(
    before: Audit | None, after: Audit, event: Event
) -> tuple[tuple[OpenDuty, str], ...]:
    """Duties that stand no more, each with whether this event met it."""
    if before is None:
        return ()
    stands = {(o.key, o.due) for o in after.duties}
    gone = (o for o in before.duties if (o.key, o.due) not in stands)
    return tuple((o, "met" if event.name in DUTIES[o.duty].met_by else "dropped") for o in gone)
