"""Which ways lead on from where an audit stands; it ended only where nothing is owed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from auditflow.commands import follow_up, meeting
from auditflow.machines.audit import AuditProcess
from auditflow.queries.next_steps import _leads_back
from support.office import Office, planned, supervision
from support.shell import Shell

WAYS_BACK = {"cancel_meeting", "return", "reopen"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.app.close()


@pytest.fixture
def ref(office: Office) -> str:
    """An audit that waits to be verified, since Fri 20 March 2026."""
    made = office.submitted("2026-03", "2026-03-10", "2026-01-28", planned("kw", "2026-03-20"))
    office.do(supervision(made), "rm", "2026-03-12 10:00")
    office.done(made, 1, "kw", "2026-03-20 10:00")
    office.filed(made, 1, "kw", "2026-03-20 11:00")
    assert office.audit(made).state == "awaiting_verification"
    return made


def next_of(office: Office, ref: str, when: str) -> list[str]:
    """What is printed of what comes next, a line each."""
    said = Shell(Path(), url=office.url).says("qa1", when.replace(" ", "T"), "audit", "show", ref)
    return said.partition("\nNext\n")[2].partition("\n\n")[0].splitlines()


def test_a_way_leads_back_where_every_audit_has_passed_already() -> None:
    moves = [r for r in AuditProcess.rows if r.start != r.end]
    assert {r.event for r in moves if _leads_back(r.start, r.end)} == WAYS_BACK


def test_every_way_on_is_named_and_those_that_lead_back_are_said_to(
    office: Office, ref: str
) -> None:
    assert next_of(office, ref, "2026-03-20 12:00") == [
        "  verify → Closed (Quality Assurance Team); nothing stops it",
        "  return → back to After the audit (Quality Assurance Team); nothing stops it",
    ]


def test_an_audit_that_is_closed_ended_there_and_may_be_taken_up_again(
    office: Office, ref: str
) -> None:
    office.do(follow_up.Verify(audit=ref), "qa1", "2026-03-23 10:00")
    back = "  reopen → back to After the audit (QA manager); nothing stops it"
    assert next_of(office, ref, "2026-03-23 11:00") == ["  nothing; it ended here", back]
    # What is owed on an escalation outlives the audit.
    concern = meeting.RaiseConcern(audit=ref, says="She was seen with a bruise.")
    office.do(concern, "aud", "2026-03-24 10:00")
    assert office.audit(ref).state == "closed"
    assert next_of(office, ref, "2026-03-24 11:00") == [back]
