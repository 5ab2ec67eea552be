"""The triggers that keep history from being changed, for each database."""

from collections.abc import Iterator

from auditflow.persistence.tables import APPEND_ONLY, metadata


def guards(dialect: str) -> Iterator[str]:
    """The statements that make the append-only tables so."""
    if dialect == "postgresql":
        yield (
            "CREATE FUNCTION auditflow_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the % only grows', TG_TABLE_NAME "
            "USING ERRCODE = 'restrict_violation'; END $$"
        )
    for table in APPEND_ONLY:
        if dialect == "postgresql":
            yield (
                f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION auditflow_append_only()"
            )
            continue
        for verb in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the {table} only grows'); END"
            )
        # INSERT OR REPLACE takes the old row away without asking the triggers on delete.
        yield (
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {_taken(table)} "
            f"BEGIN SELECT RAISE(ABORT, 'the {table} only grows'); END"
        )


def _taken(name: str) -> str:
    """Whether a row with one of the new row's keys is there already."""
    table = metadata.tables[name]
    keys = [table.primary_key.columns, *(i.columns for i in table.indexes if i.unique)]
    same = (" AND ".join(f"{c.name} = NEW.{c.name}" for c in key) for key in keys)
    return " OR ".join(f"EXISTS (SELECT 1 FROM {name} WHERE {s})" for s in same)  # noqa: S608 - our own names


def unguard(dialect: str) -> Iterator[str]:
    """The statements that take those triggers away, for a migration down."""
    for table in APPEND_ONLY:
        if dialect == "postgresql":
            yield f"DROP TRIGGER {table}_only_grows ON {table}"
        else:
            yield from (
                f"DROP TRIGGER {table}_no_{verb}" for verb in ("update", "delete", "replace")
            )
    if dialect == "postgresql":
        yield "DROP FUNCTION auditflow_append_only()"
