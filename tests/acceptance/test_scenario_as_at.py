"""S14 and S20 asked of past days: what the record said then, whatever it says since."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditflow.commands import escalations, meeting
from auditflow.guidance.tool import Grade
from support.checks import let_run, the
from support.office import Office
from support.shell import Shell

#: On both databases.
pytestmark = pytest.mark.usefixtures("store_kind")

INADEQUATE = Grade.INADEQUATE


def decided_at_the_top(office: Office) -> str:
    """S14, up to the decision of the Assistant Director on Tue 24 March 2026."""
    ref = office.held("2026-03", "2026-03-05", "2026-01-20")
    disagreement = meeting.RecordDisagreement(
        audit=ref,
        auditor_grade=INADEQUATE,
        worker_grade=Grade.REQUIRES_IMPROVEMENT,
        auditor_reason="The plan is not current.",
        worker_reason="The child is seen weekly.",
        impact="Drift.",
    )
    office.do(disagreement, "aud", "2026-03-05 11:45")
    submit = meeting.Submit(audit=ref, no_actions_because="All is under way already.")
    office.do(submit, "aud", "2026-03-05 12:00")
    n = the(office, ref, "T1").n
    advice = escalations.Answer(audit=ref, escalation=n, says="Having read both.", grade=INADEQUATE)
    office.do(advice, "qa1", "2026-03-11 10:00")
    reject = escalations.Reject(audit=ref, escalation=n, reason="It is not so bad.")
    office.do(reject, "kw", "2026-03-11 11:00")
    let_run(office, "2026-03-12", "2026-03-24")
    decide = escalations.Decide(
        audit=ref, escalation=n, grade=INADEQUATE, reason="The child is not safe."
    )
    office.do(decide, "ad", "2026-03-24 10:00")
    return ref


@pytest.mark.both
def test_s14_and_s20_a_past_day_says_what_was_recorded_by_then(
    office: Office, tmp_path: Path
) -> None:
    ref = decided_at_the_top(office)
    shell = Shell(tmp_path, url=office.url)
    june, later = "2026-06-08T10:00", "2027-06-08T10:00"

    def show(when: str, day: str) -> dict[str, object]:
        found: dict[str, object] = shell.told("qam", when, "audit", "show", ref, "--as-at", day)
        return found

    def at_level(page: dict[str, object], trigger: str) -> str:
        listed: list[dict[str, str]] = page["escalations"]  # type: ignore[assignment]
        return next(e["where"] for e in listed if e["trigger"] == trigger)

    march_20 = show(june, "2026-03-20")
    assert (march_20["grade"], march_20["grade_status"]) == ("Inadequate", "disputed")
    assert at_level(march_20, "T1") == "Level 4, Assistant Director"
    march_25 = show(june, "2026-03-25")
    assert (march_25["grade"], march_25["grade_status"]) == ("Inadequate", "final")
    assert at_level(march_25, "T1") == "Resolved"
    assert at_level(show(june, "2026-03-18"), "T1").startswith("Level 3")
    assert at_level(show(june, "2026-03-19"), "T1").startswith("Level 4")
    # A year goes by, with a change of policy; the answers are the same to the letter.
    office.set("level_4", "Director of Children's Services", "2026-09-01 10:00")
    let_run(office, "2026-09-02", "2026-10-30")
    assert show(later, "2026-03-20") == march_20
    assert show(later, "2026-03-25") == march_25


def test_every_reading_command_answers_for_a_past_day(office: Office, tmp_path: Path) -> None:
    ref = decided_at_the_top(office)
    shell = Shell(tmp_path, url=office.url)
    typed = (
        ("where",), ("work",), ("work", "--for", "hos"), ("audit", "list"), ("audit", "show", ref),
        ("round", "show", "2026-03"), ("people", "list"), ("policy", "show"),
        ("policy", "history"), ("report", "grades"),
    )  # fmt: skip
    for words in typed:
        first = shell.says("qam", "2026-06-08T10:00", *words, "--as-at", "2026-03-20")
        told = shell.told("qam", "2026-06-08T10:00", *words, "--as-at", "2026-03-20T23:59:59Z")
        let_run(office, "2026-06-08", "2026-06-09")
        assert shell.says("qam", "2026-07-08T10:00", *words, "--as-at", "2026-03-20") == first
        again = shell.told("qam", "2026-07-08T10:00", *words, "--as-at", "2026-03-20T23:59:59Z")
        assert again == told
    said = shell.says("qam", "2026-06-08T10:00", "where", "--as-at", "2026-03-20")
    assert said.startswith("Where each audit sits, Fri 20 March 2026, 23:59")


@pytest.mark.parametrize("when", ["2026-06-08", "2026-06-09", "2026-06-08T10:01:00Z"])
def test_what_is_not_past_yet_is_not_answered(office: Office, tmp_path: Path, when: str) -> None:
    shell = Shell(tmp_path, url=office.url)
    result = shell.tries("qam", "2026-06-08T10:00", "where", "--as-at", when)
    assert (result.exit_code, "not past yet" in result.output) == (2, True), result.output
