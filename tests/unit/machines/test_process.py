"""What a look of the clock does: raises once, reminds, moves up a level a day, resumes."""

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from auditflow.audits import Audit, Level, Trigger
from auditflow.calendar import LONDON, WorkingDays, bundled
from auditflow.machines.duties import Rules
from auditflow.machines.transition import Event, catch_up
from auditflow.policy import Policy
from support.sketches import (
    ANSWERED,
    LATE,
    RULES,
    S2,
    at,
    audit,
    concern,
    day,
    events,
    owing,
    sent,
    submitted,
)


def days(start: str, end: str) -> list[datetime]:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return [at(date.fromordinal(n).isoformat()) for n in range(first.toordinal(), last.toordinal())]


def test_an_immediate_action_is_on_time_to_the_last_second() -> None:
    assert catch_up(S2, at("2025-12-30 23:59:59"), RULES) == (S2, ())


def test_it_raises_t3_once_with_its_true_overdue_since() -> None:
    after, outcomes = catch_up(S2, LATE, RULES)
    assert events(outcomes) == [("escalation 1", "raise", "level_2")]
    raised = after.escalations[0]
    assert (raised.trigger, raised.action, raised.overdue_since) == (Trigger.T3, 1, LATE)
    assert raised.cause == "immediate_action action 1 2025-12-30"
    assert (raised.raised_on, raised.told_on) == (day("2025-12-31"), day("2025-12-31"))
    due = {o.duty: o.due for o in after.duties}
    assert due["answer"] == day("2026-01-08")


@pytest.mark.parametrize("again", ["2025-12-31 00:00", "2025-12-31 23:59", "2026-01-08 23:59"])
def test_looking_twice_raises_nothing_more(again: str) -> None:
    after, _ = catch_up(S2, LATE, RULES)
    assert catch_up(after, at(again), RULES) == (after, ())


def test_a_new_date_missed_again_raises_again_and_the_old_one_does_not() -> None:
    after, _ = catch_up(S2, LATE, RULES)
    revised = replace(after, actions=(replace(after.actions[0], revised_on=day("2026-01-05")),))
    twice, outcomes = catch_up(owing(revised), at("2026-01-06"), RULES)
    assert events(outcomes) == [("escalation 2", "raise", "level_2")]
    assert [e.cause[-10:] for e in twice.escalations] == ["2025-12-30", "2026-01-05"]


def test_the_same_date_missed_again_only_reminds() -> None:
    """The action was done and returned without a new date: its escalation stands already."""
    after, _ = catch_up(S2, LATE, RULES)
    anew = owing(replace(after, duties=()))
    again, outcomes = catch_up(anew, LATE, RULES)
    assert [(o.event.subject, o.event.name) for o in outcomes] == [("action 1", "remind")]
    assert len(again.escalations) == 1


#: What was missed, when it is raised, as what and where it starts (8.2).
ENTRIES: list[tuple[Audit, str, Trigger, Level]] = [
    (S2, "2025-12-31", Trigger.T3, Level.L2),
    (audit("post_audit", held_on="2025-07-24"), "2025-08-27", Trigger.T4, Level.L2),
    (
        audit("post_audit", action={"immediate": False, "owner": "kw"}),
        "2026-03-18",
        Trigger.T5,
        Level.L1,
    ),
    (
        audit("post_audit", action={"immediate": False, "owner": "mgr"}),
        "2026-03-18",
        Trigger.T5,
        Level.L2,
    ),
    (
        audit("post_audit", action={"state": "done", "owner": "kw", "done_on": day("2026-03-11")}),
        "2026-03-18",
        Trigger.T5,
        Level.L1,
    ),
    (
        audit("selected", month="2025-11-01", hold_by="2025-11-30"),
        "2025-12-01",
        Trigger.T6,
        Level.L2,
    ),
    (audit("in_audit", held_on="2026-03-10"), "2026-03-13", Trigger.T7, Level.L2),
    (
        audit("post_audit", moderation="pending", moderation_asked_on="2026-03-05"),
        "2026-03-20",
        Trigger.T9,
        Level.L2,
    ),
    (audit("awaiting_verification", all_done_on="2026-04-30"), "2026-05-11", Trigger.T9, Level.L2),
]


@pytest.mark.parametrize(
    ("missed", "on", "trigger", "level"), ENTRIES, ids=[f"{t} {lv.name}" for _, _, t, lv in ENTRIES]
)
def test_what_is_missed_starts_above_whoever_missed_it(
    missed: Audit, on: str, trigger: Trigger, level: Level
) -> None:
    last_moment = datetime.fromtimestamp(at(on).timestamp() - 1, UTC)
    on_time, _ = catch_up(owing(missed), last_moment, RULES)
    assert not on_time.escalations
    late, _ = catch_up(on_time, at(on), RULES)
    assert [(e.trigger, e.level) for e in late.escalations] == [(trigger, level)]


@pytest.mark.parametrize(
    ("given", "on"),
    [
        (audit("selected", hold_by="2026-12-31"), "2026-02-02"),
        (audit("distributed"), "2026-02-05"),
        (audit("distributed", declined_on="2026-02-02"), "2026-02-05"),
        (audit("meeting_booked", meeting_on="2026-03-10"), "2026-03-06"),
    ],
)
def test_what_is_only_reminded_of_raises_nothing(given: Audit, on: str) -> None:
    after, outcomes = catch_up(owing(given), at(on), RULES)
    assert events(outcomes) == [("audit", "remind", given.state)]
    assert outcomes[0].row is None
    assert outcomes[0].duty is not None
    assert after.escalations == ()
    assert catch_up(after, at(on), RULES) == (after, ())


