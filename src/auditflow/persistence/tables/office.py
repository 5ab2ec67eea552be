"""The office: the store itself, people, cases, rounds, the calendar, the policy."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint

from auditflow.persistence.columns import Day, Instant, Words
from auditflow.persistence.tables.base import flags, maybe, needed, table, words

store = table(
    "store",
    Column("id", Integer, primary_key=True),
    Column("created_at", Instant, nullable=False),
    *flags("rehearsal"),
    *needed(Integer, "calendar_version", "policy_version"),
    #: The head of the office's own chain (people, cases, rounds, calendar).
    Column("version", Integer, nullable=False),
    Column("head", Words, nullable=False),
    #: Set by a restore: what was waiting to be sent may have been sent already.
    *flags("notices_held"),
    CheckConstraint("id = 1", name="one_row"),
)

people = table(
    "people",
    Column("id", Words, primary_key=True),
    *needed(Words, "name", "roles"),
    *words("team", "service", "email", "line"),
    *flags("trained", "cleared"),
    Column("left_on", Day),
)

deputies = table(
    "deputies",
    *needed(Words, "deputy", "person"),
    *needed(Day, "since", "until"),
    PrimaryKeyConstraint("person", "deputy", "since"),
)

cases = table(
    "cases",
    Column("id", Integer, primary_key=True),
    Column("reference", Words, nullable=False, unique=True),
    *needed(Words, "stratum", "team"),
    *words("worker", "service", "need"),
    *maybe(Day, "opened", "closed"),
    *flags("restricted"),
    Column("last_audited", Day),
    Column("as_at", Day, nullable=False),
)

rounds = table(
    "rounds",
    Column("id", Integer, primary_key=True),
    Column("month", Day, nullable=False),
    #: A month is drawn again only while nothing of it is distributed; each draw is kept.
    Column("attempt", Integer, nullable=False),
    #: Why it was drawn again.
    *words("again"),
    Column("as_at", Day, nullable=False),
    Column("seed", Words, nullable=False),
    #: The quota of each stratum, as JSON.
    Column("quotas", Words, nullable=False),
    Column("reserves", Integer, nullable=False),
    #: How many cases the list held, and how many of them could be drawn.
    *needed(Integer, "listed", "pool"),
    *needed(Words, "pool_digest", "list_digest", "drawn_by"),
    Column("drawn_at", Instant, nullable=False),
    Index("uq_rounds_month_attempt", "month", "attempt", unique=True),
)

round_cases = table(
    "round_cases",
    Column("round_id", Integer, ForeignKey("rounds.id"), nullable=False),
    Column("case_id", Integer, ForeignKey("cases.id"), nullable=False),
    Column("stratum", Words, nullable=False),
    #: `drawn`, `reserve`, `not_drawn` or `excluded`.
    Column("result", Words, nullable=False),
    #: The place within the stratum, from 1; 0 for a case that is excluded.
    Column("rank", Integer, nullable=False),
    *words("reason", "detail"),
    PrimaryKeyConstraint("round_id", "case_id"),
    rowid=False,
)

holidays = table(
    "holidays",
    Column("day", Day, primary_key=True),
    *needed(Words, "title", "source"),
    Column("added_at", Instant, nullable=False),
    #: The last year the calendar may be used for, if this row says so.
    Column("through", Integer),
)

policy = table(
    "policy",
    #: Version 1 is what holds until a council sets something; each row makes the next.
    Column("version", Integer, primary_key=True),
    *needed(Words, "name", "value", "reason", "set_by"),
    Column("set_at", Instant, nullable=False),
)

#: When each kind of unattended work was last done to its end.
beats = table(
    "beats", Column("name", Words, primary_key=True), Column("at", Instant, nullable=False)
)

#: The filters of a list that a person keeps under a name.
views = table(
    "views",
    *needed(Words, "person", "page", "name", "query"),
    PrimaryKeyConstraint("person", "page", "name"),
    rowid=False,
)
