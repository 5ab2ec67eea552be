"""What one step does: moves, raises at once, settles, ends what no longer stands, refuses."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from auditflow.audits import Audit, Escalation, Level, Trigger
from auditflow.errors import Refused
from auditflow.guidance.tool import Grade
from auditflow.machines.diff import fold
from auditflow.machines.effects import paused, resumed
from auditflow.machines.transition import Event, catch_up
from support.sketches import (
    ANSWERED,
    AUDIT,
    INADEQUATE,
    LATE,
    RAISED,
    RULES,
    S2,
    SUBMIT,
    at,
    audit,
    concern,
    day,
    events,
    owing,
    sent,
    submitted,
)


def test_submitting_an_inadequate_audit_asks_for_moderation_and_raises_t8() -> None:
    after, outcomes = submitted()
    assert events(outcomes) == [
        ("audit", "submit", "post_audit"),
        ("audit", "require_moderation", "post_audit"),
        ("escalation 1", "raise", "level_3"),
    ]
    assert (after.moderation, after.reaudit_due_on) == ("pending", day("2026-06-05"))
    due = {o.duty: o.due for o in after.duties}
    assert due["moderate_inadequate"] == day("2026-03-12")
    assert due["supervision_review"] == day("2026-04-07")


@pytest.mark.parametrize(("state", "leads_to"), [("level_2", "level_3"), ("level_5", "level_5")])
def test_a_rejected_answer_moves_up_at_once_and_stays_at_the_top(state: str, leads_to: str) -> None:
    before = owing(
        audit("post_audit", action={}, raised={**ANSWERED, "state": state, "judge": "qa2"})
    )
    after, outcomes = sent(before, "2026-07-20 10:00", Event("escalation", 1, "reject"))
    assert events(outcomes) == [("escalation 1", "reject", leads_to)]
    anew = after.escalations[0]
    assert (anew.answer, anew.answered_by, anew.judge) == ("", "", "qa2")
    assert (anew.told_on, anew.window_from) == (day("2026-07-20"), day("2026-07-20"))


def test_nobody_judges_an_answer_of_their_own() -> None:
    before = owing(audit("post_audit", action={}, raised={**ANSWERED, "judge": "qa1"}))
    with pytest.raises(Refused, match="the answer is not their own") as refused:
        sent(before, "2026-07-20 10:00", Event("escalation", 1, "accept"))
    assert refused.value.guards == ("judge_independent",)


@pytest.mark.parametrize(
    ("state", "event", "end"),
    [
        ("distributed", "withdraw", "withdrawn"),
        ("meeting_booked", "exempt", "exempted"),
        ("post_audit", "void", "voided"),
    ],
)
def test_an_audit_that_ends_takes_its_escalations_with_it(state: str, event: str, end: str) -> None:
    open_twice = (RAISED, replace(RAISED, n=2, state="level_4"))
    before = owing(replace(AUDIT, state=state, escalations=open_twice))
    after, outcomes = sent(before, "2026-03-20 10:00", Event("audit", 0, event))
    assert events(outcomes) == [
        ("audit", event, end),
        ("escalation 1", "end_with_audit", "resolved"),
        ("escalation 2", "end_with_audit", "resolved"),
    ]
    assert {e.resolution for e in after.escalations} == {"audit_ended"}
    assert after.duties == ()


def waiting_at_level_2() -> Audit:
    told = {"told_on": day("2026-03-02"), "window_from": day("2026-03-02")}
    return owing(audit("post_audit", action={}, raised=told))


def stands_paused(until: str) -> Audit:
    """Told on Monday 2 March 2026, so due on Monday 9 March; paused on Wednesday 4 March."""
    pause = partial(paused, n=1, until=day(until))
    return sent(waiting_at_level_2(), "2026-03-04 10:00", Event("escalation", 1, "hold", pause))[0]


def answer_due(given: Audit) -> list[date]:
    return [o.due for o in given.duties if o.duty == "answer"]


def test_a_pause_owes_no_answer_and_ends_at_its_review_date() -> None:
    assert answer_due(waiting_at_level_2()) == [day("2026-03-09")]
    assert answer_due(stands_paused("2026-03-12")) == []
    assert catch_up(stands_paused("2026-03-12"), at("2026-03-11 23:59"), RULES)[1] == ()
    after, outcomes = catch_up(stands_paused("2026-03-12"), at("2026-03-12"), RULES)
    assert events(outcomes) == [("escalation 1", "resume", "level_2")]
    assert answer_due(after) == [day("2026-03-17")]  # six working days paused


def test_resumed_by_hand_the_window_runs_on_by_the_days_it_was_paused() -> None:
    resume = Event("escalation", 1, "resume", partial(resumed, n=1))
    after, _ = sent(stands_paused("2026-03-31"), "2026-03-06 15:00", resume)
    assert answer_due(after) == [day("2026-03-11")]
    assert (after.escalations[0].held_since, after.escalations[0].held_until) == (None, None)


def test_a_pause_over_a_weekend_counts_only_working_days() -> None:
    resume = Event("escalation", 1, "resume", partial(resumed, n=1))
    after, _ = sent(stands_paused("2026-03-31"), "2026-03-09 09:00", resume)
    assert answer_due(after) == [day("2026-03-12")]


def test_a_concern_is_never_paused() -> None:
    with pytest.raises(Refused) as refused:
        sent(concern(), "2026-07-03 16:00", Event("escalation", 1, "hold"))
    assert refused.value.guards == ("not concern",)


def disagreed(count: int) -> dict[str, Any]:
    return {
        "disagreements": count,
        "auditor_grade": Grade.GOOD,
        "worker_grade": Grade.OUTSTANDING,
        "grade_status": "disputed",
    }


@pytest.mark.parametrize(
    ("event", "noted", "trigger", "level"),
    [
        ("record_disagreement", disagreed(1), Trigger.T1, Level.L2),
        ("raise_concern", {"concerns": 1}, Trigger.T2, Level.L3),
    ],
)
def test_an_event_raises_at_once(
    event: str, noted: dict[str, Any], trigger: Trigger, level: Level
) -> None:
    before = owing(audit("in_audit", held_on="2026-03-10"))
    after, outcomes = sent(before, "2026-03-10 11:00", Event("audit", 0, event), noted=noted)
    assert [o.event.name for o in outcomes] == [event, "raise"]
    raised: Escalation = after.escalations[0]
    assert (raised.trigger, raised.level, raised.overdue_since) == (trigger, level, None)


def test_each_disagreement_is_raised_and_none_twice() -> None:
    now = owing(audit("in_audit", held_on="2026-03-10"))
    note = Event("audit", 0, "record_disagreement")
    for count in (1, 1, 2):
        now, _ = sent(now, "2026-03-10 11:00", note, noted=disagreed(count))
    assert [e.cause for e in now.escalations] == ["disagreement 1", "disagreement 2"]


def test_a_thing_done_late_answers_its_escalation_which_still_stands() -> None:
    late, _ = catch_up(S2, LATE, RULES)
    done = replace(late.actions[0], done_on=day("2026-01-06"), evidence="sealed")
    after, outcomes = sent(
        late, "2026-01-06 12:00", Event("action", 1, "complete"), noted={"actions": (done,)}
    )
    assert events(outcomes) == [
        ("action 1", "complete", "done"),
        ("escalation 1", "answer_by_doing", "level_2"),
    ]
    assert (after.escalations[0].answer, after.escalations[0].answered_by) == ("done", "system")
    assert {(o.duty, how) for o, how in outcomes[0].ended} == {("immediate_action", "met")}


LEFT: dict[str, Any] = {"held_on": "2026-03-10", "grade": Grade.GOOD, "grade_status": "final"}


def test_when_nothing_is_left_it_goes_to_be_verified_by_itself() -> None:
    """S1, on 30 April."""
    before = owing(
        audit("post_audit", action={"state": "done", "done_on": day("2026-04-30")}, **LEFT)
    )
    file = Event("action", 1, "file")
    held_up, outcomes = sent(before, "2026-04-30 10:00", file)
    assert [o.event.name for o in outcomes] == ["file"]  # the review is still to be held
    assert held_up.state == "post_audit"
    noted = {"supervised_on": day("2026-03-31")}
    after, outcomes = sent(before, "2026-04-30 10:00", file, noted=noted)
    assert events(outcomes)[1:] == [("audit", "all_done", "awaiting_verification")]
    assert (after.all_done_on, [o.due for o in after.duties]) == (
        day("2026-04-30"),
        [day("2026-05-08")],
    )


def test_a_refusal_names_the_guard_and_nothing_follows() -> None:
    before = owing(audit("in_audit", held_on="2026-03-05"))
    with pytest.raises(Refused, match="each element has a finding") as refused:
        sent(before, "2026-03-05 16:00", SUBMIT, noted=INADEQUATE | {"findings": ()})
    assert refused.value.guards == ("elements_done",)


def test_what_ends_a_duty_otherwise_than_by_doing_drops_it() -> None:
    before = owing(audit("distributed"))
    _, outcomes = sent(before, "2026-02-03 10:00", Event("audit", 0, "withdraw"))
    assert {(o.duty, how) for o, how in outcomes[0].ended} == {
        ("arrange_meeting", "dropped"),
        ("hold_audit", "dropped"),
    }


def test_each_outcome_is_one_version_and_all_of_them_fold_into_the_audit() -> None:
    before = owing(audit("in_audit", held_on="2026-03-05"))
    after, outcomes = submitted()
    late, more = catch_up(after, at("2026-06-01"), RULES)
    folded = before
    for n, outcome in enumerate((*outcomes, *more), start=1):
        folded = fold(folded, outcome.changed)
        assert folded == outcome.audit
        assert folded.version == before.version + n
    assert folded == late
    assert len(more) >= 3
