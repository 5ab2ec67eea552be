"""What a story is made of: steps at their moments, each a form somebody sends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from operator import attrgetter
from typing import Any, Final

from auditflow.audits import Audit, Trigger
from auditflow.calendar import LONDON, Calendar
from auditflow.commands import AuditCommand, PlannedAction, follow_up, meeting, scheduling
from auditflow.guidance.tool import ELEMENTS, INDICATORS, RECORD_POINTS, Answer, Grade

#: The places in an audit that a step may name instead of a person.
_PLACES: Final = ("auditor", "key_worker", "responsible_manager")
_FINDING: Final = {
    "evidence": "Seen on the file and talked through with the worker.",
    "strengths": "Clear recording of what the child says.",
    "change": "Say more about what the plan has changed.",
}
_SAFER: Final = "The child is seen regularly and feels heard; the plan has made home safer."


@dataclass(frozen=True, order=True)
class Step:
    """One form sent at one moment. `who` is a person's id, or a place in the audit."""

    at: datetime
    order: int
    reference: str = field(compare=False)
    who: str = field(compare=False)
    form: type[AuditCommand] = field(compare=False)
    #: What stands in the form; what hangs on the audit is asked of it when it is sent.
    said: Mapping[str, Any] = field(compare=False)

    def command(self, audit: Audit) -> AuditCommand:
        """The form as it is sent."""
        said = {name: s(audit) if callable(s) else s for name, s in self.said.items()}
        return self.form(audit=self.reference, **said)

    def sender(self, audit: Audit) -> str:
        """Who sends it: a place in the audit is whoever takes it."""
        return str(getattr(audit, self.who)) if self.who in _PLACES else self.who


@dataclass
class Script:
    """The steps of one audit, written down as its story is told."""

    reference: str
    drawn: date
    meeting: date
    calendar: Calendar
    auditor: str
    steps: list[Step] = field(default_factory=list)

    def on(self, day: date, hour: int, who: str, form: type[AuditCommand], **said: Any) -> None:
        """Somebody sends a form on a day."""
        at = datetime.combine(day, time(hour), LONDON).astimezone(UTC)
        self.steps.append(Step(at, len(self.steps), self.reference, who, form, said))

    def later(self, days: int, since: date | None = None) -> date:
        """The working day so many working days after the meeting, or another day."""
        start = since or self.meeting
        return self.calendar.add_working_days(start, days) if days else start

    # Roads that many stories share.

    def distribute(self) -> None:
        """The QA Team gives it to its auditor."""
        day = self.later(1, self.drawn)
        self.on(day, 9, "tess", scheduling.Distribute, auditor=self.auditor)

    def book(self) -> None:
        """The auditor books the meeting."""
        self.on(self.later(4, self.drawn), 10, "auditor", scheduling.BookMeeting, on=self.meeting)

    def hold(self, *, checked: bool = True) -> None:
        """The key worker checks the file, the audit is held, the whole tool is filled in."""
        self.distribute()
        self.book()
        if checked:
            day = self.calendar.subtract_working_days(self.meeting, 2)
            self.on(day, 15, "key_worker", scheduling.ConfirmFileChecked)
        self.on(self.meeting, 10, "auditor", scheduling.StartAudit, key_worker_present=True)
        for said in (*({"element": e.key} | _FINDING for e in ELEMENTS), self._rest()):
            self.on(self.meeting, 11, "auditor", meeting.RecordFindings, **said)

    def _rest(self) -> dict[str, Any]:
        """The other parts of the tool; families are asked in two audits of three."""
        n = int(self.reference[-3:])
        answers = list(Answer)
        known, moving = "They know whom to ring, and why we visit.", "They were moving house."
        return {
            "record_quality": tuple(
                (p.key, "Found on the file, up to date.") for p in RECORD_POINTS
            ),
            "indicator": tuple((q.key, answers[(n + i) % 3]) for i, q in enumerate(INDICATORS)),
            "feedback_explored": "yes" if n % 3 else "no",
            "feedback": known if n % 3 else moving,
            "signs_of_safety": "yes",
            "good_practice": "Letters that the child can read later.",
        }

    def grade(self, grade: Grade) -> None:
        """They agree a grade."""
        self.on(self.meeting, 12, "auditor", meeting.AgreeGrade, grade=grade, impact=_SAFER)

    def plan_immediate(self, what: str = "Update the chronology on Mosaic") -> None:
        """An immediate action for the responsible manager."""
        said = _planned(what, self.later(5)) | {"immediate": True}
        owner = attrgetter("responsible_manager")
        self.on(self.meeting, 12, "auditor", meeting.AddAction, **said, owner=owner)

    def submit(self, days: int = 1, **said: str) -> None:
        """The auditor submits the tool."""
        self.on(self.later(days), 14, "auditor", meeting.Submit, **said)

    def do_and_file(self, n: int, days: int, who: str = "responsible_manager") -> None:
        """An action is done and filed on one day."""
        day, evidence = self.later(days), "Case note on Mosaic."
        self.on(day, 11, who, follow_up.Complete, action=n, evidence=evidence)
        heading = follow_up.heading_of
        self.on(day, 12, "responsible_manager", follow_up.File, action=n, heading=heading)

    def supervise(self, days: int, due: int = 0) -> None:
        """The review in supervision, with one action for the key worker if it has a date."""
        planned = _planned("Write the safety plan with the family", self.later(due))
        self.on(
            self.later(days),
            15,
            "responsible_manager",
            follow_up.RecordSupervision,
            attendees="Manager and key worker",
            plan=lambda a: (PlannedAction(**planned, owner=a.key_worker),) if due else (),
            key_worker_present=True,
            no_actions_because="" if due else "The plan of the meeting will do.",
        )

    def verify(self, days: int) -> None:
        """The QA Team closes it."""
        self.on(self.later(days), 16, "idris", follow_up.Verify)


def _planned(what: str, due: date) -> dict[str, Any]:
    """An action as it is typed, but for its owner."""
    success = "It is on the file and the child's view is in it"
    smart = {"success": success, "resources": "yes", "realistic": "yes"}
    return {"what": what, **smart, "due": due.isoformat()}


def newest(trigger: Trigger) -> Callable[[Audit], int]:
    """The number of an audit's newest escalation of a trigger."""
    return lambda audit: max(e.n for e in audit.escalations if e.trigger is trigger)
