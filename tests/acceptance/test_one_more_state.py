"""One more state with a duty and two events: five files by hand, each asked for while missing.

In a copy of the package, once beside the line of states, where verifying passes it by, and once on
the line.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from support import one_more_state as added

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
    "tests/acceptance/test_scenario_feedback.py",
    "tests/unit/machines",
    "tests/unit/handbook",
)


@pytest.mark.parametrize("beside", [True, False], ids=["beside", "on the line"])
def test_one_more_state_takes_five_files(tmp_path: Path, beside: bool) -> None:
    copy = added.copied(tmp_path / "copy")
    for file, missing in MISSING:
        added.edit(copy, file, beside=beside)
        asked = added.run(copy, "chart", "check")
        assert asked.returncode == 1
        assert missing in asked.stderr, asked.stderr
    drawn = added.run(copy, "chart", "draw")
    assert drawn.returncode == 0, drawn.stderr
    sound = added.run(copy, "chart", "check")
    assert sound.returncode == 0, sound.stderr
    usual = added.tested(copy, *USUAL[: None if beside else 1])
    assert usual.returncode == 0, usual.stdout
