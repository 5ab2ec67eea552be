"""Who owes what stands, that its dates stay as told (TR9), and what the policy may set."""

from datetime import UTC, datetime, time

import pytest
from msgspec.structs import replace

from auditflow.audits import Audit, OpenDuty, Role, Trigger
from auditflow.calendar import Limit, Months, WorkingDays, bundled
from auditflow.machines.duties import Rules, open_duties
from auditflow.policy import Policy
from support.sketches import AUDIT, CONCERN, RAISED, RULES, audit, day, midnight


def owed(given: Audit, rules: Rules = RULES) -> dict[str, OpenDuty]:
    return {o.duty: o for o in open_duties(given, rules)}


def test_the_policy_says_how_long_before_the_clock_reminds() -> None:
    booked = audit("meeting_booked", meeting_on="2026-03-10")
    week = Rules(bundled(), Policy(file_check_reminder_days=5))
    kept, sooner = owed(booked)["check_file"], owed(booked, week)["check_file"]
    assert (kept.due, kept.overdue_from) == (sooner.due, sooner.overdue_from)
    assert (kept.raise_from, sooner.raise_from) == (midnight("2026-03-06"), midnight("2026-03-03"))


@pytest.mark.parametrize(
    ("duty", "given", "who"),
    [
        ("distribute", audit("selected"), (Role.QA_TEAM, "")),
        ("hold_audit", audit("selected"), (Role.AUDITOR, "aud")),
        ("check_file", audit("meeting_booked", meeting_on="2026-03-10"), (Role.KEY_WORKER, "kw")),
        (
            "supervision_review",
            audit("post_audit", held_on="2026-03-10"),
            (Role.RESPONSIBLE_MANAGER, "mgr"),
        ),
        (
            "immediate_action",
            audit("post_audit", held_on="2026-03-10", action={"owner": "kw"}),
            (Role.RESPONSIBLE_MANAGER, "mgr"),
        ),
        (
            "agreed_action",
            audit("post_audit", action={"immediate": False, "owner": "kw"}),
            (Role.OWNER, "kw"),
        ),
        (
            "file_action",
            audit(
                "post_audit", action={"state": "done", "owner": "kw", "done_on": day("2026-03-11")}
            ),
            (Role.KEY_WORKER, "kw"),
        ),
        (
            "file_action",
            audit("post_audit", action={"state": "done", "done_on": day("2026-03-11")}),
            (Role.RESPONSIBLE_MANAGER, "mgr"),
        ),
        ("answer", audit("post_audit", raised={}), (Role.QA_TEAM, "")),
        (
            "answer",
            audit("post_audit", raised={"state": "level_1"}),
            (Role.RESPONSIBLE_MANAGER, "mgr"),
        ),
        ("answer", audit("post_audit", raised={"state": "level_3"}), (Role.HEAD_OF_SERVICE, "")),
        ("answer", audit("post_audit", raised={"state": "level_4"}), (Role.ASSISTANT_DIRECTOR, "")),
    ],
)
def test_who_owes_it(duty: str, given: Audit, who: tuple[Role, str]) -> None:
    one = owed(given)[duty]
    assert (one.role, one.owner) == who


JUDGED = {"answer": "advice", "answered_on": day("2026-01-20"), "trigger": Trigger.T1}


@pytest.mark.parametrize(
    ("accepted", "waits_for"), [((), "aud"), (("aud",), "kw"), (("kw",), "aud")]
)
def test_advice_on_a_grade_waits_for_auditor_and_key_worker(
    accepted: tuple[str, ...], waits_for: str
) -> None:
    one = owed(audit("post_audit", raised={**JUDGED, "accepted_by": accepted}))["accept_advice"]
    assert (one.role, one.owner) == (Role.JUDGE, waits_for)


def test_any_other_answer_is_judged_by_the_qa_team() -> None:
    raised = {"answer": "done", "answered_on": day("2026-01-06")}
    one = owed(audit("post_audit", raised=raised))["judge_answer"]
    assert (one.role, one.owner, one.subject) == (Role.QA_TEAM, "", "escalation 1 level_2")


