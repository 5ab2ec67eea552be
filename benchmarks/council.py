"""A store as a council's is: its people come and go, each month has its draw and its case list."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.population import populated
from benchmarks.stores import Genuine, cloned

#: Audits of a month, and the cases on its list; so many of these are new.
A_MONTH, LISTED, NEW = 417, 2_000, 200
#: Audits that are over in which one person has a place, and live ones in which a worker has.
OVER_EACH, LIVE_EACH = 240, 8
#: Workers, and auditors, under one manager.
TEAM = 6
#: No person has a place in more.
EACH = 300

#: Which month, case and people each audit gets: the live ones the newest months, a few for each
#: worker; behind them month by month what is over, by people who served longer ago. Without the
#: casts no index would be used.
_PLAN = """
CREATE TEMP TABLE plan AS
WITH told AS (
  SELECT id, id >= :first AS live,
    iif(id >= :first, (id - :first) % :months, :months + (:first - 1 - id) / :a_month) AS ago,
    iif(id >= :first, (id - :first) / :months, (:first - 1 - id) % :a_month) AS nth,
    iif(id >= :first, id % :workers, (:first - 1 - id) / :over_each) AS g
  FROM audits
)
SELECT id, live, nth, g, iif(live, g / :team, g) AS h,
  date('2025-03-01', -ago || ' months') AS month,
  CAST(1 + (SELECT max(ago) FROM told) - ago AS INTEGER) AS round,
  CAST(1 + ((SELECT max(ago) FROM told) - ago) * :new + nth * (:listed / :a_month) AS INTEGER) AS nr
