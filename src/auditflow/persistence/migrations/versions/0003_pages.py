"""What pages ask of a large store: what is due first, who has a place where, views people keep"""

import sqlalchemy as sa
from alembic import op

from auditflow.persistence.columns import Day, Instant, Words

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LIVE = sa.text("state NOT IN ('closed', 'exempted', 'voided', 'withdrawn')")
_OPEN = sa.text("ended_at IS NULL")
_TO_DO = sa.text("state NOT IN ('cancelled', 'filed')")

#: Each new column of an audit's row, from the rows that tell it.
_TOLD = """
UPDATE audits SET
  next_due = (SELECT min(due) FROM duties WHERE audit_id = audits.id AND ended_at IS NULL),
  late_from = (SELECT min(overdue_from) FROM duties
               WHERE audit_id = audits.id AND ended_at IS NULL),
  escalated = (SELECT count(*) FROM escalations
                 WHERE audit_id = audits.id AND state <> 'resolved'),
  auditor_service = coalesce({auditor_service}, '')
"""
_PLACES = "INSERT INTO places (person, audit_id) {chosen} ON CONFLICT DO NOTHING"
_NAMED = ("auditor", "key_worker", "responsible_manager", "line_manager", "moderator")


def upgrade() -> None:
    _tables()
    op.add_column("audits", sa.Column("auditor_service", Words, server_default="", nullable=False))
    op.add_column("audits", sa.Column("next_due", Day(), nullable=True))
    op.add_column("audits", sa.Column("late_from", Instant(), nullable=True))
    op.add_column(
        "audits", sa.Column("escalated", sa.Integer(), server_default="0", nullable=False)
    )
    op.execute(_TOLD.format(auditor_service=_fact("auditor_service")))
    chosen = [
        f"SELECT {_fact(name)}, id FROM audits WHERE coalesce({_fact(name)}, '') <> ''"  # noqa: S608 - names of ours
        for name in _NAMED
    ]
    chosen.append("SELECT owner, audit_id FROM actions WHERE owner <> ''")
    for rows in chosen:
        op.execute(_PLACES.format(chosen=rows))
    _indexes()


def _fact(name: str) -> str:
    """One fact of an audit, out of its JSON."""
    if op.get_bind().dialect.name == "postgresql":
        return f"facts::json ->> '{name}'"
    return f"json_extract(facts, '$.{name}')"


def _tables() -> None:
    op.create_table(
        "places",
        sa.Column("person", Words, nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_places_audit_id_audits")
        ),
        sa.PrimaryKeyConstraint("person", "audit_id", name=op.f("pk_places")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "views",
        sa.Column("person", Words, nullable=False),
        sa.Column("page", Words, nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("query", Words, nullable=False),
        sa.PrimaryKeyConstraint("person", "page", "name", name=op.f("pk_views")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _indexes() -> None:
    live = ["next_due", "reference", "state", "team", "service", "month", "auditor", "late_from"]
    live += ["escalated", "restricted"]
    op.create_index("ix_audits_live", "audits", live, sqlite_where=_LIVE, postgresql_where=_LIVE)
    op.drop_index("ix_audits_state", "audits")
    op.create_index("ix_audits_state", "audits", ["state", "id", "restricted"])
    by_month = ["month", "reference", "state", "team", "service", "restricted"]
    op.create_index("ix_audits_month", "audits", by_month)
    op.create_index("ix_audits_case", "audits", ["case_id"])
    op.create_index("ix_audits_service", "audits", ["service", "state", "restricted"])
    owner = ["owner", "role", "due"]
    op.create_index("ix_duties_owner", "duties", owner, sqlite_where=_OPEN, postgresql_where=_OPEN)
    due = ["due_on", "audit_id", "n"]
    op.create_index("ix_actions_open", "actions", due, sqlite_where=_TO_DO, postgresql_where=_TO_DO)
    op.create_index("ix_actions_due", "actions", due)
    op.create_index("ix_escalations_raised", "escalations", ["raised_on", "audit_id", "n"])


def downgrade() -> None:
    op.drop_index("ix_escalations_raised", "escalations")
    op.drop_index("ix_actions_due", "actions")
    op.drop_index("ix_actions_open", "actions")
    op.drop_index("ix_duties_owner", "duties")
    op.drop_index("ix_audits_service", "audits")
    op.drop_index("ix_audits_case", "audits")
    op.drop_index("ix_audits_month", "audits")
    op.drop_index("ix_audits_live", "audits")
    op.drop_index("ix_audits_state", "audits")
    op.create_index("ix_audits_state", "audits", ["state", "id"])
    for name in ("escalated", "late_from", "next_due", "auditor_service"):
        op.drop_column("audits", name)
    op.drop_table("views")
    op.drop_table("places")
