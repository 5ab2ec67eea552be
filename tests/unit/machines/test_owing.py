"""What stands owed: each duty where it should, due when the acceptance scenarios say."""

from typing import Any

import pytest
from msgspec.structs import replace

from auditflow.audits import Audit, OpenDuty, Trigger
from auditflow.guidance.tool import Grade
from auditflow.machines.charts import CHARTS
from auditflow.machines.duties import Rules, open_duties
from support.sketches import AUDIT, CONCERN, RULES, audit, day, midnight


def owed(given: Audit, rules: Rules = RULES) -> dict[str, OpenDuty]:
    return {o.duty: o for o in open_duties(given, rules)}


#: Duty, the audit it stands in, due, overdue from, raised from; the scenario in front.
STANDS: list[tuple[str, str, Audit, str]] = [
    ("S1", "distribute", audit("selected"), "2026-01-30 2026-01-31 2026-02-02"),
    (
        "S11",
        "distribute",
        audit("selected", month="2026-09-01"),
        "2026-07-31 2026-08-01 2026-08-03",
    ),
    ("S1", "arrange_meeting", audit("distributed"), "2026-02-04 2026-02-05 2026-02-05"),
    (
        "declined later, its days run on from distribution",
        "reallocate",
        audit("distributed", declined_on="2026-02-02"),
        "2026-02-04 2026-02-05 2026-02-05",
    ),
    (
        "S1, reminded two working days before",
        "check_file",
        audit("meeting_booked", meeting_on="2026-03-10"),
        "2026-03-10 2026-03-11 2026-03-06",
    ),
    ("S1", "hold_audit", audit("selected"), "2026-03-31 2026-04-01 2026-04-01"),
    ("S1", "hold_audit", audit("distributed"), "2026-03-31 2026-04-01 2026-04-01"),
    (
        "S12, T6 on a Monday",
        "hold_audit",
        audit("meeting_booked", month="2025-11-01", hold_by="2025-11-30"),
        "2025-11-30 2025-12-01 2025-12-01",
    ),
    (
        "S11, extended",
        "hold_audit",
        audit("distributed", month="2026-09-01", hold_by="2026-10-07"),
        "2026-10-07 2026-10-08 2026-10-08",
    ),
    ("S1", "submit", audit("in_audit", held_on="2026-03-10"), "2026-03-12 2026-03-13 2026-03-13"),
    (
        "S1",
        "supervision_review",
        audit("post_audit", held_on="2026-03-10"),
        "2026-04-10 2026-04-11 2026-04-13",
    ),
    (
        "S6, Easter",
        "supervision_review",
        audit("in_audit", held_on="2026-04-02"),
        "2026-05-05 2026-05-06 2026-05-06",
    ),
    (
        "S14",
        "moderate_inadequate",
        audit(
            "post_audit",
            grade=Grade.INADEQUATE,
            moderation="pending",
            moderation_asked_on="2026-03-05",
        ),
        "2026-03-12 2026-03-13 2026-03-13",
    ),
    (
        "sample",
        "moderate_sample",
        audit(
            "post_audit", grade=Grade.GOOD, moderation="pending", moderation_asked_on="2026-03-05"
        ),
        "2026-03-19 2026-03-20 2026-03-20",
    ),
    (
        "S1",
        "verify",
        audit("awaiting_verification", all_done_on="2026-04-30"),
        "2026-05-08 2026-05-09 2026-05-11",
    ),
    (
        "S2, Christmas",
        "immediate_action",
        audit("in_audit", held_on="2025-12-19", action={}),
        "2025-12-30 2025-12-31 2025-12-31",
    ),
    (
        "S6, Easter",
        "immediate_action",
        audit("post_audit", held_on="2026-04-02", action={}),
        "2026-04-13 2026-04-14 2026-04-14",
    ),
    (
        "a new date that was accepted, though a Saturday",
        "immediate_action",
        audit("post_audit", held_on="2026-04-02", action={"revised_on": day("2026-04-18")}),
        "2026-04-18 2026-04-19 2026-04-20",
    ),
    (
        "S16, raised after the weekend",
        "agreed_action",
        audit("post_audit", action={"immediate": False, "due_on": day("2026-07-10")}),
        "2026-07-10 2026-07-11 2026-07-13",
    ),
    (
        "S16, the new date",
        "agreed_action",
        audit("post_audit", action={"immediate": False, "due_on": day("2026-07-31")}),
        "2026-07-31 2026-08-01 2026-08-03",
    ),
    (
        "done early: the action's own date",
        "file_action",
        audit("post_audit", action={"state": "done", "done_on": day("2026-03-11")}),
        "2026-03-17 2026-03-18 2026-03-18",
    ),
    (
        "done late: two working days over Easter",
        "file_action",
        audit("post_audit", action={"state": "done", "done_on": day("2026-04-02")}),
        "2026-04-08 2026-04-09 2026-04-09",
    ),
    ("S2", "answer", audit("post_audit", raised={}), "2026-01-08 2026-01-09 2026-01-09"),
    (
        "S15, the same day, and at midnight into a Saturday",
        "acknowledge_concern",
        replace(AUDIT, state="in_audit", escalations=(CONCERN,)),
        "2026-07-03 2026-07-04 2026-07-04",
    ),
    (
        "S15",
        "act_on_concern",
        replace(AUDIT, state="in_audit", escalations=(CONCERN,)),
        "2026-07-06 2026-07-07 2026-07-07",
    ),
    (
        "S16, answered on a Friday",
        "judge_answer",
        audit("post_audit", raised={"answer": "new_date", "answered_on": day("2026-07-17")}),
        "2026-07-24 2026-07-25 2026-07-27",
    ),
    (
        "C13, advised on a Friday",
        "accept_advice",
        audit(
            "post_audit",
            raised={"answer": "advice", "answered_on": day("2026-07-17"), "trigger": Trigger.T1},
        ),
        "2026-07-24 2026-07-25 2026-07-27",
    ),
]


