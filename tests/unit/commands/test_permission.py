"""Who may send and see what, where that hangs on more than role and place (10): see the paper."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from auditflow.audits import Action, Audit, Escalation, Level, Person, Role, Trigger
from auditflow.commands import can, roles_in
from auditflow.machines.charts import CHARTS
from support.office import PEOPLE, person

STAFF = {
    p.id: p
    for p in (
        *PEOPLE,
        person("rm2", Role.RESPONSIBLE_MANAGER, team="Baker", service="North"),
        person("hos2", Role.HEAD_OF_SERVICE, service="South"),
        person("helper", Role.KEY_WORKER, team="Charlie", service="South"),
        person("analyst", Role.PERFORMANCE_ANALYST),
        person("board", Role.BOARD_READER),
        person("admin", Role.ADMINISTRATOR),
    )
}
MAY = date(2026, 5, 1)


def action(n: int, owner: str, *, immediate: bool = False) -> Action:
    return Action(n, "open", immediate, owner, MAY, "a", "b", "c", "d", MAY, MAY)


#: The case of kw, in rm's team Able (service North), audited by aud, whose line manager is lm.
AUDIT = Audit(
    id=1,
    case=1,
    kind="random",
    month=MAY,
    hold_by=date(2026, 5, 31),
    stratum="child_in_need",
    team="Able",
    service="North",
    state="post_audit",
    auditor="aud",
    auditor_team="Baker",
    auditor_service="South",
    line_manager="lm",
    key_worker="kw",
    responsible_manager="rm",
    actions=(action(1, "rm", immediate=True), action(2, "kw"), action(3, "helper")),
)


def escalated(trigger: Trigger, level: Level, **facts: Any) -> Audit:
    made = Escalation(1, level.state, trigger, "x", 1, 0, level, MAY, None, **facts)
    return replace(AUDIT, escalations=(made,))


def senders_of(event: str, audit: Audit, kind: str = "audit", n: int = 0) -> set[str]:
    return {p.id for p in STAFF.values() if can(p, event, audit, kind, n)}


QA = {"qa1", "qa2", "qam"}


def test_who_moderates_nothing_that_is_not_to_be_moderated() -> None:
    assert senders_of("moderate", AUDIT) == {"hos"}


def test_what_the_clock_brings_nobody_sends() -> None:
    audit = escalated(Trigger.T4, Level.L2)
    for kind, n in (("audit", 0), ("action", 1), ("escalation", 1)):
        for row in CHARTS[kind].rows:
            if row.system:
                others = {r.by for r in CHARTS[kind].rows if r.event == row.event}
                if others == {(Role.SYSTEM,)}:
                    assert senders_of(row.event, audit, kind, n) == set(), row.event


def test_an_event_nobody_knows_nobody_sends() -> None:
    assert senders_of("celebrate", AUDIT) == set()


@pytest.mark.parametrize(
    ("level", "trigger", "holders"),
    [
        (Level.L4, Trigger.T2, {"ad"}),
        (Level.L4, Trigger.T8, {"ad"}),
        (Level.L3, Trigger.T7, {"hos2"}),  # the auditor's own service line
    ],
)
def test_who_answers_at_a_level(level: Level, trigger: Trigger, holders: set[str]) -> None:
    audit = escalated(trigger, level)
    for event in ("answer", "acknowledge"):
        assert senders_of(event, audit, "escalation", 1) == holders


@pytest.mark.parametrize(
    ("trigger", "answer", "judges"),
    [
        (Trigger.T3, "done", QA),
        (Trigger.T5, "new_date", QA),
        (Trigger.T9, "done", QA),
    ],
)
def test_who_judges_an_answer(trigger: Trigger, answer: str, judges: set[str]) -> None:
    audit = escalated(trigger, Level.L2, answer=answer)
    for event in ("accept", "reject"):
        assert senders_of(event, audit, "escalation", 1) == judges


@pytest.mark.parametrize("level", [Level.L2, Level.L3, Level.L4])
def test_the_qa_team_decides_a_grade_where_its_advice_is_final(level: Level) -> None:
    audit = escalated(Trigger.T1, level, advice_final=True)
    others = {"ad"} if level is Level.L4 else {"ad", "ed"}
    decides = QA if level is Level.L2 else others
    assert senders_of("decide", audit, "escalation", 1) == decides
    assert senders_of("decide", escalated(Trigger.T1, level), "escalation", 1) == others


def test_a_resolved_escalation_has_no_holder() -> None:
    audit = escalated(Trigger.T4, Level.L2)
    settled = replace(audit, escalations=(replace(audit.escalations[0], state="resolved"),))
    assert senders_of("answer", settled, "escalation", 1) == set()


SEES = {*QA, "aud", "kw", "rm", "hos", "ad", "ed", "helper"}


def readers(audit: Audit) -> set[str]:
    return {p.id for p in STAFF.values() if can(p, "read", audit)}


def test_who_may_see_an_audit() -> None:
    assert readers(AUDIT) == SEES
    assert readers(replace(AUDIT, actions=())) == SEES - {"helper"}


def test_the_auditors_head_of_service_sees_it_only_while_it_is_late() -> None:
    assert readers(escalated(Trigger.T6, Level.L3)) == SEES | {"hos2"}
    assert readers(escalated(Trigger.T4, Level.L3)) == SEES


def test_a_moderator_sees_what_is_to_be_moderated_and_what_they_moderated() -> None:
    assert readers(replace(AUDIT, moderation="pending")) == SEES | {"mod"}
    assert readers(replace(AUDIT, moderation="done", moderator="mod")) == SEES | {"mod"}
    assert readers(replace(AUDIT, moderation="done", moderator="hos")) == SEES


def test_an_audit_without_people_is_nobodys_by_chance() -> None:
    """A place that nobody takes is not taken by a person without an id."""
    empty = replace(AUDIT, auditor="", key_worker="", responsible_manager="", line_manager="")
    nobody = Person(id="", name="", roles=frozenset())
    assert roles_in(nobody, empty) == frozenset()
    assert not can(nobody, "read", replace(empty, actions=()))
