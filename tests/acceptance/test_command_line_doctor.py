"""Is all well, as it is asked in a terminal and by a machine."""

from __future__ import annotations

import json
import re
from pathlib import Path

from support.shell import Shell


def test_all_is_well_in_words_and_for_machines(shell: Shell) -> None:
    shell.founded("", rehearsal=False)
    for route in ("daytime_route", "emergency_route"):
        number = ("the duty team, 01803 000000", "--reason", "So it is.")
        shell.says("qam", "", "policy", "set", route, *number)
    said = shell.says("", "", "doctor")
    assert re.match(r"auditflow [0-9.]+, \w{3} [0-9]+ \w+ 20\d\d, [0-9:]+\n\nLooked at ", said)
    assert f"Store         {shell.path}\n" in said
    assert re.search(r"^History +3 lines$", said, re.MULTILINE)
    assert said.endswith("\n\nAll is well.\n")
    told = shell.told("", "", "doctor")
    assert (told["well"], told["findings"], told["version"]) == (True, [], told["known_version"])
    assert told["database"]["settings"] == {"journal_mode": "wal", "synchronous": "full"}


def test_what_is_wrong_comes_with_what_to_type_and_exit_code_1(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell.env["AUDITFLOW_DBB"] = "x"
    result = shell.tries("", "", "doctor")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.endswith(
        f"\n\nWrong\n- There is no store at {shell.path}. Make one with: "
        f"auditflow --db {shell.path} init\n\nWell to know\n"
        "- AUDITFLOW_DBB is no setting, so it does nothing. Did you mean AUDITFLOW_DB?\n\n"
        "Not all is well.\n"
    )
    told = shell.tries("", "", "doctor", "--json")
    assert told.exit_code == 1
    document = json.loads(told.stdout)
    assert document["well"] is False
    assert [(f["about"], f["wrong"]) for f in document["findings"]] == [
        ("settings", False),
        ("store", True),
    ]


def test_a_value_that_will_not_do_does_not_stop_the_doctor(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell.env["AUDITFLOW_LOG_LEVEL"] = "loud\x1b[31m"
    result = shell.tries("", "", "doctor")
    assert (result.exit_code, result.stderr) == (1, "")
    assert "- AUDITFLOW_LOG_LEVEL “loud�[31m” will not do. Give debug" in result.stdout