def test_unanswered_it_climbs_a_level_each_window_and_stays_at_the_top() -> None:
    """S3, and its supervision review missed meanwhile."""
    now, seen = S2, []
    for moment in days("2025-12-30", "2026-06-01"):
        now, outcomes = catch_up(now, moment, RULES)
        seen += [
            (moment.astimezone(LONDON).date().isoformat(), o.after)
            for o in outcomes
            if o.event.subject == "escalation 1"
        ]
    assert seen == [
        ("2025-12-31", "level_2"),
        ("2026-01-09", "level_3"),
        ("2026-01-19", "level_4"),
        ("2026-01-27", "level_5"),
    ]
    supervision = now.escalations[1]
    assert (supervision.trigger, supervision.raised_on) == (Trigger.T4, day("2026-01-20"))


def test_after_an_outage_each_is_raised_once_and_climbs_no_further_that_day() -> None:
    after, outcomes = catch_up(S2, at("2026-03-02 09:00"), RULES)
    assert [(e.trigger, e.level) for e in after.escalations] == [
        (Trigger.T3, Level.L2),
        (Trigger.T4, Level.L2),
    ]
    assert [e.overdue_since for e in after.escalations] == [LATE, at("2026-01-20")]
    assert {e.told_on for e in after.escalations} == {day("2026-03-02")}
    assert [o.attribution.happened_at for o in outcomes] == [LATE, at("2026-01-20")]
    assert catch_up(after, at("2026-03-09 23:59"), RULES) == (after, ())
    climbed, _ = catch_up(after, at("2026-03-10"), RULES)
    assert [e.level for e in climbed.escalations] == [Level.L3, Level.L3]


def test_a_concern_not_acknowledged_goes_up_at_midnight_even_into_a_saturday() -> None:
    assert catch_up(concern(), at("2026-07-03 23:59:59"), RULES)[1] == ()
    after, _ = catch_up(concern(), at("2026-07-04 00:00"), RULES)
    assert (after.escalations[0].level, after.escalations[0].told_on) == (
        Level.L4,
        day("2026-07-04"),
    )


def test_a_concern_climbs_one_level_a_day_however_late_the_clock_looks() -> None:
    after, _ = catch_up(concern(), at("2026-07-08 10:00"), RULES)
    assert after.escalations[0].level is Level.L4
    assert catch_up(after, at("2026-07-08 23:59"), RULES) == (after, ())
    top, _ = catch_up(after, at("2026-07-09 00:00"), RULES)
    assert top.escalations[0].level is Level.L5


def test_an_acknowledged_concern_goes_up_when_nothing_is_recorded_in_a_working_day() -> None:
    seen = concern(acknowledged="head")
    assert catch_up(seen, at("2026-07-06 23:59:59"), RULES)[1] == ()
    assert catch_up(seen, at("2026-07-07 00:00"), RULES)[0].escalations[0].level is Level.L4


def test_moderation_missed_moves_t8_to_level_4_and_raises_no_t9() -> None:
    after, _ = catch_up(submitted()[0], at("2026-03-13"), RULES)
    assert [(e.trigger, e.level) for e in after.escalations] == [(Trigger.T8, Level.L4)]
    assert catch_up(after, at("2026-03-13 12:00"), RULES) == (after, ())


def test_moderation_missed_moves_t8_though_its_window_still_runs() -> None:
    rules = Rules(bundled(), Policy(limits={"moderate_inadequate": WorkingDays(3)}))
    before = owing(replace(submitted()[0], duties=()), rules)
    after, outcomes = catch_up(before, at("2026-03-11"), rules)
    assert events(outcomes) == [("escalation 1", "pass_unanswered", "level_4")]
    assert outcomes[0].duty is not None
    assert outcomes[0].duty.duty == "moderate_inadequate"
    assert after.escalations[0].told_on == day("2026-03-11")


def test_moderation_missed_does_not_move_a_t8_that_moved_already() -> None:
    now = submitted()[0]
    higher = owing(replace(now, escalations=(replace(now.escalations[0], state="level_4"),)))
    after, outcomes = catch_up(higher, at("2026-03-13"), RULES)
    assert after.escalations[0].level is Level.L5  # by its own window
    moved = [o for o in outcomes if o.duty is not None and o.duty.duty == "moderate_inadequate"]
    assert [o.event.name for o in moved] == ["remind"]


def test_an_answer_not_judged_raises_t9_which_judging_answers() -> None:
    waiting = owing(audit("post_audit", action={}, raised=ANSWERED))
    assert catch_up(waiting, at("2026-07-26 23:59"), RULES)[1] == ()
    late, outcomes = catch_up(waiting, at("2026-07-27"), RULES)
    assert events(outcomes) == [("escalation 2", "raise", "level_2")]
    t9 = late.escalations[1]
    assert (t9.trigger, t9.about, t9.action) == (Trigger.T9, 1, 0)
    judged = replace(late.escalations[0], judge="qa2")
    after, outcomes = sent(
        late,
        "2026-07-28 10:00",
        Event("escalation", 1, "accept"),
        noted={"escalations": (judged, t9)},
    )
    assert events(outcomes) == [
        ("escalation 1", "accept", "resolved"),
        ("escalation 2", "answer_by_doing", "level_2"),
    ]
    assert after.escalations[1].answer == "done"
