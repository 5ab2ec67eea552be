"""People in a terminal: deputies, leavers, hand-overs, who may do what; and S24 as it is typed."""

from __future__ import annotations

from auditflow.handbook.permission_table import page
from support.shell import UNDER_WAY as REF
from support.shell import Shell

WHY = ("--reason", "A new post.")
DAYS = ("--from", "2026-03-10", "--until", "2026-03-13")


def test_a_deputy_acts_for_another_and_the_history_says_so(shell: Shell) -> None:
    shell.under_way()
    at = "2026-03-10T14:00"
    named = ("--for", "rm", "--deputy", "kw2")
    said = shell.says("qam", at, "people", "deputy", *named, *DAYS)
    assert "Kw2 stands in for Rm from Tue 10 March 2026 until Fri 13 March 2026." in said
    listed = shell.told("kw", at, "people", "deputies")
    assert [(d["deputy"], d["person"]) for d in listed] == [("kw2", "rm")]
    done = ("action", "complete", REF, "1", "--evidence", "Note.")
    assert shell.tries("kw2", at, *done).exit_code == 3
    shell.says("kw2", at, *done, "--for", "rm")
    assert "Kw2 for Rm: complete" in shell.says("kw2", at, "audit", "show", REF, "--for", "rm")
    assert REF in shell.says("kw2", at, "work", "--for", "rm")
    late = shell.tries("kw2", "2026-03-16T09:00", "audit", "show", REF, "--for", "rm")
    assert (late.exit_code, "does not stand in for Rm" in late.stderr) == (4, True)


def test_who_leaves_hands_over_first(shell: Shell) -> None:
    shell.under_way()
    at = "2026-03-10T14:00"
    leaving = ("people", "leave", "aud", "--on", "2026-03-11", *WHY)
    refused = shell.tries("qa1", at, *leaving)
    assert refused.exit_code == 5
    assert f"{REF}: auditor" in refused.stderr
    over = ("people", "hand-over", "--from", "aud", "--to", "aud2", *WHY)
    assert "Aud handed over to Aud2: 1 audit" in shell.says("qa1", at, *over)
    assert "hand over - A new post." in shell.says("qa1", at, "audit", "show", REF)
    assert "Aud leaves on Wed 11 March 2026." in shell.says("qa1", at, *leaving)
    gone = shell.tries("aud", "2026-03-11T09:00", "audit", "list")
    assert (gone.exit_code, "left on Wed 11 March 2026" in gone.stderr) == (4, True)
    people = {p["id"]: p for p in shell.told("qa1", at, "people", "list")}
    assert people["aud"]["left_on"] == "2026-03-11"
    shell.says("qa1", "2026-03-12T09:00", "people", "return", "aud", *WHY)
    assert shell.tries("aud", "2026-03-12T09:00", "audit", "list").exit_code == 0
    assert shell.told("", "", "verify")["faults"] == []


def test_who_may_do_what_is_printed(shell: Shell) -> None:
    assert shell.says("", "", "people", "permissions") == page()
    lines = shell.told("", "", "people", "permissions")
    read = next(line for line in lines if line["action"] == "read")
    assert (read["qa_team"], read["auditor"], read["board_reader"]) == ("all", "own", "-")


def test_s24_nobody_accepts_their_own(shell: Shell) -> None:
    shell.under_way()
    shell.agreed(REF, "good", "2026-03-10T12:00")
    shell.says("aud", "2026-03-10T12:00", "audit", "submit", REF)
    shell.says("", "2026-03-18T09:00", "sweep")
    at = "2026-03-18T10:00"
    shell.says("qa1", at, "escalation", "answer", REF, "1", "--says", "The manager was told.")
    own = shell.tries("qa1", at, "escalation", "accept", REF, "1")
    assert (own.exit_code, "Nobody judges an answer of their own" in own.stderr) == (4, True)
    shell.says("qa2", at, "escalation", "accept", REF, "1")
    shell.says("rm", at, "action", "complete", REF, "1", "--evidence", "Note.")
    verify = shell.tries("rm", at, "audit", "verify", REF)
    assert (verify.exit_code, "Rm is none of these here" in verify.stderr) == (4, True)
    colleague = shell.tries("kw2", at, "audit", "show", REF)
    missing = shell.tries("kw2", at, "audit", "show", "2026-03-999")
    assert colleague.exit_code == missing.exit_code == 3
    assert colleague.stderr.replace(REF, "?") == missing.stderr.replace("2026-03-999", "?")
    log = [(who, what) for _, _, who, _, what, refused in sorted(shell.dump()["access_log"])
           if refused]  # fmt: skip
    assert log == [("qa1", "accept"), ("rm", "verify"), ("kw2", "read")]


def test_a_denial_is_noted_whichever_way_one_asks(shell: Shell) -> None:
    shell.under_way()
    before = len(shell.dump()["access_log"])
    for asked in (("audit", "show", REF), ("chart", "draw", "--audit", REF)):
        assert shell.tries("kw2", "2026-03-10T14:00", *asked).exit_code == 3
    noted = sorted(shell.dump()["access_log"])[before:]
    assert [(row[2], row[4], row[5]) for row in noted] == [("kw2", "read", 1)] * 2
