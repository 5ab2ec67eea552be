"""Who may not know of a restricted record is told only that there is one, where it counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from auditflow.audits import Role
from auditflow.commands import HandOver, ImportPeople, Leave, scheduling
from auditflow.commands.office import Case
from auditflow.errors import Refused
from support.checks import rows
from support.office import PEOPLE, Office, at, person


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office in which qa2, aud and aud2 are cleared, and qa1 is not."""
    made = Office(tmp_path)
    cleared = tuple(replace(p, cleared=True) for p in PEOPLE if p.id in ("qa2", "aud", "aud2"))
    made.app.service.do_office(ImportPeople(people=cleared), by="qa1", now=at("2026-01-03 09:00"))
    yield made
    made.app.close()


@pytest.fixture
def restricted(office: Office) -> str:
    """A restricted record's audit, which aud audits."""
    case = Case("R-1", "child_in_need", "Able", "kw", restricted=True)
    ref = office.draw("2026-03", "2026-01-28 09:00", cases=(case,))
    office.do(scheduling.Distribute(audit=ref, auditor="aud"), "qa2", "2026-01-28 12:00")
    return ref


def test_who_may_not_know_of_an_audit_is_not_told_its_reference(
    office: Office, restricted: str
) -> None:
    open_to_all = office.booked("2026-04", "2026-04-14", "2026-01-28")
    leaves = Leave(person="aud", on=date(2026, 2, 27), reason="A new post.")
    to_other = HandOver(giver="aud", taker="kw", reason="A new post.")
    told = (
        ("qa1", (open_to_all, "and 1 restricted audit not for you to see"), restricted),
        ("qa2", (open_to_all, restricted), "not for you to see"),
    )
    for by, said, unsaid in told:
        for command in (leaves, to_other):
            with pytest.raises(Refused) as refusal:
                office.app.service.do_office(command, by=by, now=at("2026-02-02 10:00"))
            assert all(words in str(refusal.value) for words in said)
            assert unsaid not in str(refusal.value)
    clerk = person("it", Role.ADMINISTRATOR)
    office.app.service.do_office(
        ImportPeople(people=(clerk,)), by="qa1", now=at("2026-02-02 10:00")
    )
    with pytest.raises(Refused, match="2 audits not for you to see"):
        office.app.service.do_office(leaves, by="it", now=at("2026-02-02 10:00"))


def test_who_may_not_know_of_an_audit_is_not_told_that_its_deadlines_move(
    office: Office, restricted: str
) -> None:
    settled = office.set("arrange_meeting", "10 working days", "2026-01-28 13:00")
    assert settled.says.endswith("1 deadline moved.")
    assert settled.figures["moved"] == []
    assert settled.figures["not_shown"] == "1 restricted audit not for you to see"
    (last,) = rows(office, "SELECT body FROM journal WHERE audit_id = 0 ORDER BY seq DESC LIMIT 1")
    assert restricted in last[0], "the history says all"


def test_a_hand_over_tells_only_of_audits_they_may_see(office: Office, restricted: str) -> None:
    open_to_all = office.booked("2026-04", "2026-04-14", "2026-01-28")
    to_other = HandOver(giver="aud", taker="aud2", reason="A new post.")
    done = office.app.service.do_office(to_other, by="qa1", now=at("2026-02-02 10:00"))
    assert (done.figures["audits"], "2 audits" in done.says) == ([open_to_all], True)
    assert office.audit(restricted).auditor == "aud2"
