"""`auditflow chart`: the committed drawings are the code's, and `check` says what is not."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from auditflow import drawing, handbook
from auditflow.cli import main
from auditflow.drawing import traceability
from auditflow.guidance.items import ITEMS, NOT_A_STEP, Item
from auditflow.handbook.paper import differences
from auditflow.machines.charts import CHARTS

ROOT = Path(__file__).parents[2]
PAPER = ROOT / "tests" / "paper"

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    return lambda *words: CliRunner().invoke(main, ["chart", *map(str, words)])


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    folder = tmp_path / "diagrams"
    shutil.copytree(ROOT / "diagrams", folder)
    return folder


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    folder = tmp_path / "paper"
    shutil.copytree(PAPER, folder)
    return folder


def check(run: Run, diagrams: Path, paper: Path = PAPER) -> Result:
    return run("check", "--diagrams", diagrams, "--paper", paper)


def test_the_committed_diagrams_are_what_the_code_draws() -> None:
    assert handbook.stale(ROOT / "diagrams") == []


def test_every_sentence_of_the_guidance_is_traced() -> None:
    assert drawing.holes() == []
    table = handbook.whole()["traceability"]
    for item in ITEMS:
        assert f"| {item.citation} |" in table


def test_draw_makes_the_same_files_again(run: Run, tmp_path: Path) -> None:
    assert run("draw", "--out", tmp_path).exit_code == 0
    for path in (ROOT / "diagrams").iterdir():
        if path.suffix not in {
            ".svg",
            ".png",
            ".pdf",
        }:  # letters stand as each Graphviz places them
            assert (tmp_path / path.name).read_bytes() == path.read_bytes()
    assert {p.name for p in tmp_path.iterdir()} == {p.name for p in (ROOT / "diagrams").iterdir()}


def test_draw_makes_each_format_asked_for(run: Run, tmp_path: Path) -> None:
    formats = [word for kind in drawing.ENDINGS for word in ("--format", kind)]
    done = run("draw", "--chart", "action", *formats, "--out", tmp_path)
    assert done.exit_code == 0, done.output
    names = {f"action_progress.{ending}" for ending in drawing.ENDINGS.values()}
    assert {p.name for p in tmp_path.iterdir()} == names | {"reading.md", "traceability.md"}
    assert json.loads((tmp_path / "action_progress.json").read_text())["chart"] == "action"


@pytest.mark.parametrize("name", ["audit_process.dot", "escalation_process.md", "traceability.md"])
def test_check_fails_on_a_stale_or_missing_drawing(run: Run, kept: Path, name: str) -> None:
    path = kept / name
    path.write_text(path.read_text() + "\n// changed by hand\n")
    done = check(run, kept)
    assert done.exit_code == 1
    assert f"{path} is not what the charts say now: type auditflow chart draw." in done.output
    path.unlink()
    assert f"{path} is missing" in check(run, kept).output


@pytest.mark.parametrize("ending", ["svg", "screen.svg", "pdf", "png"])
def test_check_fails_on_a_picture_of_an_older_chart(run: Run, kept: Path, ending: str) -> None:
    path = kept / f"action_progress.{ending}"
    path.write_bytes(path.read_bytes().replace(b'data-dot="', b'data-dot="0'))
    assert f"{path} is missing or out of date" in check(run, kept).output


def test_check_fails_on_a_sheet_that_cannot_be_read(
    run: Run, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "Incomprehensibilitiesandmoreofthemthancanbeborne"
    first, *rest = CHARTS["audit"].duties
    monkeypatch.setattr(CHARTS["audit"], "duties", (replace(first, title=long), *rest))
    done = check(run, kept)
    assert done.exit_code == 1
    assert f"Flow Chart 1 - Audit Process: “{long}” is " in done.output
    assert "pt too large for its box." in done.output


def test_check_fails_on_a_hole_in_the_traceability_table(
    run: Run, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        traceability, "ITEMS", (*ITEMS, Item("Post", 4, "Something new is to be done."))
    )
    done = check(run, kept)
    assert done.exit_code == 1
    assert "No line of a chart cites “Post, 4”" in done.output


def test_an_item_both_cited_and_listed_as_no_step_is_a_hole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(traceability, "NOT_A_STEP", {**NOT_A_STEP, "Post, 1": "No."})
    assert ["“Post, 1” is cited" in hole for hole in drawing.holes()] == [True]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("audit_process.csv", "A22,verify,", "A22,confirm,", "the paper has “confirm: "),
        ("audit_process.csv", "A22,verify,", "A22,confirm,", "the code has “verify: "),
        (
            "audit_process.csv",
            "closed,qa_team,the verifier",
            "closed,auditor,the verifier",
            "in who the paper says “auditor”, the code “qa_team”",
        ),
        ("audit_process.csv", ",T1,", ",T2,", "in raises the paper says “T2”, the code “T1”"),
        (
            "action.csv",
            "complete,T3,guidance",
            "complete,T4,guidance",
            "in if_missed the paper says “T4”",
        ),
        (
            "audit_process.csv",
            "10 working days",
            "12 working days",
            "says “12 working days”, the code",
        ),
        (
            "audit_process.csv",
            "distribution,book",
            "the moon,book",
            "in since the paper says “the moon”",
        ),
        ("escalation.csv", ",any higher level,", ",level_5,", "the code has “bypass: "),
        ("action.csv", "ref,event", "ref,happening", "lacks the column event"),
    ],
)
def test_check_fails_on_a_changed_row_of_the_paper(
    run: Run, kept: Path, paper: Path, name: str, old: str, new: str, said: str
) -> None:
    before = set(differences(paper))
    text = (paper / name).read_text()
    assert old in text
    (paper / name).write_text(text.replace(old, new, 1))
    done = check(run, kept, paper)
    assert done.exit_code == 1
    found = set(differences(paper)) - before
    assert any(said in one and one in done.output for one in found), found


def test_a_missing_paper_is_told(paper: Path) -> None:
    (paper / "action.csv").unlink()
    assert any("action.csv is missing" in one for one in differences(paper))


def test_check_outside_a_checkout_says_what_to_name(run: Run, tmp_path: Path) -> None:
    done = check(run, tmp_path / "nowhere")
    assert done.exit_code == 2
    assert "--diagrams: there is no folder" in done.output


def test_show_prints_tables_and_json(run: Run) -> None:
    words = run("show", "--chart", "escalation")
    assert words.exit_code == 0
    assert "Accept or reject the answer" in words.output
    document = json.loads(run("show", "--chart", "escalation", "--json").output)
    assert document["title"] == "Flow Chart 2 - Escalation Process"
    assert len(json.loads(run("show", "--json").output)) == 3


def test_a_duty_that_changes_in_the_code_makes_the_drawing_stale(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *rest = CHARTS["audit"].duties
    changed = (replace(first, title="Hand the case out"), *rest)
    monkeypatch.setattr(CHARTS["audit"], "duties", changed)
    assert any("audit_process.dot" in one for one in handbook.stale(kept))


def test_the_help_of_chart_loads_no_graphviz() -> None:
    code = (
        "import sys; from auditflow.cli.charts import chart;"
        "print([m for m in ('graphviz', 'pygraphviz') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
