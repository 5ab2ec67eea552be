"""What may be set is read as typed, refused where it makes no sense, and never guessed."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, time

import pytest

from auditflow.calendar import By, Months, WorkingDays
from auditflow.errors import BadInput
from auditflow.machines.charts import DUTIES
from auditflow.policy import NAMED, SETTINGS, Policy, policy_of, reading

LIMITS = {name: duty.within for name, duty in DUTIES.items()}
GOOD = {
    "cutoff": ("17:00", time(17)),
    "month_roll": ("none", "none"),
    "notice_roll": ("next", "next"),
    "distribution_from": ("meeting", "meeting"),
    "immediate_from": ("submitted_on", "submitted_on"),
    "extension_days": ("10", 10),
    "reaudit_months": ("6", 6),
    "reaudit_from": ("close", "close"),
    "inadequate_by": ("element", "element"),
    "action_cap_months": ("2", 2),
    "action_cap_from": ("audit", "audit"),
    "grade_decided_by": ("qa_advice", "qa_advice"),
    "grade_elements": ("required", "required"),
    "repeat_gap_months": ("6", 6),
    "new_case_weeks": ("0", 0),
    "moderation_share": ("25", 25),
    "file_check_reminder_days": ("5", 5),
    "file_check_blocks": ("yes", True),
    "closure_days": ("2026-12-30, 2026-12-29", (date(2026, 12, 29), date(2026, 12, 30))),
    "due_soon_days": ("5", 5),
    "many_actions": ("3", 3),
    "least_words": ("20", 20),
    "daytime_route": ("MASH, 020 7946 0000", "MASH, 020 7946 0000"),
    "daytime_until": ("17:30", time(17, 30)),
    "emergency_route": ("01234 567890, all night", "01234 567890, all night"),
    "level_1": ("Team manager", "Team manager"),
    "level_2": ("QA", "QA"),
    "level_3": ("Service manager", "Service manager"),
    "level_4": ("Director", "Director"),
    "level_5": ("Chief", "Chief"),
    "notices_from": ("09:30", time(9, 30)),
    "enforce_from": ("2026-04-01", date(2026, 4, 1)),
}


def test_each_setting_is_a_field_of_the_policy_and_each_field_a_setting() -> None:
    own = {f.name for f in fields(Policy)} - {"version", "limits"}
    assert own == set(NAMED) == set(GOOD)
    assert not set(NAMED) & set(DUTIES)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: s.name)
def test_the_default_that_is_listed_is_the_one_that_holds(setting: object) -> None:
    name = setting.name  # type: ignore[attr-defined]
    typed = NAMED[name].default
    assert NAMED[name].read(typed, name) == getattr(Policy(), name)
    assert getattr(policy_of({name: "default"}, LIMITS, 2), name) == getattr(Policy(), name)


@pytest.mark.parametrize(("name", "typed", "means"), [(n, *v) for n, v in GOOD.items()])
def test_what_is_typed_is_what_holds(name: str, typed: str, means: object) -> None:
    assert getattr(policy_of({name: typed}, LIMITS, 2), name) == means


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("cutoff", "5pm"), ("cutoff", "24:00"), ("month_roll", "forward"), ("extension_days", "0"),
        ("extension_days", "٧"), ("moderation_share", "101"), ("moderation_share", "10%"),
        ("file_check_blocks", "maybe"), ("closure_days", "Christmas"), ("level_1", " "),
        ("level_1", "a\tb"), ("enforce_from", "soon"), ("due_soon_days", "0"),
        ("notices_from", "8"), ("grade_elements", ""), ("file_check_reminder_days", "0"),
        ("distribution_from", "day"),
        ("immediate_action", "0 working days"), ("immediate_action", "5 days"),
        ("immediate_action", "1 month before"), ("distribute", "1 month"),
        ("distribute", "20 working days"), ("check_file", "2 working days"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_name(name: str, typed: str) -> None:
    with pytest.raises(BadInput, match=name):
        policy_of({name: typed}, LIMITS, 2)


@pytest.mark.parametrize("name", [n for n, chart in LIMITS.items() if not isinstance(chart, By)])
def test_each_time_limit_may_be_set_by_its_duty_s_name(name: str) -> None:
    back = name == "distribute"
    typed, means = ("2 months before", Months(-2)) if back else ("3 working days", WorkingDays(3))
    policy = policy_of({name: typed}, LIMITS, 2)
    assert policy.limit(name, LIMITS[name]) == means
    assert policy_of({name: "default"}, LIMITS, 2).limit(name, LIMITS[name]) == LIMITS[name]


def test_months_roll_as_the_council_rolls_them() -> None:
    policy = policy_of({"month_roll": "none", "supervision_review": "2 months"}, LIMITS, 2)
    assert policy.limit("supervision_review", Months(1)) == Months(2, "none")
    assert policy.limit("distribute", Months(-1)) == Months(-1, "previous")
    assert policy_of({"notice_roll": "none"}, LIMITS, 2).months(-1) == Months(-1, "none")


def test_the_file_check_is_reminded_of_when_the_council_says_and_else_as_on_the_chart() -> None:
    chart = {d.name: d.ahead for d in DUTIES.values()}
    for name, ahead in chart.items():
        assert Policy().ahead(name, ahead) == ahead
    later = policy_of({"file_check_reminder_days": "5"}, LIMITS, 2)
    assert {n: later.ahead(n, a) for n, a in chart.items()} == chart | {"check_file": 5}


def test_nothing_that_is_due_by_a_date_of_its_own_has_a_limit() -> None:
    with pytest.raises(BadInput, match="no limit to set"):
        reading.demand_settable("agreed_action", By())
