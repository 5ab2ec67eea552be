"""The table of permissions: every cell against what was typed by hand from the domain text."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from auditflow.handbook import permission_table
from auditflow.handbook.permission_table import ROLES
from support.permissions import typed

DOCS = Path(__file__).parents[3] / "docs"


@cache
def table() -> dict[tuple[str, str], dict[str, str]]:
    return {(line["about"], line["action"]): line for line in permission_table.document()}


def test_paper_and_table_have_the_same_lines() -> None:
    assert set(table()) == set(typed())


def test_the_paper_names_roles_of_people_only() -> None:
    assert set().union(*(line.may(own=True) for line in typed().values())) <= set(ROLES)


@pytest.mark.parametrize("line", typed(), ids=" ".join)
def test_every_cell_is_as_typed_by_hand(line: tuple[str, str]) -> None:
    assert {r: table()[line][r.value] for r in ROLES} == {r: typed()[line].cell(r) for r in ROLES}


def test_the_page_in_the_docs_is_the_tables() -> None:
    again = "make it anew: auditflow people permissions > docs/permissions.md"
    assert (DOCS / "permissions.md").read_text(encoding="utf-8") == permission_table.page(), again
