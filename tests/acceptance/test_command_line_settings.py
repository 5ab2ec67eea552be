"""How auditflow is set, as it is typed: every setting shown with its origin, faults refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditflow.settings.model import SETTINGS, Settings, name_of
from support.shell import Shell, plain

DOCS = Path(__file__).parents[2] / "docs"


def test_every_setting_is_shown_with_its_value_and_where_that_came_from(shell: Shell) -> None:
    file = shell.folder / "able.env"
    file.write_text("AUDITFLOW_STALLED_SECONDS=45\nAUDITFLOW_STALED_SECONDS=1\n")
    shell.env["AUDITFLOW_SETTINGS"] = str(file)
    found = {
        s["setting"]: (s["value"], s["from"]) for s in shell.told("tess", "", "config", "show")
    }
    assert found["as"] == ("tess", "command line")
    assert found["db"] == (str(shell.path), "environment (AUDITFLOW_DB)")
    assert found["stalled_seconds"] == ("45", f"settings file {file}")
    assert found["secrets_dir"] == (None, "default")
    assert list(found) == [name_of(field) for field in SETTINGS]
    result = shell.tries("", "", "config", "show")
    assert re.search(rf"^stalled_seconds +45 +settings file {file}$", result.stdout, re.MULTILINE)
    assert result.stderr == (
        f"auditflow: AUDITFLOW_STALED_SECONDS in {file} is no setting, so it does nothing. "
        "Did you mean AUDITFLOW_STALLED_SECONDS?\n"
    )


def test_no_password_is_shown_whatever_is_done(shell: Shell) -> None:
    address = "postgresql://qa:geheim@127.0.0.1:1/able"
    shell.env |= {"AUDITFLOW_DB": address, "AUDITFLOW_DB_PASSWORD": "heimlich"}
    for words in (("config", "show"), ("init",), ("where",), ("verify",)):
        result = shell.tries("tess", "", *words)
        assert "geheim" not in result.output
        assert "heimlich" not in result.output
    shell.env["AUDITFLOW_DB"] = "postgresql://qa@127.0.0.1:1/able"
    result = shell.tries("tess", "", "verify")
    assert result.exit_code == 1
    assert "heimlich" not in result.output


@pytest.mark.parametrize(
    "words", [("where",), ("config", "show"), ("sweep",), ("init",), ("db", "upgrade")]
)
def test_a_value_that_will_not_do_stops_every_command(shell: Shell, words: tuple[str, ...]) -> None:
    shell.env["AUDITFLOW_SWEEP_SECONDS"] = "often"
    says = "AUDITFLOW_SWEEP_SECONDS “often” will not do. Give a whole number of seconds"
    plain(shell.tries("tess", "", *words), 2, says)
    assert not shell.path.exists()


def test_the_documents_tell_of_every_setting() -> None:
    rows = [
        f"| `{name_of(field)}` | {getattr(Settings(), field) or '-'} | {s.title} | {s.wanted} |"
        for field, s in SETTINGS.items()
    ]
    assert "\n".join(rows) in (DOCS / "running.md").read_text(encoding="utf-8")
