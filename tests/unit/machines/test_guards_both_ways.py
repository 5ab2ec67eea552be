"""Each guard of each chart is seen to hold and not to hold, on the facts themselves."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from auditflow.audits import (
    Action,
    ActionFacts,
    Audit,
    Escalation,
    EscalationFacts,
    Finding,
    Level,
    Trigger,
)
from auditflow.guidance.tool import ELEMENTS, Grade
from auditflow.machines.charts import CHARTS
from auditflow.machines.notation import ChartClass

MARCH, TENTH = date(2026, 3, 1), date(2026, 3, 10)
ACTION = Action(
    n=1,
    state="open",
    immediate=True,
    owner="mgr",
    due_on=date(2026, 3, 17),
    what="Visit the child at home",
    success="Seen alone",
    achievable="A visit is planned",
    realistic="The worker has the time",
    added_on=TENTH,
    original_due_on=date(2026, 3, 17),
)
DONE = replace(ACTION, state="done", done_on=TENTH)
RAISED = Escalation(
    n=1,
    state="level_2",
    trigger=Trigger.T3,
    cause="immediate_action action 1 2026-03-17",
    action=1,
    about=0,
    enters=Level.L2,
    raised_on=date(2026, 3, 18),
    overdue_since=datetime(2026, 3, 18, tzinfo=UTC),
)
AUDIT = Audit(
    state="start",
    id=1,
    case=1,
    kind="random",
    month=MARCH,
    hold_by=date(2026, 3, 31),
    stratum="CP",
    team="North",
    service="Safeguarding",
    auditor="aud",
    auditor_team="South",
    key_worker="kw",
    responsible_manager="mgr",
    case_line=("mgr", "head"),
)

Facts = Mapping[str, Any]
#: For each guard what must be so for it to hold, and what for it not to hold.
AUDIT_GUARDS: dict[str, tuple[Facts, Facts]] = {
    "pool_dated": ({"as_at": date(2026, 1, 28)}, {"as_at": None}),
    "reaudit_linked": ({"repeats": 7}, {"repeats": None}),
    "auditor_trained": ({"auditor_trained": True}, {"auditor_trained": False}),
    "auditor_independent": ({}, {"auditor_team": "North"}),
    "declined": ({"declined_on": date(2026, 1, 29)}, {}),
    "key_worker_named": ({}, {"key_worker": ""}),
    "meeting_in_limit": ({"meeting_on": date(2026, 3, 31)}, {"meeting_on": date(2026, 4, 1)}),
    "extension_in_gift": (
        {"extension_over_a_week": True, "extended_by_qa": True},
        {"extension_over_a_week": True},
    ),
    "checked_before_meeting": (
        {"meeting_on": TENTH, "file_checked_on": TENTH},
        {"meeting_on": TENTH, "file_checked_on": date(2026, 3, 11)},
    ),
    "file_check_settled": ({}, {"file_check_demanded": True}),
    "file_checked": ({"file_checked_on": TENTH}, {}),
    "meeting_day_reached": (
        {"meeting_on": TENTH, "held_on": TENTH},
        {"meeting_on": TENTH, "held_on": date(2026, 3, 9)},
    ),
    "both_present": ({"present": ("kw", "aud")}, {"present": ("aud",)}),
    "grade_with_impact": ({"grade": Grade.GOOD, "impact": "sealed"}, {"grade": Grade.GOOD}),
    "both_positions_given": (
        {"auditor_grade": Grade.GOOD, "worker_grade": Grade.OUTSTANDING},
        {"auditor_grade": Grade.GOOD, "worker_grade": Grade.GOOD},
    ),
    "elements_done": (
        {"findings": tuple(Finding(e.key, "seen") for e in ELEMENTS)},
        {"findings": tuple(Finding(e.key, "seen") for e in ELEMENTS[1:])},
    ),
    "grading_recorded": ({"grade_status": "disputed"}, {"grade_status": "none"}),
    "plan_valid": (
        {"actions": (ACTION,)},
        {"actions": (ACTION, replace(ACTION, n=2, needs_approval=True))},
    ),
    "dates_approved": (
        {"actions": (ACTION, replace(ACTION, n=2, needs_approval=True, state="cancelled"))},
        {"actions": (ACTION, replace(ACTION, n=2, needs_approval=True))},
    ),
    "plan_smart": ({"actions": (ACTION,)}, {"actions": (ACTION, replace(ACTION, n=2, what=""))}),
    "inadequate": ({"grade": Grade.INADEQUATE}, {"grade": Grade.REQUIRES_IMPROVEMENT}),
    "moderation_asked": ({"moderation_asked_on": TENTH}, {}),
    "moderation_pending": ({"moderation": "pending"}, {"moderation": "done"}),
    "moderator_independent": ({"moderator": "mod"}, {"moderator": "aud"}),
    "agreed_actions_dated": (
        {"actions": (replace(ACTION, immediate=False),)},
        {"actions": (replace(ACTION, immediate=False, owner=""),)},
    ),
    "actions_ended": (
        {"actions": (replace(ACTION, state="filed"), replace(ACTION, n=2, state="cancelled"))},
        {"actions": (replace(ACTION, state="done"),)},
    ),
    "supervised": ({"supervised_on": date(2026, 3, 31)}, {}),
    "grade_final": ({"grade_status": "final"}, {"grade_status": "agreed"}),
    "escalation_open": (
        {"escalations": (RAISED,)},
        {"escalations": (replace(RAISED, state="resolved"),)},
    ),
    "verifier_independent": (
        {"actions": (ACTION,), "verifier": "qa1"},
        {"actions": (ACTION,), "verifier": "mgr"},
    ),
}
ACTION_GUARDS: dict[str, tuple[Facts, Facts]] = {
    "smart": ({}, {"realistic": ""}),
    "immediate": ({}, {"immediate": False}),
    "needs_approval": ({"needs_approval": True}, {}),
    "evidence_given": ({"done_on": TENTH, "evidence": "sealed"}, {"done_on": TENTH}),
}
#: The facts of an escalation; those under `audit` are of its audit.
ESCALATION_GUARDS: dict[str, tuple[Facts, Facts]] = {
    "enters_level_1": ({"enters": Level.L1}, {"enters": Level.L2}),
    "enters_level_2": ({"enters": Level.L2}, {"enters": Level.L3}),
    "enters_level_3": ({"enters": Level.L3}, {"enters": Level.L1}),
    "enters_level_4": ({"enters": Level.L4}, {"enters": Level.L2}),
    "concern": ({"trigger": Trigger.T2}, {"trigger": Trigger.T1}),
    "grade_dispute": ({"trigger": Trigger.T1}, {"trigger": Trigger.T8}),
    "acknowledged": ({"acknowledged_by": "head"}, {}),
    "answered": ({"answer": "in_words"}, {"answer": ""}),
    "held": ({"held_until": date(2026, 4, 1)}, {}),
    "window_passed": ({"lapsed": Level.L2}, {"lapsed": Level.L1}),
    "judge_independent": (
        {"judge": "qa2", "answered_by": "qa1"},
        {"judge": "qa1", "answered_by": "qa1"},
    ),
    "all_accepted": (
        {"trigger": Trigger.T1, "accepted_by": ("kw", "aud")},
        {"trigger": Trigger.T1, "accepted_by": ("aud",)},
    ),
    "grade_decided": ({"advised": Grade.GOOD}, {}),
    "advice_final": ({"advice_final": True}, {}),
    "audit_ended": ({"audit": {"state": "voided"}}, {"audit": {"state": "closed"}}),
    "done_unnoted": (
        {"audit": {"actions": (DONE,)}},
        {"audit": {"actions": (DONE,)}, "done_noted": True},
    ),
    "bypass_to_2": ({"state": "level_1", "bypass_to": Level.L2}, {"bypass_to": Level.L2}),
    "bypass_to_3": ({"bypass_to": Level.L3}, {"bypass_to": Level.L4}),
    "bypass_to_4": ({"bypass_to": Level.L4}, {"bypass_to": Level.L5}),
    "bypass_to_5": ({"bypass_to": Level.L5}, {"bypass_to": None}),
}
TABLES = {"audit": AUDIT_GUARDS, "action": ACTION_GUARDS, "escalation": ESCALATION_GUARDS}


def guards(chart: ChartClass) -> set[str]:
    of_rows = {name for row in chart.rows for name, _ in row.guards}
    return of_rows | {name for duty in chart.duties for name, _ in duty.guards}


def facts(kind: str, given: Facts) -> object:
    if kind == "audit":
        return replace(AUDIT, **given)
    if kind == "action":
        return ActionFacts(AUDIT, replace(ACTION, **given))
    own = {name: value for name, value in given.items() if name != "audit"}
    return EscalationFacts(replace(AUDIT, **given.get("audit", {})), replace(RAISED, **own))


@pytest.mark.parametrize("kind", TABLES)
def test_the_table_has_every_guard_and_no_other(kind: str) -> None:
    assert set(TABLES[kind]) == guards(CHARTS[kind])


@pytest.mark.parametrize(
    ("kind", "guard"), [(kind, guard) for kind in CHARTS for guard in sorted(guards(CHARTS[kind]))]
)
def test_a_guard_holds_and_does_not_hold(kind: str, guard: str) -> None:
    when, when_not = TABLES[kind][guard]
    assert getattr(facts(kind, when), guard) is True
    assert getattr(facts(kind, when_not), guard) is False


@pytest.mark.parametrize(
    ("guard", "given", "expected"),
    [
        ("auditor_independent", {"auditor": "head"}, False),
        ("auditor_independent", {"auditor": "kw"}, False),
        ("meeting_in_limit", {"meeting_on": date(2026, 2, 28)}, False),
        ("meeting_in_limit", {"meeting_on": None}, False),
        (
            "meeting_in_limit",
            {
                "meeting_on": date(2026, 4, 2),
                "escalations": (replace(RAISED, trigger=Trigger.T6),),
            },
            True,
        ),
        (
            "meeting_in_limit",
            {
                "meeting_on": date(2026, 4, 2),
                "escalations": (replace(RAISED, trigger=Trigger.T6, state="resolved"),),
            },
            False,
        ),
        ("extension_in_gift", {"extension_over_a_week": False}, True),
        ("plan_valid", {"no_actions_because": "sealed"}, True),
        ("plan_valid", {}, False),
        ("actions_ended", {}, True),
        ("both_positions_given", {"auditor_grade": Grade.GOOD}, False),
    ],
)
def test_a_guard_of_the_audit_at_its_edges(guard: str, given: Facts, *, expected: bool) -> None:
    assert getattr(replace(AUDIT, **given), guard) is expected


@pytest.mark.parametrize(
    ("trigger", "done", "undone"),
    [
        (Trigger.T1, {"grade_status": "agreed"}, {"grade_status": "disputed"}),
        (Trigger.T2, None, {"grade_status": "final"}),
        (Trigger.T3, {"actions": (DONE,)}, {"actions": (ACTION,)}),
        (Trigger.T4, {"supervised_on": TENTH}, {}),
        (
            Trigger.T5,
            {"actions": (replace(DONE, state="filed"),)},
            {"actions": (DONE,)},
        ),
        (Trigger.T6, {"held_on": TENTH}, {"meeting_on": TENTH}),
        (Trigger.T7, {"submitted_on": TENTH}, {"held_on": TENTH}),
        (Trigger.T8, {"moderation": "done"}, {"moderation": "pending", "grade": Grade.INADEQUATE}),
        (
            Trigger.T8,
            {"grade": Grade.GOOD, "grade_status": "final"},
            {"grade": Grade.INADEQUATE, "grade_status": "final"},
        ),
    ],
)
def test_what_counts_as_done_since(trigger: Trigger, done: Facts | None, undone: Facts) -> None:
    raised = replace(RAISED, trigger=trigger)
    assert EscalationFacts(replace(AUDIT, **undone), raised).thing_done is False
    if done is not None:
        assert EscalationFacts(replace(AUDIT, **done), raised).thing_done is True
