"""S1, S2 and S13 typed in a terminal: each date is looked for in the words and in the JSON."""

from __future__ import annotations

import json
from typing import Any

from support.shell import Shell, cases, plan, staff, unmoderated

REF = "2026-03-001"


def due(page: Any, what: str, about: str = "audit") -> str | None:
    """The date one thing owed is due, on the page of an audit."""
    return next((o["due"] for o in page["owed"] if (o["what"], o["about"]) == (what, about)), None)


def duties(done: Any) -> dict[str, str]:
    """What stands after a command, by its name and what it is about."""
    return {f"{d['duty']} {d['subject']}": d["due"] for d in done["duties"]}


def begun_in_january(shell: Shell) -> None:
    """S1 on Wed 28 January 2026: people, case list, draw."""
    at = "2026-01-28T09:00"
    assert shell.says("", at, "init", "--rehearsal").startswith("Made an empty store")
    people = shell.csv("people.csv", staff())
    assert shell.says("qa1", at, "people", "import", people).startswith("14 people taken in")
    again = shell.told("qa1", at, "people", "import", people)
    assert again == {"people": 14, "new": 0}
    listed = {p["id"]: p for p in shell.told("qa1", at, "people", "list")}
    assert listed["kw"]["line"] == ["rm", "hos", "ad", "ed"]
    assert "responsible_manager" in shell.says("kw", at, "people", "list")
    book = shell.xlsx("annex-a.xlsx", cases(3), titles=["Annex A, list 6"])
    assert shell.told("qa1", at, "import", book)["as_at"] == "2026-01-28"
    table = shell.csv("cases.csv", cases(3))
    said = shell.says("qa1", at, "import", table, "--as-at", "2026-01-28")
    assert said.startswith("3 cases taken in, 3 of them open, 0 restricted.")
    month = ("--month", "2026-03", "--size", "1", "--seed", unmoderated("2026-03"))
    drawn = shell.told("qa1", at, "round", "draw", *month)
    assert (drawn["drawn"], drawn["pool"]) == ([REF], 3)
    found = shell.told("kw", at, "round", "show", "2026-03")
    assert (found["seed"], found["drawn_by"]) == (drawn["seed"], "qa1")
    assert drawn["seed"] in shell.says("kw", at, "round", "show", "2026-03")
    page = shell.told("qa1", at, "audit", "show", REF)
    assert (page["state"], due(page, "Distribute the case")) == ("selected", "2026-01-30")
    assert "Fri 30 January 2026" in shell.says("qa1", at, "audit", "show", REF)


def booked_in_february(shell: Shell) -> None:
    """S1: distributed, booked, the file checked."""
    said = shell.says("qa1", "2026-01-28T10:00", "audit", "distribute", REF, "--auditor", "aud")
    assert "Arrange the meeting, by Wed 4 February 2026 (Auditor)" in said
    assert "Hold the audit, by Tue 31 March 2026 (Auditor)" in said
    done = shell.told("aud", "2026-02-03T10:00", "audit", "book-meeting", REF, "--on", "2026-03-10")
    assert done["state"] == "meeting_booked"
    assert duties(done)["hold_audit audit"] == "2026-03-31"
    assert "arrange_meeting audit" not in duties(done)
    said = shell.says("kw", "2026-03-09T10:00", "audit", "confirm-file-checked", REF)
    assert "confirm file checked" in said


def held_in_march(shell: Shell) -> None:
    """S1 on Tue 10 March: Good agreed, one immediate action, submitted."""
    at = "2026-03-10T10:00"
    said = shell.says("aud", at, "audit", "start-audit", REF, "--key-worker-present")
    assert "Review in supervision, by Fri 10 April 2026 (Responsible manager)" in said
    shell.elements(REF, at)
    said = shell.immediate(REF, "2026-03-17", at)
    assert "Complete the immediate action (action 1), by Tue 17 March 2026" in said
    shell.agreed(REF, "good", at)
    done = shell.told("aud", "2026-03-10T12:00", "audit", "submit", REF)
    assert done["state"] == "post_audit"
    assert duties(done) == {
        "immediate_action action 1": "2026-03-17",
        "supervision_review audit": "2026-04-10",
    }
    page = shell.says("rm", "2026-03-10T12:00", "audit", "show", REF)
    assert "5 working days from Tue 10 March: skipping Sat 14, Sun 15 → Tue 17 March 2026" in page
    assert "1 month from Tue 10 March → Fri 10 April 2026" in page
    assert "grade: Good (final)" in page


