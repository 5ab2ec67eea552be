"""A chart with one more state, as somebody would add it: in a copy, file by file.

The state “Feedback invited” comes with a duty of 10 working days and two events. It is put on the
line of states, or beside it, where verifying passes it by.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]

CHART = "src/auditflow/machines/audit.py"
FORMS = "src/auditflow/commands/follow_up.py"
PERMISSIONS = "tests/paper/permissions.csv"
PAPER = "tests/paper/audit_process.csv"
SCENARIO = "tests/acceptance/test_scenario_feedback.py"

_STATE = '    feedback_invited = State("Feedback invited", QA_TEAM, took_place=True)\n'
_DUTY = (
    '    hear_feedback = owe(feedback_invited, "Hear what they say", QA_TEAM, WorkingDays(10),'
    ' "submitted_on", "record_feedback", T9, cite=chosen("Ten working days to answer."))\n'
)
_LINES = """\
    invite_feedback = {invite}, by=QA_TEAM, cite=chosen("Families are asked."), says="They are asked.")
    record_feedback = move(feedback_invited, {end}, by=QA_TEAM, cite=chosen("Families are asked."), says="It is kept.")
"""  # noqa: E501 - a line of a chart is one line

_FORMS = '''

class InviteFeedback(AuditCommand):
    """Ask child and family what they make of the audit."""

    event: ClassVar[str] = "invite_feedback"


class RecordFeedback(WithReason):
    """Record what child and family said."""

    event: ClassVar[str] = "record_feedback"
    reason: str = field("what they said")
'''

_SCENARIO = '''"""Child and family are asked what they make of the audit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from auditflow.cli import main
from auditflow.commands import follow_up
from support.asking import proof_of
from support.checks import check_store, due
from support.office import Office, supervision


def asked(office: Office, *words: str) -> Any:
    typed = ["--db", office.url, "--as", "qa1", "--now", "2026-03-12T09:00:00Z", *words, "--json"]
    done = CliRunner().invoke(main, typed)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_feedback_is_invited_and_recorded(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ref = office.submitted("2026-03", "2026-03-10", "2026-02-02")
    office.do(supervision(ref), "rm", "2026-03-11 10:00")
    {invite}
    assert office.audit(ref).state == "feedback_invited"
    assert due(office, ref, "hear_feedback") == "2026-03-24"
    done = asked(office, "round", "show", "2026-03")["completion"]
    assert (done["held"], done["to_hold"]) == (1, 1)
    board = asked(office, "where")
    (place,) = (p for p in board["places"] if p["state"] == "feedback_invited")
    assert (place["audits"], place["live"]) == (1, True)
    assert board["owed"] == {"hear_feedback": 1}
    listed = asked(office, "audit", "list", "--state", "feedback_invited")
    assert [a["reference"] for a in listed] == [ref]
    assert "feedback_invited" not in str(asked(office, "report", "month"))
    record = follow_up.RecordFeedback(audit=ref, reason="They felt heard.")
    office.do(record, "qa1", "2026-03-13 10:00")
    assert office.audit(ref).state == "{then}"
    check_store(office, "2026-03-13 12:00")
    assert proof_of(office.app).faults == []
    office.app.close()
'''


def copied(folder: Path) -> Path:
    """The package and what is typed beside it, in a folder of their own."""
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests", folder / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "diagrams", folder / "diagrams")
    shutil.copytree(ROOT / "docs", folder / "docs")
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def edit(folder: Path, file: str, *, beside: bool) -> None:
    """One of the five files, changed as a person would."""
    path = folder / file
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(_EDITS[file](text, beside), encoding="utf-8")


def _chart(text: str, beside: bool) -> str:
    above = "closed" if beside else "awaiting_verification"
    start, end = (
        ("awaiting_verification", "closed")
        if beside
        else ("feedback_invited", "awaiting_verification")
    )
    text = _put(text, _STATE, f"    {above} = State(")
    text = _changed(text, "verification, closed)", "verification, feedback_invited, closed)")
    invite = f"move({start}, feedback_invited" if beside else f"stay({start}"
    if not beside:
        text = _changed(text, "move(post_audit, awaiting_verification", f"move(post_audit, {start}")
    lines = _LINES.format(invite=invite, end=end)
    return _put(text, lines, "    withdraw = move(").rstrip() + "\n" + _DUTY


def _forms(text: str, _: bool) -> str:
    return text + _FORMS


def _permissions(text: str, _: bool) -> str:
    events = ("invite_feedback", "record_feedback")
    return text + "".join(f"audit,{event},qa_team qa_manager,,made up\n" for event in events)


def _paper(text: str, beside: bool) -> str:
    start, end = (
        ("awaiting_verification", "closed")
        if beside
        else ("feedback_invited", "awaiting_verification")
    )
    invited = "feedback_invited" if beside else "same"
    lines = (
        f"new,invite_feedback,{start},{invited},qa_team,,,,,,,chosen\n"
        f"new,record_feedback,feedback_invited,{end},qa_team,,,,,,,chosen\n"
        "duty,hear_feedback,feedback_invited,same,qa_team,,,10 working days,submitted_on,"
        "record_feedback,T9,chosen\n"
    )
    if not beside:
        text = _changed(text, "post_audit,awaiting_verification", "post_audit,feedback_invited")
    return text.rstrip() + "\n" + lines


def _scenario(_: str, beside: bool) -> str:
    invited = 'office.do(follow_up.InviteFeedback(audit=ref), "qa1", "2026-03-12 08:00")'
    return _SCENARIO.replace("{invite}", invited).replace(
        "{then}", "closed" if beside else "awaiting_verification"
    )


def _changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def _put(text: str, lines: str, before: str) -> str:
    return _changed(text, before, lines + before)


_EDITS: Final = {
    CHART: _chart,
    FORMS: _forms,
    PERMISSIONS: _permissions,
    PAPER: _paper,
    SCENARIO: _scenario,
}


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of the copied package."""
    return _python(folder, "-m", "auditflow", *arguments)


def tested(folder: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    """Tests of the copy, in this one process."""
    return _python(folder, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *tests)


def _python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(str(folder / name) for name in ("src", "tests"))
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
