"""The first schema"""

import sqlalchemy as sa
from alembic import op

import auditflow.persistence.columns
from auditflow.persistence.columns import Words
from auditflow.persistence.triggers import guards, unguard

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", auditflow.persistence.columns.Instant(), nullable=False),
        sa.Column("person", Words, nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("what", Words, nullable=False),
        sa.Column("denied", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", Words, nullable=False),
        sa.Column("stratum", Words, nullable=False),
        sa.Column("team", Words, nullable=False),
        sa.Column("worker", Words, server_default="", nullable=False),
        sa.Column("service", Words, server_default="", nullable=False),
        sa.Column("need", Words, server_default="", nullable=False),
        sa.Column("opened", auditflow.persistence.columns.Day(), nullable=True),
        sa.Column("closed", auditflow.persistence.columns.Day(), nullable=True),
        sa.Column("restricted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_audited", auditflow.persistence.columns.Day(), nullable=True),
        sa.Column("as_at", auditflow.persistence.columns.Day(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("reference", name=op.f("uq_cases_reference")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "deputies",
        sa.Column("deputy", Words, nullable=False),
        sa.Column("person", Words, nullable=False),
        sa.Column("since", auditflow.persistence.columns.Day(), nullable=False),
        sa.Column("until", auditflow.persistence.columns.Day(), nullable=False),
        sa.PrimaryKeyConstraint("person", "deputy", "since", name=op.f("pk_deputies")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "escalation_steps",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("told_on", auditflow.persistence.columns.Day(), nullable=False),
        sa.PrimaryKeyConstraint("audit_id", "n", "level", name=op.f("pk_escalation_steps")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "holidays",
        sa.Column("day", auditflow.persistence.columns.Day(), nullable=False),
        sa.Column("title", Words, nullable=False),
        sa.Column("source", Words, nullable=False),
        sa.Column("added_at", auditflow.persistence.columns.Instant(), nullable=False),
        sa.Column("through", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holidays")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "journal",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("recorded_at", auditflow.persistence.columns.Instant(), nullable=False),
        sa.Column("body", Words, nullable=False),
        sa.Column("hash", Words, nullable=False),
        sa.Column("key", Words, nullable=True),
        sa.PrimaryKeyConstraint("audit_id", "seq", name=op.f("pk_journal")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(
            "uq_journal_key",
            ["key"],
            unique=True,
            sqlite_where=sa.text("key IS NOT NULL"),
            postgresql_where=sa.text("key IS NOT NULL"),
        )

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", Words, nullable=False),
        sa.Column("role", Words, nullable=False),
        sa.Column("person", Words, server_default="", nullable=False),
        sa.Column("subject", Words, nullable=False),
        sa.Column("deliver_from", auditflow.persistence.columns.Instant(), nullable=False),
        sa.Column("sent_at", auditflow.persistence.columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint(
            "audit_id",
            "seq",
            "kind",
            "role",
            "person",
            name=op.f("uq_outbox_audit_id_seq_kind_role_person"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_waiting",
            ["deliver_from"],
            unique=False,
            sqlite_where=sa.text("sent_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL"),
        )

    op.create_table(
        "people",
        sa.Column("id", Words, nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("roles", Words, nullable=False),
        sa.Column("team", Words, server_default="", nullable=False),
        sa.Column("service", Words, server_default="", nullable=False),
        sa.Column("email", Words, server_default="", nullable=False),
        sa.Column("line", Words, server_default="", nullable=False),
        sa.Column("trained", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cleared", sa.Integer(), server_default="0", nullable=False),
        sa.Column("left_on", auditflow.persistence.columns.Day(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "policy",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("value", Words, nullable=False),
        sa.Column("reason", Words, nullable=False),
        sa.Column("set_by", Words, nullable=False),
        sa.Column("set_at", auditflow.persistence.columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policy")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", auditflow.persistence.columns.Day(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("again", Words, server_default="", nullable=False),
        sa.Column("as_at", auditflow.persistence.columns.Day(), nullable=False),
        sa.Column("seed", Words, nullable=False),
        sa.Column("quotas", Words, nullable=False),
        sa.Column("reserves", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("pool", sa.Integer(), nullable=False),
        sa.Column("pool_digest", Words, nullable=False),
        sa.Column("list_digest", Words, nullable=False),
        sa.Column("drawn_by", Words, nullable=False),
        sa.Column("drawn_at", auditflow.persistence.columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.create_index("uq_rounds_month_attempt", ["month", "attempt"], unique=True)

    op.create_table(
        "store",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", auditflow.persistence.columns.Instant(), nullable=False),
        sa.Column("rehearsal", sa.Integer(), server_default="0", nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("head", Words, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_store_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "text_keys",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("secret", Words, nullable=False),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_text_keys")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "texts",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("digest", Words, nullable=False),
        sa.Column("body", Words, nullable=False),
        sa.PrimaryKeyConstraint("audit_id", "digest", name=op.f("pk_texts")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "audits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", Words, nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=True),
        sa.Column("reaudit_due_on", auditflow.persistence.columns.Day(), nullable=True),
        sa.Column("month", auditflow.persistence.columns.Day(), nullable=False),
        sa.Column("state", Words, nullable=False),
        sa.Column("team", Words, nullable=False),
        sa.Column("service", Words, nullable=False),
        sa.Column("restricted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("auditor", Words, nullable=False),
        sa.Column("grade", Words, nullable=False),
        sa.Column("grade_status", Words, nullable=False),
        sa.Column("entered_at", auditflow.persistence.columns.Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("head", Words, nullable=False),
        sa.Column("facts", Words, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_audits_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_audits_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audits")),
        sa.UniqueConstraint("reference", name=op.f("uq_audits_reference")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    with op.batch_alter_table("audits", schema=None) as batch_op:
        batch_op.create_index(
            "ix_audits_reaudit",
            ["reaudit_due_on"],
            unique=False,
            sqlite_where=sa.text("reaudit_due_on IS NOT NULL"),
            postgresql_where=sa.text("reaudit_due_on IS NOT NULL"),
        )
        batch_op.create_index("ix_audits_state", ["state", "id"], unique=False)
        batch_op.create_index("uq_audits_repeats", ["repeats"], unique=True)
        batch_op.create_index("uq_audits_round_case", ["round_id", "case_id"], unique=True)

    op.create_table(
        "round_cases",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("stratum", Words, nullable=False),
        sa.Column("result", Words, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("reason", Words, server_default="", nullable=False),
        sa.Column("detail", Words, server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_round_cases_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_round_cases_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("round_id", "case_id", name=op.f("pk_round_cases")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "actions",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("state", Words, nullable=False),
        sa.Column("immediate", sa.Integer(), server_default="0", nullable=False),
        sa.Column("owner", Words, nullable=False),
        sa.Column("due_on", auditflow.persistence.columns.Day(), nullable=False),
        sa.Column("original_due_on", auditflow.persistence.columns.Day(), nullable=False),
        sa.Column("done_on", auditflow.persistence.columns.Day(), nullable=True),
        sa.Column("filed_on", auditflow.persistence.columns.Day(), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_actions_audit_id_audits")
        ),
        sa.PrimaryKeyConstraint("audit_id", "n", name=op.f("pk_actions")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "duties",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("duty", Words, nullable=False),
        sa.Column("subject", Words, nullable=False),
        sa.Column("due", auditflow.persistence.columns.Day(), nullable=False),
        sa.Column("role", Words, nullable=False),
        sa.Column("owner", Words, server_default="", nullable=False),
        sa.Column("since", auditflow.persistence.columns.Day(), nullable=False),
        sa.Column("overdue_from", auditflow.persistence.columns.Instant(), nullable=False),
        sa.Column("raise_from", auditflow.persistence.columns.Instant(), nullable=False),
        sa.Column("started_at", auditflow.persistence.columns.Instant(), nullable=False),
        sa.Column("missed_at", auditflow.persistence.columns.Instant(), nullable=True),
        sa.Column("ended_at", auditflow.persistence.columns.Instant(), nullable=True),
        sa.Column("ending", Words, server_default="", nullable=False),
        sa.Column("met_at", auditflow.persistence.columns.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_duties_audit_id_audits")
        ),
        sa.PrimaryKeyConstraint("audit_id", "duty", "subject", "due", name=op.f("pk_duties")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("duties", schema=None) as batch_op:
        batch_op.create_index(
            "ix_duties_open",
            ["overdue_from", "duty", "audit_id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "ix_duties_raise",
            ["raise_from", "audit_id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL AND missed_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND missed_at IS NULL"),
        )

    op.create_table(
        "escalations",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("trigger", Words, nullable=False),
        sa.Column("cause", Words, nullable=False),
        sa.Column("state", Words, nullable=False),
        sa.Column("raised_on", auditflow.persistence.columns.Day(), nullable=False),
        sa.Column("overdue_since", auditflow.persistence.columns.Instant(), nullable=True),
        sa.Column("told_on", auditflow.persistence.columns.Day(), nullable=True),
        sa.Column("answer", Words, server_default="", nullable=False),
        sa.Column("held_until", auditflow.persistence.columns.Day(), nullable=True),
        sa.Column("resolution", Words, server_default="", nullable=False),
        sa.Column("resolved_on", auditflow.persistence.columns.Day(), nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audits.id"], name=op.f("fk_escalations_audit_id_audits")
        ),
        sa.PrimaryKeyConstraint("audit_id", "n", name=op.f("pk_escalations")),
        sa.UniqueConstraint(
            "audit_id", "trigger", "cause", name=op.f("uq_escalations_audit_id_trigger_cause")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.create_index(
            "ix_escalations_open",
            ["state", "told_on"],
            unique=False,
            sqlite_where=sa.text("state <> 'resolved'"),
            postgresql_where=sa.text("state <> 'resolved'"),
        )

    for statement in guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in unguard(op.get_bind().dialect.name):
        op.execute(statement)
    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_escalations_open",
            sqlite_where=sa.text("state <> 'resolved'"),
            postgresql_where=sa.text("state <> 'resolved'"),
        )

    op.drop_table("escalations")
    with op.batch_alter_table("duties", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_duties_raise",
            sqlite_where=sa.text("ended_at IS NULL AND missed_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND missed_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_duties_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("duties")
    op.drop_table("actions")
    op.drop_table("round_cases")
    with op.batch_alter_table("audits", schema=None) as batch_op:
        batch_op.drop_index("uq_audits_round_case")
        batch_op.drop_index("uq_audits_repeats")
        batch_op.drop_index("ix_audits_state")
        batch_op.drop_index(
            "ix_audits_reaudit",
            sqlite_where=sa.text("reaudit_due_on IS NOT NULL"),
            postgresql_where=sa.text("reaudit_due_on IS NOT NULL"),
        )

    op.drop_table("audits")
    op.drop_table("texts")
    op.drop_table("text_keys")
    op.drop_table("store")
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.drop_index("uq_rounds_month_attempt")

    op.drop_table("rounds")
    op.drop_table("policy")
    op.drop_table("people")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_waiting",
            sqlite_where=sa.text("sent_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL"),
        )

    op.drop_table("outbox")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_journal_key",
            sqlite_where=sa.text("key IS NOT NULL"),
            postgresql_where=sa.text("key IS NOT NULL"),
        )

    op.drop_table("journal")
    op.drop_table("holidays")
    op.drop_table("escalation_steps")
    op.drop_table("deputies")
    op.drop_table("cases")
    op.drop_table("access_log")
