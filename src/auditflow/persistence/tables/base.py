"""What all tables share: one metadata, the names of constraints, and columns used again."""

from typing import Any

from sqlalchemy import Column, Index, Integer, MetaData, Table, text

from auditflow.persistence.columns import Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *parts: Any, rowid: bool = True) -> Table:
    """A table, strict about types in SQLite."""
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def needed(kind: Any, *names: str) -> list[Column[Any]]:
    """Columns of one type that are never empty."""
    return [Column(name, kind, nullable=False) for name in names]


def maybe(kind: Any, *names: str) -> list[Column[Any]]:
    """Columns of one type that may be empty."""
    return [Column(name, kind) for name in names]


def flags(*names: str) -> list[Column[int]]:
    """Yes or no, no unless said."""
    return [Column(name, Integer, nullable=False, server_default="0") for name in names]


def words(*names: str) -> list[Column[str]]:
    """Words, none unless said."""
    return [Column(name, Words, nullable=False, server_default="") for name in names]


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of those rows alone for which a condition holds."""
    only = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=only, postgresql_where=only)
