"""The commands no ordinary road takes, and the watch kept by `sweep --every`."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click
import pytest

from auditflow.calendar import bundled
from auditflow.cli import COMMANDS, main
from support.shell import AT_NOON, Shell, cases, plan
from support.shell import UNDER_WAY as REF
from support.waiting import STUCK, until

#: Test_diagrams types the one, test_questions each of the other.
TYPED_ELSEWHERE = ("chart", "report")
WHY = ("--reason", "It cannot be helped.")
GRADED = ("--grade", "requires improvement")


def test_before_the_audit(shell: Shell) -> None:
    shell.founded("2026-01-05T09:00")
    ref = shell.drawn("2026-03", "2026-01-28T09:00", size=3)
    at = "2026-01-28T10:00"
    shell.says("qa1", at, "audit", "distribute", ref, "--auditor", "aud")
    said = shell.says("aud", at, "audit", "decline", ref, "--reason", "On leave.")
    assert "Owed: Reallocate the declined audit, by Wed 4 February 2026" in said
    page = shell.says("qa1", at, "audit", "show", ref)
    assert "declined by Aud on Wed 28 January 2026: On leave.\n  it waits for another" in page
    assert shell.told("qa1", at, "audit", "show", ref)["declined"]["because"] == "On leave."
    assert "Reallocate the declined audit" in shell.says("qa2", at, "work")
    said = shell.says("qa1", at, "audit", "reallocate", ref, "--auditor", "aud2", *WHY)
    assert "reallocate" in said
    assert shell.told("qa1", at, "audit", "show", ref)["declined"] is None
    shell.says("aud2", at, "audit", "book-meeting", ref, "--on", "2026-03-10")
    shell.says("aud2", at, "audit", "rebook-meeting", ref, "--on", "2026-03-11", *WHY)
    said = shell.says("aud2", at, "audit", "cancel-meeting", ref, *WHY)
    assert "cancel meeting → Distributed" in said
    extended = ("audit", "extend", ref, "--until", "2026-04-07", *WHY)
    done = shell.told("lm", "2026-03-30T10:00", *extended)
    assert "2026-04-07" in {d["due"] for d in done["duties"] if d["duty"] == "hold_audit"}
    assert "Withdrawn" in shell.says(
        "qa1", at, "audit", "withdraw", "2026-03-002", *WHY, "--without-substitute"
    )
    assert "Exempted" in shell.says("ad", at, "audit", "exempt", "2026-03-003", *WHY)
    ended = shell.told("qa1", at, "audit", "list", "--state", "exempted")
    assert [e["reference"] for e in ended] == ["2026-03-003"]


def test_a_concern_and_a_void(shell: Shell) -> None:
    shell.under_way()
    at = "2026-03-10T13:00"
    concern = ("audit", "raise-concern", REF, "--says", "A child is at risk.")
    said = shell.tries("aud", at, *concern).output
    assert "Turn to: the council's safeguarding duty team" in said
    routes = "turn to: by day the council's safeguarding duty team"
    assert routes in shell.says("hos", at, "audit", "show", REF)
    assert "T2" in said
    shell.says("hos", at, "escalation", "acknowledge", REF, "1")
    shell.says("hos", at, "escalation", "answer", REF, "1", "--says", "A strategy discussion.")
    shell.says("qa1", at, "escalation", "accept", REF, "1")
    said = shell.says("qam", "2026-03-11T09:00", "audit", "void", REF, *WHY)
    assert "Voided" in said


def test_an_inadequate_audit_that_comes_back(shell: Shell) -> None:
    shell.under_way()
    shell.agreed(REF, "inadequate", "2026-03-10T12:00")
    said = shell.says("aud", "2026-03-10T12:00", "audit", "submit", REF)
    assert "T8" in said
    at = "2026-03-12T10:00"
    shell.says("hos", at, "audit", "moderate", REF, *GRADED, *WHY)
    shell.says("qa1", at, "escalation", "accept", REF, "1")
    finish(shell, 1, "rm", "2026-03-13")
    file = shell.csv("plan.csv", plan(("kw", "2026-04-30"), ("rm", "2026-04-10")))
    review = (
        "audit",
        "record-supervision",
        REF,
        "--attendees",
        "Both",
        "--key-worker-present",
        "--plan",
        file,
    )
    shell.says("rm", "2026-03-31T15:00", *review)
    shell.says("kw", "2026-04-01T10:00", "action", "complete", REF, "2", "--evidence", "Note.")
    again = ("--due", "2026-04-20", *WHY)
    said = shell.says("qa1", "2026-04-02T10:00", "action", "return-action", REF, "2", *again)
    assert "return action → Open" in said
    shell.says("qam", "2026-04-02T10:00", "action", "cancel-action", REF, "3", *WHY)
    finish(shell, 2, "kw", "2026-04-10")
    shell.says("qa1", "2026-04-13T10:00", "audit", "return", REF, "--action", "2", *again)
    finish(shell, 2, "kw", "2026-04-14")
    assert "Closed" in shell.says("qa1", "2026-04-15T10:00", "audit", "verify", REF)
    said = shell.says("qam", "2026-04-16T10:00", "audit", "reopen", REF, "--action", "2", *again)
    assert "reopen → After the audit" in said
    assert shell.told("", "", "verify")["faults"] == []


def finish(shell: Shell, n: int, who: str, day: str) -> None:
    typed = ("--evidence", "Case note.")
    shell.says(who, f"{day}T10:00", "action", "complete", REF, str(n), *typed)
    heading = ("--heading", "Audit Action Plan - March")
    shell.says("rm", f"{day}T11:00", "action", "file", REF, str(n), *heading)


def test_an_escalation_held_resumed_moved_and_decided(shell: Shell) -> None:
    shell.under_way()
    typed = ("--auditor-grade", "inadequate", "--worker-grade", "good", "--auditor-reason", "Old.",
             "--worker-reason", "Seen to.", "--impact", "Drift.")  # fmt: skip
    at = "2026-03-10T12:00"
    shell.says("aud", at, "audit", "record-disagreement", REF, *typed)
    shell.says("aud", at, "audit", "submit", REF)
    held = ("escalation", "hold", REF, "1", "--until", "2026-03-20", *WHY)
    assert "hold" in shell.says("qam", "2026-03-11T10:00", *held)
    page = shell.says("qa1", "2026-03-11T10:00", "audit", "show", REF)
    assert "held until Fri 20 March 2026" in page
    shell.says("qam", "2026-03-12T10:00", "escalation", "resume", REF, "1")
    shell.says("qa1", "2026-03-12T11:00", "escalation", "answer", REF, "1", "--says", "x", *GRADED)
    said = shell.says("kw", "2026-03-12T12:00", "escalation", "reject", REF, "1", *WHY)
    assert "Level 3" in said
    moved = ("escalation", "bypass", REF, "1", "--level", "4", *WHY)
    assert "Level 4" in shell.says("qam", "2026-03-12T13:00", *moved)
    decided = ("escalation", "decide", REF, "1", *GRADED, *WHY)
    assert "Resolved" in shell.says("ad", "2026-03-13T10:00", *decided)
    assert "(final)" in shell.says("kw", "2026-03-13T10:00", "audit", "show", REF)


def test_an_escalation_raised_before_it_is_late(shell: Shell) -> None:
    shell.under_way()
    typed = ("escalation", "raise", REF, "--duty", "supervision_review", *WHY)
    said = shell.says("qa1", "2026-03-20T10:00", *typed)
    assert "raise → Level 2 (T4, supervision review not held in time; raised by hand, " in said
    page = shell.says("qa1", "2026-03-20T10:00", "audit", "show", REF)
    assert "raised 2026-03-20 by Qa1, before it was late\n" in page
    told = shell.told("qa1", "2026-03-20T10:00", "audit", "show", REF)
    assert [e["raised_by"] for e in told["escalations"] if e["trigger"] == "T4"] == ["Qa1"]


def test_a_date_beyond_the_cap_is_approved(shell: Shell) -> None:
    shell.under_way()
    typed = ("--what", "Arrange a family group conference", "--success", "It was held",
             "--resources", "yes", "--realistic", "yes", "--owner", "kw", "--due", "2026-05-20",
             "--because", "The family is away until May.")  # fmt: skip
    shell.says("aud", "2026-03-10T11:00", "audit", "add-action", REF, *typed)
    said = shell.says("qa1", "2026-03-10T12:00", "action", "approve-date", REF, "2")
    assert "approve date" in said


def grown(shell: Shell) -> str:
    """GOV.UK's file with one more day, Fri 13 March 2026."""
    listed = [{"title": h.title, "date": str(h.day), "notes": h.note} for h in bundled().holidays]
    listed.append({"title": "Coronation", "date": "2026-03-13", "notes": ""})
    part = {"division": "england-and-wales", "events": listed}
    path = shell.folder / "bank-holidays.json"
    path.write_text(json.dumps({"england-and-wales": part}))
    return str(path)


