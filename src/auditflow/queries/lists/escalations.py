"""The list of escalations: why, since when, and what comes next, when and at whom."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, text, tuple_

from auditflow.audits import Level, Trigger, level_of
from auditflow.machines.charts import CHARTS, DUTIES
from auditflow.persistence import tables
from auditflow.policy import Policy
from auditflow.queries.lists.audits import team_title
from auditflow.queries.lists.engine import Group, Listing, Show, Sort
from auditflow.queries.reading import Reading

_STANDS = [s.name for s in CHARTS["escalation"].states.values() if not s.initial]


class EscalationRow(msgspec.Struct, frozen=True):
    """One escalation in a list."""

    reference: str
    n: int
    trigger: str
    why: str
    #: At which level it stands, in the council's words, or that it is resolved.
    stands_at: str
    team: str
    raised_on: date
    told_on: date | None
    overdue_since: datetime | None
    resolved: bool
    #: What is awaited, and by when.
    awaited: str
    by: date | None
    overdue: bool
    #: What happens if it does not come.
    then: str


def escalations(reading: Reading) -> Listing:
    """The escalations as they stand at a moment."""
    a, e, policy = tables.audits, tables.escalations, reading.rules.policy
    names = ("audit_id", "n", "state", "raised_on", "told_on", "overdue_since", "held_until")
    return Listing(
        source=e.join(a, a.c.id == e.c.audit_id),
        columns=[
            a.c.reference,
            a.c.team,
            *(e.c[n] for n in names),
            e.c.trigger.label("of_trigger"),
        ],
        rows=partial(_rows, reading),
        shows={
            "live": Show("Open", text(f"escalations.{tables.OPEN}"), "oldest"),
            "all": Show("All there ever were", None, "newest", counted=False),
        },
        sorts={
            "oldest": Sort("Oldest first", e.c.raised_on),
            "newest": Sort("Newest first", e.c.raised_on, down=True),
            "level": Sort("Highest level first", e.c.state, down=True),
            "team": Sort("Team", a.c.team),
        },
        key=[e.c.audit_id, e.c.n],
        groups={
            "level": Group(e.c.state, partial(level_title, policy), _STANDS),
            "trigger": Group(
                e.c.trigger, lambda t: f"{t} {Trigger(t).title}", [t.value for t in Trigger]
            ),
            "team": Group(a.c.team, team_title),
        },
        flags={},
    )


def level_title(policy: Policy, state: str) -> str:
    """A level in the council's words."""
    level = level_of(state)
    title = CHARTS["escalation"].states[state].title
    return f"{title}, {policy.level_title(level)}" if level else title


def _rows(reading: Reading, rows: Sequence[Row[Any]]) -> Iterable[EscalationRow]:
    policy, waiting = reading.rules.policy, _waiting(reading.connection, rows)
    for r in rows:
        owed = waiting.get((r.audit_id, f"escalation {r.n} {r.state}"))
        yield EscalationRow(
            reference=r.reference,
            n=r.n,
            trigger=r.of_trigger,
            why=Trigger(r.of_trigger).title,
            stands_at=level_title(policy, r.state),
            team=r.team,
            raised_on=r.raised_on,
            told_on=r.told_on,
            overdue_since=r.overdue_since,
            resolved=not level_of(r.state),
            awaited=DUTIES[owed.duty].title if owed else _paused(r),
            by=owed.due if owed else r.held_until,
            overdue=owed is not None and owed.overdue_from <= reading.at,
            then=_then(owed, r.state, policy) if owed else "",
        )


def _waiting(connection: Connection, rows: Sequence[Row[Any]]) -> dict[tuple[int, str], Row[Any]]:
    """Of each of these escalations what is owed first."""
    d = tables.duties
    keys = [(r.audit_id, f"escalation {r.n} {r.state}") for r in rows]
    if not keys:
        return {}
    query = d.select().where(tuple_(d.c.audit_id, d.c.subject).in_(keys), d.c.ended_at.is_(None))
    found = connection.execute(query.order_by(d.c.due.desc())).all()
    return {(r.audit_id, r.subject): r for r in found}


def _paused(row: Row[Any]) -> str:
    return "On hold" if row.held_until and level_of(row.state) else ""


def _then(owed: Row[Any], state: str, policy: Policy) -> str:
    """Where an answer that does not come takes it."""
    level = level_of(state)
    if isinstance(DUTIES[owed.duty].missed, Trigger):
        return "T9, for nobody judged the answer"
    if level is None or level is Level.L5:
        return "it stays here"
    return f"it goes up to {policy.level_title(Level(level + 1))}"
