"""Others do the same at the same moment: it is tried again, not for ever, and told plainly."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from auditflow.errors import AuditflowError, ChangedMeanwhile, StoreTrouble
from auditflow.persistence import store
from auditflow.persistence.postgres import GATE
from support.checks import check_store, dump, rows
from support.office import Office, add, planned

pytestmark = pytest.mark.only("postgres")

REF = "2026-03-001"
COMMAND = add(REF, planned("kw", "2026-03-31"))
#: Fails the first so many times, wherever its transaction is by then taken back.
FAILING = """
CREATE SEQUENCE clashes;
CREATE FUNCTION clash() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF nextval('clashes') <= {times} THEN RAISE EXCEPTION 'forced' USING ERRCODE = '{code}'; END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER clash AFTER INSERT ON journal {when}
  FOR EACH ROW WHEN ({which}) EXECUTE FUNCTION clash()
"""
AT_COMMIT = "DEFERRABLE INITIALLY DEFERRED"
CLASHES = pytest.mark.parametrize(
    ("code", "when"),
    [("40001", ""), ("40001", AT_COMMIT), ("40P01", ""), ("23505", ""), ("23505", AT_COMMIT)],
    ids=lambda value: {"": "writing", AT_COMMIT: "committing"}.get(value, value),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    made.held("2026-03", "2026-03-10", "2026-01-28")
    yield made
    made.app.close()


def clash(office: Office, code: str, times: int, when: str = "", which: str = "true") -> None:
    rows(office, FAILING.format(code=code, times=times, when=when, which=which))


@CLASHES
def test_a_clash_that_passes_is_not_noticed(office: Office, code: str, when: str) -> None:
    clash(office, code, 3, when)
    office.do(COMMAND, "aud", "2026-03-10 14:00")
    assert len(office.audit(REF).actions) == 1
    office.set("moderation_share", "7", "2026-03-10 14:30")
    # Three that failed, two lines of the first command and one of the second.
    assert rows(office, "SELECT last_value FROM clashes") == [(6,)]
    check_store(office, "2026-03-10 15:00")


@CLASHES
def test_one_that_does_not_pass_is_told_and_nothing_is_changed(
    office: Office, code: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, pauses = dump(office), list[float]()
    clash(office, code, 1000, when)
    monkeypatch.setattr(time, "sleep", pauses.append)
    with pytest.raises(AuditflowError) as told:
        office.do(COMMAND, "aud", "2026-03-10 14:00")
    assert isinstance(told.value, ChangedMeanwhile if code == "23505" else StoreTrouble)
    assert str(told.value).endswith((
        "were changing the same. Try again in a moment.",
        "at the same moment. Look at it again, then decide again.",
    ))  # fmt: skip
    assert rows(office, "SELECT last_value FROM clashes") == [(store.TRIES,)]
    # Each waits longer than the last could, and none as long as another.
    assert all(p <= store.PAUSE * 2**n for n, p in enumerate(pauses, start=1))
    assert len(set(pauses)) == store.TRIES - 1
    assert dump(office) == kept


def test_a_sweep_is_tried_again_too(office: Office) -> None:
    office.draw("2026-04", "2026-02-02 09:00", size=5)
    clash(office, "40001", 2)
    assert len(office.sweep("2026-05-05 10:00").raised) > 5
    check_store(office, "2026-05-05 10:00")


def test_an_audit_that_always_clashes_stops_only_itself(office: Office) -> None:
    office.draw("2026-04", "2026-02-02 09:00", size=3)
    clash(office, "23505", 1000, which="NEW.audit_id = 1")
    swept = office.sweep("2026-05-05 10:00")
    assert list(swept.failed) == ["#1"]
    assert "at the same moment" in swept.failed["#1"]
    raised = "SELECT audit_id FROM escalations ORDER BY audit_id"
    assert [i for (i,) in rows(office, raised)] == [2, 3, 4]
    rows(office, "DROP TRIGGER clash ON journal")
    check_store(office, "2026-05-05 10:00")


def test_a_deadlock_with_somebody_who_locks_the_other_way_round(office: Office) -> None:
    plain = sqlalchemy.make_url(office.url).set(drivername="postgresql")
    with (
        psycopg.connect(plain.render_as_string(hide_password=False)) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        # Ours is the one that the server lets go of.
        other.execute("SET deadlock_timeout = '20s'")
        other.execute("SELECT FROM audits WHERE reference = %s FOR UPDATE", [REF])
        ours = pool.submit(office.do, COMMAND, "aud", "2026-03-10 14:00")
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while rows(office, waiting) == [(0,)]:
            assert not ours.done()
        other.execute("SELECT pg_advisory_xact_lock(%s)", [GATE])
        other.commit()
        ours.result()
    ((deadlocks,),) = rows(
        office, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    )
    assert deadlocks == 1
    assert len(office.audit(REF).actions) == 1
    check_store(office, "2026-03-10 15:00")