def test_a_grown_calendar_moves_what_is_owed_and_lists_it(shell: Shell) -> None:
    shell.under_way()
    at, file = "2026-03-11T09:00", grown(shell)
    assert "Complete the immediate action (action 1)" not in shell.says("qa1", at, "where")
    said = shell.says("qam", at, "calendar", "import", file)
    assert "added 2026-03-13 Coronation" in said
    assert f"{REF}: immediate_action (action 1) moved from 2026-03-17 to 2026-03-18" in said
    page = shell.says("rm", at, "audit", "show", REF)
    assert "skipping Fri 13 (Coronation)" in page
    assert "Wed 18 March 2026" in page
    again = shell.told("qam", at, "calendar", "import", file)
    assert (again["added"], again["moved"]) == ({}, [])
    assert shell.says("", "2026-03-18T23:59", "sweep").count("T3") == 0


def test_what_needs_no_audit(shell: Shell, tmp_path: Path) -> None:
    shell.founded("2026-01-05T09:00")
    at = "2026-01-05T09:00"
    assert {"setting", "default"} <= set(shell.told("qa1", at, "policy", "list")[0])
    assert "extension_days" in shell.says("qa1", at, "policy", "list", "--db", "x", "--as", "qa1")
    found = {s["setting"]: s for s in shell.told("qa1", at, "config", "show")}
    assert found["db"]["value"] == str(shell.path)
    assert found["as"] == {"setting": "as", "value": "qa1", "from": "command line"}
    assert "environment (AUDITFLOW_DB)" in shell.says("", "", "config", "show")
    assert shell.says("qa1", at, "db", "upgrade") == "The store is up to date.\n"
    assert shell.told("", "", "calendar", "show", "--year", "2026")["holidays"][0]["weekday"]
    typed = ("deadline", "--from", "2026-04-02", "--working-days", "5")
    assert "→ Mon 13 April 2026" in shell.says("", "", *typed)


