"""One more state with a duty and two events: five files by hand, each asked for while missing.

In a copy of the package, once beside the line of states, where verifying passes it by, and once on
the line.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from support import one_more_state as added
from support.long import LONG

#: What `chart check` says while the next file is missing.
MISSING = (
    (added.CHART, "nobody can bring “invite_feedback”: no form in commands/ brings it"),
    (added.FORMS, "permissions.csv: “audit: invite_feedback” is missing: type who may."),
    (added.PERMISSIONS, "audit_process.csv: the code has “hear_feedback: duty”"),
    (added.PAPER, "No scenario brings “invite feedback” to an audit"),
    (added.SCENARIO, "type auditflow chart draw"),
)
#: What hangs on states, duties or events, and must hold of any chart.
USUAL = (
    "tests/unit/machines",
    "tests/unit/handbook",
    "tests/unit/drawing",
    "tests/unit/commands",
    "tests/acceptance/test_scenario_ordinary.py",
    "tests/acceptance/test_scenario_clocks.py",
    "tests/acceptance/test_scenario_back_and_forth.py",
)


def added_whole(folder: Path, *, beside: bool) -> Path:
    copy = added.copied(folder / "copy")
    for file, _ in MISSING:
        added.edit(copy, file, beside=beside)
    return copy


def unsound(copy: Path) -> list[str]:
    """What `chart check` finds wrong, but for pictures that are still to be drawn."""
    said = added.run(copy, "chart", "check").stderr.splitlines()
    return [line for line in said[1:] if not line.startswith("diagrams/")]


def test_each_of_the_five_files_is_asked_for_while_it_is_missing(tmp_path: Path) -> None:
    copy = added.copied(tmp_path / "copy")
    for file, missing in MISSING:
        added.edit(copy, file, beside=True)
        asked = added.run(copy, "chart", "check")
        assert asked.returncode == 1
        assert missing in asked.stderr, asked.stderr


@pytest.mark.parametrize("beside", [True, False], ids=["beside", "on the line"])
def test_then_the_charts_are_legible_and_no_figure_is_false(tmp_path: Path, beside: bool) -> None:
    copy = added_whole(tmp_path, beside=beside)
    assert unsound(copy) == []
    told = added.tested(copy, added.SCENARIO)
    assert told.returncode == 0, told.stdout


@pytest.mark.skipif(not LONG, reason="drawn in the long run")
@pytest.mark.parametrize("beside", [True, False], ids=["beside", "on the line"])
def test_drawn_anew_it_takes_the_usual_tests(tmp_path: Path, beside: bool) -> None:
    copy = added_whole(tmp_path, beside=beside)
    drawn = added.run(copy, "chart", "draw")
    assert drawn.returncode == 0, drawn.stderr
    sound = added.run(copy, "chart", "check")
    assert sound.returncode == 0, sound.stderr
    if beside:  # On the line, what an audit passes through is another: so say its own tests.
        usual = added.tested(copy, *USUAL)
        assert usual.returncode == 0, usual.stdout
