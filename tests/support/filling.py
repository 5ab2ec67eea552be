"""The fields of a form about an audit, filled with what would mostly do."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from auditflow.audits import Audit, OpenDuty, Trigger, YesNo
from auditflow.commands import ElementFinding, PlannedAction, ToolParts
from auditflow.commands.follow_up import heading_of
from auditflow.guidance.tool import ELEMENTS, INDICATORS, RECORD_POINTS, Answer, Grade, Question
from auditflow.machines.charts import DUTIES
from support.office import SMART

#: A chart, the number of a part, and an event of it.
Part = tuple[str, int, str]
_SAID: tuple[YesNo, ...] = ("", "", "yes")


def escalating(audit: Audit) -> list[OpenDuty]:
    """What is owed that raises an escalation when it is missed."""
    return [o for o in audit.duties if isinstance(DUTIES[o.duty].missed, Trigger)]


class Filler:
    """Fills the fields of a form, mostly with what would do."""

    def __init__(self, random: Random, audit: Audit, today: date, part: Part) -> None:
        self.random, self.audit, self.today = random, audit, today
        _, self.n, self.form = part

    def value(self, name: str) -> Any:
        """A plausible value of this field."""
        made = getattr(self, f"_{name}", None)
        if made is not None:
            return made()
        return SMART.get(name, "It was talked over with the team.")

    def _ahead(self, most: int) -> date:
        return self.today + timedelta(days=self.random.randint(0, most))

    def _auditor(self) -> str:
        return self.random.choice(
            ("aud", "aud2", "aud2", "aud3", "aud3", "aud3", "untrained", "nobody")
        )

    def _key_worker(self) -> str:
        return self.random.choice(("", "", "kw", "kw2", "kw3"))

    def _owner(self) -> str:
        of_the_case = [p for p in (self.audit.key_worker, self.audit.responsible_manager) if p]
        return self.random.choice((*of_the_case, *of_the_case, "kw2", "aud"))

    def _on(self) -> date:
        within = max(self.today, self.audit.month)
        return within + timedelta(days=self.random.randint(0, 12))

    def _until(self) -> date:
        base = self.random.choice((self.audit.hold_by, self.today))
        return base + timedelta(days=self.random.randint(1, 14))

    def _without_substitute(self) -> bool:
        return self.random.random() < 0.3

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

    def _file(self) -> ToolParts | None:
        seen = {f.element for f in self.audit.findings}
        found = [
            ElementFinding(element=e.key, evidence="Seen on the file.", grade=self._element_grade())
            for e in ELEMENTS
            if e.key not in seen
        ]
        return ToolParts(elements=tuple(found)) if self.random.random() < 0.7 else None

    def _element_grade(self) -> Grade:
        grades: list[Grade] = [Grade.GOOD, Grade.GOOD, Grade.GOOD, *Grade]
        return self.random.choice(grades)

    def _grade(self) -> Grade | None:
        if self.form == "answer" and not self._is_of(Trigger.T1):
            return None
        return self._element_grade() if self.form == "record_findings" else self._auditor_grade()

    def _auditor_grade(self) -> Grade:
        grades: list[Grade] = [Grade.GOOD, Grade.INADEQUATE, *Grade]
        return self.random.choice(grades)

    def _worker_grade(self) -> Grade:
        grades: list[Grade] = list(Grade)
        return self.random.choice(grades)

    def _is_of(self, *triggers: Trigger) -> bool:
        """Whether the escalation is of one of these; now and then that is mistaken."""
        escalation = self.audit.escalation(self.n)
        fits = escalation is not None and escalation.trigger in triggers
        return fits is not (self.random.random() < 0.05)

    def _due(self) -> date:
        return self._ahead(self.random.choice((6, 6, 25, 80)))

    def _new_date(self) -> date | None:
        return self._ahead(20) if self._is_of(Trigger.T3, Trigger.T5) else None

    def _plan(self) -> tuple[PlannedAction, ...]:
        return tuple(self._planned() for _ in range(self.random.choice((0, 0, 1, 2))))

    def _planned(self) -> PlannedAction:
        due = self._due().isoformat()
        return PlannedAction(owner=self._owner(), due=due, immediate=self._immediate(), **SMART)

    def _immediate(self) -> bool:
        return self.random.random() < 0.5

    def _because(self) -> str:
        return self.random.choice(("", "The school is closed.", "He is away until then."))

    def _heading(self) -> str:
        return heading_of(self.audit)

    def _action(self) -> int:
        return self.n or self.random.randint(1, max(1, len(self.audit.actions)))

    def _escalation(self) -> int:
        return self.n or 1

    def _duty(self) -> str:
        owed = escalating(self.audit)
        return self.random.choice(owed).duty if owed else "verify"

    def _about(self) -> str:
        about = [o.subject.partition(" level")[0] for o in escalating(self.audit)]
        return self.random.choice(["", *about])

    def _level(self) -> int:
        return self.random.choice((4, 4, 4, 1, 2, 3, 5))