FROM told
"""
_PEOPLE = {"aud": "g", "kw": "g", "lm": "h", "rm": "h"}


def council(made: Genuine, file: Path, audits: int, live: int) -> Path:
    """So many audits of which so many are under way; every twentieth of these is escalated."""
    third = live // 3
    population = populated(made, audits - 3 * third, 1, third, third)
    cloned(made, file, population.in_file(made))
    with closing(sqlite3.connect(file)) as store:
        # What only grows is made otherwise here, and only grows again afterwards.
        guards = store.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        kept = guards.fetchall()
        for name, _ in kept:
            store.execute(f"DROP TRIGGER {name}")
        _plan(store, live)
        _people(store)
        _rounds(store)
        _audits(store)
        _escalated(store)
        _places(store)
        for _, guard in kept:
            store.execute(guard)
        store.execute("ANALYZE")
        store.commit()
    return file


def _plan(store: sqlite3.Connection, live: int) -> None:
    (first,) = store.execute("SELECT min(id) FROM audits WHERE state <> 'closed'").fetchone()
    named = {
        "first": first, "months": max(4, -(-live // A_MONTH)), "a_month": A_MONTH,
        "workers": max(TEAM, live // LIVE_EACH), "over_each": OVER_EACH, "team": TEAM,
        "new": NEW, "listed": LISTED,
    }  # fmt: skip
    store.execute(_PLAN, named)
    store.execute("CREATE UNIQUE INDEX temp.of_plan ON plan (id)")
    store.execute("CREATE INDEX temp.of_round ON plan (round, nr)")
    for who, by in _PEOPLE.items():
        store.execute(f"ALTER TABLE plan ADD COLUMN {who} TEXT")
        store.execute(f"UPDATE plan SET {who} = iif({by}, '{who}-' || {by}, '{who}')")


def _people(store: sqlite3.Connection) -> None:
    """Who has only audits that are over has left."""
    for who, by in _PEOPLE.items():
        manager = {"aud": "lm", "kw": "rm"}.get(who, who)
        line = f"replace(p.line, '{manager}', x.manager)" if manager != who else "p.line"
        store.execute(
            "INSERT INTO people (id, name, roles, team, service, line, trained, left_on)"
            f" SELECT x.who, upper(x.who), roles, team || x.h, service, {line}, trained,"
            " iif(x.serves, NULL, '2020-01-01')"
            f" FROM people p, (SELECT {who} AS who, min(h) AS h, max(live) AS serves,"
            f" {manager} AS manager FROM plan WHERE {by} > 0 GROUP BY {who}) x WHERE p.id = '{who}'"
        )
    store.execute("UPDATE people SET team = 'Able' WHERE team = 'Able0'")
    store.execute("UPDATE people SET team = 'Baker' WHERE team = 'Baker0'")


def _rounds(store: sqlite3.Connection) -> None:
    """A draw and a list for each month; cases stay on lists for some months."""
    like = _others(store, "cases", "id", "reference"), _others(store, "rounds", "id", "month")
    store.execute("CREATE TEMP TABLE one_case AS SELECT * FROM cases LIMIT 1")
    store.execute("CREATE TEMP TABLE one_round AS SELECT * FROM rounds LIMIT 1")
    for table in ("round_cases", "cases", "rounds"):
        store.execute(f"DELETE FROM {table}")
    store.execute(
        "WITH RECURSIVE s(nr) AS (SELECT 1 UNION ALL SELECT nr + 1 FROM s WHERE nr <"
        " (SELECT max(round) - 1 FROM plan) * ? + ?) INSERT INTO cases"
        f" (id, reference, {like[0]}) SELECT nr, printf('C-%07d', nr), {like[0]} FROM s, one_case",
        (NEW, LISTED),
    )
    store.execute(
        f"INSERT INTO rounds (id, month, {like[1]}) SELECT m.n, m.first, {like[1]}"
        " FROM one_round, (SELECT DISTINCT round AS n, month AS first FROM plan) m"
    )
    store.execute(
        "UPDATE rounds SET listed = ?, pool = ?, reserves = ?, quotas = ?",
        (LISTED, LISTED * 9 // 10, LISTED // 25, json.dumps({"all": A_MONTH})),
    )
    store.execute(
        "INSERT INTO round_cases (round_id, case_id, stratum, result, rank, reason)"
        " SELECT r.id, c.id, 'all', iif(p.nr, 'drawn', iif(c.id % 25 = 1, 'reserve',"
        " iif(c.id % 10 = 2, 'excluded', 'not_drawn'))), coalesce(p.nth + 1, c.id),"
        " iif(p.nr IS NULL AND c.id % 25 <> 1 AND c.id % 10 = 2, 'closed', '')"
        " FROM rounds r CROSS JOIN cases c ON c.id > (r.id - 1) * :new"
        " AND c.id <= (r.id - 1) * :new + :listed"
        " LEFT JOIN plan p ON p.round = r.id AND p.nr = c.id",
        {"new": NEW, "listed": LISTED},
    )


def _others(store: sqlite3.Connection, table: str, *but: str) -> str:
    names = [name for _, name, *_ in store.execute(f"PRAGMA table_info({table})")]
    return ", ".join(n for n in names if n not in but)


def _audits(store: sqlite3.Connection) -> None:
    """What an audit's row and its facts tell of its month, its case, its team and its people."""
    facts = "facts"
    for who in _PEOPLE:
        facts = f"""replace({facts}, '"{who}"', '"' || p.{who} || '"')"""
    team = "(SELECT team FROM people WHERE id = p.rm)"
    store.execute(
        f"UPDATE audits SET facts = json_set({facts}, '$.case', p.nr, '$.month', p.month,"
        f" '$.team', {team}, '$.restricted', json(iif(p.id % 50, 'false', 'true'))),"
        f" month = p.month, case_id = p.nr, round_id = p.round, team = {team},"
        " auditor = iif(auditor = 'aud', p.aud, auditor), restricted = (p.id % 50 = 0)"
        " FROM plan p WHERE p.id = audits.id"
    )
    for table in ("duties", "actions"):
        whose = " ".join(f"WHEN '{who}' THEN p.{who}" for who in _PEOPLE)
        store.execute(
            f"UPDATE {table} SET owner = CASE owner {whose} END FROM plan p"
            f" WHERE p.id = {table}.audit_id AND owner IN ({', '.join(map(repr, _PEOPLE))})"
        )


def _escalated(store: sqlite3.Connection) -> None:
    others = _others(store, "escalations", "audit_id", "state", "resolution", "resolved_on")
    store.execute(
        f"INSERT INTO escalations (audit_id, state, {others}) SELECT p.id, 'level_2', {others}"
        " FROM plan p, (SELECT * FROM escalations LIMIT 1) WHERE p.live AND p.id % 20 = 0"
    )
    store.execute(
        "UPDATE audits SET escalated = 1 FROM plan p"
        " WHERE p.id = audits.id AND p.live AND p.id % 20 = 0"
    )


def _places(store: sqlite3.Connection) -> None:
    store.execute("DELETE FROM places")
    for place in ("auditor", "key_worker", "responsible_manager", "line_manager", "moderator"):
        store.execute(
            f"INSERT OR IGNORE INTO places SELECT json_extract(facts, '$.{place}'), id FROM audits"
            f" WHERE coalesce(json_extract(facts, '$.{place}'), '') <> ''"
        )
    store.execute(
        "INSERT OR IGNORE INTO places SELECT owner, audit_id FROM actions WHERE owner <> ''"
    )
    counts = "SELECT max(n) FROM (SELECT count(*) AS n FROM places GROUP BY person)"
    (most,) = store.execute(counts).fetchone()
    assert most <= EACH, f"one person has a place in {most} audits"
