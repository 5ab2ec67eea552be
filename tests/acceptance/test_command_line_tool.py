"""The audit tool in a terminal: printed, filled in, taken back, shown to those who may read it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from auditflow.guidance.tool import ELEMENTS, INDICATORS, Grade
from support.shell import SMART, Shell

AT = "2025-10-14T11:00"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    made = Shell(tmp_path)
    made.founded("2025-08-20T09:00")
    return made


@pytest.fixture
def ref(shell: Shell) -> str:
    return shell.held("2025-10", "2025-10-14", "2025-08-20")


def refused(shell: Shell, code: int, says: str, *words: str) -> None:
    result = shell.tries("aud", AT, *words)
    assert (result.exit_code, says in result.stderr) == (code, True), result.output


def test_parts_typed_as_options_are_shown_in_words_and_in_the_document(
    shell: Shell, ref: str
) -> None:
    shell.says(
        "aud", AT, "audit", "record-findings", ref,
        "--record-quality", "wishes_and_feelings=Her own words = quoted.",
        "--record-quality", "procedures=All followed.",
        "--indicator", "chronology=Partly", "--indicator", "permanence=n/a",
        "--feedback-explored", "yes", "--feedback", "They liked the visits.",
        "--signs-of-safety", "No", "--good-practice", "Letters to the child.",
    )  # fmt: skip
    parts = shell.told("kw", AT, "audit", "show", ref)["content"]["parts"]
    assert parts["record_quality"][0] == ["wishes_and_feelings", "Her own words = quoted."]
    assert parts["indicators"] == [["chronology", "partly"], ["permanence", "not_applicable"]]
    words = shell.says("kw", AT, "audit", "show", ref)
    for said in ("tool January 2020, form 1", "Her own words = quoted.", "kept up to date? Partly",
                 "feedback explored: yes. They liked", "Signs of Safety seen: no",
                 "good practice: Letters"):  # fmt: skip
        assert said in words


def test_who_may_not_read_the_audit_gets_no_tool(shell: Shell, ref: str) -> None:
    for who in ("kw2", "aud2"):
        assert shell.tries(who, AT, "audit", "tool", ref).exit_code == 3


def test_what_is_typed_wrong_says_how_to_type_it(shell: Shell, ref: str) -> None:
    record = ("audit", "record-findings", ref)
    refused(shell, 2, "Write it as KEY=VALUE", *record, "--indicator", "chronology")
    refused(shell, 2, "“often” is no answer", *record, "--indicator", "chronology=often")
    refused(shell, 2, "“maybe” is neither yes nor no", *record, "--signs-of-safety", "maybe")
    refused(shell, 2, "Nothing to record", *record)


def test_a_tool_is_printed_filled_in_and_taken_back(shell: Shell, ref: str) -> None:
    file = shell.folder / "tool.csv"
    shell.says("aud", AT, "audit", "tool", ref, "--format", "csv", "--out", str(file))
    again = ("audit", "tool", ref, "--format", "csv", "--out", str(file))
    refused(shell, 2, "already", *again)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [r["Answer"] for r in rows if r["Part"] == "element"] == ["Seen on the file."] * 6
    for row in rows:
        if row["Part"] == "indicator":
            row["Answer"] = "yes"
        if row["Item"] == "engagement":
            row["What needs to change"], row["Grade"] = "- see him alone", "Good"
    filled = shell.csv("filled.csv", rows)
    shell.says("aud", AT, "audit", "record-findings", ref, "--file", filled)
    parts = shell.told("aud", AT, "audit", "show", ref)["content"]["parts"]
    assert len(parts["indicators"]) == len(INDICATORS)
    found = next(e for e in parts["elements"] if e["element"] == "engagement")
    assert (found["change"], found["grade"]) == ("- see him alone", "good")


def test_the_tool_as_markdown_has_prompts_descriptors_and_what_was_recorded(
    shell: Shell, ref: str
) -> None:
    shell.immediate(ref, "2025-10-21", AT)
    shell.says(
        "aud", AT, "audit", "record-disagreement", ref, "--auditor-grade", "good",
        "--worker-grade", "outstanding", "--auditor-reason", "The *plan* is old.",
        "--worker-reason", "The work is new.", "--impact", "Safer.",
    )  # fmt: skip
    text = shell.says("aud", AT, "audit", "tool", ref)
    for element in ELEMENTS:
        assert element.title in text
        assert all(prompt in text for prompt in element.prompts)
    assert all(grade.descriptor in text for grade in Grade)
    assert "- Auditor: Good, because The \\*plan\\* is old." in text
    assert "- Key worker: Outstanding, because The work is new." in text
    assert "## Audit Action Plan - October" in text
    assert "1. Update the chronology on Mosaic" in text
    assert "because The *plan* is old." in shell.says("aud", AT, "audit", "show", ref)


def test_s17_typed_in_a_terminal(shell: Shell, ref: str) -> None:
    """Nothing of section 11's table gets past; the audit stays under way until it is SMART."""
    shell.agreed(ref, "good", AT)
    add = ("audit", "add-action", ref, *SMART)
    refused(shell, 2, "'ASAP'", *add, "--owner", "kw", "--due", "ASAP")
    refused(shell, 2, "nobody in particular", *add, "--owner", "the team", "--due", "2025-10-28")
    refused(shell, 5, "is past", *add, "--owner", "kw", "--due", "2025-10-13")
    late = ("--owner", "rm", "--due", "2025-10-22", "--immediate")
    refused(shell, 5, "Tue 21 October 2025", *add, *late)
    refused(shell, 5, "Fri 14 November 2025", *add, "--owner", "kw", "--due", "2025-11-15")
    refused(shell, 5, "or give --no-actions-because", "audit", "submit", ref)
    assert shell.told("aud", AT, "audit", "show", ref)["state"] == "in_audit"
    shell.says("aud", AT, *add, "--owner", "kw", "--due", "2025-10-28")
    assert shell.told("aud", AT, "audit", "submit", ref)["state"] == "post_audit"


def test_a_sixth_action_of_one_owner_on_one_day_is_doubted(shell: Shell, ref: str) -> None:
    add = ("audit", "add-action", ref, *SMART, "--owner", "kw", "--due", "2025-10-28")
    told = [shell.told("aud", AT, *add)["warnings"] for _ in range(6)]
    assert told[:5] == [[]] * 5
    assert "would have 6 actions due that day" in told[5][0]


def test_an_immediate_action_due_on_a_closed_day_is_doubted(shell: Shell, ref: str) -> None:
    add = ("audit", "add-action", ref, *SMART, "--owner", "rm", "--immediate")
    assert "Saturday" in shell.told("aud", AT, *add, "--due", "2025-10-18")["warnings"][0]
