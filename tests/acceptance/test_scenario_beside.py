"""A25: beside each answer of a re-audit stands the last one, for whoever may read that too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from auditflow.application import App
from auditflow.commands import AppointDeputy, follow_up, meeting, scheduling
from auditflow.errors import Denied
from auditflow.guidance.tool import ELEMENTS, Grade
from auditflow.queries import Earlier, audit_detail
from support.asking import ask
from support.checks import rows
from support.office import Office, at
from support.shell import Shell

#: Of a meeting on Thu 5 March 2026 the re-audit belongs to June.
FIRST, AGAIN = "2026-03-001", "2026-06-001"
ONE, TWO = ELEMENTS[0], ELEMENTS[1]
LATER = "2026-06-09T12:00"

#: On both databases.
pytestmark = pytest.mark.usefixtures("store_kind")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An Inadequate audit, and its re-audit, given to aud2, who had no part in the first."""
    made = Office(tmp_path)
    ref = made.held("2026-03", "2026-03-05", "2026-01-20")
    finding = meeting.RecordFindings(
        audit=ref,
        element=ONE.key,
        evidence="No chronology.",
        strengths="Seen alone.",
        change="The plan.",
        grade=Grade.INADEQUATE,
    )
    made.do(finding, "aud", "2026-03-05 11:10")
    agreed = meeting.AgreeGrade(audit=ref, grade=Grade.INADEQUATE, impact="At risk.")
    made.do(agreed, "aud", "2026-03-05 11:40")
    submit = meeting.Submit(audit=ref, no_actions_because="All is under way.")
    made.do(submit, "aud", "2026-03-05 12:00")
    kept = follow_up.Moderate(audit=ref, grade=Grade.INADEQUATE, reason="Read in full.")
    made.do(kept, "hos", "2026-03-10 10:00")
    made.sweep("2026-05-01 07:00")
    made.do(scheduling.Distribute(audit=AGAIN, auditor="aud2"), "qa1", "2026-05-01 10:00")
    yield made
    made.app.close()


def begun(office: Office) -> None:
    """The re-audit under way on Tue 9 June with a new key worker, one element recorded."""
    booking = scheduling.BookMeeting(audit=AGAIN, on=date(2026, 6, 9), key_worker="kw2")
    office.do(booking, "aud2", "2026-05-01 11:00")
    start = scheduling.StartAudit(audit=AGAIN, key_worker_present=True)
    office.do(start, "aud2", "2026-06-09 10:00")
    finding = meeting.RecordFindings(
        audit=AGAIN, element=ONE.key, evidence="Up to date.", grade=Grade.GOOD
    )
    office.do(finding, "aud2", "2026-06-09 11:00")


def shown(office: Office, who: str, reference: str = AGAIN) -> Earlier | None:
    return ask(office.app, who, audit_detail, reference).earlier


def read(office: Office, who: str) -> list[int]:
    found = rows(office, "SELECT audit_id FROM access_log WHERE person = ? ORDER BY id", who)
    return [n for (n,) in found]


def test_the_last_answers_stand_beside_before_anything_is_recorded(office: Office) -> None:
    earlier = shown(office, "kw")
    assert earlier is not None
    assert (earlier.shown, earlier.reference) == (True, FIRST)
    assert (earlier.held_on, earlier.grade, earlier.grade_status) == (
        date(2026, 3, 5), "Inadequate", "final",
    )  # fmt: skip
    assert [e.element for e in earlier.elements] == [e.key for e in ELEMENTS]
    first = earlier.elements[0]
    assert (first.evidence, first.strengths, first.change, first.grade) == (
        "No chronology.", "Seen alone.", "The plan.", Grade.INADEQUATE,
    )  # fmt: skip
    assert shown(office, "qa1", FIRST) is None, "it repeats none"


