"""What the store itself promises: history only grows, texts lie apart, settings hold."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date

import psycopg
import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import IntegrityError

from auditflow.commands import ImportCalendar, follow_up, meeting, scheduling
from auditflow.errors import NotAllowed, NotFound
from auditflow.persistence import tables
from support.checks import check_store, due, dump, journal, let_run, rows, the
from support.office import Office, at, planned, supervision

EXTRA = ImportCalendar(
    days={date(2026, 6, 15): "A proclaimed holiday"}, through=None, source="Proclamation"
)


@pytest.fixture
def busy(office: Office) -> str:
    """A store with something in every table that a person can fill."""
    plan = planned("rm", "2026-06-17", immediate=True)
    ref = office.submitted("2026-06", "2026-06-10", "2026-04-20", plan)
    with pytest.raises(NotFound):
        office.do(scheduling.ConfirmFileChecked(audit=ref), "kw2", "2026-06-10 13:00")
    return ref


# History only grows.


@pytest.mark.parametrize("table", tables.APPEND_ONLY)
def test_the_database_itself_keeps_history_from_being_changed(
    office: Office, busy: str, table: str
) -> None:
    assert rows(office, f"SELECT count(*) FROM {table}") > [(0,)]
    kept = dump(office)
    which = tables.metadata.tables[table]
    columns = {"journal": "body", "access_log": "person", "policy": "value", "rounds": "seed"}
    column = columns.get(table, "result")
    for statement in (update(which).values({column: "{}"}), delete(which)):
        with pytest.raises(IntegrityError, match=f"the {table} only grows"):  # noqa: SIM117
            with office.app.store.writing() as connection:
                connection.execute(statement)
    for said in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = ''"):
        with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError), match="only grows"):
            rows(office, said)
    assert dump(office) == kept


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    "same",
    [
        "INTO journal SELECT audit_id, seq, recorded_at, '{}', hash, key FROM journal",
        "INTO journal SELECT 999, 1, recorded_at, '{}', hash, key FROM journal WHERE key > ''",
        "INTO access_log SELECT id, at, 'nobody', audit_id, what, denied FROM access_log",
    ],
)
@pytest.mark.parametrize("verb", ["INSERT", "INSERT OR REPLACE"])
def test_no_line_is_written_over(office: Office, busy: str, verb: str, same: str) -> None:
    """REPLACE takes the old row away without asking the triggers on delete."""
    review = supervision(busy)
    office.do(review, "rm", "2026-06-10 15:00", key="form-1")
    kept = dump(office)
    with closing(sqlite3.connect(office.url.removeprefix("sqlite:///"))) as outside:
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            outside.execute(f"{verb} {same}")
        outside.commit()
    assert dump(office) == kept


# Texts lie apart.


def test_no_text_stands_in_the_journal_or_in_an_audits_facts(office: Office) -> None:
    ref = office.held("2026-06", "2026-06-10", "2026-04-20")
    said = "The boy was seen at Nan’s house"
    concern = meeting.RaiseConcern(audit=ref, says=said)
    office.do(concern, "aud", "2026-06-10 12:00")
    bodies = " ".join(b for (b,) in rows(office, "SELECT body FROM journal"))
    facts = " ".join(f for (f,) in rows(office, "SELECT facts FROM audits"))
    for (body,) in rows(office, "SELECT DISTINCT body FROM texts"):
        assert json.dumps(body)[1:-1] not in bodies + facts
        assert body not in bodies + facts
    digest = office.audit(ref).reason
    assert rows(office, "SELECT body FROM texts WHERE digest = ?", digest) == [(said,)]
    assert digest in bodies


def test_the_same_text_has_another_digest_in_another_audit(office: Office) -> None:
    office.draw("2026-06", "2026-04-20 09:00", size=2)
    for n in (1, 2):
        withdraw = scheduling.Withdraw(
            audit=f"2026-06-00{n}", reason="The case was closed.", without_substitute=True
        )
        office.do(withdraw, "qa1", "2026-04-21 10:00")
    digests = {office.audit(f"2026-06-00{n}").reason for n in (1, 2)}
    assert len(digests) == 2
    assert len(rows(office, "SELECT 1 FROM texts")) == 2


def test_texts_may_be_destroyed_and_the_chain_still_holds(office: Office, busy: str) -> None:
    with office.app.store.writing() as connection:
        connection.execute(delete(tables.texts))
    check_store(office, "2026-06-10 14:00")


# Settings.


@pytest.mark.only("sqlite")
def test_the_databases_own_settings_are_those_that_keep_the_promises(office: Office) -> None:
    with office.app.store.reading() as connection:
        said = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "integrity_check")
        }
    assert said == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "integrity_check": "ok",
    }


# S23: a holiday proclaimed.


def test_s23_a_new_holiday_moves_what_is_open_and_says_so(office: Office) -> None:
    plan = planned("rm", "2026-06-17", immediate=True)
    ref = office.submitted("2026-06", "2026-06-10", "2026-04-20", plan)
    assert due(office, ref, "immediate_action") == "2026-06-17"
    before_it, lines = office.audit(ref), len(journal(office, ref))
    settled = office.app.service.do_office(EXTRA, by="qam", now=at("2026-06-11 10:00"))
    assert due(office, ref, "immediate_action") == "2026-06-18"
    assert settled.figures["moved"] == [
        {
            "audit": ref,
            "duty": "immediate_action",
            "subject": "action 1",
            "from": "2026-06-17",
            "to": "2026-06-18",
            "late_from": "2026-06-18T23:00:00+00:00",
            "noticed_from": "2026-06-18T23:00:00+00:00",
            "late_at_once": False,
        }
    ]
    (line,) = journal(office, ref)[lines:]
    assert (line["event"], line["who"], line["calendar"]) == ("rederive", "qam", 2)
    assert line["policy"] == 2
    assert set(line["changed"]) == {"version", "duties"}
    assert list(line["changed"]["duties"]) == ["immediate_action|action 1"]
    assert office.audit(ref).actions == before_it.actions
    moved = "SELECT due, ending FROM duties WHERE duty = 'immediate_action' ORDER BY due"
    assert rows(office, moved) == [("2026-06-17", "dropped"), ("2026-06-18", "")]
    assert let_run(office, "2026-06-12", "2026-06-19") == ["2026-06-19 T3 level_2"]
    check_store(office, "2026-06-19 12:00")


def test_s23_what_is_closed_and_what_was_missed_stay_as_they_were(office: Office) -> None:
    closed = office.submitted("2026-05", "2026-05-12", "2026-03-20")
    office.do(
        supervision(closed),
        "rm",
        "2026-06-02 10:00",
    )
    office.do(follow_up.Verify(audit=closed), "qa1", "2026-06-09 10:00")
    plan = planned("rm", "2026-06-10", immediate=True)
    missed = office.submitted("2026-06", "2026-06-03", "2026-04-20", plan)
    let_run(office, "2026-06-11", "2026-06-11")
    kept = office.audit(closed)
    assert kept.state == "closed"
    office.app.service.do_office(EXTRA, by="qam", now=at("2026-06-11 10:00"))
    assert office.audit(closed) == kept
    assert due(office, missed, "immediate_action") == "2026-06-10"
    # The window of T3, open and not missed, moves with the holiday.
    window = due(office, missed, "answer", f"escalation {the(office, missed, 'T3').n}")
    assert window == "2026-06-19"
    check_store(office, "2026-06-11 12:00")


def test_s23_a_holiday_on_the_day_of_raising_moves_the_raising(office: Office) -> None:
    """Due Fri 12 June, to be raised on Mon 15 June: that is now a holiday, so Tue 16 June (TR7)."""
    plan = planned("rm", "2026-06-12", immediate=True)
    office.submitted("2026-06", "2026-06-05", "2026-04-20", plan)
    office.app.service.do_office(EXTRA, by="qam", now=at("2026-06-11 10:00"))
    assert let_run(office, "2026-06-12", "2026-06-16") == ["2026-06-16 T3 level_2"]


def test_s23_the_same_file_twice_moves_nothing_more(office: Office, busy: str) -> None:
    office.app.service.do_office(EXTRA, by="qam", now=at("2026-06-11 10:00"))
    kept = office.audit(busy)
    settled = office.app.service.do_office(EXTRA, by="qam", now=at("2026-06-11 11:00"))
    assert settled.figures["moved"] == []
    assert office.audit(busy) == kept
    check_store(office, "2026-06-11 12:00")


def test_s23_only_who_may_set_the_calendar_does(office: Office, busy: str) -> None:
    kept = dump(office, "access_log")
    with pytest.raises(NotAllowed, match="QA manager"):
        office.app.service.do_office(EXTRA, by="qa1", now=at("2026-06-11 10:00"))
    assert dump(office, "access_log") == kept
