"""What is drawn by a seed is drawn on either database, whatever the references look like."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditflow.commands import DrawRound, ImportCases
from auditflow.commands.office import Case
from support import stores
from support.office import Office, at
from support.stores import Kind, asked

pytestmark = pytest.mark.only("postgres")

#: Names that servers of one language and another put in another order.
NAMES = ("a-1", "A-1", "a1", "A 1", "a_1", "B10", "B9", "b9", "Éa", "éa", "Ea", "ß", "ss", "Ω")
STRATA = ("child_in_need", "child_protection", "looked_after")
DRAWN = """
SELECT c.reference, r.stratum, r.result, r.rank, r.reason FROM round_cases r
JOIN cases c ON c.id = r.case_id ORDER BY r.stratum, r.result, r.rank, c.reference
"""
LISTS = "SELECT seed, quotas, listed, pool, pool_digest, list_digest FROM rounds"
AUDITS = "SELECT a.reference, c.reference FROM audits a JOIN cases c ON c.id = a.case_id ORDER BY 1"


def drawn(kind: Kind, folder: Path, seed: str) -> list[list[tuple[object, ...]]]:
    stores.use(kind)
    office = Office(folder)
    cases = tuple(
        Case(f"{name}{n}", stratum, "Able", "kw")
        for n, stratum in enumerate(STRATA)
        for name in (NAMES if kind == "sqlite" else reversed(NAMES))
    )
    now = at("2026-01-28 09:00")
    office.app.service.do_office(ImportCases(cases=cases, as_at=now.date()), by="qa1", now=now)
    draw = DrawRound(
        month=now.date().replace(month=3, day=1), quotas=dict.fromkeys(STRATA, 4), reserves=3,
        seed=seed,
    )  # fmt: skip
    told = office.app.service.do_office(draw, by="qa1", now=now).figures
    office.app.close()
    found = [asked(office.url, query) for query in (DRAWN, LISTS, AUDITS)]
    # Where a list has no order of its own, each server has its own.
    return [*(found[1:]), sorted(found[0], key=repr), [(told["drawn"],), (told["strata"],)]]


@pytest.mark.parametrize("seed", ["S10", "another", "3f9c"])
def test_the_same_seed_gives_the_same_list_on_either(tmp_path: Path, seed: str) -> None:
    lists = drawn("sqlite", tmp_path, seed), drawn("postgres", tmp_path, seed)
    assert len(lists[0][1]) == 4 * len(STRATA)
    assert lists[0] == lists[1]
