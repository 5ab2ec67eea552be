"""The audits, their journal, and the rows that lists and the sweep read."""

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, UniqueConstraint

from auditflow.audits import states_that
from auditflow.machines import charts as _charts  # noqa: F401 - it enters the states
from auditflow.persistence.columns import Day, Instant, Words
from auditflow.persistence.tables.base import flags, maybe, needed, partial_index, table, words


def _not_ended(kind: str) -> str:
    """The condition that an audit, an action or an escalation has not ended, as indexes need it."""
    *more, last = (f"'{name}'" for name in states_that(kind, "ended"))
    return f"state NOT IN ({', '.join([*more, last])})" if more else f"state <> {last}"


#: The work of the audit is not over.
LIVE = _not_ended("audit")
#: What is still to be done, or to be filed, of an action.
TO_DO = _not_ended("action")
#: The escalation stands at a level.
OPEN = _not_ended("escalation")
#: What lists and counts ask for: everything of a live audit that they filter, sort or show.
_LISTED = (
    "next_due", "reference", "state", "team", "service", "month", "auditor", "late_from",
    "escalated", "restricted",
)  # fmt: skip

audits = table(
    "audits",
    Column("id", Integer, primary_key=True),
    Column("reference", Words, nullable=False, unique=True),
    #: None for a re-audit, which no draw chose.
    Column("round_id", Integer, ForeignKey("rounds.id")),
    Column("case_id", Integer, ForeignKey("cases.id"), nullable=False),
    Column("repeats", Integer),
    Column("reaudit_due_on", Day),
    Column("month", Day, nullable=False),
    *needed(Words, "state", "team", "service"),
    *flags("restricted"),
    Column("auditor", Words, nullable=False),
    *words("auditor_service"),
    *needed(Words, "grade", "grade_status"),
    Column("entered_at", Instant, nullable=False),
    #: Of what it owes now: the earliest due date, and the first instant at which something is late.
    Column("next_due", Day),
    Column("late_from", Instant),
    *flags("escalated"),
    Column("version", Integer, nullable=False),
    Column("head", Words, nullable=False),
    #: When the last line was recorded.
    Column("recorded_at", Instant),
    #: The whole audit as JSON: the journal's changes, folded.
    Column("facts", Words, nullable=False),
    Index("ix_audits_state", "state", "id", "restricted"),
    partial_index("ix_audits_live", *_LISTED, where=LIVE),
    Index("ix_audits_month", "month", "reference", "state", "team", "service", "restricted"),
    Index("ix_audits_case", "case_id"),
    Index("ix_audits_service", "service", "state", "restricted"),
    #: A case is drawn, or takes another's place, once in a round; an audit is repeated once.
    Index("uq_audits_round_case", "round_id", "case_id", unique=True),
    Index("uq_audits_repeats", "repeats", unique=True),
    partial_index("ix_audits_reaudit", "reaudit_due_on", where="reaudit_due_on IS NOT NULL"),
)

journal = table(
    "journal",
    #: 0 is the office's own chain; every other number is an audit.
    *needed(Integer, "audit_id", "seq"),
    Column("recorded_at", Instant, nullable=False),
    *needed(Words, "body", "hash"),
    #: Given by the sender, so that sending twice does once.
    Column("key", Words),
    PrimaryKeyConstraint("audit_id", "seq"),
    partial_index("uq_journal_key", "key", unique=True, where="key IS NOT NULL"),
    rowid=False,
)

duties = table(
    "duties",
    Column("audit_id", Integer, ForeignKey("audits.id"), nullable=False),
    *needed(Words, "duty", "subject"),
    Column("due", Day, nullable=False),
    Column("role", Words, nullable=False),
    *words("owner"),
    Column("since", Day, nullable=False),
    *needed(Instant, "overdue_from", "raise_from", "started_at"),
    *maybe(Instant, "missed_at", "ended_at"),
    #: `met` or `dropped`.
    *words("ending"),
    Column("met_at", Instant),
    PrimaryKeyConstraint("audit_id", "duty", "subject", "due"),
    partial_index(
        "ix_duties_raise", "raise_from", "audit_id", where="ended_at IS NULL AND missed_at IS NULL"
    ),
    partial_index("ix_duties_open", "overdue_from", "duty", "audit_id", where="ended_at IS NULL"),
    partial_index("ix_duties_owner", "owner", "role", "due", where="ended_at IS NULL"),
    rowid=False,
)

#: Who has, or had, a place in an audit: so that a person's audits are found among all.
places = table(
    "places",
    Column("person", Words, nullable=False),
    Column("audit_id", Integer, ForeignKey("audits.id"), nullable=False),
    PrimaryKeyConstraint("person", "audit_id"),
    rowid=False,
)

actions = table(
    "actions",
    Column("audit_id", Integer, ForeignKey("audits.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("state", Words, nullable=False),
    *flags("immediate"),
    Column("owner", Words, nullable=False),
    *needed(Day, "due_on", "original_due_on"),
    *maybe(Day, "done_on", "filed_on"),
    PrimaryKeyConstraint("audit_id", "n"),
    partial_index("ix_actions_open", "due_on", "audit_id", "n", where=TO_DO),
    Index("ix_actions_due", "due_on", "audit_id", "n"),
)

escalations = table(
    "escalations",
    Column("audit_id", Integer, ForeignKey("audits.id"), nullable=False),
    Column("n", Integer, nullable=False),
    *needed(Words, "trigger", "cause", "state"),
    Column("raised_on", Day, nullable=False),
    Column("overdue_since", Instant),
    Column("told_on", Day),
    *words("answer"),
    Column("held_until", Day),
    *words("resolution"),
    Column("resolved_on", Day),
    PrimaryKeyConstraint("audit_id", "n"),
    #: The effect is single by this key, not by when the sweep runs.
    UniqueConstraint("audit_id", "trigger", "cause"),
    partial_index("ix_escalations_open", "state", "told_on", where=OPEN),
    Index("ix_escalations_raised", "raised_on", "audit_id", "n"),
)

steps = table(
    "escalation_steps",
    *needed(Integer, "audit_id", "n", "level"),
    Column("told_on", Day, nullable=False),
    PrimaryKeyConstraint("audit_id", "n", "level"),
    rowid=False,
)

text_keys = table(
    "text_keys",
    Column("audit_id", Integer, primary_key=True),
    #: Destroyed with the texts, so that no digest in the journal can be guessed.
    Column("secret", Words, nullable=False),
)

texts = table(
    "texts",
    Column("audit_id", Integer, nullable=False),
    *needed(Words, "digest", "body"),
    PrimaryKeyConstraint("audit_id", "digest"),
)

outbox = table(
    "outbox",
    Column("id", Integer, primary_key=True),
    *needed(Integer, "audit_id", "seq"),
    *needed(Words, "kind", "role"),
    *words("person"),
    Column("subject", Words, nullable=False),
    Column("deliver_from", Instant, nullable=False),
    Column("sent_at", Instant),
    UniqueConstraint("audit_id", "seq", "kind", "role", "person"),
    partial_index("ix_outbox_waiting", "deliver_from", where="sent_at IS NULL"),
)

access_log = table(
    "access_log",
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("person", Words, nullable=False),
    Column("audit_id", Integer, nullable=False),
    Column("what", Words, nullable=False),
    *flags("denied"),
)
