"""Single facts for tests of the core: an audit, an action, an escalation, to be changed at will."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from msgspec.structs import replace

from auditflow.audits import Action, Audit, Escalation, Finding, Level, Trigger
from auditflow.calendar import LONDON, bundled
from auditflow.guidance.tool import ELEMENTS, Grade
from auditflow.machines.duties import Rules, open_duties
from auditflow.machines.transition import Attribution, Event, Outcome, advance
from auditflow.policy import Policy

Facts = Mapping[str, Any]
RULES = Rules(bundled(), Policy())


def day(text: str) -> date:
    """A date as people write it here."""
    return date.fromisoformat(text)


def midnight(text: str) -> datetime:
    """00:00 London on this day, as UTC: an hour earlier while summer time runs."""
    on = datetime.fromisoformat(text)
    summer = {2026: ("2026-03-29", "2026-10-25"), 2025: ("2025-03-30", "2025-10-26")}.get(on.year)
    hours = 1 if summer and summer[0] < text <= summer[1] else 0
    return datetime.fromtimestamp(on.replace(tzinfo=UTC).timestamp() - 3600 * hours, UTC)


AUDIT = Audit(
    state="start",
    id=1,
    case=1,
    kind="random",
    month=day("2026-03-01"),
    hold_by=day("2026-03-31"),
    stratum="CP",
    team="North",
    service="Safeguarding",
    auditor="aud",
    auditor_team="South",
    line_manager="line",
    key_worker="kw",
    responsible_manager="mgr",
    distributed_on=day("2026-01-28"),
)
ACTION = Action(
    n=1,
    state="open",
    immediate=True,
    owner="mgr",
    due_on=day("2026-03-17"),
    what="Visit",
    success="Seen",
    achievable="Planned",
    realistic="Time",
    added_on=day("2026-03-10"),
    original_due_on=day("2026-03-17"),
)
RAISED = Escalation(
    n=1,
    state="level_2",
    trigger=Trigger.T3,
    cause="immediate_action action 1 2025-12-30",
    action=1,
    about=0,
    enters=Level.L2,
    raised_on=day("2025-12-31"),
    overdue_since=None,
    told_on=day("2025-12-31"),
    window_from=day("2025-12-31"),
)
CONCERN = replace(
    RAISED,
    state="level_3",
    trigger=Trigger.T2,
    cause="concern 1",
    enters=Level.L3,
    told_on=day("2026-07-03"),
    window_from=day("2026-07-03"),
)


def audit(
    state: str, *, action: Facts | None = None, raised: Facts | None = None, **f: Any
) -> Audit:
    """An audit in this state; its dates may be written as text."""
    facts = {k: day(v) if isinstance(v, str) and v[:2] == "20" else v for k, v in f.items()}
    actions = () if action is None else (replace(ACTION, **action),)
    escalations = () if raised is None else (replace(RAISED, **raised),)
    return replace(AUDIT, state=state, actions=actions, escalations=escalations, **facts)


def at(text: str) -> datetime:
    """London time by the clock."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def owing(given: Audit, rules: Rules = RULES) -> Audit:
    """The same with what it owes worked out."""
    return replace(given, duties=open_duties(given, rules))


def sent(
    given: Audit, now: str, *events: Event, noted: dict[str, Any] | None = None
) -> tuple[Audit, tuple[Outcome, ...]]:
    """`acts` brought to an audit on which `noted` is noted first."""
    attribution = Attribution(at(now), at(now), "somebody")
    return advance(given, replace(given, **(noted or {})), events, attribution, RULES)


def events(outcomes: tuple[Outcome, ...]) -> list[tuple[str, str, str]]:
    """What happened, to what, and where it then stood."""
    return [(o.event.subject, o.event.name, o.after) for o in outcomes]


#: S2: held on Friday 19 December 2025, its immediate action due on Tuesday 30 December.
S2 = owing(audit("post_audit", held_on="2025-12-19", action={}))
LATE = at("2025-12-31 00:00")


#: S14: held and submitted on Thursday 5 March 2026, graded Inadequate.
INADEQUATE: dict[str, Any] = {
    "submitted_on": day("2026-03-05"),
    "grade": Grade.INADEQUATE,
    "grade_status": "agreed",
    "no_actions_because": "sealed",
    "findings": tuple(Finding(e.key, "sealed") for e in ELEMENTS),
}
SUBMIT = Event("audit", 0, "submit")


def submitted() -> tuple[Audit, tuple[Outcome, ...]]:
    """The audit of S14 as it is submitted."""
    before = owing(audit("in_audit", held_on="2026-03-05"))
    return sent(before, "2026-03-05 16:00", SUBMIT, noted=INADEQUATE)


ANSWERED: dict[str, Any] = {
    "answer": "in_words",
    "answered_by": "qa1",
    "answered_on": day("2026-07-17"),
}


def concern(*, acknowledged: str = "") -> Audit:
    """S15: raised on Friday 3 July 2026 during the meeting."""
    told = replace(CONCERN, acknowledged_by=acknowledged)
    return owing(replace(AUDIT, state="in_audit", escalations=(told,)))
