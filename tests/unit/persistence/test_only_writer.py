"""What writes to a store is in one package, as its first line says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import auditflow

SOURCE = Path(auditflow.__file__).parent
WRITES = {"insert", "update", "delete"}


def writes(text: str) -> Iterator[str]:
    """The kinds of statement that write which this text brings from the toolkit."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            yield from (a.name for a in node.names if a.name in WRITES)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "sqlalchemy":
            yield from {node.attr} & WRITES


def test_nothing_writes_to_a_store_but_persistence() -> None:
    found = {p for p in SOURCE.rglob("*.py") if list(writes(p.read_text()))}
    assert found
    assert {p.relative_to(SOURCE).parts[0] for p in found} == {"persistence"}


@pytest.mark.parametrize("way", ["from sqlalchemy import select, update", "sqlalchemy.delete(t)"])
def test_a_statement_that_writes_is_seen(way: str) -> None:
    assert list(writes(way))
