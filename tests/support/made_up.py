"""Flow Chart 1 with one more state, on its line or beside it, and charts that cannot be drawn."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from auditflow.audits import Role, State, Trigger
from auditflow.calendar import WorkingDays
from auditflow.guidance.citation import chosen
from auditflow.machines.audit import AuditProcess
from auditflow.machines.notation import Chart, ChartClass, Duty, move, owe
from auditflow.machines.rows import Transition, Transitions

MADE_UP = chosen("Made up to be drawn.")


def written(of: ChartClass = AuditProcess) -> dict[str, Any]:
    """The lines of a chart as they stand in its class, by their names."""
    kinds = (State, Transition, Transitions, Duty)
    lines = {name: line for name, line in vars(of).items() if isinstance(line, kinds)}
    return {"__module__": __name__, "title": of.title, "facts": of.facts} | lines


def chart(lines: Mapping[str, Any]) -> ChartClass:
    """A chart of these lines."""
    made = types.new_class("MadeUp", (Chart,), {}, lambda body: body.update(lines))
    assert isinstance(made, ChartClass)
    return made


def with_feedback(*, beside: bool) -> ChartClass:
    """A state “Feedback invited”, which a verified audit passes through, or passes by."""
    lines, found = written(), dict[str, Any]()
    invited = State("Feedback invited", Role.QA_TEAM, took_place=True)
    for name, line in lines.items():
        if name == "closed":
            found["feedback_invited"] = invited
        found[name] = line
    waiting, closed = lines["awaiting_verification"], lines["closed"]
    by, says = Role.QA_TEAM, "Made up."
    if beside:
        found["invite_feedback"] = move(waiting, invited, by=by, cite=MADE_UP, says=says)
        found["note_feedback"] = move(invited, waiting, by=by, cite=MADE_UP, says=says)
    else:
        found["verify"] = replace(lines["verify"], target=invited)
        found["note_feedback"] = move(invited, closed, by=by, cite=MADE_UP, says=says)
    title, limit = "Invite the family's feedback", WorkingDays(10)
    found["feedback_duty"] = owe(
        invited, title, by, limit, "all_done_on", "note_feedback", Trigger.T9, cite=MADE_UP
    )
    return chart(found)


def with_duties(count: int, title: str = "Do one thing more") -> ChartClass:
    """So many more duties in one state."""
    lines = written()
    for n in range(count):
        lines[f"more_{n}_duty"] = owe(
            lines["post_audit"],
            title,
            Role.MODERATOR,
            WorkingDays(10),
            "all_done_on",
            "moderate",
            Trigger.T9,
            cite=MADE_UP,
        )
    return chart(lines)
