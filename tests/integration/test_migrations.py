"""Every migration, up and down with something in every state: nothing is lost, or half done."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command as alembic

from auditflow.application import App, upgrade
from auditflow.errors import StoreTrouble
from auditflow.persistence import schema
from auditflow.persistence.store import Store
from support import stores
from support.everywhere import NOW, REVISIONS, demand_no_fault, everywhere
from support.long import daily
from support.migrating import whole
from support.program import run
from support.stores import Kind

NEWEST, *OLDER = REVISIONS
#: What an older schema has no place for: the views people keep, when a worker last looked.
LOST = {"0002": ["views"], "0001": ["views", "beats"]}


@pytest.fixture
def url(tmp_path: Path) -> str:
    return everywhere(tmp_path)


def taken(url: str, way: Callable[[Store, str], None], to: str) -> None:
    with closing(Store(url, create=True)) as store:
        way(store, to)


def demand_newest(url: str) -> None:
    """The migrations made what the tables say."""
    with closing(Store(url)) as store, store.writing() as connection:
        alembic.check(schema.config_for(connection))


@pytest.mark.parametrize("older", OLDER)
def test_down_to_each_version_and_up_again_nothing_is_lost(url: str, older: str) -> None:
    shape, rows = whole(url)
    taken(url, schema.downgrade, older)
    assert stores.shape(url) != shape
    assert upgrade(url) == (older, NEWEST)
    assert whole(url) == (shape, rows | {table: [] for table in LOST[older]})
    demand_newest(url)
    demand_no_fault(url)
    with closing(App(url)) as app:
        assert not app.service.sweep(NOW).failed


def test_down_to_nothing_and_up_again(url: str) -> None:
    shape, _ = whole(url)
    taken(url, schema.downgrade, "base")
    assert set(stores.tables_of(url)) == {"alembic_version"}
    left = {name for kind, _, name, _ in stores.shape(url) if kind in ("function", "trigger")}
    assert left == set()
    with closing(App(url)) as app, pytest.raises(StoreTrouble, match="no store of auditf"):
        app.service.sweep(NOW)
    taken(url, schema.upgrade, "head")
    assert stores.shape(url) == shape
    assert {name for name, found in stores.rows_of(url).items() if found} == {"alembic_version"}
    demand_newest(url)


def test_upgrading_what_is_new_already_changes_nothing(url: str) -> None:
    kept = whole(url)
    taken(url, schema.upgrade, "head")
    assert whole(url) == kept
    demand_newest(url)


@pytest.mark.parametrize("way", [schema.upgrade, schema.downgrade])
def test_one_that_fails_leaves_nothing_half_done(
    url: str, monkeypatch: pytest.MonkeyPatch, way: Callable[[Store, str], None]
) -> None:
    if way is schema.upgrade:
        taken(url, schema.downgrade, "-1")
    kept = whole(url)

    def fail(*_: object) -> None:
        raise RuntimeError("the plug was pulled")

    monkeypatch.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", fail)
    with pytest.raises(RuntimeError):
        taken(url, way, "head" if way is schema.upgrade else "-1")
    assert whole(url) == kept


def test_one_that_is_killed_leaves_the_old_or_the_new(store_kind: Kind, tmp_path: Path) -> None:
    print(run("support.migrating", store_kind, *daily((8, 2), long=(1, 100)), tmp_path))
