"""S20: the inspection call, typed in a terminal; who may take audits out, and what a board sees."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditflow.audits import Role
from auditflow.commands import ImportPeople, escalations, meeting, scheduling
from auditflow.guidance.tool import ELEMENTS, Grade
from auditflow.queries.suppression import MASK
from auditflow.reports import COLUMNS, REPORTS
from support.office import Office, add, at, person, planned
from support.shell import Shell

CALL = "2026-06-08T09:00"
EXPORT = ("export", "audits")
SIX_MONTHS = (*EXPORT, "--from", "2025-12-08", "--to", "2026-06-08")
FRIDAY, MONDAY, TODAY = "2025-12-001", "2025-12-002", "2026-06-001"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    board = person("board", Role.BOARD_READER)
    analyst = person("ana", Role.PERFORMANCE_ANALYST)
    made.app.service.do_office(
        ImportPeople(people=(board, analyst)), by="qa1", now=at("2025-01-02 09:00")
    )
    yield made
    made.app.close()


@pytest.fixture
def shell(office: Office, tmp_path: Path) -> Shell:
    """Held on Fri 5 December 2025, on Mon 8 December, and on the day of the call."""
    office.draw("2025-12", "2025-10-20 09:00", size=2)
    for ref, day in ((FRIDAY, "2025-12-05"), (MONDAY, "2025-12-08")):
        office.do(scheduling.Distribute(audit=ref, auditor="aud"), "qa1", "2025-10-20 10:00")
        booking = scheduling.BookMeeting(audit=ref, on=date.fromisoformat(day))
        office.do(booking, "aud", "2025-10-21 10:00")
        start = scheduling.StartAudit(audit=ref, key_worker_present=True)
        office.do(start, "aud", f"{day} 07:00")
    _told(office)
    ref = office.booked("2026-06", "2026-06-08", "2026-04-20")
    office.do(scheduling.StartAudit(audit=ref, key_worker_present=True), "aud", "2026-06-08 08:00")
    return Shell(tmp_path)


def _told(office: Office) -> None:
    """Monday's audit: graded, disputed over, with one action done in time and one open."""
    for element in ELEMENTS:
        finding = meeting.RecordFindings(
            audit=MONDAY, element=element.key, evidence="=SUM(A1)", grade=Grade.GOOD
        )
        office.do(finding, "aud", "2025-12-08 08:00")
    for row in (planned("rm", "2025-12-15", immediate=True), planned("kw", "2026-01-08")):
        office.do(add(MONDAY, row), "aud", "2025-12-08 09:00")
    disagreed = meeting.RecordDisagreement(
        audit=MONDAY,
        auditor_grade=Grade.GOOD,
        worker_grade=Grade.OUTSTANDING,
        auditor_reason="The plan is old.",
        worker_reason="It is not.",
        impact="Safer.",
    )
    office.do(disagreed, "aud", "2025-12-08 10:00")
    office.do(meeting.Submit(audit=MONDAY), "aud", "2025-12-08 11:00")
    office.done(MONDAY, 1, "rm", "2025-12-12 09:00")


def rows(printed: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(printed.removeprefix("\ufeff"), newline="")))


def logged(shell: Shell) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(shell.path)) as store:
        return store.execute(
            "SELECT person, what, denied FROM access_log WHERE what LIKE 'export%' ORDER BY id"
        ).fetchall()


def test_s20_the_last_six_months_with_both_days_and_the_same_again(shell: Shell) -> None:
    printed = shell.says("qam", CALL, *SIX_MONTHS)
    found = rows(printed)
    assert [r["Audit"] for r in found] == [MONDAY, TODAY]
    assert [r["Meeting date"] for r in found] == ["2025-12-08", "2026-06-08"]
    assert tuple(found[0]) == COLUMNS
    assert shell.says("qam", CALL, *SIX_MONTHS) == printed
    with_friday = (*EXPORT, "--from", "2025-12-05", "--to", "2025-12-07")
    assert [r["Audit"] for r in rows(shell.says("qam", CALL, *with_friday))] == [FRIDAY]


def test_s20_each_column_of_the_audit_of_monday(shell: Shell) -> None:
    row = rows(shell.says("qam", CALL, *SIX_MONTHS))[0]
    expected = {
        "Team": "Able", "Worker": "Kw", "Auditor": "Aud",
        "Case status at audit": "child in need", "Audit month": "2025-12", "Type": "random",
        "Provisional grade": "Good", "Final grade": "", "Disagreement": "Y", "Decided by": "",
        "Moderated": "N", "Changed from": "", "Immediate actions": "1",
        "% done in 5 working days": "100.0", "Supervision date": "", "Supervision in time": "N",
        "Agreed actions": "1", "Agreed done": "0", "Agreed overdue": "1", "Closed": "",
        "Re-audit of": "", "Highest level": "L2", "Escalations": "1",
        **{f"Grade: {e.title}": "Good" for e in ELEMENTS},
    }  # fmt: skip
    assert {k: row[k] for k in expected} == expected
    assert row["Child Unique ID"] in ("2025-12-C00", "2025-12-C01")


