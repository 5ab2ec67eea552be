from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from auditflow.cli import main
from auditflow.settings.model import FIELDS, OTHERS, SETTINGS
from auditflow.settings.reading import FILE, read
from support.units import DEPLOY, OPTIONS, lines, values

UNITS = sorted(p for p in DEPLOY.iterdir() if p.suffix in (".service", ".timer", ".conf"))
SERVICES = [p for p in UNITS if p.suffix == ".service"]
HERE = "/opt/auditflow/bin/auditflow"
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "CapabilityBoundingSet": "",
    "User": "auditflow",
    "UMask": "0077",
    "SystemCallFilter": "@system-service",
}


def named(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("unit", paths, ids=lambda p: p.name)


def test_there_are_the_units_that_the_documents_tell_of() -> None:
    told = (DEPLOY.parent / "docs" / "running.md").read_text(encoding="utf-8")
    assert len(UNITS) == 5
    for unit in UNITS:
        assert unit.name in told


@named(UNITS)
def test_every_line_is_an_option_that_systemd_knows(unit: Path) -> None:
    for line in lines(unit):
        assert line.name in OPTIONS[line.section], line


@named(UNITS)
def test_systemd_itself_finds_no_fault(unit: Path, tmp_path: Path) -> None:
    """Where systemd is not installed the list of options above must do."""
    program = shutil.which("systemd-analyze")
    if program is None or unit.suffix == ".conf":
        assert lines(unit)
        return
    assert verified(program, tmp_path, unit.name) == ""
    if unit.suffix == ".service":
        service = tmp_path / unit.name
        service.write_text(service.read_text().replace("Restrict", "Restrikt"))
        assert "Restrikt" in verified(program, tmp_path, unit.name, copied=True)


def verified(program: str, folder: Path, name: str, *, copied: bool = False) -> str:
    """What systemd says of the unit of one council, as if it were installed."""
    here = Path(sys.executable).parent / "auditflow"
    for unit in () if copied else UNITS:
        (folder / unit.name).write_text(unit.read_text().replace(HERE, str(here)))
    done = subprocess.run(
        [program, "verify", name.replace("@.", "@able.")],
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{folder}:"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stderr or ("" if done.returncode == 0 else f"exit code {done.returncode}")


@named(SERVICES)
def test_what_a_service_starts_is_a_command_as_it_is_typed(unit: Path) -> None:
    program, *words = shlex.split(values(unit, "ExecStart")[0])
    assert program == HERE
    group: click.Command = main
    context = click.Context(main)
    while isinstance(group, click.Group):
        found = group.get_command(context, words.pop(0))
        assert found is not None
        group = found
    group.make_context("typed", words)


@named(SERVICES)
def test_a_service_is_of_one_council_with_its_own_settings_and_secrets(unit: Path) -> None:
    given = dict(v.split("=", 1) for v in values(unit, "Environment"))
    assert given[FILE] == "/etc/auditflow/%i.env"
    assert set(given) <= {*FIELDS, *OTHERS}
    assert values(unit, "Description")[0].split(" for ")[1].startswith("%i")
    for credential in values(unit, "LoadCredential"):
        name, _, path = credential.partition(":")
        assert name in SETTINGS
        assert path == f"/etc/auditflow/%i.{name}"


@named(SERVICES)
def test_a_service_may_do_little(unit: Path) -> None:
    assert {name: values(unit, name) for name in HARDENED} == {
        name: [value] for name, value in HARDENED.items()
    }


@named([p for p in SERVICES if "backup" not in p.name])
def test_what_runs_on_is_started_again_whatever_ended_it(unit: Path) -> None:
    assert values(unit, "Restart") == ["always"]
    assert values(unit, "StartLimitIntervalSec") == ["0"]


def test_the_settings_of_a_council_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    example = DEPLOY / "council.env"
    for name in FIELDS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(FILE, str(example))
    known = read()
    assert known.settings.db == "/var/lib/auditflow/able.db"
    assert known.warnings == ()
    remarks = [x[2:] for x in example.read_text().splitlines() if x.startswith("# AUDITFLOW_")]
    assert {r.split("=")[0] for r in remarks} <= set(FIELDS)


def test_a_backup_is_found_by_what_throws_old_ones_away() -> None:
    words = shlex.split(values(DEPLOY / "auditflow-backup@.service", "ExecStartPost")[0])
    assert Path(words[0]).name == "find"
    assert words[1] == shlex.split(values(DEPLOY / "auditflow-backup@.service", "ExecStart")[0])[-1]
    pattern = words[words.index("-name") + 1]
    assert Path("able-20260601T090000Z.backup").match(pattern)
    assert Path("able-20260601T090000Z.backup.sha256").match(pattern)
    assert not Path("able.db").match(pattern)