CLOSED = Rules(bundled().with_days({day("2026-03-11"): "Proclaimed"}), Policy())
IN_MARCH = audit("in_audit", held_on="2026-03-10", action={})


def test_a_calendar_that_changes_moves_no_date_by_itself() -> None:
    """TR9: dates move when they are worked out again on purpose, never in passing."""
    before = replace(IN_MARCH, duties=open_duties(IN_MARCH, RULES))
    assert owed(IN_MARCH, CLOSED)["immediate_action"].due == day("2026-03-18")
    assert open_duties(before, CLOSED) == before.duties
    assert owed(before, CLOSED)["immediate_action"].due == day("2026-03-17")


def test_what_starts_after_the_change_counts_by_the_new_calendar() -> None:
    before = replace(IN_MARCH, duties=open_duties(IN_MARCH, RULES))
    again = replace(before, held_on=day("2026-03-09"))
    assert owed(again, CLOSED)["immediate_action"].due == day("2026-03-17")
    assert owed(again, RULES)["immediate_action"].due == day("2026-03-16")


def test_a_missed_duty_stays_missed_until_its_day_changes() -> None:
    now = audit("distributed")
    missed = replace(
        now, duties=tuple(replace(o, missed=True) for o in open_duties(now, RULES) if o.due)
    )
    assert all(o.missed for o in open_duties(replace(missed, auditor="other"), RULES))
    extended = replace(missed, hold_by=day("2026-04-07"))
    assert {o.duty: o.missed for o in open_duties(extended, RULES)} == {
        "arrange_meeting": True,
        "hold_audit": False,
    }


def test_another_owner_keeps_the_dates() -> None:
    now = audit("distributed")
    before = replace(now, duties=open_duties(now, RULES))
    moved = owed(replace(before, auditor="other"), CLOSED)["hold_audit"]
    assert moved == replace(owed(before)["hold_audit"], owner="other")


def test_a_limit_of_the_policy_counts_before_the_chart_s() -> None:
    limits: dict[str, Limit] = {
        "immediate_action": WorkingDays(3),
        "supervision_review": Months(1, "none"),
    }
    rules = Rules(bundled(), Policy(limits=limits))
    held = audit("in_audit", held_on="2025-12-24", action={})
    assert owed(held)["immediate_action"].due == day("2026-01-05")  # S4
    assert owed(held, rules)["immediate_action"].due == day("2025-12-31")
    assert owed(held)["supervision_review"].due == day("2026-01-26")  # S4
    assert owed(held, rules)["supervision_review"].due == day("2026-01-24")


def test_an_office_hour_makes_it_late_the_same_day_and_raises_it_the_next() -> None:
    rules = Rules(bundled(), Policy(cutoff=time(17)))
    one = owed(audit("in_audit", held_on="2026-04-02", action={}), rules)["immediate_action"]
    assert one.overdue_from == datetime(2026, 4, 13, 16, tzinfo=UTC)
    assert one.raise_from == midnight("2026-04-14")


def test_a_child_at_risk_has_until_midnight_whenever_the_office_closes() -> None:
    rules = Rules(bundled(), Policy(cutoff=time(17)))
    found = owed(replace(AUDIT, state="in_audit", escalations=(CONCERN,)), rules)
    for duty, late in (("acknowledge_concern", "2026-07-04"), ("act_on_concern", "2026-07-07")):
        assert found[duty].overdue_from == found[duty].raise_from == midnight(late)


def test_each_level_has_its_own_window() -> None:
    second = replace(RAISED, n=2, state="level_3", window_from=day("2026-01-09"))
    both = replace(AUDIT, state="post_audit", escalations=(RAISED, second))
    answers = [(o.subject, o.due) for o in open_duties(both, RULES) if o.duty == "answer"]
    assert answers == [
        ("escalation 1 level_2", day("2026-01-08")),
        ("escalation 2 level_3", day("2026-01-16")),
    ]
