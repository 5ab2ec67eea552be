"""What workers need: when each last did its work, notices held back, and jobs on PostgreSQL"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from auditflow.persistence.columns import Instant, Words

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Procrastinate keeps no list of what is its own, but everything of its own bears its name.
_NO_JOBS = """
DO $$ DECLARE found record; BEGIN
  FOR found IN SELECT tablename AS name FROM pg_tables
    WHERE schemaname = current_schema() AND tablename LIKE 'procrastinate%'
  LOOP EXECUTE format('DROP TABLE %I CASCADE', found.name); END LOOP;
  FOR found IN SELECT p.oid::regprocedure AS name FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE 'procrastinate%'
  LOOP EXECUTE format('DROP FUNCTION %s CASCADE', found.name); END LOOP;
  FOR found IN SELECT t.typname AS name FROM pg_type t
    WHERE t.typnamespace = current_schema()::regnamespace AND t.typname LIKE 'procrastinate%'
      AND t.typtype IN ('c', 'e')
  LOOP EXECUTE format('DROP TYPE IF EXISTS %I CASCADE', found.name); END LOOP;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "beats",
        sa.Column("name", Words, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_beats")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.add_column(
        "store", sa.Column("notices_held", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("audits", sa.Column("recorded_at", Instant(), nullable=True))
    op.execute(
        "UPDATE audits SET recorded_at = (SELECT recorded_at FROM journal "
        "WHERE journal.audit_id = audits.id AND journal.seq = audits.version)"
    )
    if op.get_bind().dialect.name == "postgresql":
        from procrastinate.schema import SchemaManager  # noqa: PLC0415 - an extra

        _driver().execute(SchemaManager.get_schema(), prepare=False)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _driver().execute(_NO_JOBS, prepare=False)
    op.drop_column("audits", "recorded_at")
    op.drop_column("store", "notices_held")
    op.drop_table("beats")


def _driver() -> Any:
    """The driver's own connection, which sends many statements as they are written."""
    return op.get_bind().connection.driver_connection
