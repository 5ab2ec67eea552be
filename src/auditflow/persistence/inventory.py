"""What a store holds, in figures, so that a copy can be compared with it."""

from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from auditflow.persistence import tables
from auditflow.persistence.store import demand_known, schema_of, tables_in


class Holdings(NamedTuple):
    """How much a store holds, and one digest over where every chain ends."""

    #: The version of the store, which is that of its tables.
    version: str
    #: How many rows there are, by table.
    rows: dict[str, int]
    audits: int
    #: Lines of history, the office's own among them.
    lines: int
    head: str


def holdings(connection: Connection) -> Holdings:
    """Count every table of ours, and take the digest of all heads; of an older version, too."""
    version = demand_known(schema_of(connection), "")
    there = tables_in(connection)
    rows = {
        name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in tables.metadata.tables.items()
        if name in there or version == tables.SCHEMA
    }
    return Holdings(version, rows, rows["audits"], rows["journal"], _head(connection))


def _head(connection: Connection) -> str:
    """A digest over each chain's number, length and last hash: the office's, then each audit's."""
    audits, store = tables.audits, tables.store
    ends = [(0, *connection.execute(select(store.c.version, store.c.head)).one())]
    ends += connection.execute(
        select(audits.c.id, audits.c.version, audits.c.head).order_by(audits.c.id)
    )
    said = "".join(f"{number} {length} {head}\n" for number, length, head in ends)
    return sha256(said.encode()).hexdigest()