def test_s20_as_at_a_past_day_it_says_what_was_recorded_by_then(
    office: Office, shell: Shell
) -> None:
    """S14: disputed until the Assistant Director decides on 24 March."""
    n = next(e.n for e in office.audit(MONDAY).escalations if e.trigger == "T1")
    bypass = escalations.Bypass(audit=MONDAY, escalation=n, level=4, reason="It has waited.")
    office.do(bypass, "qam", "2026-03-19 09:00")
    decision = escalations.Decide(
        audit=MONDAY, escalation=n, grade=Grade.GOOD, reason="On balance."
    )
    office.do(decision, "ad", "2026-03-24 10:00")
    wanted = ("Provisional grade", "Final grade", "Decided by", "Highest level", "Agreed overdue")
    seen = {}
    for day in ("2026-03-20", "2026-03-25"):
        printed = shell.says("qam", CALL, *SIX_MONTHS, "--as-at", day)
        (row,) = rows(printed)
        seen[day] = [row[c] for c in wanted]
        assert shell.says("qam", CALL, *SIX_MONTHS, "--as-at", day) == printed
    assert seen["2026-03-20"] == ["Good", "", "", "L4", "1"]
    assert seen["2026-03-25"] == ["Good", "Good", "Ad", "L4", "1"]
    then = shell.told("qam", CALL, "report", "disputes", "--as-at", "2026-03-20")
    assert then["tables"][0]["rows"] == [[1, 0]]
    assert logged(shell)[0][1].endswith("at=2026-03-20T23:59:59.999999Z")


def test_every_export_is_logged_and_only_the_qa_manager_makes_one(shell: Shell) -> None:
    shell.says("qam", CALL, *SIX_MONTHS)
    for who in ("qa1", "ad", "board", "ana", "aud"):
        refused = shell.tries(who, CALL, *SIX_MONTHS)
        assert (refused.exit_code, "QA manager" in refused.stderr) == (4, True)
        assert refused.stdout == ""
    what = "export audits from=2025-12-08 to=2026-06-08 at=2026-06-08T08:00:00Z"
    assert logged(shell)[0] == ("qam", what, 0)
    assert [(w, d) for w, _, d in logged(shell)[1:]] == [
        (who, 1) for who in ("qa1", "ad", "board", "ana", "aud")
    ]


def test_days_the_wrong_way_round_are_told(shell: Shell) -> None:
    typed = (*EXPORT, "--from", "2026-06-08", "--to", "2025-12-08")
    refused = shell.tries("qam", CALL, *typed)
    assert (refused.exit_code, "earlier day first" in refused.stderr) == (2, True)


def test_an_export_as_a_file_and_as_a_document(shell: Shell) -> None:
    file = shell.folder / "audits.csv"
    shell.says("qam", CALL, *SIX_MONTHS, "--out", str(file))
    printed = shell.says("qam", CALL, *SIX_MONTHS)
    assert file.read_text("utf-8") == printed
    told = shell.told("qam", CALL, *SIX_MONTHS)
    assert [t["Audit"] for t in told] == [MONDAY, TODAY]
    assert told[0]["Supervision in time"] is False


@pytest.mark.parametrize("name", REPORTS)
def test_a_board_reads_figures_without_a_name_and_none_that_are_small(
    shell: Shell, name: str
) -> None:
    told = shell.told("board", CALL, "report", name)
    assert told["tables"]
    assert not any(t["names"] for t in told["tables"])
    text = shell.says("board", CALL, "report", name)
    names = ("Aud", "Kw", "Rm", "2025-12-00", "2026-06-00", "2025-12-C", "SUM")
    assert not [n for n in names if n in text.replace("Audit", "")]
    cells = [c for t in told["tables"] for row in t["rows"] for c in row]
    assert not [c for c in cells if isinstance(c, int) and 0 < c < 5]
    masked = [row for t in told["tables"] for row in t["rows"] if MASK in row]
    assert not [row for row in masked if any(isinstance(c, float) for c in row)]


@pytest.mark.parametrize("name", REPORTS)
def test_an_analyst_reads_data_without_narrative(shell: Shell, name: str) -> None:
    told = shell.told("ana", CALL, "report", name)
    assert told["tables"]
    assert not any(t["narrative"] for t in told["tables"])
    assert "SUM" not in shell.says("ana", CALL, "report", name)


@pytest.mark.parametrize("name", REPORTS)
def test_a_worker_of_another_team_is_told_of_no_audit(shell: Shell, name: str) -> None:
    told = shell.told("kw2", CALL, "report", name)
    cells = {str(c) for t in told["tables"] for row in t["rows"] for c in row}
    assert not cells & {FRIDAY, MONDAY, TODAY, "2025-12-C00", "2025-12-C01"}