@pytest.mark.parametrize(
    ("scenario", "duty", "given", "dates"),
    STANDS,
    ids=[f"{duty}: {scenario}" for scenario, duty, *_ in STANDS],
)
def test_a_duty_stands_with_its_dates(scenario: str, duty: str, given: Audit, dates: str) -> None:
    due, overdue, events = dates.split()
    one = owed(given)[duty]
    assert one.due == day(due)
    assert one.overdue_from == midnight(overdue)
    assert one.raise_from == midnight(events)
    assert not one.missed


def test_in_each_state_stand_just_the_duties_of_its_cards() -> None:
    """Guards apart: with none refusing, a duty stands in its own states and nowhere else."""
    counted = [d.since for d in CHARTS["audit"].duties if d.since not in ("month", "hold_by")]
    dated: dict[str, Any] = dict.fromkeys(counted, "2026-03-10")
    for state in CHARTS["audit"].states:
        found = set(owed(audit(state, moderation="pending", **dated)))
        cards = {
            d.name
            for d in CHARTS["audit"].duties
            if state in {s.name for s in d.states}
            and d.name not in ("moderate_inadequate", "reallocate")
        }
        assert found == cards, state


@pytest.mark.parametrize(
    ("duty", "given"),
    [
        ("arrange_meeting", audit("distributed", declined_on="2026-02-02")),
        ("reallocate", audit("distributed")),
        (
            "check_file",
            audit("meeting_booked", meeting_on="2026-03-10", file_checked_on="2026-03-09"),
        ),
        (
            "supervision_review",
            audit("post_audit", held_on="2026-03-10", supervised_on="2026-03-31"),
        ),
        (
            "moderate_inadequate",
            audit(
                "post_audit",
                grade=Grade.GOOD,
                moderation="pending",
                moderation_asked_on="2026-03-05",
            ),
        ),
        (
            "moderate_sample",
            audit(
                "post_audit",
                grade=Grade.INADEQUATE,
                moderation="pending",
                moderation_asked_on="2026-03-05",
            ),
        ),
        (
            "moderate_sample",
            audit("post_audit", moderation="done", moderation_asked_on="2026-03-05"),
        ),
        (
            "immediate_action",
            audit("post_audit", held_on="2026-03-10", action={"immediate": False}),
        ),
        ("immediate_action", audit("post_audit", held_on="2026-03-10", action={"state": "done"})),
        ("agreed_action", audit("post_audit", action={})),
        ("agreed_action", audit("post_audit", action={"immediate": False, "state": "cancelled"})),
        (
            "file_action",
            audit("post_audit", action={"state": "filed", "done_on": day("2026-03-11")}),
        ),
        ("answer", audit("post_audit", raised={"answer": "done"})),
        ("answer", audit("post_audit", raised={"held_until": day("2026-02-01")})),
        ("answer", audit("post_audit", raised={"state": "level_5"})),
        ("answer", replace(AUDIT, state="in_audit", escalations=(CONCERN,))),
        ("answer", audit("post_audit", raised={"state": "resolved"})),
        ("acknowledge_concern", audit("post_audit", raised={"state": "level_3"})),
        (
            "acknowledge_concern",
            replace(AUDIT, escalations=(replace(CONCERN, acknowledged_by="head"),)),
        ),
        ("acknowledge_concern", replace(AUDIT, escalations=(replace(CONCERN, answer="done"),))),
        ("act_on_concern", replace(AUDIT, escalations=(replace(CONCERN, answer="done"),))),
        ("judge_answer", audit("post_audit", raised={"answered_on": day("2026-07-17")})),
    ],
)
def test_a_duty_does_not_stand_where_its_card_says_not(duty: str, given: Audit) -> None:
    assert duty not in owed(given)


def test_an_acknowledged_concern_still_owes_what_was_done() -> None:
    seen = replace(AUDIT, escalations=(replace(CONCERN, acknowledged_by="head"),))
    assert set(owed(seen)) == {"act_on_concern"}


def test_nothing_is_owed_from_a_day_that_is_not_known() -> None:
    assert owed(audit("in_audit")) == {}
