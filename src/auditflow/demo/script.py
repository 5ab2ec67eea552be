"""What a story is made of: steps at their moments, each a command somebody sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from auditflow.audits import Audit, Trigger, YesNo
from auditflow.calendar import LONDON, Calendar
from auditflow.commands import AuditCommand, PlannedAction, follow_up, meeting, scheduling
from auditflow.guidance.tool import ELEMENTS, INDICATORS, RECORD_POINTS, Answer, Grade

Make = Callable[[Audit], AuditCommand]


@dataclass(frozen=True, order=True)
class Step:
    """One command at one moment. `who` is a person's id, or a place in the audit."""

    at: datetime
    order: int
    reference: str = field(compare=False)
    who: str = field(compare=False)
    make: Make = field(compare=False)


@dataclass
class Script:
    """The steps of one audit, written down as its story is told."""

    reference: str
    month: date
    drawn: date
    meeting: date
    calendar: Calendar
    auditor: str
    steps: list[Step] = field(default_factory=list)

    def on(self, day: date, hour: int, who: str, make: Make) -> None:
        """Somebody sends something on a day."""
        at = datetime.combine(day, time(hour), LONDON).astimezone(UTC)
        self.steps.append(Step(at, len(self.steps), self.reference, who, make))

    def later(self, days: int, since: date | None = None) -> date:
        """The working day so many working days after the meeting, or another day."""
        start = since or self.meeting
        return self.calendar.add_working_days(start, days) if days else start

    # Roads that many stories share.

    def distribute(self) -> None:
        """The QA Team gives it to its auditor."""
        ref, auditor = self.reference, self.auditor
        self.on(
            self.later(1, self.drawn),
            9,
            "tess",
            lambda _: scheduling.Distribute(audit=ref, auditor=auditor),
        )

    def book(self) -> None:
        """The auditor books the meeting."""
        ref, meeting = self.reference, self.meeting
        self.on(
            self.later(4, self.drawn),
            10,
            "auditor",
            lambda _: scheduling.BookMeeting(audit=ref, on=meeting),
        )

    def hold(self, *, checked: bool = True) -> None:
        """The key worker checks the file, the audit is held, the six elements are recorded."""
        ref = self.reference
        self.distribute()
        self.book()
        if checked:
            day = self.calendar.subtract_working_days(self.meeting, 2)
            self.on(day, 15, "key_worker", lambda _: scheduling.ConfirmFileChecked(audit=ref))
        self.on(
            self.meeting,
            10,
            "auditor",
            lambda _: scheduling.StartAudit(audit=ref, key_worker_present=True),
        )
        for element in ELEMENTS:
            self.on(self.meeting, 11, "auditor", _finding(ref, element.key))
        self.on(self.meeting, 11, "auditor", _rest(ref))

    def grade(self, grade: Grade) -> None:
        """They agree a grade."""
        ref = self.reference
        said = "The child is seen regularly and feels heard; the plan has made home safer."
        self.on(
            self.meeting,
            12,
            "auditor",
            lambda _: meeting.AgreeGrade(audit=ref, grade=grade, impact=said),
        )

    def plan_immediate(self, what: str = "Update the chronology on Mosaic") -> None:
        """An immediate action for the responsible manager."""
        due = self.later(5).isoformat()
        self.on(
            self.meeting,
            12,
            "auditor",
            lambda a: _add(self.reference, what, a.responsible_manager, due),
        )

    def submit(self, days: int = 1) -> None:
        """The auditor submits the tool."""
        ref = self.reference
        self.on(self.later(days), 14, "auditor", lambda _: meeting.Submit(audit=ref))

    def do_and_file(self, n: int, day: date, who: str) -> None:
        """An action is done and filed on one day."""
        ref = self.reference
        self.on(
            day,
            11,
            who,
            lambda _: follow_up.Complete(audit=ref, action=n, evidence="Case note on Mosaic."),
        )
        self.on(
            day,
            12,
            "responsible_manager",
            lambda a: follow_up.File(audit=ref, action=n, heading=follow_up.heading_of(a)),
        )

    def supervise(self, day: date, due: date | None = None) -> None:
        """The review in supervision, with one action for the key worker if it has a date."""
        ref = self.reference

        def make(a: Audit) -> AuditCommand:
            what = "Write the safety plan with the family"
            rows = (_planned(what, a.key_worker, due.isoformat()),) if due else ()
            return follow_up.RecordSupervision(
                audit=ref,
                attendees="Manager and key worker",
                plan=rows,
                key_worker_present=True,
                no_actions_because="" if rows else "The plan of the meeting will do.",
            )

        self.on(day, 15, "responsible_manager", make)

    def verify(self, day: date) -> None:
        """The QA Team closes it."""
        ref = self.reference
        self.on(day, 16, "idris", lambda _: follow_up.Verify(audit=ref))


def _finding(ref: str, element: str) -> Make:
    return lambda _: meeting.RecordFindings(
        audit=ref,
        element=element,
        evidence="Seen on the file and talked through with the worker.",
        strengths="Clear recording of what the child says.",
        change="Say more about what the plan has changed.",
    )


def _rest(ref: str) -> Make:
    """The other parts of the tool; families are asked in two audits of three."""
    n = int(ref[-3:])
    answers = list(Answer)
    asked: YesNo = "yes" if n % 3 else "no"
    return lambda _: meeting.RecordFindings(
        audit=ref,
        record_quality=tuple((p.key, "Found on the file, up to date.") for p in RECORD_POINTS),
        indicator=tuple((q.key, answers[(n + i) % 3]) for i, q in enumerate(INDICATORS)),
        feedback_explored=asked,
        feedback="They know whom to ring, and why we visit."
        if n % 3
        else "They were moving house.",
        signs_of_safety="yes",
        good_practice="Letters that the child can read later.",
    )


def _planned(what: str, owner: str, due: str, *, immediate: bool = False) -> PlannedAction:
    return PlannedAction(
        what=what,
        success="It is on the file and the child's view is in it",
        resources="yes",
        realistic="yes",
        owner=owner,
        due=due,
        immediate=immediate,
    )


def _add(ref: str, what: str, owner: str, due: str) -> AuditCommand:
    row = _planned(what, owner, due, immediate=True)
    return meeting.AddAction(audit=ref, **vars(row))


def escalated(audit: Audit, trigger: Trigger) -> int:
    """The number of the newest escalation of a trigger."""
    return max(e.n for e in audit.escalations if e.trigger is trigger)


def person_of(audit: Audit, who: str) -> str:
    """A place in the audit as the person who takes it; a person's id stays."""
    places: Iterator[str] = iter(("auditor", "key_worker", "responsible_manager"))
    return str(getattr(audit, who)) if who in places else who
