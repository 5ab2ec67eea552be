"""The table of permissions: every cell against what was typed by hand from the domain text."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from auditflow.audits import Role
from auditflow.handbook import permission_table
from auditflow.handbook.permission_table import ROLES

HERE = Path(__file__).parents[2]


@cache
def paper() -> dict[tuple[str, str], tuple[set[str], set[str]]]:
    with (HERE / "paper" / "permissions.csv").open(encoding="utf-8") as file:
        return {
            (r["about"], r["action"]): (set(r["all"].split()), set(r["own"].split()))
            for r in csv.DictReader(file)
        }


def typed(about: str, action: str, role: Role) -> str:
    everywhere, own = paper()[about, action]
    return "all" if role.value in everywhere else "own" if role.value in own else "-"


@cache
def table() -> dict[tuple[str, str], dict[str, str]]:
    return {(line["about"], line["action"]): line for line in permission_table.document()}


def test_paper_and_table_have_the_same_lines() -> None:
    assert set(table()) == set(paper())


def test_the_paper_names_roles_only() -> None:
    named = {r for everywhere, own in paper().values() for r in everywhere | own}
    assert named <= {r.value for r in ROLES}


@pytest.mark.parametrize("line", paper(), ids=" ".join)
def test_every_cell_is_as_typed_by_hand(line: tuple[str, str]) -> None:
    found = {r: table()[line][r.value] for r in ROLES}
    assert found == {r: typed(*line, r) for r in ROLES}


def test_the_page_in_the_docs_is_the_tables() -> None:
    kept = (HERE.parent / "docs" / "permissions.md").read_text(encoding="utf-8")
    assert kept == permission_table.page(), (
        "make it anew: auditflow people permissions > docs/permissions.md"
    )
