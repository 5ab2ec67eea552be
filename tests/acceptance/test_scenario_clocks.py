"""S2 to S9 and S22: what is due when, over Christmas, Easter, clock changes and short months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditflow.audits import OpenDuty
from auditflow.calendar import bundled
from auditflow.commands import escalations, scheduling
from auditflow.errors import PastCalendar
from auditflow.machines.duties import Rules
from auditflow.persistence.rules import RulesCache
from auditflow.policy import Policy
from support.checks import check_store, due, dump, late_by, let_run, the, windows
from support.office import Office, at, planned, supervision

#: On both databases.
pytestmark = pytest.mark.usefixtures("store_kind")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path, begun="2024-01-01 09:00")
    yield made
    made.app.close()


def owed(office: Office, ref: str, duty: str) -> OpenDuty:
    return next(o for o in office.audit(ref).duties if o.duty == duty)


def with_immediate_action(office: Office, month: str, meeting: str, drawn: str, by: str) -> str:
    return office.submitted(month, meeting, drawn, planned("rm", by, immediate=True))


def test_s2_a_late_immediate_action_over_christmas(office: Office) -> None:
    ref = with_immediate_action(office, "2025-12", "2025-12-19", "2025-10-20", "2025-12-30")
    assert due(office, ref, "immediate_action") == "2025-12-30"
    assert due(office, ref, "supervision_review") == "2026-01-19"
    assert owed(office, ref, "immediate_action").overdue_from == at("2025-12-31 00:00")
    assert office.sweep("2025-12-30 23:59").raised == []
    assert let_run(office, "2025-12-31", "2026-01-06") == ["2025-12-31 T3 level_2"]
    assert windows(office, ref, 1) == {"level_2": "2026-01-08"}
    raised = the(office, ref, "T3")
    assert (raised.raised_on, raised.told_on) == (date(2025, 12, 31), date(2025, 12, 31))
    office.done(ref, 1, "rm", "2026-01-06 10:00")
    answered = the(office, ref, "T3")
    assert (answered.state, answered.answer) == ("level_2", "done")
    assert answered.answered_on == date(2026, 1, 6)
    assert late_by("2025-12-30", "2026-01-06") == 4
    office.do(escalations.Accept(audit=ref, escalation=1), "qa1", "2026-01-06 11:00")
    assert the(office, ref, "T3").state == "resolved"
    assert the(office, ref, "T3").resolution == "done"
    check_store(office, "2026-01-06 12:00")


def test_s2_what_is_done_in_the_last_minute_is_on_time(office: Office) -> None:
    ref = with_immediate_action(office, "2025-12", "2025-12-19", "2025-10-20", "2025-12-30")
    office.done(ref, 1, "rm", "2025-12-30 23:59")
    office.filed(ref, 1, "rm", "2025-12-30 23:59")
    assert let_run(office, "2025-12-31", "2026-01-19") == []
    check_store(office, "2026-01-19 12:00")


@pytest.mark.both
def test_s3_nobody_answers_and_it_climbs_to_the_top(office: Office) -> None:
    ref = with_immediate_action(office, "2025-12", "2025-12-19", "2025-10-20", "2025-12-30")
    assert let_run(office, "2025-12-20", "2026-02-01") == [
        "2025-12-31 T3 level_2",
        "2026-01-09 T3 level_3",
        "2026-01-19 T3 level_4",
        "2026-01-20 T4 level_2",
        "2026-01-27 T3 level_5",
        "2026-01-28 T4 level_3",
    ]
    assert windows(office, ref, 1) == {
        "level_2": "2026-01-08",
        "level_3": "2026-01-16",
        "level_4": "2026-01-26",
    }
    assert the(office, ref, "T3").state == "level_5"
    # It stays open at the top, whatever time passes.
    assert all("T3" not in line for line in let_run(office, "2026-02-02", "2026-12-31"))
    assert the(office, ref, "T3").state == "level_5"
    check_store(office, "2027-01-01 09:00")


def test_s3_after_an_outage_it_is_raised_once_at_its_entry_level(office: Office) -> None:
    ref = with_immediate_action(office, "2025-12", "2025-12-19", "2025-10-20", "2025-12-30")
    office.sweep("2026-01-30 09:00")
    raised = the(office, ref, "T3")
    assert (raised.state, raised.raised_on) == ("level_2", date(2026, 1, 30))
    assert raised.overdue_since == at("2025-12-31 00:00")
    assert windows(office, ref, 1) == {"level_2": "2026-02-06"}
    check_store(office, "2026-01-30 09:00")


@pytest.mark.parametrize(
    ("drawn", "meeting", "immediate", "supervision"),
    [
        pytest.param("2025-10-20", "2025-12-24", "2026-01-05", "2026-01-26", id="S4 Christmas Eve"),
        pytest.param("2026-10-20", "2026-12-23", "2027-01-04", "2027-01-25", id="S5 substitute"),
        pytest.param("2026-02-20", "2026-04-02", "2026-04-13", "2026-05-05", id="S6 Easter 2026"),
        pytest.param("2027-01-20", "2027-03-22", "2027-03-31", "2027-04-22", id="S7 spring clocks"),
        pytest.param("2026-08-20", "2026-10-19", "2026-10-26", "2026-11-19", id="S8 autumn clocks"),
        pytest.param("2024-11-20", "2025-01-31", "2025-02-07", "2025-02-28", id="S9 31 January"),
        pytest.param("2025-11-20", "2026-01-30", "2026-02-06", "2026-03-02", id="S9 30 January"),
        pytest.param("2024-12-20", "2025-02-28", "2025-03-07", "2025-03-28", id="S9 28 February"),
        pytest.param("2027-10-20", "2027-12-24", "2028-01-05", "2028-01-24", id="S22 with 2028"),
    ],
)
def test_what_is_due_after_a_meeting(
    office: Office, drawn: str, meeting: str, immediate: str, supervision: str
) -> None:
    ref = with_immediate_action(office, meeting[:7], meeting, drawn, immediate)
    assert due(office, ref, "immediate_action") == immediate
    assert due(office, ref, "supervision_review") == supervision
    # Whoever is idle is escalated on the first working day after, and not before.
    did = let_run(office, meeting, supervision)
    raised = bundled().next_working_day(date.fromisoformat(immediate))
    assert did[0] == f"{raised} T3 level_2"
    check_store(office, f"{supervision} 12:00")


def test_s7_the_last_instant_before_the_spring_clocks(office: Office) -> None:
    ref = with_immediate_action(office, "2027-03", "2027-03-22", "2027-01-20", "2027-03-31")
    assert owed(office, ref, "immediate_action").overdue_from == at("2027-03-31T23:00:00Z")
    assert office.sweep("2027-03-31T22:59:59Z").raised == []
    office.done(ref, 1, "rm", "2027-03-31T22:30:00Z")
    assert office.audit(ref).actions[0].done_on == date(2027, 3, 31)
    assert office.audit(ref).escalations == ()
    check_store(office, "2027-04-01 12:00")


def test_s7_ten_past_midnight_is_late_though_still_march_in_utc(office: Office) -> None:
    ref = with_immediate_action(office, "2027-03", "2027-03-22", "2027-01-20", "2027-03-31")
    office.done(ref, 1, "rm", "2027-03-31T23:10:00Z")
    assert office.audit(ref).actions[0].done_on == date(2027, 4, 1)
    assert late_by("2027-03-31", "2027-04-01") == 1
    raised = the(office, ref, "T3")
    assert (raised.raised_on, raised.state, raised.answer) == (date(2027, 4, 1), "level_2", "done")
    check_store(office, "2027-04-01 12:00")


def test_s8_the_last_instant_after_the_autumn_clocks(office: Office) -> None:
    ref = with_immediate_action(office, "2026-10", "2026-10-19", "2026-08-20", "2026-10-26")
    assert owed(office, ref, "immediate_action").overdue_from == at("2026-10-27T00:00:00Z")
    assert office.sweep("2026-10-26T23:59:59Z").raised == []
    office.done(ref, 1, "rm", "2026-10-26 23:30")
    assert office.audit(ref).actions[0].done_on == date(2026, 10, 26)
    assert office.audit(ref).escalations == ()
    check_store(office, "2026-10-27 00:00")


class _Only2027:
    """A calendar of which 2028 is not out yet."""

    def at(self, *_: Any) -> Rules:
        return Rules(bundled(2027), Policy())


def test_s22_past_the_calendar_nothing_is_guessed(office: Office) -> None:
    ref = office.booked("2027-12", "2027-12-24", "2027-10-20")
    whole = office.app.service.rules_cache
    kept = dump(office)
    office.app.service.rules_cache = _Only2027()  # type: ignore[assignment]
    start = scheduling.StartAudit(audit=ref, key_worker_present=True)
    with pytest.raises(PastCalendar, match=r"calendar ends on .*31 December 2027"):
        office.do(start, "aud", "2027-12-24 10:00")
    assert dump(office) == kept
    assert office.audit(ref).state == "meeting_booked"
    office.app.service.rules_cache = whole
    office.do(start, "aud", "2027-12-24 10:00")
    assert due(office, ref, "supervision_review") == "2028-01-24"
    check_store(office, "2027-12-24 12:00")


def test_s22_a_sweep_past_the_calendar_names_the_audit_it_could_not_do(office: Office) -> None:
    ref = with_immediate_action(office, "2027-12", "2027-12-17", "2027-10-20", "2027-12-24")
    office.app.service.rules_cache = _Only2027()  # type: ignore[assignment]
    assert let_run(office, "2027-12-18", "2027-12-28") == []
    # The holder of T3 would have until January 2028 to answer: which day cannot be said.
    swept = office.sweep("2027-12-29 00:00")
    assert list(swept.failed) == [ref]
    assert "31 December 2027" in swept.failed[ref]
    office.app.service.rules_cache = RulesCache()
    assert let_run(office, "2027-12-29", "2027-12-29") == ["2027-12-29 T3 level_2"]
    check_store(office, "2027-12-29 09:00")


def test_s9_supervision_held_on_the_day_is_on_time(office: Office) -> None:
    ref = with_immediate_action(office, "2026-01", "2026-01-30", "2025-11-20", "2026-02-06")
    review = supervision(ref)
    office.do(review, "rm", "2026-03-02 23:59")
    assert all(e.trigger != "T4" for e in office.audit(ref).escalations)
    check_store(office, "2026-03-03 00:00")
