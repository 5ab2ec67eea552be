"""Statements that read more than they give, as they are and as something would mend them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any, NamedTuple

import psycopg
from benchmarks.measure import markdown, short

#: Each is run so often, and the median taken.
TIMES = 3


class Remedy(NamedTuple):
    """A statement, and what would make it quick: an index, other words, or both."""

    what: str
    now: str
    added: str = ""
    then: str = ""


_LISTED = """
SELECT a.reference FROM audits a WHERE a.reference > '' AND {} ORDER BY a.reference{} LIMIT 100
"""
_LATE = "duties d WHERE d.ended_at IS NULL AND d.overdue_from <= '2025-03-09 12:00Z'"
REMEDIES = (
    Remedy(
        "the next number in a month (a draw, a re-audit)",
        "SELECT count(*) FROM audits WHERE month = '2020-05-01'",
        "audits (month)",
    ),
    Remedy(
        "words by their digest (reports)",
        "SELECT digest, body FROM texts WHERE digest IN ('none', 'such')",
        "texts (digest)",
    ),
    Remedy(
        "the first 100 overdue",
        _LISTED.format(f"(SELECT count(*) FROM {_LATE} AND d.audit_id = a.id) > 0", ""),
        # Sorted by what no index has, or the server goes along the references, late ones last.
        then=_LISTED.format(f"a.id IN (SELECT d.audit_id FROM {_LATE})", " || ''"),
    ),
)


def tried(server: psycopg.Connection[Any]) -> Iterator[str]:
    """Each statement before and after, as a table."""
    rows = []
    for what, now, added, then in REMEDIES:
        before, size = _spent(server, now), 0
        if added:
            server.execute(f"CREATE INDEX remedy ON {added}")
            found = server.execute("SELECT pg_relation_size('remedy')").fetchall()
            size = found[0][0]
        after = _spent(server, then or now)
        server.execute("DROP INDEX IF EXISTS remedy")
        mended = f"index on {added}, {short(size / 1e6)} MB" if added else "begin at what is late"
        rows.append((what, f"{short(before)} ms", mended, f"{short(after)} ms"))
    yield from markdown(("statement", "now", "mended by", "then"), rows)


def _spent(server: psycopg.Connection[Any], statement: str) -> float:
    """Milliseconds in the server."""
    asked = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
    found: Sequence[float] = [
        server.execute(asked).fetchall()[0][0][0]["Execution Time"] for _ in range(TIMES)
    ]
    return median(found)
