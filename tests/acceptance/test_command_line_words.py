"""What is printed and refused is said in whole sentences that say what to type."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditflow.exchange import cases, staff
from support import stores
from support.shell import AT_NOON, Shell, plain
from support.shell import UNDER_WAY as REF

NO_CASES = "Single audits are not shown to a board reader"


def test_a_late_judge_is_escalated_with_the_escalation_it_is_about(shell: Shell) -> None:
    shell.under_way()
    shell.agreed(REF, "good", "2026-03-10T12:00")
    shell.says("aud", "2026-03-10T12:00", "audit", "submit", REF)
    shell.says("", "2026-03-18T09:00", "sweep")
    at = "2026-03-18T10:00"
    shell.says("qa1", at, "escalation", "answer", REF, "1", "--says", "The manager was told.")
    shell.says("", "2026-03-30T09:00", "sweep")
    said = shell.says("qa1", "2026-03-30T10:00", "audit", "show", REF)
    assert "T9 The answer to escalation 1 (T3) was not judged in time: Level 2" in said
    reported = shell.says("qa1", "2026-03-30T10:00", "report", "escalations")
    assert "The answer to escalation 1 (T3) was not judged in time" in reported


def test_the_actions_stand_before_the_whole_tool(shell: Shell) -> None:
    shell.under_way()
    said = shell.says("qa1", AT_NOON, "audit", "show", REF)
    order = [said.index(f"\n{title}\n") for title in ("Owed now", "Next", "Actions", "Escalations")]
    assert order == sorted(order)
    assert order[-1] < said.index("\nThe audit tool\n") < said.index("\nSo far, in London time\n")


def test_a_refusal_says_which_option_is_wanting(shell: Shell) -> None:
    shell.under_way()
    plain(shell.tries("aud", AT_NOON, "audit", "submit", REF), 5, "auditflow audit agree-grade")


def test_a_meeting_without_the_key_worker_is_refused_with_the_option_to_give(shell: Shell) -> None:
    at = "2026-01-28T09:00"
    shell.founded("2026-01-05T09:00")
    shell.drawn("2026-03", at)
    shell.says("qa1", at, "audit", "distribute", REF, "--auditor", "aud")
    shell.says("aud", at, "audit", "book-meeting", REF, "--on", "2026-03-10")
    shell.says("kw", at, "audit", "confirm-file-checked", REF)
    begun = shell.tries("aud", AT_NOON, "audit", "start-audit", REF)
    plain(begun, 5, "Still needed: auditor and key worker are both there.")
    assert "--key-worker-present" in begun.stderr
    shell.says("aud", AT_NOON, "audit", "start-audit", REF, "--key-worker-present")


def test_a_moment_may_be_a_day_and_it_says_so(shell: Shell) -> None:
    shell.founded("2026-01-05T09:00")
    said = "“yesterday” is not a date and time; write it as 2026-02-28T10:00:00Z, or as"
    for words in (("where", "--as-at"), ("audit", "submit", REF, "--happened-at")):
        refused = shell.tries("qa1", AT_NOON, *words, "yesterday")
        plain(refused, 2, said)
        assert "Or give a day, such as 2026-02-28, for its " in refused.stderr


def test_a_board_reader_is_told_that_cases_are_not_shown_and_what_they_come_to(
    shell: Shell,
) -> None:
    shell.under_way()
    board = {"id": "bo", "name": "Bo", "roles": "board_reader", "team": "-"}
    listed = shell.csv("board.csv", [board])
    shell.says("qa1", AT_NOON, "people", "import", listed)
    said = shell.says("bo", AT_NOON, "where")
    assert said.startswith(NO_CASES)
    assert said.count(REF) == 0
    assert re.search(r"^Review in supervision +under 5 ", said, re.MULTILINE)
    assert not re.search(r" [1-4]( |$)", said.partition("State ")[2], re.MULTILINE)
    assert NO_CASES not in shell.says("qa1", AT_NOON, "where")


def test_the_help_of_an_import_names_columns_and_roles(shell: Shell) -> None:
    people = " ".join(shell.says("", "", "people", "import", "--help").split())
    for name in (*staff.REQUIRED, *staff.OPTIONAL, *staff.ROLES):
        assert name in people
    listed = " ".join(shell.says("", "", "import", "--help").split())
    for name in (*cases.REQUIRED, *cases.OPTIONAL):
        assert name in listed


@pytest.mark.only("postgres")
def test_an_empty_database_is_not_called_a_file(store_kind: str, tmp_path: Path) -> None:
    shell = Shell(tmp_path, url=stores.vacant(tmp_path))
    said = shell.tries("qa1", AT_NOON, "where")
    plain(said, 1, "in an empty one make a store with: auditflow init")
    assert "file" not in said.stderr
