"""A key stands for one command alone, and every reason given stays in the history."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from auditflow.calendar import read_feed
from auditflow.commands import ImportCalendar, follow_up, meeting
from auditflow.errors import BadInput
from auditflow.guidance.tool import Grade
from auditflow.persistence import tables
from support.office import Office, at, planned, supervision


def _texts(office: Office) -> set[str]:
    with office.app.store.reading() as connection:
        return {r.body for r in connection.execute(select(tables.texts.c.body))}


def test_a_key_used_for_another_command_is_refused_and_the_concern_is_not_lost(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path)
    ref = office.held("2026-03", "2026-03-10", "2026-01-28")
    agree = meeting.AgreeGrade(audit=ref, grade=Grade.GOOD, impact="The child is safer.")
    office.do(agree, "aud", "2026-03-10 12:00", key="k1")
    concern = meeting.RaiseConcern(audit=ref, says="An adult is living there.")
    with pytest.raises(BadInput, match="another command"):
        office.do(concern, "aud", "2026-03-10 12:05", key="k1")
    office.do(concern, "aud", "2026-03-10 12:05", key="k2")
    assert office.audit(ref).concerns == 1
    assert office.do(concern, "aud", "2026-03-10 12:06", key="k2").repeated
    assert office.audit(ref).concerns == 1


def test_a_key_is_the_command_s_own_though_the_clock_caught_up_first(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ref = office.submitted(
        "2026-03", "2026-03-10", "2026-01-28", planned("rm", "2026-03-17", immediate=True)
    )
    done = follow_up.Complete(audit=ref, action=1, evidence="On Mosaic.")
    first = office.do(done, "rm", "2026-03-20 10:00", key="late")
    assert [o.event.name for o in first.outcomes] == ["raise", "complete", "answer_by_doing"]
    assert office.do(done, "rm", "2026-03-20 10:01", key="late").repeated


def test_both_reasons_of_a_disagreement_and_the_reason_of_a_late_date_are_kept(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path)
    ref = office.held("2026-03", "2026-03-10", "2026-01-28")
    disagree = meeting.RecordDisagreement(
        audit=ref,
        auditor_grade=Grade.REQUIRES_IMPROVEMENT,
        worker_grade=Grade.GOOD,
        auditor_reason="The plan is old.",
        worker_reason="The work moved on.",
    )
    office.do(disagree, "aud", "2026-03-10 12:00")
    office.do(meeting.Submit(audit=ref, no_actions_because="None."), "aud", "2026-03-10 13:00")
    row = planned("kw", "2026-06-30", because="The review is in June.")
    review = supervision(ref, row)
    office.do(review, "rm", "2026-03-31 12:00")
    audit = office.audit(ref)
    assert audit.auditor_reason != audit.worker_reason
    assert audit.action(1) is not None
    assert {"The plan is old.", "The work moved on.", "The review is in June.", "kw and rm"} <= (
        _texts(office)
    )


def test_an_unapproved_date_holds_up_the_end_and_may_be_approved_late(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ref = office.submitted("2026-03", "2026-03-10", "2026-01-28")
    row = planned("kw", "2026-06-30", because="The review is in June.")
    review = supervision(ref, row)
    office.do(review, "rm", "2026-03-31 12:00")
    office.done(ref, 1, "kw", "2026-04-01 12:00")
    office.filed(ref, 1, "kw", "2026-04-01 12:10")
    assert office.audit(ref).state == "post_audit"
    office.do(follow_up.ApproveDate(audit=ref, action=1), "qa1", "2026-04-02 12:00")
    assert office.audit(ref).state == "awaiting_verification"


def test_who_owes_a_deadline_that_moved_is_told(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.submitted(
        "2026-06", "2026-06-10", "2026-04-20", planned("rm", "2026-06-17", immediate=True)
    )
    feed = read_feed(
        b'{"england-and-wales": {"division": "england-and-wales", "events": '
        b'[{"title": "One-off", "date": "2026-06-15", "notes": "", "bunting": true}]}}',
        "feed",
    )
    command = ImportCalendar(days=feed.days, through=None, source="feed")
    office.app.service.do_office(command, by="qam", now=at("2026-06-11 09:00"))
    with office.app.store.reading() as connection:
        told = connection.execute(
            select(tables.outbox.c.person).where(tables.outbox.c.kind == "moved")
        ).scalars()
        assert set(told) == {"rm"}
