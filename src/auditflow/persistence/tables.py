"""The tables. State rows are a cache of the journal; the journal and the access log only grow."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from auditflow.persistence.columns import Day, Instant

#: The migration a store must be at.
SCHEMA = "0001"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _table(name: str, *parts: Any, rowid: bool = True) -> Table:
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def _flag(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _words(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


store = _table(
    "store",
    Column("id", Integer, primary_key=True),
    Column("created_at", Instant, nullable=False),
    _flag("rehearsal"),
    Column("calendar_version", Integer, nullable=False),
    Column("policy_version", Integer, nullable=False),
    #: The head of the office's own chain (people, cases, rounds, calendar).
    Column("version", Integer, nullable=False),
    Column("head", Text, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

people = _table(
    "people",
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("roles", Text, nullable=False),
    _words("team"),
    _words("service"),
    _words("email"),
    _words("line"),
    _flag("trained"),
    _flag("cleared"),
    Column("left_on", Day),
)

deputies = _table(
    "deputies",
    Column("deputy", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("since", Day, nullable=False),
    Column("until", Day, nullable=False),
    PrimaryKeyConstraint("person", "deputy", "since"),
)

cases = _table(
    "cases",
    Column("id", Integer, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("stratum", Text, nullable=False),
    Column("team", Text, nullable=False),
    _words("worker"),
    _words("service"),
    _words("need"),
    Column("opened", Day),
    Column("closed", Day),
    _flag("restricted"),
    Column("last_audited", Day),
    Column("as_at", Day, nullable=False),
)

rounds = _table(
    "rounds",
    Column("id", Integer, primary_key=True),
    Column("month", Day, nullable=False),
    #: A month is drawn again only while nothing of it is distributed; each draw is kept.
    Column("attempt", Integer, nullable=False),
    #: Why it was drawn again.
    _words("again"),
    Column("as_at", Day, nullable=False),
    Column("seed", Text, nullable=False),
    #: The quota of each stratum, as JSON.
    Column("quotas", Text, nullable=False),
    Column("reserves", Integer, nullable=False),
    #: How many cases the list held, and how many of them could be drawn.
    Column("listed", Integer, nullable=False),
    Column("pool", Integer, nullable=False),
    Column("pool_digest", Text, nullable=False),
    Column("list_digest", Text, nullable=False),
    Column("drawn_by", Text, nullable=False),
    Column("drawn_at", Instant, nullable=False),
    Index("uq_rounds_month_attempt", "month", "attempt", unique=True),
)

round_cases = _table(
    "round_cases",
    Column("round_id", Integer, ForeignKey("rounds.id"), nullable=False),
    Column("case_id", Integer, ForeignKey("cases.id"), nullable=False),
    Column("stratum", Text, nullable=False),
    #: `drawn`, `reserve`, `not_drawn` or `excluded`.
    Column("result", Text, nullable=False),
    #: The place within the stratum, from 1; 0 for a case that is excluded.
    Column("rank", Integer, nullable=False),
    _words("reason"),
    _words("detail"),
    PrimaryKeyConstraint("round_id", "case_id"),
    rowid=False,
)

audits = _table(
    "audits",
    Column("id", Integer, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    #: None for a re-audit, which no draw chose.
    Column("round_id", Integer, ForeignKey("rounds.id")),
    Column("case_id", Integer, ForeignKey("cases.id"), nullable=False),
    Column("repeats", Integer),
    Column("reaudit_due_on", Day),
    Column("month", Day, nullable=False),
    Column("state", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("service", Text, nullable=False),
    _flag("restricted"),
    Column("auditor", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("grade_status", Text, nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("head", Text, nullable=False),
    #: The whole audit as JSON: the journal's changes, folded.
    Column("facts", Text, nullable=False),
    Index("ix_audits_state", "state", "id"),
    #: A case is drawn, or takes another's place, once in a round; an audit is repeated once.
    Index("uq_audits_round_case", "round_id", "case_id", unique=True),
    Index("uq_audits_repeats", "repeats", unique=True),
    Index(
        "ix_audits_reaudit",
        "reaudit_due_on",
        sqlite_where=text("reaudit_due_on IS NOT NULL"),
        postgresql_where=text("reaudit_due_on IS NOT NULL"),
    ),
)

journal = _table(
    "journal",
    #: 0 is the office's own chain; every other number is an audit.
    Column("audit_id", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", Text, nullable=False),
    #: Given by the sender, so that sending twice does once.
    Column("key", Text),
    PrimaryKeyConstraint("audit_id", "seq"),
    Index(
        "uq_journal_key",
        "key",
        unique=True,
        sqlite_where=text("key IS NOT NULL"),
        postgresql_where=text("key IS NOT NULL"),
    ),
    rowid=False,
)

duties = _table(
    "duties",
    Column("audit_id", Integer, ForeignKey("audits.id"), nullable=False),
    Column("duty", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("due", Day, nullable=False),
    Column("role", Text, nullable=False),
    _words("owner"),
    Column("since", Day, nullable=False),
    Column("overdue_from", Instant, nullable=False),
    Column("raise_from", Instant, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("missed_at", Instant),
    Column("ended_at", Instant),
    #: `met` or `dropped`.
    _words("ending"),
    Column("met_at", Instant),
    PrimaryKeyConstraint("audit_id", "duty", "subject", "due"),
    Index(
        "ix_duties_raise",
        "raise_from",
        "audit_id",
        sqlite_where=text("ended_at IS NULL AND missed_at IS NULL"),
        postgresql_where=text("ended_at IS NULL AND missed_at IS NULL"),
    ),
    Index(
        "ix_duties_open",
        "overdue_from",
        "duty",
        "audit_id",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    rowid=False,
)

actions = _table(
    "actions",
    Column("audit_id", Integer, ForeignKey("audits.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("state", Text, nullable=False),
    _flag("immediate"),
    Column("owner", Text, nullable=False),
    Column("due_on", Day, nullable=False),
    Column("original_due_on", Day, nullable=False),
    Column("done_on", Day),
    Column("filed_on", Day),
    PrimaryKeyConstraint("audit_id", "n"),
)

escalations = _table(
    "escalations",
    Column("audit_id", Integer, ForeignKey("audits.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("raised_on", Day, nullable=False),
    Column("overdue_since", Instant),
    Column("told_on", Day),
    _words("answer"),
    Column("held_until", Day),
    _words("resolution"),
    Column("resolved_on", Day),
    PrimaryKeyConstraint("audit_id", "n"),
    #: The effect is single by this key, not by when the sweep runs.
    UniqueConstraint("audit_id", "trigger", "cause"),
    Index(
        "ix_escalations_open",
        "state",
        "told_on",
        sqlite_where=text("state <> 'resolved'"),
        postgresql_where=text("state <> 'resolved'"),
    ),
)

steps = _table(
    "escalation_steps",
    Column("audit_id", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("level", Integer, nullable=False),
    Column("told_on", Day, nullable=False),
    PrimaryKeyConstraint("audit_id", "n", "level"),
    rowid=False,
)

text_keys = _table(
    "text_keys",
    Column("audit_id", Integer, primary_key=True),
    #: Destroyed with the texts, so that no digest in the journal can be guessed.
    Column("secret", Text, nullable=False),
)

texts = _table(
    "texts",
    Column("audit_id", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("body", Text, nullable=False),
    PrimaryKeyConstraint("audit_id", "digest"),
)

holidays = _table(
    "holidays",
    Column("day", Day, primary_key=True),
    Column("title", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("added_at", Instant, nullable=False),
    #: The last year the calendar may be used for, if this row says so.
    Column("through", Integer),
)

policy = _table(
    "policy",
    #: Version 1 is what holds until a council sets something; each row makes the next.
    Column("version", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", Instant, nullable=False),
)

outbox = _table(
    "outbox",
    Column("id", Integer, primary_key=True),
    Column("audit_id", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("role", Text, nullable=False),
    _words("person"),
    Column("subject", Text, nullable=False),
    Column("deliver_from", Instant, nullable=False),
    Column("sent_at", Instant),
    UniqueConstraint("audit_id", "seq", "kind", "role", "person"),
    Index(
        "ix_outbox_waiting",
        "deliver_from",
        sqlite_where=text("sent_at IS NULL"),
        postgresql_where=text("sent_at IS NULL"),
    ),
)

access_log = _table(
    "access_log",
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("person", Text, nullable=False),
    Column("audit_id", Integer, nullable=False),
    Column("what", Text, nullable=False),
    _flag("denied"),
)

#: These only grow: a trigger forbids update and delete.
APPEND_ONLY = ("journal", "access_log", "policy", "rounds", "round_cases")
