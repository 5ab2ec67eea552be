"""The three charts together, and what one audit's parts look like to them."""

from collections.abc import Iterator

from auditflow.audits import ActionFacts, Audit, EscalationFacts, Moment, enter
from auditflow.errors import NotFound
from auditflow.machines.action import ActionProgress
from auditflow.machines.audit import AuditProcess
from auditflow.machines.escalation import EscalationProcess
from auditflow.machines.notation import ChartClass
from auditflow.machines.rows import Duty

CHARTS: dict[str, ChartClass] = {
    "audit": AuditProcess,
    "action": ActionProgress,
    "escalation": EscalationProcess,
}
for _kind, _chart in CHARTS.items():
    enter(_kind, _chart.states)

#: What the version of the charts is, and since when: constants, so that a redraw changes nothing.
CHART_VERSION = "1.1.0"
CHART_DATE = "25 November 2026"

#: The chart of each duty, by the duty's name.
CHART_OF: dict[str, str] = {d.name: kind for kind, c in CHARTS.items() for d in c.duties}
DUTIES: dict[str, Duty] = {d.name: d for c in CHARTS.values() for d in c.duties}

Facts = Audit | ActionFacts | EscalationFacts


def moment_of(duty: Duty, name: str) -> Moment:
    """What a moment that a duty counts from says in words."""
    return CHARTS[CHART_OF[duty.name]].moments[name]


def facts_of(audit: Audit, kind: str, n: int) -> tuple[Facts, str]:
    """What the guards of chart `kind` read for part `n`, and the state that part is in."""
    found = (part[2:] for part in parts(audit) if part[:2] == (kind, n))
    try:
        return next(found)
    except StopIteration:
        there = len(getattr(audit, f"{kind}s"))
        raise NotFound(f"This audit has no {kind} {n}. It has {there}.") from None


def parts(audit: Audit) -> Iterator[tuple[str, int, Facts, str]]:
    """Each thing of an audit that has a chart: kind, number, facts, state."""
    yield "audit", 0, audit, audit.state
    for action in audit.actions:
        yield "action", action.n, ActionFacts(audit, action), action.state
    for escalation in audit.escalations:
        yield "escalation", escalation.n, EscalationFacts(audit, escalation), escalation.state