@pytest.mark.parametrize("who", ["kw", "rm", "hos", "qa1", "ad", "aud2"])
def test_both_readings_go_to_the_access_log(office: Office, who: str) -> None:
    assert shown(office, who)
    audits = {office.audit(ref).id for ref in (FIRST, AGAIN)}
    assert set(read(office, who)) == audits


def test_who_may_not_read_the_earlier_audit_is_told_so_and_shown_nothing_of_it(
    office: Office,
) -> None:
    begun(office)
    with pytest.raises(Denied):
        ask(office.app, "kw2", audit_detail, FIRST)
    logged = len(read(office, "kw2"))
    assert shown(office, "kw2") == Earlier(
        shown=False, says="This is a re-audit. The audit it repeats is not for you to see."
    )
    assert read(office, "kw2")[logged:] == [office.audit(AGAIN).id]


def test_a_deputy_reads_what_the_person_stood_in_for_may_read(office: Office) -> None:
    stands_in = AppointDeputy(
        person="rm", deputy="kw2", since=date(2026, 5, 1), until=date(2026, 5, 31)
    )
    office.app.service.do_office(stands_in, by="qam", now=at("2026-05-01 11:00"))
    office.app._now = at("2026-05-02 09:00")
    with office.app.reading("kw2", "rm") as reading:
        page = audit_detail(reading, AGAIN)
    assert page.earlier is not None
    assert page.earlier.shown


@pytest.mark.both
def test_as_at_a_past_day_the_last_answers_are_those_of_then(office: Office) -> None:
    app = App(office.url, at("2026-06-01 09:00"), at("2026-05-02 09:00"))
    office.do(scheduling.Void(audit=FIRST, reason="The wrong file."), "qam", "2026-05-20 09:00")
    page = ask(app, "qa1", audit_detail, AGAIN)
    assert page.earlier is not None
    assert (page.earlier.reference, page.earlier.grade) == (FIRST, "Inadequate")
    assert page.earlier.elements[0].evidence == "No chronology."
    app.close()


@pytest.fixture
def shell(office: Office, tmp_path: Path) -> Shell:
    begun(office)
    office.app.close()
    return Shell(tmp_path, url=office.url)


def test_in_a_terminal_each_element_has_its_last_answer_below_it(shell: Shell) -> None:
    page = shell.says("aud2", LATER, "audit", "show", AGAIN)
    assert f"This is a re-audit; it repeats {FIRST}. Last time, held on Thu 5 March 2026: " in page
    assert (
        f"  {ONE.title} (Good): Up to date.\n    last time (Inadequate): No chronology.\n" in page
    )
    assert "      strengths: Seen alone.\n      needs to change: The plan.\n" in page
    assert f"  {TWO.title}: nothing recorded yet\n    last time: Seen on file.\n" in page
    told = shell.told("aud2", LATER, "audit", "show", AGAIN)["earlier"]
    assert (told["reference"], told["grade"]) == (FIRST, "Inadequate")
    assert told["elements"][0]["grade"] == Grade.INADEQUATE.value
    tool = shell.says("aud2", LATER, "audit", "tool", AGAIN)
    assert "- Grade, if used: Good\n- Last time (Inadequate): No chronology.\n" in tool
    assert "  - What needed to change: The plan.\n" in tool


def test_in_a_terminal_nothing_of_it_is_printed_for_who_may_not_read_it(shell: Shell) -> None:
    hidden = (FIRST, "No chronology", "Inadequate")
    page = shell.says("kw2", LATER, "audit", "show", AGAIN)
    assert "The audit it repeats is not for you to see." in page
    told = json.dumps(shell.told("kw2", LATER, "audit", "show", AGAIN))
    # The tool itself explains each grade; only the head of it may tell of the earlier audit.
    tool = shell.says("kw2", LATER, "audit", "tool", AGAIN)
    assert "The audit it repeats is not for you to see." in tool
    assert "Last time" not in tool
    assert not [w for w in hidden for text in (page, told) if w in text]
