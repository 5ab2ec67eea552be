"""Clones made by the server itself: each with its own number, year and whole chain of hashes.

The genuine audits are put aside into a schema of their own. A statement then makes one table's
rows of so many clones out of the rows of one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

from benchmarks.bare import direct
from benchmarks.stores import ACTS, COPIED, Clones
from psycopg import Connection

from auditflow.calendar import utc_text

#: Clones made by one statement, and statements under way together: hashing takes a processor each.
CHUNK = 2_000
HANDS = 2
#: Beside what is copied in files: what was sent, so that a store weighs what it will.
TABLES = ("audits", *COPIED, "outbox")
_YEAR = 2025
_ASIDE = """
CREATE SCHEMA genuine;
CREATE FUNCTION genuine.link(before text, body text) RETURNS text LANGUAGE sql IMMUTABLE
  AS $$ SELECT encode(sha256(convert_to(before || body, 'UTF8')), 'hex') $$;
CREATE AGGREGATE genuine.chain(text) (SFUNC = genuine.link, STYPE = text, INITCOND = '');
"""
_COLUMNS = """
SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""


def put_aside(url: str) -> None:
    """Move the genuine audits out of the way of their clones."""
    with direct(url) as server:
        server.execute(_ASIDE, prepare=False)
        # No trigger and no foreign key keeps the store from being made as it is to be.
        server.execute("SET session_replication_role = replica")
        for table in reversed(TABLES):
            server.execute(f"CREATE TABLE genuine.{table} AS TABLE {table}")
            server.execute(f"DELETE FROM {table} WHERE {_key(table)} > 0")
        server.execute("ANALYZE")


class Cloner:
    """Makes clones in one store, numbered from 1 in the order they are asked for."""

    def __init__(self, url: str) -> None:
        self.hands = [direct(url) for _ in range(HANDS)]
        for hand in self.hands:
            hand.execute("SET session_replication_role = replica")
            hand.execute("SET synchronous_commit = off")
        self.server = self.hands[0]
        self._of = dict(self._pairs("SELECT reference, id FROM genuine.audits"))
        self._columns = {t: dict(self._pairs(_COLUMNS, t)) for t in TABLES}

    def _pairs(self, asked: str, *values: str) -> list[tuple[str, Any]]:
        return self.server.execute(asked, values or None).fetchall()

    def fill(self, plan: Iterable[Clones], tables: Iterable[str] = TABLES) -> None:
        """Make the rows of these tables for every clone planned."""
        free: SimpleQueue[Connection[Any]] = SimpleQueue()
        for hand in self.hands:
            free.put(hand)

        def make(statement: str) -> None:
            hand = free.get()
            try:
                hand.execute(statement)
            finally:
                free.put(hand)

        with ThreadPoolExecutor(HANDS) as pool:
            list(pool.map(make, self._statements(plan, list(tables))))

    def close(self) -> None:
        """Let the planner see what was made."""
        self.server.execute("VACUUM (ANALYZE)")
        for hand in self.hands:
            hand.close()

    def _statements(self, plan: Iterable[Clones], wanted: Iterable[str]) -> Iterator[str]:
        next_one = 1
        for clones in plan:
            end = next_one + clones.copies
            for first in range(next_one, end, CHUNK):
                last = min(first + CHUNK, end) - 1
                for table in wanted:
                    yield self._statement(table, clones, first, last)
            next_one = end

    def _statement(self, table: str, clones: Clones, first: int, last: int) -> str:
        was = self._of[clones.like]
        changed = dict(_changed(self._columns[table], clones, was))
        numbers = f"generate_series({first}, {last}) AS nr"
        if table == "journal":
            # Each hash is of the one before it and of the text as this clone tells it.
            hashed = f"genuine.chain({changed['body']}) OVER (ORDER BY t.seq)"
            said = _selected({**changed, "hash": hashed})
            rows = f"SELECT {said} FROM genuine.journal t WHERE t.audit_id = {was}"
            source = f"SELECT c.* FROM {numbers} CROSS JOIN LATERAL ({rows} ORDER BY t.seq) c"
        else:
            if table == "audits":
                changed["head"] = self._head(clones, was)
            source = (
                f"SELECT {_selected(changed)} FROM {numbers}, genuine.{table} t "
                f"WHERE t.{_key(table)} = {was} ORDER BY nr"
            )
        return f"INSERT INTO {table} ({', '.join(changed)}) {source}"

    def _head(self, clones: Clones, was: int) -> str:
        body = dict(_changed(self._columns["journal"], clones, was))["body"]
        chain = f"genuine.chain({body} ORDER BY t.seq)"
        return f"(SELECT {chain} FROM genuine.journal t WHERE t.audit_id = {was})"


def _selected(changed: Mapping[str, str]) -> str:
    return ", ".join(f"{said} AS {name}" for name, said in changed.items())


def _key(table: str) -> str:
    return "id" if table == "audits" else "audit_id"


def _changed(columns: Mapping[str, str], clones: Clones, was: int) -> Iterator[tuple[str, str]]:
    """What stands in each column of a clone."""
    own = {
        "audit_id": "nr",
        "reference": "'clone-' || lpad(nr::text, 7, '0')",
        "round_id": "NULL::int",  # a case is in a round once
        "repeats": f"nr - {clones.repeats}" if clones.repeats else "NULL::int",
        "sent_at": "t.deliver_from",
    }
    if "reference" in columns:
        own["id"] = "nr"
    for name, kind in columns.items():
        if name == "id" and "id" not in own:
            continue  # the outbox numbers its rows itself
        yield name, own.get(name) or _as_told(name, kind, clones, was)


def _as_told(name: str, kind: str, clones: Clones, was: int) -> str:
    """A column of the original, with its days in the clone's year."""
    column, years = f"t.{name}", clones.year - _YEAR
    if kind == "text" and name in ("facts", "body", "cause"):
        for old, new in _words(clones, was):
            column = f"replace({column}, '{old}', {new})"
    elif kind == "date" and years:
        column = f"({column} + make_interval(years => {years}))::date"
    elif kind.startswith("timestamp") and years:
        column = f"{column} + make_interval(years => {years})"
    elif name == "raise_from" and clones.later:
        then = (ACTS + clones.later).isoformat()
        column = f"CASE WHEN {column} = '{ACTS.isoformat()}' THEN '{then}' ELSE {column} END"
    return column


def _words(clones: Clones, was: int) -> Iterator[tuple[str, str]]:
    """What is told otherwise in an audit's facts and journal, and how."""
    for name in ("audit", "id"):
        yield f'"{name}":{was},', f"'\"{name}\":' || nr || ','"
    if clones.repeats:
        yield '"repeats":1,', f"'\"repeats\":' || (nr - {clones.repeats}) || ','"
    for year in (_YEAR - 1, _YEAR) if clones.year != _YEAR else ():
        yield f"{year}-", f"'{clones.year - _YEAR + year}-'"
    if clones.later:
        raised = '"raise_from":"{}"'
        yield raised.format(utc_text(ACTS)), f"'{raised.format(utc_text(ACTS + clones.later))}'"
