"""A council sets its numbers in a terminal: told before, shown after, by the QA manager only."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.office import Office, planned
from support.shell import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    made = Shell(tmp_path)
    made.founded("2026-01-05T09:00")
    return made


def test_a_setting_is_tried_set_shown_and_put_back(shell: Shell) -> None:
    at = "2026-01-05T10:00"
    why = ("--reason", "We close at five.")
    said = shell.says("qam", at, "policy", "set", "cutoff", "17:00", *why, "--dry-run")
    assert said.startswith("cutoff would be “17:00”; 0 deadlines would move. Nothing was changed.")
    assert shell.says("qa1", at, "policy", "history").startswith("Nothing was set")
    told = shell.told("qam", at, "policy", "set", "cutoff", "17:00", *why)
    assert (told["was"], told["value"], told["version"]) == ("default", "17:00", 2)
    found = {s["name"]: s for s in shell.told("qa1", at, "policy", "show")["settings"]}
    assert found["cutoff"]["value"] == "17:00"
    assert found["cutoff"]["source"] == "the council: We close at five."
    assert found["immediate_action"]["value"] == "5 working days"
    shell.says("qam", at, "policy", "set", "cutoff", "default", "--reason", "Not any more.")
    (first, second) = shell.told("qa1", at, "policy", "history")
    assert (first["value"], second["value"], second["who"]) == ("17:00", "default", "qam")
    shown = shell.says("qa1", at, "policy", "show")
    assert shown.startswith("Policy, version 3\n")
    assert "We close at five." in shell.says("qa1", at, "policy", "history")


@pytest.mark.parametrize(
    ("who", "words", "code", "says"),
    [
        ("qa1", ("cutoff", "17:00"), 4, "That is for: QA manager"),
        ("qam", ("cutof", "17:00"), 3, "auditflow policy list"),
        ("qam", ("cutoff", "5pm"), 2, "write it as 17:00"),
        ("qam", ("hold_audit", "1 month"), 2, "no limit to set"),
        ("qam", ("cutoff", "default"), 5, "already"),
    ],
)
def test_what_cannot_be_set_says_what_to_do(
    shell: Shell, who: str, words: tuple[str, ...], code: int, says: str
) -> None:
    result = shell.tries(
        who, "2026-01-05T10:00", "policy", "set", *words, "--reason", "We want it."
    )
    assert (result.exit_code, says in result.output) == (code, True), result.output


def test_an_entry_is_corrected_in_a_terminal(tmp_path: Path) -> None:
    office = Office(tmp_path)
    plan = planned("rm", "2026-03-17", immediate=True)
    ref = office.submitted("2026-03", "2026-03-10", "2026-01-20", plan)
    office.done(ref, 1, "rm", "2026-03-16 10:00")
    office.app.close()
    shell = Shell(tmp_path)
    typed = ("audit", "correct", ref, "--field", "done_on", "--action", "1", "--reason", "A slip.")
    said = shell.says("qam", "2026-03-16T11:00", *typed, "--value", "2026-03-12")
    assert said == (
        f"{ref}: done_on is corrected; 1 deadline moved.\n"
        "  file action (action 1) from 2026-03-18 to 2026-03-17\n"
    )
    assert "done_on 2026-03-16 → 2026-03-12: A slip." in shell.says(
        "qam", "2026-03-16T12:00", "audit", "show", ref
    )
    element = ("--field", "element_grade", "--element", "engagement", "--value", "Good")
    typo = ("audit", "correct", ref, *element, "--reason", "A slip.")
    result = shell.tries("qam", "2026-03-16T12:00", *typo)
    assert (result.exit_code, "was not noted yet" in result.output) == (5, True)
    assert shell.told("qam", "2026-03-16T12:00", "verify")["faults"] == []
