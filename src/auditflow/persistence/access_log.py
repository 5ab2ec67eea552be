"""The access log: who looked at an audit, or took audits out, and who was denied."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert

from auditflow import logs
from auditflow.errors import Denied, Forbidden
from auditflow.persistence import tables
from auditflow.persistence.database import Mode
from auditflow.persistence.store import Store


class Access(NamedTuple):
    """One line: who, which audit (0 for none), and what they did or were denied."""

    person: str
    audit_id: int
    what: str
    denied: bool = False


def note(store: Store, lines: Sequence[Access], now: datetime) -> None:
    """Write these lines, in their order, in one transaction."""
    rows = [{**line._asdict(), "denied": int(line.denied), "at": now} for line in lines]
    if rows:
        store.transact(lambda made: made.execute(insert(tables.access_log), rows), Mode.NOTE)


def denial(refusal: Denied | Forbidden) -> Access:
    """The line of a denial, which the program's own log tells of too."""
    line = Access(refusal.person, refusal.audit_id, refusal.what, denied=True)
    logs.note("denied", "warning", person=line.person, what=line.what, audit=line.audit_id)
    return line


@contextmanager
def noting_denials(store: Store, now: datetime) -> Iterator[None]:
    """Write each denial to the access log, once the transaction it ended has been taken back."""
    try:
        yield
    except (Denied, Forbidden) as refusal:
        note(store, [denial(refusal)], now)
        raise
