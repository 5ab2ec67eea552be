"""Whatever is typed wrong: one plain line, the exit code of the design, an unchanged store."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from auditflow.cli.audits import action, audit, escalation
from support.shell import AT_NOON as NOW
from support.shell import SMART, Shell, cases, plan, staff
from support.shell import UNDER_WAY as REF

FOUND = ("audit", "record-findings", REF, "--element", "engagement", "--evidence")
ADD = ("audit", "add-action", REF, *SMART)
BOOK = ("audit", "book-meeting", REF, "--on")


@pytest.fixture
def shell(shell: Shell) -> Shell:
    shell.under_way()
    return shell


LONG = "x" * 100_000 + " and " + "y" * 100_000
TYPED: list[tuple[str, tuple[str, ...], int, str]] = [
    ("aud", ("audit", "show", "2026-03-999"), 3, "no audit “2026-03-999”"),
    ("aud", ("audit", "submit", "2026-03-999"), 3, "no audit “2026-03-999”"),
    ("aud", ("audit", "show", ""), 3, "no audit “”"),
    ("aud", ("audit", "show", "' OR 1=1 --"), 3, "auditflow audit list"),
    ("rm", ("action", "complete", REF, "9", "--evidence", "x"), 3, "no action 9; it has 1"),
    ("aud", ("action", "complete", REF, "one", "--evidence", "x"), 2, "ACTION: “one” is not a"),
    ("qa1", ("round", "show", "2027-01"), 3, "auditflow round draw --month 2027-01"),
    ("qa1", ("audit", "verify", REF), 5, "stands at “Audit under way”"),
    ("aud", ("audit", "submit", REF), 5, "a grade is agreed"),
    ("qa1", ("round", "draw", "--month", "2026-03", "--size", "1"), 5, "drawn already"),
    ("aud", (*BOOK, "10/03/2026"), 2, "--on: “10/03/2026” is not a date; write it as 2026-02-28"),
    ("aud", (*BOOK, "2026-02-30"), 2, "--on: “2026-02-30” is not a date"),
    ("aud", (*BOOK, ""), 2, "--on: "),
    ("qa1", ("round", "draw", "--month", "2026-13", "--size", "1"), 2, "“2026-13” is not a month"),
    ("qa1", ("round", "draw", "--month", "March", "--size", "1"), 2, "write it as 2026-03"),
    ("qa1", ("round", "draw", "--month", "2026-04", "--size", "0"), 2, "--size: “0” is not a"),
    ("qa1", ("round", "draw", "--month", "2026-04", "--size", "9"), 2, "more than the pool holds"),
    ("qa1", ("round", "draw", "--month", "2025-04", "--size", "1"), 2, "not ahead"),
    ("aud", (*ADD, "--owner", "kw", "--due", "2040-01-02"), 2, "calendar ends on 31 December"),
    ("aud", ("deadline", "--from", "2028-12-29", "--working-days", "5"), 2, "calendar import"),
    ("aud", (*FOUND, "x", "--happened-at", "2026-03-11"), 2, "is in the future"),
    ("aud", (*FOUND, "x", "--happened-at", "2026-03-09"), 2, "is before Tue 10 March 2026"),
    ("aud", (*FOUND, "x", "--happened-at", "soon"), 2, "--happened-at: “soon” is not"),
    ("aud", (*ADD, "--owner", "kw", "--due", "ASAP"), 2, "“ASAP” is not a --due"),
    ("aud", (*ADD, "--owner", "kw", "--due", "next supervision"), 2, "such as 2026-03-17"),
    ("aud", (*ADD, "--owner", "kw", "--due", ""), 2, "empty"),
    ("aud", (*ADD, "--owner", "kw", "--due", "2026-03-09"), 5, "is past"),
    ("aud", (*ADD, "--owner", "", "--due", "2026-03-30"), 2, "nobody is named"),
    ("aud", (*ADD, "--owner", "the team", "--due", "2026-03-30"), 2, "nobody in particular"),
    ("aud", (*ADD, "--owner", "zoe", "--due", "2026-03-30"), 3, "no person “zoe”"),
    ("aud", ("audit", "agree-grade", REF, "--grade", "splendid", "--impact", "x"), 2, "Inadequate"),
    ("aud", (*FOUND[:4], "seventh", "--evidence", "x"), 2, "“seventh” is none of the six"),
    ("aud", (*FOUND, LONG), 2, "has 200,005 characters; at most 20,000"),
    ("aud", (*FOUND, "a\x1b[2Jb"), 2, "control character at place 2"),
    ("aud", (*FOUND, " \n"), 2, "is empty"),
    ("aud", (*FOUND, "x", "--key", "a\x07"), 2, "--key takes 1 to 200"),
    ("aud", ("audit", "list", "--state", "<b>"), 2, "--state “<b>” is no state. Give one of"),
    ("aud", ("audit", "list", "--limit", "0"), 2, "--limit: “0” is not a whole number"),
    ("qa1", ("sweep", "--every", "often"), 2, "--every “often” is no time. Give seconds"),
    ("qa1", ("people", "import", "none.csv"), 2, "no file “none.csv”"),
    ("qa1", ("import", "/"), 2, "is a folder"),
    ("qam", ("calendar", "import", "none.json"), 2, "none.json cannot be read"),
    ("qa1", ("import", "x", "--as-at", "today"), 2, "--as-at: “today” is not a date"),
    (
        "rm",
        (
            "audit",
            "record-supervision",
            REF,
            "--attendees",
            "x",
            "--key-worker-present",
            "--plan",
            "n.csv",
        ),
        2,
        "n.csv",
    ),
    ("kw", ("audit", "submit", REF), 4, "“submit” is for: Auditor. Kw is none of these"),
    ("kw", ("round", "draw", "--month", "2026-04", "--size", "1"), 4, "Quality Assurance Team"),
    ("kw", ("work", "--for", "aud"), 4, "shown to the QA Team"),
    ("", (*FOUND, "x"), 4, "--as PERSON"),
    ("", ("where",), 4, "--as PERSON"),
    ("", ("audit", "show", REF), 4, "--as PERSON"),
    ("zoe", (*FOUND, "x"), 4, "no person “zoe” on the people list"),
    ("zoe", ("audit", "list"), 4, "no person “zoe” on the people list"),
    ("zoe", ("people", "list"), 4, "no person “zoe” on the people list"),
]


@pytest.mark.parametrize(("who", "words", "code", "says"), TYPED)
def test_what_is_typed_wrong(
    shell: Shell, who: str, words: tuple[str, ...], code: int, says: str
) -> None:
    shell.refuses(who, *words, code=code, says=says)


def test_a_moment_past_the_holiday_list(shell: Shell) -> None:
    end = "calendar ends on 31 December 2028. Import a newer GOV.UK bank holiday file"
    shell.refuses("qa1", "where", code=2, says=end, when="2030-01-01T09:00")
    shell.refuses("", "sweep", code=1, says=end, when="2030-01-01T09:00")


@pytest.mark.parametrize("group", [audit, action, escalation], ids=lambda g: str(g.name))
def test_each_option_that_must_be_there_is_asked_for(shell: Shell, group: click.Group) -> None:
    kept = shell.dump("access_log")
    for name, command in group.commands.items():
        needed = [p for p in command.params if p.required and isinstance(p, click.Option)]
        part = [] if group is audit else ["1"]
        if needed:
            result = shell.tries("aud", NOW, str(group.name), name, REF, *part)
            assert (result.exit_code, result.stdout) == (2, ""), (name, result.output)
            assert needed[0].opts[0] in result.stderr
    assert shell.dump("access_log") == kept


@pytest.mark.parametrize("words", [("frob",), ("audit", "frob"), ("where", "--frob"), ("audit",)])
def test_no_such_command_or_option(shell: Shell, words: tuple[str, ...]) -> None:
    result = shell.tries("aud", NOW, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr


def test_the_same_command_twice_is_done_once(shell: Shell) -> None:
    typed = (*FOUND, "Seen.", "--key", "tuesday")
    shell.says("aud", NOW, *typed)
    kept = shell.dump()
    said = shell.says("aud", NOW, *typed)
    assert said == f"{REF}: this was done before under the same key; nothing was done again.\n"
    assert shell.told("aud", NOW, *typed)["repeated"] is True
    assert shell.dump() == kept
    shell.agreed(REF, "good", NOW)
    shell.says("aud", NOW, "audit", "submit", REF)
    shell.refuses("aud", "audit", "submit", REF, code=5, says="stands at “After the audit”")


def test_labels_that_mean_something_elsewhere_are_only_letters(shell: Shell) -> None:
    label = 'Write <b>the plan</b> with \\n and "quotes" & {braces} down'
    typed = ("--success", "It <is> done", "--resources", "yes", "--realistic", "yes")
    owned = ("--owner", "kw", "--due", "2026-03-30")
    shell.says("aud", NOW, "audit", "add-action", REF, "--what", label, *typed, *owned)
    assert f"2. {label} - agreed" in shell.says("aud", NOW, "audit", "show", REF)
    assert shell.told("aud", NOW, "audit", "show", REF)["actions"][1]["what"] == label
    rows = [dict(r) | {"Allocated Team": '<b>\\"'} for r in cases(2)]
    shell.says("qa1", NOW, "import", shell.csv("cases.csv", rows))
    shell.says("qa1", NOW, "round", "draw", "--month", "2026-05", "--size", "1")
    assert '<b>\\"' in shell.says("qa1", NOW, "audit", "list", "--state", "selected")


def test_spreadsheets_that_will_not_do(shell: Shell) -> None:
    lacking = shell.csv("people.csv", [{"id": "x", "name": "y"}])
    shell.refuses("qa1", "people", "import", lacking, code=2, says="lacks the columns “roles”")
    nameless = [{k: v for k, v in r.items() if k != "Case Status"} for r in cases()]
    book = shell.xlsx("cases.xlsx", nameless)
    shell.refuses("qa1", "import", book, code=2, says="lacks the column “Case Status”")
    hidden = [dict(r) | {"Allocated Team": "A\x1b[2Jble"} for r in cases()]
    shell.refuses("qa1", "import", shell.csv("c.csv", hidden), code=2, says="(U+001B)")
    asap = shell.csv("plan.csv", plan(("kw", "ASAP")))
    shell.agreed(REF, "good", NOW)
    shell.says("aud", NOW, "audit", "submit", REF)
    review = (
        "audit",
        "record-supervision",
        REF,
        "--attendees",
        "Both",
        "--key-worker-present",
        "--plan",
        asap,
    )
    shell.refuses("rm", *review, code=2, says="“ASAP” is not")


def test_spreadsheets_that_look_odd_and_will_do(shell: Shell) -> None:
    text = Path(shell.csv("cases.csv", cases(3))).read_text()
    (shell.folder / "utf-16.csv").write_text(text, encoding="utf-16")
    (shell.folder / "blank.csv").write_text(text + ",,,,,,,\n" * 50 + "\n" * 50)
    blanks = [*cases(3), *[dict.fromkeys(r, "") for r in cases(40)]]
    book = shell.xlsx("blank.xlsx", blanks)
    for file in ("utf-16.csv", "blank.csv"):
        assert shell.told("qa1", NOW, "import", str(shell.folder / file))["cases"] == 3
    assert shell.told("qa1", NOW, "import", book)["cases"] == 3


def test_an_audit_that_is_not_theirs_reads_as_if_it_were_not_there(shell: Shell) -> None:
    for words in (("audit", "show", REF), ("audit", "submit", REF), (*FOUND, "x")):
        before = len(shell.dump()["access_log"])
        shell.refuses("kw2", *words, code=3, says=f"no audit “{REF}” for you")
        log = shell.dump()["access_log"]
        assert len(log) == before + 1
        assert "kw2" in log[-1]
    kept = shell.dump()
    shell.refuses("kw2", "audit", "show", "2026-03-002", code=3, says="no audit “2026-03-002” for")
    assert shell.dump() == kept
    assert shell.told("kw2", NOW, "audit", "list") == []


def test_now_is_for_rehearsal_and_for_reading(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell.founded("", rehearsal=False)
    shell.says("qa1", "", "import", shell.csv("cases.csv", cases()))
    writing = (
        ("people", "import", shell.csv("people.csv", staff())),
        ("import", str(tmp_path / "cases.csv")),
        ("round", "draw", "--month", "2026-03", "--size", "1"),
        ("audit", "submit", REF),
        ("sweep",),
    )
    for words in writing:
        says = "--now is for reading, and for rehearsal stores"
        shell.refuses("qa1", *words, code=2, says=says, when="2026-01-28T09:00")
    for words in (("where",), ("work",), ("audit", "list"), ("people", "list"), ("verify",)):
        shell.says("qa1", "2026-01-28T09:00", *words)
