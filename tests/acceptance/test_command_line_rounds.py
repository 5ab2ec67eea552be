"""A month's round typed in a terminal: drawn by strata, shown, distributed, proved."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from support.shell import ANNEX_A, Shell, cases

AT = "2026-01-20T09:00"
STATUSES = ("a) Looked after child", "b) Child Protection plan", "c) Child in need plan")
QUOTAS = ("--quota", "LAC=1", "--quota", "child_in_need=2", "--reserves", "1")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Nine cases of team Able, three of each status."""
    made = Shell(tmp_path)
    made.founded(AT)
    values = ("N1", "14/02/2024", "", "Able", "kw", "North")
    listed = [
        dict(zip(ANNEX_A, (f"CF-{n}", STATUSES[n % 3], *values), strict=True)) for n in range(9)
    ]
    made.says("qa1", AT, "import", made.csv("strata.csv", listed))
    return made


def test_a_round_from_the_draw_to_the_proof(shell: Shell) -> None:
    drawn = shell.told("qa1", AT, "round", "draw", "--month", "2026-03", *QUOTAS)
    assert (drawn["pool"], len(drawn["drawn"]), drawn["warnings"]) == (9, 3, [])
    found = shell.told("qa1", AT, "round", "show", "2026-03")
    assert [r["stratum"] for r in found["reserves"]] == ["child_in_need", "looked_after"]
    assert (found["behind_schedule"], found["distribute_by"]) == (False, "2026-01-30")
    words = shell.says("qa1", AT, "round", "show", "2026-03")
    assert "9 of 9 cases on the list as at 2026-01-20" in words
    assert "Behind schedule  no" in words

    plan = shell.told("qa1", AT, "round", "distribute", "2026-03", "--dry-run")
    assert not plan["distributed"]
    assert sorted(plan["loads"].values()) == [1, 2]  # aud and aud2; who is untrained gets none
    assert "Would be given" in shell.says("qa1", AT, "round", "distribute", "2026-03", "--dry-run")
    assert "Distributed:" in shell.says("qa1", AT, "round", "distribute", "2026-03")
    again = shell.says("qa1", AT, "round", "distribute", "2026-03")
    assert again == "Nothing of that month waits to be distributed.\n"
    listed = shell.told("qa1", AT, "audit", "list", "--state", "distributed")
    assert {e["reference"]: e["auditor"] for e in listed} == plan["given"]

    proved = shell.told("qa1", AT, "round", "proof", "2026-03")
    assert proved["holds"]
    assert (proved["seed"], proved["pool_digest"]) == (drawn["seed"], drawn["pool_digest"])
    said = shell.says("qa1", AT, "round", "proof", "2026-03")
    assert "yes  drawn again it is the same list" in said
    assert "NO" not in said


def test_a_withdrawal_names_its_substitute(shell: Shell) -> None:
    shell.says("qa1", AT, "round", "draw", "--month", "2026-03", *QUOTAS)
    typed = ("audit", "withdraw", "2026-03-001", "--reason", "The case has closed.")
    assert shell.told("qa1", AT, *typed)["substitute"] == "2026-03-004"
    shown = shell.says("qa1", AT, "round", "show", "2026-03")
    assert "in place of 2026-03-001, short notice" in shown
    shell.refuses(
        "qa1", "audit", "withdraw", "2026-03-004", "--reason", "Closed.",
        code=5, says="no reserve of its stratum", when=AT,
    )  # fmt: skip


def test_which_cases_were_drawn_is_not_for_a_key_worker(shell: Shell) -> None:
    shell.says("qa1", AT, "round", "draw", "--month", "2026-03", *QUOTAS)
    found = shell.told("kw", AT, "round", "show", "2026-03")
    assert (found["pool"], found["audits"], found["excluded"], found["reserves"]) == (9, [], [], [])
    assert "for the QA Team to see" in shell.says("kw", AT, "round", "show", "2026-03")
    for words in (("distribute", "2026-03", "--dry-run"), ("proof", "2026-03")):
        shell.refuses("kw", "round", *words, code=4, says="for the QA Team", when=AT)


def test_an_edited_list_makes_the_proof_fail(shell: Shell) -> None:
    shell.says("qa1", AT, "round", "draw", "--month", "2026-03", *QUOTAS)
    store = sqlite3.connect(shell.path)
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        store.execute("UPDATE round_cases SET result = 'drawn'")
    store.execute("DROP TRIGGER round_cases_no_update")
    store.execute("UPDATE round_cases SET result = 'drawn' WHERE result = 'reserve'")
    store.commit()
    store.close()
    result = shell.tries("qa1", AT, "round", "proof", "2026-03")
    assert result.exit_code == 1
    assert "NO   drawn again it is the same list" in result.stdout


def test_where_nobody_fits_it_says_why_for_each_auditor(shell: Shell) -> None:
    listed = [
        {**row, "Allocated Team": team, "Child Unique ID": f"X-{i}"}
        for i, (row, team) in enumerate(zip(cases(2), ("Able", "Baker"), strict=True))
    ]
    shell.says("qa1", AT, "import", shell.csv("two.csv", listed), "--as-at", "2026-01-20")
    shell.says("qa1", AT, "round", "draw", "--month", "2026-03", "--size", "11")
    shell.refuses(
        "qa1", "round", "distribute", "2026-03", code=5,
        says="Aud is of the case's team; Aud2 is of the case's team", when=AT,
    )  # fmt: skip
    partly = shell.tries("qa1", AT, "round", "distribute", "2026-03", "--partly")
    assert partly.exit_code == 0
    assert "Nobody can audit 2026-03-" in partly.stderr
    assert "untrained may audit none of these" in partly.stderr
    assert len(shell.told("qa1", AT, "audit", "list", "--state", "distributed")) == 10


TYPED = [
    (("--quota", "LAC"), 2, "write it as looked_after=2"),
    (("--quota", "LAC=0"), 2, "--quota"),
    (("--quota", "LAC=1", "--quota", "looked_after=2"), 2, "twice"),
    (("--quota", "adopted=1"), 2, "no stratum"),
    (("--size", "1", "--exclude", "CF-1"), 2, "gives no reason"),
    (("--size", "1", "--exclude", "CF-1=A complaint."), 4, "QA manager"),
    (("--size", "1", "--quota", "LAC=1"), 2, "either --size"),
    ((), 2, "either --size"),
    (("--size", "1", "--again", "x"), 2, "without --again"),
]


@pytest.mark.parametrize(("words", "code", "says"), TYPED, ids=lambda w: str(w)[:40])
def test_a_draw_typed_wrong(shell: Shell, words: tuple[str, ...], code: int, says: str) -> None:
    typed = ("round", "draw", "--month", "2026-03", *words)
    shell.refuses("qa1", *typed, code=code, says=says, when=AT)
