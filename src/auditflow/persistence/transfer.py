"""A whole store moved into another database: row by row, checked before it counts."""

from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Integer, Row, Table, func, insert, select, text

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
        original = _read(source, table, partial(_insert, target, table))
        _go_on_counting(target, table)
        found = _read(target, table)
        if found != original:
            raise Damaged(
                f"The copy of {table.name} is not like the original ({found.rows} rows of "
                f"{original.rows}). Nothing was kept; the original is as it was. Try again."
            )
        copied.append(original)
    return copied


def _read(
    connection: Connection, table: Table, put: Callable[[Sequence[Row[Any]]], object] = len
) -> Copied:
    """The rows in the order of their keys, never all of them at once, each batch put elsewhere."""
    query = select(table).order_by(*table.primary_key.columns)
    total, digest = 0, sha256()
    for batch in connection.execute(query, execution_options={"yield_per": BATCH}).partitions():
        put(batch)
        for row in batch:
            digest.update(_encode(tuple(row)))
        total += len(batch)
    return Copied(table.name, total, digest.hexdigest())


def _insert(target: Connection, table: Table, rows: Sequence[Row[Any]]) -> None:
    target.execute(insert(table), [row._asdict() for row in rows])


def _go_on_counting(target: Connection, table: Table) -> None:
    """Numbers that PostgreSQL gives itself go on after the last one that was copied."""
    key = table.autoincrement_column
    if target.dialect.name != "postgresql" or key is None or not isinstance(key.type, Integer):
        return
    last = target.execute(select(func.max(key))).scalar()
    if last is not None:
        ask = text("SELECT setval(pg_get_serial_sequence(:table, :key), :last)")
        target.execute(ask, {"table": table.name, "key": key.name, "last": last})
