"""Two councils' databases on one server, one of them broken: the other never notices."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditflow.operations.backup import restore
from support import postgres, stores
from support.everywhere import demand_no_fault
from support.migrating import downgrade
from support.office import Office, at
from support.shell import Shell, plain
from support.stores import asked
from support.workers import set_clock

pytestmark = pytest.mark.only("postgres")

#: Of what was read side by side, one breaks, and the other is closed with its connection.
OPEN = pytest.mark.filterwarnings("ignore:Exception ignored in. <function ServerCursor")
AUDITS = 12
#: How a store breaks, and what its people are told.
BREAKS = {
    "no history": ("DROP TABLE journal CASCADE", "lacks a table or a column"),
    "no audits": ("DROP TABLE audits CASCADE", "lacks a table or a column"),
    "no column": ("ALTER TABLE duties DROP COLUMN due", "lacks a table or a column"),
    "no jobs": ("DROP TABLE procrastinate_jobs CASCADE", "lacks a table or a column"),
    "garbled": ("UPDATE alembic_version SET version_num = 'x'", "is of a newer version (x)"),
    "no version": ("DROP TABLE alembic_version", "no store of auditflow's"),
    "other version": (
        "ALTER TABLE alembic_version RENAME COLUMN version_num TO n",
        "lacks a table or a column",
    ),
    "shut": ("UPDATE pg_database SET datallowconn = false WHERE datname = '{name}'", "The store"),
}


class Council(Shell):
    """One council's database, and what is typed there."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        office = Office(folder)
        office.draw("2025-02", "2025-01-06 09:00", size=AUDITS)
        office.app.close()
        super().__init__(folder, url=office.url)
        self.url = office.url
        set_clock(self.url, at("2025-03-10 10:00"))


@pytest.fixture
def broken(tmp_path: Path) -> Council:
    return Council(tmp_path / "broken")


@pytest.fixture
def whole(tmp_path: Path) -> Council:
    made = Council(tmp_path / "whole")
    downgrade(made.url)
    return made


@pytest.fixture
def how(request: pytest.FixtureRequest, broken: Council) -> str:
    """Breaks the one council's store in the way that is asked for; what its people are told."""
    sql, says = BREAKS[request.param]
    name = postgres.name_of(broken.url)
    postgres.asked(postgres.server_url() if "{name}" in sql else broken.url, sql.format(name=name))
    return says


@OPEN
@pytest.mark.parametrize("how", BREAKS, indirect=True)
def test_those_of_the_broken_one_are_told_plainly(broken: Council, how: str) -> None:
    plain(broken.tries("", "", "worker", "--until-idle"), 1, how)
    for words in (("db", "upgrade"), ("verify",), ("db", "backup", f"{broken.folder}/kept")):
        told = broken.tries("qam", "", *words)
        if told.exit_code:
            plain(told, 1, "")


@OPEN
@pytest.mark.parametrize("how", BREAKS, indirect=True)
def test_those_of_the_other_never_notice(broken: Council, whole: Council, how: str) -> None:
    backup = whole.folder / "kept.backup"
    steps = (
        ("db", "upgrade"), ("worker", "--until-idle"), ("worker", "--check"),
        ("db", "backup", str(backup)), ("verify",),
    )  # fmt: skip
    for words in steps:
        broken.tries("", "", *words[:2])
        well = whole.tries("", "", *words)
        assert (well.exit_code, well.stderr) == (0, ""), (words, well.output)
        assert postgres.name_of(broken.url) not in well.stdout
    raised = "SELECT count(*), count(DISTINCT audit_id) FROM escalations"
    assert asked(whole.url, raised) == [(AUDITS, AUDITS)]
    demand_no_fault(whole.url)
    restored = stores.vacant(whole.folder)
    restore(restored, backup)
    assert asked(restored, raised) == [(AUDITS, AUDITS)]
    demand_no_fault(restored)
