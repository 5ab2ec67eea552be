"""Lines of the journal: their canonical text, and the chain of hashes that holds them together."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any, NamedTuple

import msgspec

from auditflow.machines.transition import Outcome

#: The hash before the first line of a chain.
NOTHING = ""

_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder().decode


class JournalLine(NamedTuple):
    """One line: who did what when, from where to where, what the guards saw, what it changed."""

    audit_id: int
    seq: int
    recorded_at: datetime
    body: str
    hash: str
    key: str | None = None


def line_of(
    outcome: Outcome, previous: str, versions: tuple[int, int], key: str | None, at: datetime
) -> JournalLine:
    """The journal line of one outcome, recorded `at` a moment and chained to the hash before it."""
    attribution, event = outcome.attribution, outcome.event
    content: dict[str, Any] = {
        "audit": outcome.audit.id,
        "seq": outcome.audit.version,
        "recorded_at": at,
        "happened_at": attribution.happened_at,
        "who": attribution.actor,
        "event": event.name,
        "subject": event.subject,
        "before": outcome.before,
        "after": outcome.after,
        "saw": outcome.saw,
        "changed": outcome.changed,
        "policy": versions[0],
        "calendar": versions[1],
    }
    if attribution.acting_for:
        content["for"] = attribution.acting_for
    if outcome.duty is not None:
        content["missed"] = f"{outcome.duty.duty} {outcome.duty.subject} {outcome.duty.due}"
    if outcome.ended:
        content["ended"] = {f"{o.duty}|{o.subject}|{o.due}": how for o, how in outcome.ended}
    return chained(outcome.audit.id, outcome.audit.version, at, content, previous, key)


def chained(
    audit_id: int,
    seq: int,
    at: datetime,
    content: dict[str, Any],
    previous: str,
    key: str | None = None,
) -> JournalLine:
    """A line whose hash covers its text and, through `previous`, every line before it."""
    body = _encode(content)
    return JournalLine(audit_id, seq, at, body.decode(), hash_of(previous, body), key)


def hash_of(previous: str, body: bytes) -> str:
    """The hash of a line, given the hash before it."""
    return sha256(previous.encode() + body).hexdigest()


def read(body: str) -> dict[str, Any]:
    """A line's text as data."""
    content: dict[str, Any] = _decode(body)
    return content


def chains(rows: Iterable[Any]) -> Iterator[tuple[int, list[Any]]]:
    """The journal's rows, which come chain by chain, as one list for each; never all at once."""
    return ((audit_id, list(chain)) for audit_id, chain in groupby(rows, lambda r: r.audit_id))
