"""`db copy`: a store moved into another database answers as before, and nothing is half moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, Row, Table

from auditflow.application import App, copy
from auditflow.cli import main
from auditflow.commands import DrawRound
from auditflow.demo import tell
from auditflow.errors import Damaged, StoreTrouble
from auditflow.persistence import tables, transfer
from support import postgres, stores
from support.asking import proof_of
from support.office import at
from support.reading import STORELESS, reading

pytestmark = pytest.mark.only("postgres")

NOW = at("2026-11-20 12:00")
LOOK = "2026-11-20T12:00"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The demo's store, as told at a moment."""
    folder = tmp_path_factory.mktemp("demo")
    tell(folder, NOW).close()
    return str(folder / "demo.db")


@pytest.fixture
def server() -> Iterator[str]:
    """An empty database on the server."""
    url = postgres.database()
    yield url
    postgres.dropped(url)


def typed(db: str, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--db", db, "--as", "tess", "--now", LOOK])


def test_every_reading_command_answers_as_before(demo: str, server: str) -> None:
    moved = typed("", "db", "copy", demo, server)
    assert moved.exit_code == 0, moved.output
    for command in reading(lambda words: typed(demo, *words.split()).stdout):
        if command in (*STORELESS, "doctor"):
            continue
        form = () if command.startswith("audit tool") else ("--json",)
        before, after = (typed(db, *command.split(), *form) for db in (demo, server))
        assert (after.exit_code, after.stdout) == (before.exit_code, before.stdout), command


def test_the_copy_goes_on_counting_where_the_original_left_off(demo: str, server: str) -> None:
    copy(demo, server)
    app = App(server)
    drawn = DrawRound(month=at("2027-03-01 00:00").date(), size=3)
    settled = app.service.do_office(drawn, by="tess", now=at("2027-01-10 09:00"))
    assert len(settled.figures["drawn"]) == 3
    assert not app.service.sweep(at("2027-06-01 09:00")).failed
    assert not proof_of(app).faults
    app.close()


def test_and_back_again_it_is_the_same_to_the_row(demo: str, server: str, tmp_path: Path) -> None:
    there = copy(demo, server)
    assert copy(server, str(tmp_path / "back.db")) == there
    assert {c.table for c in there} == set(tables.metadata.tables)


def test_nothing_is_copied_over_something(demo: str, server: str) -> None:
    copy(demo, server)
    kept = stores.asked(server, "SELECT count(*) FROM journal")
    with pytest.raises(StoreTrouble, match=r"something at .* already"):
        copy(demo, server)
    assert stores.asked(server, "SELECT count(*) FROM journal") == kept


def test_a_copy_that_is_not_alike_is_not_kept(
    demo: str, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = transfer._insert

    def short(target: Connection, table: Table, rows: Sequence[Row[Any]]) -> None:
        whole(target, table, rows[1:] if table is tables.journal else rows)

    monkeypatch.setattr(transfer, "_insert", short)
    with pytest.raises(Damaged, match="copy of journal is not like the original"):
        copy(demo, server)
    assert stores.tables_of(server) == []


def test_what_is_no_store_is_not_copied(server: str, tmp_path: Path) -> None:
    with pytest.raises(StoreTrouble, match="no store at"):
        copy(str(tmp_path / "none.db"), server)
    assert stores.tables_of(server) == []
