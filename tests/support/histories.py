"""Random histories: what people might send about an audit at any time, drawn from one seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime, time, timedelta
from random import Random

from auditflow.audits import Audit, Deputyship, Person, Trigger
from auditflow.calendar import LONDON, london_date
from auditflow.commands import FORMS, AuditCommand, PlannedAction, roles_in, senders
from auditflow.machines.charts import CHARTS, parts
from support.filling import Filler, Part, escalating
from support.office import CAST

#: How often an event is sent where it fits: those that end things seldom, those that lead on
#: often, for histories drawn blindly never come to an action plan.
WEIGHTS = {
    "withdraw": 1,
    "exempt": 1,
    "void": 0.3,
    "distribute": 60,
    "decline": 6,
    "reallocate": 6,
    "book_meeting": 60,
    "rebook_meeting": 2,
    "cancel_meeting": 1,
    "extend": 3,
    "confirm_file_checked": 10,
    "start_audit": 60,
    "raise_concern": 2,
    "record_findings": 250,
    "add_action": 90,
    "record_disagreement": 40,
    "submit": 250,
    "record_supervision": 40,
    "moderate": 80,
    "verify": 100,
    "return": 160,
    "reopen": 60,
    "complete": 12,
    "file": 60,
    "approve_date": 60,
    "return_action": 4,
    "cancel_action": 6,
    "raise": 3,
    "acknowledge": 8,
    "answer": 80,
    "accept": 120,
    "reject": 10,
    "decide": 200,
    "bypass": 5,
    "hold": 10,
    "resume": 60,
}
USUAL, SELDOM = 20, 2
#: Guards about what stands already, which no form notes.
_STANDING = {
    "answered",
    "held",
    "needs_approval",
    "moderation_pending",
    "grade_dispute",
    "concern",
    "advice_final",
}


def weight(audit: Audit, event: str, today: date) -> float:
    """How often this event is sent to this audit."""
    done = {
        "record_findings": audit.elements_done,
        "agree_grade": audit.grading_recorded,
        "record_disagreement": audit.grading_recorded,
        "confirm_file_checked": audit.file_checked,
        "add_action": len(audit.actions) > 2,
        "record_supervision": audit.supervised,
        "start_audit": audit.meeting_on is not None and audit.meeting_on > today,
        "submit": not (audit.elements_done and audit.grading_recorded and audit.actions),
        "return": not audit.actions,
        "reopen": not audit.actions,
    }
    if done.get(event):
        return SELDOM
    if event == "bypass" and audit.stands(Trigger.T1):
        return 400  # Grades are decided at level 4.
    return WEIGHTS.get(event, USUAL)


#: What is left out of no form, though it may be.
_KEPT = ("element", "evidence", "key_worker_present")


@dataclass(frozen=True)
class Sent:
    """One command as somebody sends it; `days_ago` is how long ago it was done."""

    command: AuditCommand
    by: str
    days_ago: int
    acting_for: str = ""


class Hand:
    """Draws what is sent, from one generator, by these people and who stands in for them."""

    def __init__(
        self, random: Random, people: Sequence[Person] = CAST, deputies: Sequence[Deputyship] = ()
    ) -> None:
        self.random, self.people, self.deputies = random, people, deputies

    def sends(self, reference: str, audit: Audit, now: datetime, *leave_out: str) -> Sent:
        """A command about this audit: mostly one that fits it now, by one who may."""
        today = london_date(now)
        kind, n, event = self.event(audit, today, leave_out)
        form = FORMS[kind, event]
        by, acting_for = self.sender(audit, kind, n, event, today)
        filler = Filler(self.random, audit, today, (kind, n, event))
        values = {
            f.name: filler.value(f.name)
            for f in fields(form)
            if f.name != "audit"
            and (f.default is MISSING or f.name in _KEPT or self.random.random() < 0.8)
        }
        if issubclass(form, PlannedAction):
            values["due"] = str(values["due"])
        days_ago = self.random.choice((0, 0, 0, 0, 0, 0, 1, 3, 10, 40))
        return Sent(form(audit=reference, **values), by, days_ago, acting_for)

    def event(self, audit: Audit, today: date, leave_out: tuple[str, ...]) -> Part:
        """Mostly an event that has an arrow from where a part of the audit stands."""
        fits = [p for p in _fitting(audit) if p[2] not in leave_out]
        if fits and self.random.random() < 0.9:
            # Many escalations are no reason to leave the audit itself alone.
            among = Counter(kind for kind, *_ in parts(audit)) | Counter(escalation=1)
            weights = [weight(audit, event, today) / among[kind] for kind, _, event in fits]
            return self.random.choices(fits, weights)[0]
        kind, event = self.random.choice([k for k in FORMS if k[1] not in leave_out])
        return kind, self.random.randint(0, 3), event

    def sender(self, audit: Audit, kind: str, n: int, event: str, today: date) -> tuple[str, str]:
        """Mostly somebody whose role it is, or who stands in for them; and for whom."""
        wanted = senders(kind, event, audit, n)
        able = [p.id for p in self.people if p.here(today) and roles_in(p, audit, kind, n) & wanted]
        likely = able and self.random.random() < 0.93
        whose = self.random.choice(able if likely else [p.id for p in self.people])
        standing = [d for d in self.deputies if d.person == whose and d.since <= today <= d.until]
        if standing and self.random.random() < 0.6:
            return self.random.choice(standing).deputy, whose
        if self.random.random() < 0.01:
            return self.random.choice(self.people).id, whose
        return whose, ""

    def later(self, now: datetime, *, longest: int = 60) -> datetime:
        """Some minutes, hours, days or weeks after `now`; now and then midnight to the second."""
        step = self.random.choice(
            (
                timedelta(minutes=self.random.randint(0, 90)),
                timedelta(hours=self.random.randint(1, 30)),
                timedelta(days=self.random.randint(1, min(5, longest))),
                timedelta(days=self.random.randint(min(5, longest), longest)),
            )
        )
        if self.random.random() < 0.2:
            day = london_date(now + step) + timedelta(days=1)
            return datetime.combine(day, time(), LONDON).astimezone(now.tzinfo)
        return now + step


def _fitting(audit: Audit) -> list[Part]:
    """Each event of which an arrow leads from where a part stands, its standing guards met."""
    found: dict[Part, None] = {}
    for kind, n, facts, state in parts(audit):
        for row in CHARTS[kind].rows:
            if row.start == state and (kind, row.event) in FORMS:
                standing = (g for g in row.guards if g[0] in _STANDING)
                if all(getattr(facts, name) is wanted for name, wanted in standing):
                    found[kind, n, row.event] = None
    by_hand: list[Part] = [("escalation", 0, "raise")] if escalating(audit) else []
    return [*found, *by_hand]


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