def every() -> Iterator[tuple[str, ...]]:
    """Each command of the help, as it is typed."""
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        if isinstance(command, click.Group):
            yield from ((name, sub) for sub in command.commands)
        else:
            yield (name,)


def test_no_command_is_left_out_here() -> None:
    here = Path(__file__).parent
    files = [*here.glob("test_command_line_*.py"), here / "test_demo.py", here / "test_diagrams.py"]
    text = "\n".join(f.read_text() for f in [*files, here.parent / "support" / "shell.py"])
    missing = [
        words for words in every()
        if not re.search(r",\s*".join(f'"{w}"' for w in words), text)
        and words[0] not in TYPED_ELSEWHERE
    ]  # fmt: skip
    assert missing == []


@pytest.mark.parametrize("words", list(every()), ids=" ".join)
def test_each_command_says_what_it_is_for(shell: Shell, words: tuple[str, ...]) -> None:
    said = shell.says("", "", *words, "--help")
    assert said.startswith("Usage: ")
    assert "--as PERSON" in said or words[0] in ("deadline", "chart", "policy")
    assert max(map(len, said.splitlines())) <= 100


@contextmanager
def watching(shell: Shell) -> Iterator[subprocess.Popen[str]]:
    """`sweep --every 1s` in a process of its own, ended at last."""
    process = subprocess.Popen(
        shell.typed("sweep", "--every", "1s", "--json"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=shell.full_env(),
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_the_watch_sweeps_again_lets_nobody_in_and_ends_when_told(shell: Shell) -> None:
    last_year = date.today().year - 1
    shell.founded(f"{last_year}-01-02T09:00")
    lock = shell.path.with_name("office.db.sweep-lock")
    with watching(shell) as first:
        until(lock.exists, "it does not begin")
        second = shell.process("sweep", "--every", "1s")
        assert (second.returncode, second.stdout) == (1, "")
        assert second.stderr.startswith("auditflow: Another process sweeps")
        assert second.stderr.count("\n") == 1
        # What falls due while it watches is raised by a later sweep than its first.
        month = f"{last_year}-06"
        shell.drawn(month, f"{last_year}-01-08T09:00")
        raised = json.loads(read_document(first))
        assert raised["raised"][0]["audit"] == f"{month}-001"
        first.send_signal(signal.SIGTERM)
        assert first.wait(timeout=STUCK) == 0
        assert first.stderr is not None
        assert {json.loads(line)["event"] for line in first.stderr} == {"swept"}
    lock.unlink()
    with watching(shell) as third:
        until(lock.exists, "it does not begin")
        third.send_signal(signal.SIGINT)
        assert third.wait(timeout=STUCK) == 0


def read_document(process: subprocess.Popen[str]) -> str:
    """The next JSON document a process prints."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line == "}\n":
            break
    return "".join(lines)


def test_who_judges_reads_what_is_judged(shell: Shell) -> None:
    shell.under_way()
    shell.agreed(REF, "good", "2026-03-10T11:30")
    shell.says("aud", AT_NOON, "audit", "submit", REF)
    done = ("action", "complete", REF, "1", "--evidence", "See Mosaic, 12 March.")
    shell.says("rm", "2026-03-12T10:00", *done)
    raised = ("escalation", "raise", REF, "--duty", "supervision_review", *WHY)
    shell.says("qa1", "2026-03-12T11:00", *raised)
    answer = ("escalation", "answer", REF, "1", "--says", "It is booked for Friday.")
    shell.says("qa1", "2026-03-12T12:00", *answer)
    page = shell.says("qa2", "2026-03-12T13:00", "audit", "show", REF)
    assert "evidence: See Mosaic, 12 March." in page
    assert "“It is booked for Friday.”" in page
    assert "held on Tue 10 March 2026" in page


def test_a_case_list_with_people_nobody_knows_is_taken_with_a_warning(shell: Shell) -> None:
    shell.under_way()
    rows = [dict(row) for row in cases(2)]
    rows[0] |= {"Restricted": "Y"}
    rows[1] |= {"Allocated Worker": "stranger", "Allocated Team": "Nowhere", "Restricted": "N"}
    result = shell.tries("qa1", AT_NOON, "import", shell.csv("more.csv", rows))
    assert result.exit_code == 0
    assert "2 cases taken in, 2 of them open, 1 restricted." in result.stdout
    assert "No responsible manager is on the people list for Nowhere" in result.stderr
    assert "Not on the people list: stranger." in result.stderr
    assert f"audited already without being so: {REF}." in result.stderr
