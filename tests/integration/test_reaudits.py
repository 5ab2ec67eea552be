"""A re-audit is made by the sweep, once, a month before the month it falls due in (A25, S14)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from auditflow.audits import Role
from auditflow.commands import ImportPeople, follow_up, meeting, scheduling
from auditflow.errors import NotFound
from auditflow.guidance.tool import ELEMENTS, Grade
from auditflow.persistence import tables
from auditflow.queries import Reading
from auditflow.queries.allocation import allocation
from auditflow.queries.rounds import round_page
from auditflow.service import Service
from support.asking import ask, proof_of
from support.checks import check_store, due, let_run, rows
from support.office import Office, at, person

pytestmark = pytest.mark.rules

#: Of a meeting on Thu 5 March 2026 the re-audit is due Fri 5 June, so it belongs to June.
AGAIN = "2026-06-001"
JUNE = date(2026, 6, 1)


@pytest.fixture
def inadequate(office: Office) -> str:
    ref = office.submitted("2026-03", "2026-03-05", "2026-01-20", grade=Grade.INADEQUATE)
    assert office.audit(ref).reaudit_due_on == date(2026, 6, 5)
    return ref


def moderated(office: Office, ref: str, grade: Grade) -> None:
    said = follow_up.Moderate(audit=ref, grade=grade, reason="Read again from the file.")
    office.do(said, "hos", "2026-03-10 10:00")


def reaudits(office: Office) -> list[tuple[str]]:
    return rows(office, "SELECT reference FROM audits WHERE repeats IS NOT NULL")


def test_it_is_made_on_the_day_a_round_of_its_month_is_due(office: Office, inadequate: str) -> None:
    moderated(office, inadequate, Grade.INADEQUATE)
    did = let_run(office, "2026-03-11", "2026-04-30")
    assert not any("draw_reaudit" in line for line in did)
    assert reaudits(office) == []
    # One month before 1 June is Fri 1 May 2026, a working day.
    assert "2026-05-01 draw_reaudit " in let_run(office, "2026-05-01", "2026-05-01")
    again, first = office.audit(AGAIN), office.audit(inadequate)
    assert (again.kind, again.repeats, again.state) == ("reaudit", first.id, "selected")
    assert (again.case, again.team, again.key_worker) == (first.case, "Able", "kw")
    assert (again.month, again.hold_by) == (JUNE, date(2026, 6, 30))
    assert due(office, AGAIN, "distribute") == "2026-05-01"
    check_store(office, "2026-05-01 09:00")
    assert not proof_of(office.app).faults


def test_sweeping_again_makes_no_second_one(office: Office, inadequate: str) -> None:
    moderated(office, inadequate, Grade.INADEQUATE)
    for when in ("2026-05-01 07:00", "2026-05-01 07:00", "2026-05-02 07:00", "2026-09-01 07:00"):
        office.sweep(when)
    assert reaudits(office) == [(AGAIN,)]


@pytest.mark.both
def test_the_store_itself_holds_no_second_one(office: Office, inadequate: str) -> None:
    moderated(office, inadequate, Grade.INADEQUATE)
    office.sweep("2026-05-01 07:00")
    names = tables.audits.c.keys()
    listed = ", ".join("id + 1" if n == "id" else "'x'" if n == "reference" else n for n in names)
    copy = (
        f"INSERT INTO audits ({', '.join(names)}) "
        f"SELECT {listed} FROM audits WHERE repeats IS NOT NULL"
    )
    with pytest.raises(IntegrityError, match="repeats"):  # noqa: SIM117
        with office.app.store.writing() as connection:
            connection.exec_driver_sql(copy)


@pytest.mark.both
def test_of_two_sweeps_at_once_one_makes_it(office: Office, inadequate: str) -> None:
    moderated(office, inadequate, Grade.INADEQUATE)
    now = at("2026-05-01 07:00")
    other = Service(office.app.store)
    made = [*office.app.service.sweep(now).raised, *other.sweep(now).raised]
    assert sum(r.event == "draw_reaudit" for r in made) == 1


def test_after_an_outage_it_is_made_late_and_still_once(office: Office, inadequate: str) -> None:
    moderated(office, inadequate, Grade.INADEQUATE)
    office.sweep("2026-07-15 09:00")
    # It is past its month already: the same sweep raises T6, with its true overdue-since.
    again = office.audit(AGAIN)
    (t6,) = (e for e in again.escalations if e.trigger == "T6")
    assert t6.overdue_since == at("2026-07-01 00:00")
    assert t6.raised_on == date(2026, 7, 15)
    check_store(office, "2026-07-15 09:00")


def test_a_better_final_grade_drops_it(office: Office, inadequate: str) -> None:
    moderated(office, inadequate, Grade.REQUIRES_IMPROVEMENT)
    assert office.audit(inadequate).reaudit_due_on is None
    office.sweep("2026-06-01 09:00")
    assert reaudits(office) == []


def test_a_voided_audit_is_not_repeated(office: Office, inadequate: str) -> None:
    office.do(
        scheduling.Void(audit=inadequate, reason="The wrong file."), "qam", "2026-03-10 10:00"
    )
    office.sweep("2026-06-01 09:00")
    assert reaudits(office) == []


def test_a_reaudit_not_held_raises_t6(office: Office, inadequate: str) -> None:
    moderated(office, inadequate, Grade.INADEQUATE)
    office.sweep("2026-05-01 07:00")
    office.do(scheduling.Distribute(audit=AGAIN, auditor="aud2"), "qa1", "2026-05-01 10:00")
    did = let_run(office, "2026-05-02", "2026-07-01")
    assert "2026-07-01 T6 level_2" in did
    assert [e.trigger for e in office.audit(AGAIN).escalations] == ["T6"]


def test_by_default_another_auditor_takes_it(office: Office, inadequate: str) -> None:
    moderated(office, inadequate, Grade.INADEQUATE)
    office.sweep("2026-05-01 07:00")
    found = ask(office.app, "qa1", allocation, JUNE)
    assert found.plan.given == {AGAIN: "aud2"}
    untrained = person("aud2", Role.AUDITOR, team="Baker", service="North", line=("lm",))
    office.app.service.do_office(
        ImportPeople(people=(untrained,)), by="qa1", now=at("2026-05-01 08:00")
    )
    plan = ask(office.app, "qa1", allocation, JUNE).plan
    assert plan.given == {}
    assert plan.impossible[AGAIN]["aud"] == "has held this case before"
    # A person may decide otherwise: the same auditor is no matter of independence.
    office.do(scheduling.Distribute(audit=AGAIN, auditor="aud"), "qa1", "2026-05-01 10:00")
    assert office.audit(AGAIN).auditor == "aud"


def test_a_reaudit_withdrawn_leaves_no_gap_in_the_sample(office: Office, inadequate: str) -> None:
    moderated(office, inadequate, Grade.INADEQUATE)
    office.sweep("2026-05-01 07:00")
    gone = scheduling.Withdraw(audit=AGAIN, reason="The case has closed.")
    done = office.do(gone, "qa1", "2026-05-01 10:00")
    assert (done.audit.state, done.substitute) == ("withdrawn", "")
    office.sweep("2026-05-02 07:00")
    assert reaudits(office) == [(AGAIN,)]


def test_its_month_may_be_drawn_beside_it_and_its_case_is_left_out(
    office: Office, inadequate: str
) -> None:
    moderated(office, inadequate, Grade.INADEQUATE)
    office.sweep("2026-05-01 07:00")
    office.draw("2026-06", "2026-05-01 09:00", size=2)
    page = ask(office.app, "qa1", round_page, JUNE)
    assert {a.audit: a.repeats for a in page.audits} == {
        AGAIN: inadequate,
        "2026-06-002": "",
        "2026-06-003": "",
    }
    assert page.completion.drawn == 2


def test_a_reaudit_that_is_inadequate_again_is_repeated_again(
    office: Office, inadequate: str
) -> None:
    moderated(office, inadequate, Grade.INADEQUATE)
    office.sweep("2026-05-01 07:00")
    office.do(scheduling.Distribute(audit=AGAIN, auditor="aud2"), "qa1", "2026-05-01 10:00")
    office.do(scheduling.BookMeeting(audit=AGAIN, on=date(2026, 6, 9)), "aud2", "2026-05-01 11:00")
    start = scheduling.StartAudit(audit=AGAIN, key_worker_present=True)
    office.do(start, "aud2", "2026-06-09 10:00")
    for element in ELEMENTS:
        finding = meeting.RecordFindings(audit=AGAIN, element=element.key, evidence="On file.")
        office.do(finding, "aud2", "2026-06-09 11:00")
    agreed = meeting.AgreeGrade(audit=AGAIN, grade=Grade.INADEQUATE, impact="Still unsafe.")
    office.do(agreed, "aud2", "2026-06-09 11:30")
    submit = meeting.Submit(audit=AGAIN, no_actions_because="All within the concern.")
    # Its round's seed, asked for its sample of moderations, is that of the first audit.
    office.do(submit, "aud2", "2026-06-09 12:00")
    assert office.audit(AGAIN).reaudit_due_on == date(2026, 9, 9)
    # One month before 1 September is Sat 1 August: rolled back to Fri 31 July.
    let_run(office, "2026-07-30", "2026-07-30")
    with pytest.raises(NotFound):
        ask(office.app, "qa1", Reading.audit, "2026-09-001")
    let_run(office, "2026-07-31", "2026-07-31")
    assert office.audit("2026-09-001").repeats == office.audit(AGAIN).id