def finished(shell: Shell, n: int, who: str, day: str) -> Any:
    """An action done and filed on one day."""
    said = ("--evidence", "Case note on Mosaic.")
    shell.says(who, f"{day}T10:00", "action", "complete", REF, str(n), *said)
    heading = ("--heading", "Audit Action Plan - March")
    return shell.told("rm", f"{day}T11:00", "action", "file", REF, str(n), *heading)


def test_s1_from_an_empty_folder_to_a_closed_audit(shell: Shell) -> None:
    begun_in_january(shell)
    booked_in_february(shell)
    held_in_march(shell)
    finished(shell, 1, "rm", "2026-03-16")
    file = shell.csv("plan.csv", plan(("kw", "2026-04-24"), ("rm", "2026-04-30")))
    typed = (
        "audit",
        "record-supervision",
        REF,
        "--attendees",
        "kw and rm",
        "--key-worker-present",
        "--plan",
        file,
    )
    said = shell.says("rm", "2026-03-31T15:00", *typed)
    assert "Complete the agreed action (action 2), by Fri 24 April 2026" in said
    assert "Complete the agreed action (action 3), by Thu 30 April 2026" in said
    owed = shell.told("qa1", "2026-03-31T15:00", "work", "--for", "kw")
    assert [(j["due"], j["reference"]) for j in owed] == [("2026-04-24", REF)]
    assert "2026-04-24" in shell.says("kw", "2026-03-31T15:00", "work")
    finished(shell, 2, "kw", "2026-04-22")
    done = finished(shell, 3, "rm", "2026-04-30")
    assert done["state"] == "awaiting_verification"
    assert duties(done) == {"verify audit": "2026-05-08"}
    page = shell.says("qa1", "2026-05-01T09:00", "audit", "show", REF)
    assert "skipping Sat 2 May, Sun 3, Mon 4" in page
    assert "Fri 8 May 2026" in page
    closed = shell.told("qa1", "2026-05-06T10:00", "audit", "verify", REF)
    assert (closed["state"], closed["duties"]) == ("closed", [])
    assert shell.says("", "2026-06-30T09:00", "sweep") == "Nothing has fallen due.\n"
    page = shell.told("qa1", "2026-06-30T09:00", "audit", "show", REF)
    assert (page["escalations"], page["owed"]) == ([], [])
    board = shell.told("qa1", "2026-06-30T09:00", "where")
    assert {p["state"]: p["audits"] for p in board["places"]}["closed"] == 1
    assert "no faults" in shell.says("", "", "verify")


