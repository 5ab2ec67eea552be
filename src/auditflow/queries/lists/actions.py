"""The list of actions; what each says is read in its audit, where the reading is noted."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Row, String, and_, cast, exists, literal, text

from auditflow.machines.action import ActionProgress
from auditflow.persistence import tables
from auditflow.queries.board import soon
from auditflow.queries.lists.audits import team_title
from auditflow.queries.lists.engine import Condition, Group, Listing, Show, Sort
from auditflow.queries.names import Names
from auditflow.queries.reading import Reading

_STANDS = [s.name for s in ActionProgress.states.values() if not s.initial]


class ActionRow(msgspec.Struct, frozen=True):
    """One action in a list."""

    reference: str
    n: int
    kind: str
    state: str
    title: str
    owner: str
    team: str
    due_on: date
    #: The date first agreed, if another counts now.
    first_due_on: date | None
    overdue: bool
    soon: bool


def actions(reading: Reading) -> Listing:
    """The actions as they stand at a moment."""
    a, x = tables.audits, tables.actions
    late, until = _late(reading.at), _late(soon(reading))
    flags = {"late": late, "soon": and_(until, ~late)}
    return Listing(
        source=x.join(a, a.c.id == x.c.audit_id),
        columns=[
            a.c.reference,
            a.c.team,
            *(x.c[n] for n in ("n", "immediate", "state", "owner", "due_on", "original_due_on")),
            *(condition.label(name) for name, condition in flags.items()),
        ],
        rows=partial(_rows, reading.names),
        shows={
            "live": Show("Open, or not filed yet", text(f"actions.{tables.TO_DO}"), "due"),
            "all": Show("All there ever were", None, "newest", counted=False),
        },
        sorts={
            "due": Sort("Due first", x.c.due_on),
            "newest": Sort("Due last", x.c.due_on, down=True),
            "owner": Sort("Owner", x.c.owner),
            "team": Sort("Team", a.c.team),
        },
        key=[x.c.audit_id, x.c.n],
        groups={
            "state": Group(x.c.state, lambda s: ActionProgress.states[s].title, _STANDS),
            "kind": Group(x.c.immediate, kind_title, ("1", "0")),
            "team": Group(a.c.team, team_title),
        },
        flags=flags,
        others={"owner": lambda who: x.c.owner == who},
    )


def _rows(names: Names, rows: Sequence[Row[Any]]) -> Iterable[ActionRow]:
    names.learn(r.owner for r in rows)
    for r in rows:
        yield ActionRow(
            reference=r.reference,
            n=r.n,
            kind=kind_title(str(r.immediate)),
            state=r.state,
            title=ActionProgress.states[r.state].title,
            owner=names.of(r.owner),
            team=r.team,
            due_on=r.due_on,
            first_due_on=r.original_due_on if r.original_due_on != r.due_on else None,
            overdue=bool(r.late),
            soon=bool(r.soon),
        )


def kind_title(value: str) -> str:
    """Immediate or agreed, in words."""
    return "Immediate" if value == "1" else "Agreed"


def _late(by: datetime) -> Condition:
    """That something is owed on the action that is, or will be, late by then."""
    d, x = tables.duties, tables.actions
    return exists().where(
        d.c.audit_id == x.c.audit_id,
        d.c.subject == literal("action ") + cast(x.c.n, String),
        d.c.ended_at.is_(None),
        d.c.overdue_from <= by,
    )
