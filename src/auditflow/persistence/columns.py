"""Column types that read and write alike on both databases."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Date, Dialect, Text, TypeDecorator
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

#: Words sort alike everywhere: by their letters' numbers, whatever the server's language is.
Words = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def _native(dialect: Dialect, there: TypeEngine[Any]) -> TypeEngine[Any]:
    return dialect.type_descriptor(there if dialect.name == "postgresql" else Text())


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; a naive one is refused."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """A timestamp where the database knows time zones; sortable text in SQLite."""
        return _native(dialect, postgresql.TIMESTAMP(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """To UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone is not stored")
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        # One width always, so that text sorts as time does.
        return utc if dialect.name == "postgresql" else utc.isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From UTC."""
        del dialect
        if value is None:
            return None
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
        return instant.astimezone(UTC)


class Day(TypeDecorator[date]):
    """A civil date."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """A date where the database has one; sortable text in SQLite's strict tables."""
        return _native(dialect, Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        """As ISO text in SQLite."""
        if value is None or dialect.name == "postgresql":
            return value
        return value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        """From ISO text in SQLite."""
        del dialect
        return date.fromisoformat(value) if isinstance(value, str) else value