def test_s2_a_late_immediate_action_over_christmas(shell: Shell) -> None:
    shell.founded("2025-10-01T09:00")
    ref = shell.held("2025-12", "2025-12-19", "2025-10-27")
    said = shell.immediate(ref, "2025-12-30", "2025-12-19T11:00")
    assert "by Tue 30 December 2025" in said
    shell.agreed(ref, "good", "2025-12-19T11:00")
    done = shell.told("aud", "2025-12-19T12:00", "audit", "submit", ref)
    assert duties(done)["supervision_review audit"] == "2026-01-19"
    page = shell.says("qa1", "2025-12-19T12:00", "audit", "show", ref)
    assert "Thu 25 (Christmas Day), Fri 26 (Boxing Day)" in page
    assert "1 month from Fri 19 December 2025 → Mon 19 January 2026" in page

    assert shell.says("", "2025-12-30T23:59", "sweep") == "Nothing has fallen due.\n"
    raised = shell.told("", "2025-12-31T00:00", "sweep")["raised"]
    assert [(r["audit"], r["trigger"], r["after"]) for r in raised] == [(ref, "T3", "level_2")]
    assert shell.says("", "2025-12-31T00:00", "sweep") == "Nothing has fallen due.\n"
    page = shell.says("qa1", "2025-12-31T09:00", "audit", "show", ref)
    assert "OVERDUE  Complete the immediate action [action 1]" in page
    assert "Level 2, Quality Assurance Team; raised 2025-12-31, overdue since 2025-12-31" in page
    assert "answer by Thu 8 January 2026, else up one level" in page
    assert "(New Year’s Day), Sat 3, Sun 4 → Thu 8 January 2026; if late: up one level" in page
    listed = shell.told("qa1", "2025-12-31T09:00", "audit", "list", "--overdue")
    assert [(e["reference"], e["overdue"], e["escalations"]) for e in listed] == [(ref, 1, 1)]
    assert "2025-12-30" in shell.says("qa1", "2025-12-31T09:00", "audit", "list", "--overdue")
    assert "T3" in shell.says("qa1", "2025-12-31T09:00", "where")

    typed = ("action", "complete", ref, "1", "--evidence", "Case note on Mosaic.")
    shell.says("rm", "2026-01-06T10:00", *typed)
    (answered,) = shell.told("qa1", "2026-01-06T10:30", "audit", "show", ref)["escalations"]
    assert answered["answer"].startswith("done")
    said = shell.says("qa1", "2026-01-06T11:00", "escalation", "accept", ref, "1")
    assert "escalation 1: accept → Resolved" in said
    page = shell.told("qa1", "2026-01-06T11:00", "audit", "show", ref)
    assert page["actions"][0]["done_on"] == "2026-01-06"
    assert (page["escalations"][0]["resolved"], page["escalations"][0]["trigger"]) == (True, "T3")
    assert "resolved on Tue 6 January 2026 (done)" in page["escalations"][0]["next"]
    assert due(page, "Review in supervision") == "2026-01-19"
    assert shell.told("", "2026-01-19T23:59", "verify")["faults"] == []


def test_s13_a_grade_settled_by_advice_each_command_a_process(shell: Shell) -> None:
    shell.founded("2025-11-03T09:00")
    ref = shell.held("2026-01", "2026-01-15", "2025-11-20")
    shell.immediate(ref, "2026-01-22", "2026-01-15T11:00")
    typed = ("--auditor-grade", "requires improvement", "--worker-grade", "good",
             "--auditor-reason", "The plan is old.", "--worker-reason", "It was seen to.",
             "--impact", "Drift.", "--as", "aud", "--now", "2026-01-15T11:30Z")  # fmt: skip
    said = shell.process("audit", "record-disagreement", ref, *typed)
    assert (said.returncode, said.stderr) == (0, "")
    assert "Answer (escalation 1), by Thu 22 January 2026 (Quality Assurance Team)" in said.stdout
    at = ("--as", "aud", "--now", "2026-01-15T12:00Z", "--json")
    said = shell.process("audit", "submit", ref, *at)
    submitted = json.loads(said.stdout)
    assert submitted["state"] == "post_audit"
    assert duties(submitted) == {
        "answer escalation 1 level_2": "2026-01-22",
        "immediate_action action 1": "2026-01-22",
        "supervision_review audit": "2026-02-16",
    }
    kept = shell.dump("access_log")
    said = shell.process("audit", "verify", ref, "--as", "qa1", "--now", "2026-01-20T09:00Z")
    assert (said.returncode, said.stdout) == (5, "")
    assert said.stderr.startswith("auditflow: ")
    assert said.stderr.count("\n") == 1
    assert shell.dump("access_log") == kept
    page = shell.told("kw", "2026-01-20T09:00", "audit", "show", ref)
    assert page["grade_status"] == "disputed"
    sums = [o["sum"] for o in page["owed"]]
    assert "1 month from Thu 15 January: Sun 15 February, rolled on → Mon 16 February 2026" in sums

    advice = ("--says", "Having read both.", "--grade", "requires improvement")
    shell.says("qa1", "2026-01-20T10:00", "escalation", "answer", ref, "1", *advice)
    shell.says("kw", "2026-01-20T11:00", "escalation", "accept", ref, "1")
    done = shell.says("aud", "2026-01-20T12:00", "escalation", "accept", ref, "1")
    assert "Resolved" in done
    page = shell.told("kw", "2026-01-20T12:00", "audit", "show", ref)
    assert (page["grade"], page["grade_status"]) == ("Requires Improvement", "final")
    assert page["escalations"][0]["resolved"]
    assert "no faults" in shell.process("verify").stdout
