"""The tables. State rows are a cache of the journal; the journal and the access log only grow."""

from auditflow.persistence.tables.audits import (
    LIVE,
    OPEN,
    TO_DO,
    access_log,
    actions,
    audits,
    duties,
    escalations,
    journal,
    outbox,
    places,
    steps,
    text_keys,
    texts,
)
from auditflow.persistence.tables.base import metadata
from auditflow.persistence.tables.office import (
    beats,
    cases,
    deputies,
    holidays,
    people,
    policy,
    round_cases,
    rounds,
    store,
    views,
)

#: The migration a store must be at.
SCHEMA = "0003"

#: These only grow: a trigger forbids update and delete.
APPEND_ONLY = ("journal", "access_log", "policy", "rounds", "round_cases")
