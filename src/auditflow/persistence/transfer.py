"""A whole store moved into another database: row by row, checked before it counts."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, Integer, Table, func, insert, select, text

from auditflow.errors import Damaged
from auditflow.persistence import tables

#: Rows read and written at a time.
BATCH = 2_000

_encode = msgspec.json.encode


class Copied(NamedTuple):
    """One table as it is in both databases: how many rows, and the digest of them all."""

    table: str
    rows: int
    digest: str


def copy(source: Connection, target: Connection) -> list[Copied]:
    """Copy every row; Damaged, and nothing is kept, where the copy is not like the original."""
    copied = []
    for table in tables.metadata.sorted_tables:
        original = Copied(table.name, *_moved(source, target, table))
        _go_on_counting(target, table)
        found = Copied(table.name, *_digest(_rows(target, table)))
        if found != original:
            raise Damaged(
                f"The copy of {table.name} is not like the original ({found.rows} rows of "
                f"{original.rows}). Nothing was kept; the original is as it was. Try again."
            )
        copied.append(original)
    return copied


def _rows(connection: Connection, table: Table) -> Iterator[tuple[object, ...]]:
    """The rows in the order of their keys, never all of them at once."""
    query = select(table).order_by(*table.primary_key.columns)
    result = connection.execute(query, execution_options={"yield_per": BATCH})
    return (tuple(row) for row in result)


def _moved(source: Connection, target: Connection, table: Table) -> tuple[int, str]:
    names = table.columns.keys()
    total, digest = 0, sha256()
    rows = _rows(source, table)
    while batch := list(islice(rows, BATCH)):
        target.execute(insert(table), [dict(zip(names, row, strict=True)) for row in batch])
        for row in batch:
            digest.update(_encode(row))
        total += len(batch)
    return total, digest.hexdigest()


def _digest(rows: Iterator[tuple[object, ...]]) -> tuple[int, str]:
    total, digest = 0, sha256()
    for row in rows:
        digest.update(_encode(row))
        total += 1
    return total, digest.hexdigest()


def _go_on_counting(target: Connection, table: Table) -> None:
    """Numbers that PostgreSQL gives itself go on after the last one that was copied."""
    key = table.autoincrement_column
    if target.dialect.name != "postgresql" or key is None or not isinstance(key.type, Integer):
        return
    last = target.execute(select(func.max(key))).scalar()
    if last is not None:
        ask = text("SELECT setval(pg_get_serial_sequence(:table, :key), :last)")
        target.execute(ask, {"table": table.name, "key": key.name, "last": last})
