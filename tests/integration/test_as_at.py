"""As at a past moment: the answer is what would have been said then, and never changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, event, select

from auditflow.application import App
from auditflow.calendar import read_feed
from auditflow.commands import ImportCalendar, ImportPeople
from auditflow.errors import NotFound
from auditflow.guidance.tool import Grade
from auditflow.persistence import as_at, tables
from auditflow.queries import (
    Reading,
    audit_detail,
    board,
    people,
    policy_history,
    policy_in_force,
    work,
)
from auditflow.queries.chart_counts import place
from auditflow.queries.rounds import round_page
from auditflow.reports import report
from support.asking import ask, listed
from support.checks import contents, let_run
from support.office import PEOPLE, Office, at, planned, supervision

IMMEDIATE = planned("rm", "2026-06-17", immediate=True)


def answers(app: App, moment: str, *references: str) -> bytes:
    """Everything that can be asked, as it is printed."""
    app._now = at(moment) if app._as_at is None else app._now
    qam, rm = "qam", "rm"
    found = [
        ask(app, qam, board),
        ask(app, rm, board),
        listed(app, qam),
        listed(app, rm),
        ask(app, rm, work),
    ]
    found += [ask(app, qam, audit_detail, reference) for reference in references]
    history = ask(app, qam, policy_history)
    found += [policy_in_force(history), history]
    with app.reading(qam) as reading:
        found += [people(reading.office), str(reading.rules.calendar.holidays)]
    return msgspec.json.encode(found)


def asked(office: Office, moment: str, *references: str) -> bytes:
    """The same, asked now of that past moment."""
    app = App(office.url, at("2027-12-01 09:00"), at(moment))
    try:
        return answers(app, moment, *references)
    finally:
        app.close()


def test_every_table_has_its_way_into_the_past() -> None:
    ways = (*as_at.AS_THEY_ARE, *as_at.FROM_THE_OFFICE, *as_at.FROM_THE_AUDITS)
    ways += (*as_at.WITH_THEIR_ROUND, *as_at.AS_THEY_STAY, *as_at.LEFT_OUT)
    assert sorted(t.name for t in ways) == sorted(tables.metadata.tables)


def test_as_at_now_every_row_is_the_stored_one(office: Office) -> None:
    ref = office.submitted("2026-06", "2026-06-10", "2026-04-20", IMMEDIATE, grade=Grade.INADEQUATE)
    office.set("supervision_review", "2 months", "2026-06-11 09:00")
    let_run(office, "2026-06-11", "2026-06-30")
    office.done(ref, 1, "rm", "2026-06-30 10:00")
    with office.app.store.reading() as live, as_at.as_at(live, at("2026-06-30 12:00")) as then:
        assert contents(then.whole) == contents(live)


def test_the_answer_stays_whatever_comes_after(office: Office) -> None:
    ref = office.submitted("2026-06", "2026-06-10", "2026-04-20", IMMEDIATE)
    moments = ["2026-04-20 12:00", "2026-06-10 11:35", "2026-06-10 12:30", "2026-06-11 09:00"]
    then = {m: asked(office, m, ref) for m in moments}
    assert then["2026-06-11 09:00"] == answers(office.app, "2026-06-11 09:00", ref)
    office.app._now = None

    feed = read_feed(
        b'{"england-and-wales": {"division": "england-and-wales", "events": '
        b'[{"title": "One-off", "date": "2026-06-15", "notes": "", "bunting": true}]}}',
        "feed",
    )
    holiday = ImportCalendar(days=feed.days, through=None, source="feed")
    office.app.service.do_office(holiday, by="qam", now=at("2026-06-12 10:00"))
    office.app.service.do_office(holiday, by="qam", now=at("2026-07-12 10:00"))
    office.set("cutoff", "17:00", "2026-06-12 11:00")
    office.set("level_2", "Practice Improvement", "2026-06-12 11:00")
    let_run(office, "2026-06-13", "2026-08-20")
    office.done(ref, 1, "rm", "2026-08-20 10:00")
    assert {m: asked(office, m, ref) for m in moments} == then
    moved = answers(office.app, "2026-08-20 11:00", ref)
    assert asked(office, "2026-08-20 11:00", ref) == moved != then["2026-06-11 09:00"]


def test_people_are_those_on_the_list_then(office: Office) -> None:
    ref = office.submitted("2026-06", "2026-06-10", "2026-04-20")
    then = asked(office, "2026-06-11 09:00", ref)
    renamed = [replace(p, name="Kit") if p.id == "kw" else p for p in PEOPLE]
    command = ImportPeople(people=tuple(renamed))
    office.app.service.do_office(command, by="qa1", now=at("2026-06-12 09:00"))
    assert asked(office, "2026-06-11 09:00", ref) == then
    assert b"Kit" in asked(office, "2026-06-12 09:00", ref)


def test_what_was_not_drawn_yet_is_not_there(office: Office) -> None:
    office.draw("2026-06", "2026-04-20 09:00")
    app = App(office.url, at("2027-01-01 09:00"), at("2026-04-20 08:59"))
    qam = "qam"
    assert listed(app, qam) == ()
    with pytest.raises(NotFound):
        ask(app, qam, audit_detail, "2026-06-001")
    with pytest.raises(NotFound):
        ask(app, qam, round_page, date(2026, 6, 1))
    app.close()


def test_a_look_at_the_past_is_noted_as_one_at_now(office: Office) -> None:
    ref = office.submitted("2026-06", "2026-06-10", "2026-04-20")
    app = App(office.url, at("2027-01-01 09:00"), at("2026-06-11 08:59"))
    ask(app, "qam", audit_detail, ref)
    app.close()
    with office.app.store.reading() as connection:
        log = connection.execute(select(tables.access_log)).all()
    assert [(r.person, r.what) for r in log][-1] == ("qam", "show")


def test_lines_of_the_same_moment_are_all_there(office: Office) -> None:
    ref = office.submitted("2026-06", "2026-06-10", "2026-04-20")
    review = supervision(ref)
    office.do(review, "rm", "2026-06-12 10:00")
    moment = at("2026-06-12 10:00")
    for when, state in ((moment, "awaiting_verification"),
                        (moment - timedelta(microseconds=1), "post_audit")):  # fmt: skip
        app = App(office.url, at("2027-01-01 09:00"), when)
        assert ask(app, "qam", Reading.audit, ref).state == state
        app.close()


def sent_while(ask_all: Callable[[], object]) -> list[str]:
    """Every statement that is sent meanwhile, to whatever store."""
    sent: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    ask_all()
    event.remove(Engine, "before_cursor_execute", hear)
    return sent


def test_the_past_is_made_once_for_all_that_is_asked_of_it(office: Office) -> None:
    ref = office.submitted("2026-06", "2026-06-10", "2026-04-20", IMMEDIATE)
    app = App(office.url, at("2027-01-01 09:00"), at("2026-06-11 09:00"))

    def everything() -> None:
        with app.reading("qam") as reading:
            audit_detail(reading, ref)
            place(reading, ref)
            board(reading)
            round_page(reading, date(2026, 6, 1))
            report(reading, "grades")

    sent = sent_while(everything)
    for made in ("CREATE TABLE audits", "CREATE TABLE people", "INSERT INTO audits"):
        assert sum(made in s for s in sent) == 1, made
    one = sent_while(lambda: ask(app, "qam", audit_detail, ref))
    assert not [s for s in one if "INSERT INTO audits" in s]
    assert len(one) <= 32
    app.close()
