"""The journal in one piece, in ranges of audits, and in years of recording.

A unique key of a partitioned table holds the column it is parted by. By `audit_id` that is no loss
for `(audit_id, seq)`; by `recorded_at` the database would take a second line of the same number.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg
from benchmarks.population import YEARS, Population

SHAPES = ("one piece", "ranges of audits", "years of recording")
_GUARD = """
CREATE TRIGGER {0}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {0}
FOR EACH STATEMENT EXECUTE FUNCTION auditflow_append_only()
"""
_LINE = "INSERT INTO journal SELECT {}, {}, {}, body, hash, '{}' FROM journal WHERE {} LIMIT 1"
#: Audits of which some lines were recorded in the oldest full year and some were not.
_CUT = """
SELECT count(*) FROM (SELECT audit_id FROM journal WHERE audit_id < {0} GROUP BY 1
HAVING min(extract(year FROM recorded_at)) <= {1} AND max(extract(year FROM recorded_at)) > {1}) c
"""


class Part(NamedTuple):
    """A partition and its bounds, as SQL."""

    name: str
    begin: str
    end: str


def parts_of(shape: str, population: Population) -> Iterator[Part]:
    """The partitions of a shape; none of one piece."""
    if shape == "ranges of audits":
        # The office's own chain belongs to no year.
        yield Part("journal_office", "0", "1")
        ends = (*population.years[1:-1], "MAXVALUE")
        for year, begin, end in zip(YEARS, population.years, ends, strict=False):
            yield Part(f"journal_{year}", str(begin), str(end))
    elif shape == "years of recording":
        for year in range(YEARS[0] - 1, YEARS[-1] + 1):
            yield Part(f"journal_{year}", f"'{year}-01-01Z'", f"'{year + 1}-01-01Z'")


def reshape(server: psycopg.Connection[Any], shape: str, population: Population) -> None:
    """Put an empty journal of this shape in the place of the one that is there."""
    if shape == SHAPES[0]:
        return
    by = "audit_id" if shape == "ranges of audits" else "recorded_at"
    more = "" if by == "audit_id" else ", recorded_at"
    server.execute(f"CREATE TABLE parted (LIKE journal) PARTITION BY RANGE ({by})")
    server.execute("DROP TABLE journal")
    server.execute("ALTER TABLE parted RENAME TO journal")
    server.execute(f"ALTER TABLE journal ADD PRIMARY KEY (audit_id, seq{more})")
    server.execute(_GUARD.format("journal"))
    for name, begin, end in parts_of(shape, population):
        bounds = f"FOR VALUES FROM ({begin}) TO ({end})"
        server.execute(f"CREATE TABLE {name} PARTITION OF journal {bounds}")
        server.execute(f"CREATE UNIQUE INDEX ON {name} (key) WHERE key IS NOT NULL")
        # A guard on the whole does not see what is said to a part.
        server.execute(_GUARD.format(name))
    server.execute("INSERT INTO journal SELECT * FROM genuine.journal WHERE audit_id = 0")


def promises(
    server: psycopg.Connection[Any], shape: str, population: Population
) -> Iterator[tuple[str, bool]]:
    """What the database itself refuses in this shape."""
    first, last = population.closed[0], population.closed[-1]
    year = "recorded_at + interval '1 year'"
    of = f"audit_id = {first}"
    tries = {
        "no second line of a number": [_LINE.format(first, 1, year, "a", of)],
        "no key twice for one audit": [
            _LINE.format(first, 900, "recorded_at", "a", of),
            _LINE.format(first, 901, year, "a", of),
        ],
        "no key twice for any two audits": [
            _LINE.format(first, 900, "recorded_at", "a", of),
            _LINE.format(last, 901, "recorded_at", "a", f"audit_id = {last}"),
        ],
        "no line is changed": [f"UPDATE journal SET body = '{{}}' WHERE {of}"],
    }
    for part in list(parts_of(shape, population))[:1]:
        tries["no line is changed in a part"] = [f"DELETE FROM {part.name}"]
    server.execute("SET session_replication_role = origin")
    for what, statements in tries.items():
        yield what, not all(_goes(server, statements))
    server.execute("SET session_replication_role = replica")


def _goes(server: psycopg.Connection[Any], statements: list[str]) -> Iterator[bool]:
    """Whether each of these statements is taken; nothing of it is kept."""
    server.execute("BEGIN")
    try:
        for statement in statements:
            server.execute(statement)
            yield True
    except psycopg.IntegrityError:
        yield False
    finally:
        server.execute("ROLLBACK")


class Retired(NamedTuple):
    """The oldest year taken away: seconds for that, for tidying up, and what it gave back."""

    taken: float
    tidied: float
    freed: int
    #: Audits of which a part of the history went and a part stayed.
    cut: int


def retire(server: psycopg.Connection[Any], shape: str, population: Population) -> Retired:
    """Take the oldest year out of the journal, as the end of its keeping would."""
    size, begin = _size(server), population.years[1]
    cut = 0
    if shape == "years of recording":
        [(cut,)] = server.execute(_CUT.format(begin, YEARS[0])).fetchall()
    begun = time.perf_counter()
    if shape == SHAPES[0]:
        server.execute(f"DELETE FROM journal WHERE audit_id BETWEEN 1 AND {begin - 1}")
    else:
        server.execute(f"ALTER TABLE journal DETACH PARTITION journal_{YEARS[0]}")
        server.execute(f"DROP TABLE journal_{YEARS[0]}")
    taken = time.perf_counter()
    server.execute("VACUUM journal")
    tidied = time.perf_counter()
    return Retired(taken - begun, tidied - taken, size - _size(server), cut)


def weighed(server: psycopg.Connection[Any]) -> tuple[int, int]:
    """The bytes of the journal, and of everything that is not it."""
    [(whole,)] = server.execute("SELECT pg_database_size(current_database())").fetchall()
    return _size(server), whole - _size(server)


def _size(server: psycopg.Connection[Any]) -> int:
    parts = "SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('journal')"
    said = f"SELECT coalesce(({parts}), pg_total_relation_size('journal'))::bigint"
    [(found,)] = server.execute(said).fetchall()
    return int(found)
