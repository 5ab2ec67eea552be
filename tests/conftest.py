"""How tests run everywhere: never by the clock, and those about the store on both databases."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Much is demanded there; a failure shows both sides, as it does in a test.
pytest.register_assert_rewrite("support")

from support import stores  # noqa: E402 - not before its asserts are rewritten
from support.folders import within_reach  # noqa: E402 - the same
from support.long import LONG, daily  # noqa: E402 - the same
from support.office import Office  # noqa: E402 - the same

settings.register_profile(
    "auditflow",
    deadline=None,
    max_examples=daily(100, long=1000),
    print_blob=True,
    # A shared machine may be slow; that is no finding.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("auditflow")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks for `store_kind` on both databases, but for what is about one of them.

    The stores are proved alike elsewhere, so of the scenarios, and of what is marked as about
    rules, the daily run takes few of each file on both, the others on SQLite alone.
    """
    if "store_kind" in metafunc.fixturenames:
        marked = metafunc.definition
        scenario = "test_scenario_" in metafunc.module.__name__
        rules = scenario or marked.get_closest_marker("rules")
        both = LONG or not rules or marked.get_closest_marker("both")
        only = marked.get_closest_marker("only")
        kinds = only.args if only else ("sqlite", "postgres") if both else ("sqlite",)
        names = {"sqlite": "file", "postgres": "server"}
        metafunc.parametrize("store_kind", kinds, indirect=True, ids=[names[k] for k in kinds])


@pytest.fixture
def store_kind(request: pytest.FixtureRequest) -> Iterator[stores.Kind]:
    """The kind of database on which this test makes its stores."""
    stores.use(request.param)
    yield request.param
    stores.clear()
    stores.use("sqlite")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office with its people, in which nothing was done yet."""
    with closing(Office(tmp_path)) as made:
        yield made


@pytest.fixture
def readable() -> Iterator[Path]:
    """A folder that everybody may look into, unlike the one pytest gives."""
    folder = Path(tempfile.mkdtemp(dir=within_reach()))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)
