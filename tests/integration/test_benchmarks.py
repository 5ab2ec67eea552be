"""What the figures are made with: clones are whole, both sides write the same, shapes as said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from re import findall

import pytest
import sqlalchemy
from benchmarks import cloning, step
from benchmarks.bare import direct
from benchmarks.population import Population, populated
from benchmarks.server import Databases
from benchmarks.shapes import SHAPES, promises, reshape, retire
from benchmarks.stores import Clones, Files, Genuine, Stores, genuine

from auditflow.application import App
from support import postgres
from support.asking import proof_of
from support.long import daily

#: What is made on which database each test says itself.
pytestmark = pytest.mark.only("sqlite")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Genuine:
    """An audit of each kind, lived through by commands."""
    return genuine(tmp_path_factory.mktemp("bench") / "genuine")


def _url(name: str) -> str:
    there = sqlalchemy.make_url(postgres.server_url()).set(database=name)
    return there.render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def databases(made: Genuine) -> Iterator[Databases]:
    found = Databases(made, _url)
    yield found
    found.clear()


def test_a_clone_has_a_whole_history_of_its_own(made: Genuine, databases: Databases) -> None:
    kinds = (made.closed, made.quiet, made.escalated, made.drawn)
    plan = [Clones(kind, 3, year=2019) for kind in kinds]
    plan += [Clones(made.inadequate, 2, year=2014), Clones(made.again, 2, year=2014, repeats=2)]
    plan += [Clones(made.live, 2, timedelta(minutes=3))]
    app = App(databases.store(plan))
    proof = proof_of(app)
    assert (proof.audits, proof.faults) == (18, [])
    app.close()


@pytest.mark.parametrize("kind", daily(["server"], long=["file", "server"]))
def test_a_bare_program_writes_the_very_same(
    made: Genuine, databases: Databases, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "PER", 2)
    stores: Stores = databases if kind == "server" else Files(made, tmp_path)
    assert len(step.persisted(made, stores, quick=True).ratios) == 9


@pytest.mark.parametrize("shape", SHAPES)
def test_only_ranges_of_audits_keep_what_the_journal_promises(
    made: Genuine, databases: Databases, shape: str
) -> None:
    population: Population = populated(made, 26, 1, 1, 1)
    url = databases.empty()
    cloner = cloning.Cloner(url)
    reshape(cloner.server, shape, population)
    cloner.fill(population.plan)
    cloner.close()
    with direct(url) as server:
        kept = dict(promises(server, shape, population))
        broken = {what for what, is_kept in kept.items() if not is_kept}
        assert ("no second line of a number" in broken) == (shape == "years of recording")
        assert ("no key twice for one audit" in broken) == (shape == "years of recording")
        assert ("no key twice for any two audits" in broken) == (shape != "one piece")
        assert not any("changed" in what for what in broken)
        assert retire(server, shape, population).cut == 0


def test_every_page_of_figures_is_linked() -> None:
    top = Path(__file__).parents[2]
    pages = [top / "README.md", *(top / "docs").glob("*.md")]
    links = [
        (p.parent / f).resolve() for p in pages for f in findall(r"\]\(([^)#:]+)", p.read_text())
    ]
    assert all(link.exists() for link in links)
    assert set((top / "benchmarks").glob("RESULTS*.md")) <= set(links)
    assert {top / "docs" / "scale.md", top / "docs" / "running.md"} <= set(links)
