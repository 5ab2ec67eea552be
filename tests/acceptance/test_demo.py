"""The demo at awkward moments: it always succeeds and always shows everything."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from auditflow import handbook
from auditflow.machines.charts import CHARTS
from support.frozen import frozen_at
from support.shell import Shell

STATES = set(CHARTS["audit"].states) - {"start"}
ALWAYS = {"T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9"}
MOMENTS = {
    "the first of a month, a Sunday": "2026-03-01T09:00",
    "the last of a month": "2026-03-31T17:00",
    "mid-month": "2026-06-17T12:00",
    "a bank holiday": "2026-05-04T12:00",
    "the first minute of a year": "2027-01-01T00:00",
    "a leap day": "2028-02-29T12:00",
}


def asked(folder: Path, sql: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(folder / "demo.db")) as database:
        return database.execute(sql).fetchall()


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pictures take most of the demo's time; one test looks at them."""
    monkeypatch.setattr(handbook, "draw", lambda *_: [])


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("now", MOMENTS.values(), ids=MOMENTS)
def test_the_demo_shows_every_state_and_every_trigger(tmp_path: Path, now: str) -> None:
    shell, folder = Shell(tmp_path), tmp_path / "demo"
    said = shell.says("", now, "demo", "--once", "--folder", str(folder))
    assert {state for (state,) in asked(folder, "SELECT DISTINCT state FROM audits")} == STATES
    raised = {t for (t,) in asked(folder, "SELECT DISTINCT trigger FROM escalations")}
    assert raised == ALWAYS
    store = ("--db", str(folder / "demo.db"))
    proof = shell.told("", now, "verify", *store)
    assert (proof["faults"], proof["audits"] >= 35) == ([], True)
    assert shell.says("", now, "sweep", *store) == "Nothing has fallen due.\n"
    assert went_to_the_assistant_director(shell, now, store)
    assert "Where each audit sits, " in said
    assert "What is escalated now, and why" in said


def went_to_the_assistant_director(shell: Shell, now: str, store: tuple[str, ...]) -> bool:
    """Whether a grade dispute climbed past level 3 and was decided at level 4."""
    for entry in shell.told("tess", now, "audit", "list", "--state", "closed", *store):
        page = shell.told("tess", now, "audit", "show", entry["reference"], *store)
        climbed = [e["after"] for e in page["timeline"] if e["about"] == "escalation 1"]
        if climbed == ["Level 2", "Level 2", "Level 3", "Level 4", "Resolved"]:
            decided = next(e for e in page["timeline"] if e["what"] == "decide")
            return str(decided["who"]) == "Bram Kessler"
    return False


def test_the_demo_again_and_its_charts_and_the_hints_it_ends_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell, folder = Shell(tmp_path), tmp_path / "demo"
    typed = ("demo", "--once", "--folder", str(folder))
    now = "2026-03-17T12:00"
    with monkeypatch.context() as without:
        without.setattr(handbook, "draw", lambda *_: [])
        first = shell.says("", now, *typed)
    (folder / "charts" / "old.svg").touch()
    assert shell.says("", now, *typed) == first
    charts = sorted(p.name for p in (folder / "charts").iterdir())
    kinds = ("action_progress", "audit_process", "escalation_process")
    assert charts == sorted(f"{kind}.{form}" for kind in kinds for form in ("svg", "png"))
    assert "overdue" in (folder / "charts" / "audit_process.svg").read_text(encoding="utf-8")
    hints = re.findall(r"^  \./run auditflow (.+)$", first, re.MULTILINE)
    assert len(hints) == 4
    for hint in hints:
        assert shell.says("", "", *hint.split())
    assert shell.says("", "", *hints[0].split()) in first


@pytest.mark.usefixtures("undrawn")
def test_without_a_moment_it_is_told_up_to_today(tmp_path: Path) -> None:
    shell, folder = Shell(tmp_path), tmp_path / "demo"
    # In London the first of July has begun.
    with frozen_at("2026-06-30T23:30:00Z"):
        said = shell.says("", "", "demo", "--once", "--folder", str(folder))
    assert "Where each audit sits, Wed 1 July 2026, 00:30" in said
    months = asked(folder, "SELECT DISTINCT month FROM audits ORDER BY 1")
    assert months[0] == ("2026-04-01",), "the first round is of three months before"
    (last,) = asked(folder, "SELECT max(recorded_at) FROM journal")
    assert last == ("2026-06-30T23:30:00.000000+00:00",)


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    shell, folder = Shell(tmp_path), tmp_path / "letters"
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear council")
    typed = ("demo", "--once", "--folder", str(folder))
    result = shell.tries("", "2026-03-17T12:00", *typed)
    assert (result.exit_code, result.stdout) == (2, "")
    says = f"auditflow: {folder} holds something else. Give another folder with --folder.\n"
    assert result.stderr == says
    assert [p.name for p in folder.iterdir()] == ["letter.txt"]
    result = shell.tries("", "2026-03-17T12:00", *typed[:-1], str(folder / "letter.txt"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert (folder / "letter.txt").read_text() == "Dear council"
