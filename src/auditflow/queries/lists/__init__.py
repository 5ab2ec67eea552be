"""The three lists people filter, sort and take out: audits, actions, escalations."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from auditflow.audits import Person
from auditflow.machines.duties import Rules
from auditflow.queries.lists.actions import actions
from auditflow.queries.lists.asked import Asked, Choice, Found, checked
from auditflow.queries.lists.audits import audits
from auditflow.queries.lists.engine import found
from auditflow.queries.lists.escalations import escalations

LISTS: Final = {"audits": audits, "actions": actions, "escalations": escalations}
"""Each list by its name."""


def look_up(
    connection: Connection, person: Person, name: str, now: datetime, rules: Rules, asked: Asked
) -> Found:
    """One page of a list as this person may see it; BadInput names a filter that does not do."""
    return found(connection, person, LISTS[name](connection, now, rules), asked)


__all__ = ["LISTS", "Asked", "Choice", "Found", "checked", "look_up"]
