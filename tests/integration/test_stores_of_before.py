"""A store made by an older program: brought up, borne out, read by every command, and gone on with.

What its journal holds is read by SQLite itself, before and after: no line is lost or changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from auditflow.application import App, upgrade
from auditflow.cli import main
from auditflow.commands import DrawRound
from auditflow.persistence import tables
from auditflow.web import site
from support.asking import listed, proof_of
from support.kept import KEPT, unpacked
from support.office import at
from support.reading import WRITING, every, reading

pytestmark = pytest.mark.only("sqlite")

HERE, ALL_SEEING = "http://127.0.0.1", "quinn"
PAGES = ("/", "/where", "/audits?show=all", "/actions?show=all", "/escalations", "/rounds", "/team")
#: What no later program may change: the lines, and where each chain ends.
LINES = "SELECT * FROM journal ORDER BY audit_id, seq"
HEADS = "SELECT id, reference, version, head FROM audits ORDER BY id"
OFFICE = "SELECT version, head FROM store"


@pytest.fixture(params=KEPT)
def kept(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def path(kept: str, tmp_path: Path) -> Path:
    return unpacked(kept, tmp_path)


def asked(path: Path, sql: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(sql)]


def history(path: Path) -> dict[str, list[dict[str, Any]]]:
    return {sql: asked(path, sql) for sql in (LINES, HEADS, OFFICE)}


def demand_kept(before: dict[str, list[dict[str, Any]]], path: Path) -> None:
    """Each row from before is there, in its order, with every value it had."""
    for sql, rows in before.items():
        found = asked(path, sql)
        assert len(found) == len(rows)
        assert [{k: now[k] for k in was} for was, now in zip(rows, found, strict=True)] == rows


def told(path: Path, kept: str, command: str) -> str:
    """What a command prints, typed by one who may see all."""
    words = command.split()
    if command.split(maxsplit=1)[0] not in ("config", "deadline", "chart"):
        words += ["--db", str(path), "--now", KEPT[kept]]
        words += [] if command in ("verify", "doctor") else ["--as", ALL_SEEING]
    result = CliRunner().invoke(main, words)
    assert (result.exit_code, result.exception) == (0, None), (command, result.output)
    assert result.stdout, command
    return result.stdout


def test_it_is_brought_up_and_no_line_of_it_is_lost(path: Path) -> None:
    before = history(path)
    assert len(before[LINES]) > 600
    assert sum(len(row["head"]) == 64 for row in before[HEADS]) == len(before[HEADS]) > 40
    upgrade(str(path))
    demand_kept(before, path)
    ((version,),) = (row.values() for row in asked(path, "SELECT * FROM alembic_version"))
    assert version == tables.SCHEMA
    with closing(App(str(path))) as app:
        proof = proof_of(app)
    assert (proof.audits, proof.faults) == (len(before[HEADS]), [])


def test_every_reading_command_answers_from_it(path: Path, kept: str) -> None:
    upgrade(str(path))
    before = history(path)
    commands = list(reading(lambda command: told(path, kept, command)))
    for command in commands:
        told(path, kept, command)
    demand_kept(before, path)


def test_every_page_shows_it(path: Path, kept: str) -> None:
    upgrade(str(path))
    with closing(App(str(path))) as app:
        references = [e.reference for e in listed(app, ALL_SEEING)]
    flask = site(str(path), ALL_SEEING, now=at(KEPT[kept]))
    client = flask.test_client()
    for address in (*PAGES, *(f"/audits/{reference}" for reference in references)):
        answer = client.get(address, base_url=HERE)
        assert (answer.status_code, "<h1" in answer.text) == (200, True), address
    flask.extensions["auditflow"].close()


def test_work_goes_on_where_it_was_left(path: Path) -> None:
    upgrade(str(path))
    before = asked(path, LINES)
    with closing(App(str(path))) as app:
        assert not app.service.sweep(at("2027-01-04 09:00")).failed
        drawing = DrawRound(month=date(2027, 3, 1), size=3)
        drawn = app.service.do_office(drawing, by=ALL_SEEING, now=at("2027-01-06 09:00"))
        assert len(drawn.figures["drawn"]) == 3
        assert proof_of(app).faults == []
    after = {(row["audit_id"], row["seq"]): row for row in asked(path, LINES)}
    assert [after[row["audit_id"], row["seq"]] for row in before] == before
    assert len(after) > len(before)


def unread() -> Iterator[str]:
    """Each command of the help that is neither read with here nor known to change something."""
    steps = ("audit", "action", "escalation")
    typed = [*reading(lambda _: '[{"reference": "2026-03-001"}]'), *WRITING]
    for command in every():
        if command.split(maxsplit=1)[0] in steps and command not in ("audit list", "audit show"):
            continue
        if not any(f"{words} ".startswith(f"{command} ") for words in typed):
            yield command


def test_no_reading_command_is_left_out_here() -> None:
    assert list(unread()) == []
