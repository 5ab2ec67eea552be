"""Rounds: the list agrees with each month's page, and nobody reads a reference not theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text, update

from auditflow.application import App
from auditflow.commands import DrawRound, ImportPeople, scheduling
from auditflow.commands.office import Case
from auditflow.persistence import tables
from auditflow.persistence.rounds import Rounds
from auditflow.queries.months import months
from auditflow.queries.rounds import round_page
from auditflow.web import site
from support.asking import ask
from support.everywhere import NOW as EVERYWHERE
from support.everywhere import everywhere
from support.office import CAST, Office, at

HERE = "http://127.0.0.1"
DRAWN = "2026-01-28 09:00"
#: Three working days after the March round was to be distributed by.
NOW = at("2026-02-04 12:00")
MARCH = date(2026, 3, 1)
SECRET = "SECRET-7"
OPEN = "OPEN-1"
HOSTILE = "<script>alert(1)</script>\"'\u202ex"
PAGES = ("/rounds", "/rounds/2026-03", "/rounds/2026-03/proof")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A month drawn of three cases, one of them restricted."""
    made = Office(tmp_path)
    made.app.service.do_office(ImportPeople(people=CAST), by="qa1", now=at("2026-01-03 09:00"))
    cases = [
        Case(SECRET, "child_in_need", "Able", "kw", restricted=True),
        Case(OPEN, "child_in_need", "Able", "kw"),
        Case("OPEN-2", "child_in_need", "Able", "kw"),
    ]
    made.draw("2026-03", DRAWN, size=3, cases=cases)
    yield made
    made.app.close()


def shown(office: Office, who: str, address: str) -> tuple[int, str]:
    """What this person is answered: the status and the page."""
    with closing(App(office.url, NOW)) as app:
        answer = site(app.store, who, now=NOW).test_client().get(address, base_url=HERE)
        return answer.status_code, answer.text


def words_of(page: str) -> str:
    """The page's own text, its spaces folded."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_list_says_what_the_month_s_own_page_says(office: Office) -> None:
    app = App(office.url, NOW)
    ((month,), _) = ask(app, "qa3", months)
    page = ask(app, "qa3", round_page, MARCH)
    assert (month.held, month.to_hold) == (page.completion.held, page.completion.to_hold)
    assert (month.distribute_by, month.late_by) == (page.distribute_by, page.late_by)
    assert month.waiting == page.waiting
    assert month.late_by > 0
    listed = words_of(shown(office, "qa3", "/rounds")[1])
    assert f"{month.late_by} working days late" in listed
    assert "0 of 3" in listed


def test_a_draw_that_was_taken_back_is_not_counted(office: Office) -> None:
    again = DrawRound(month=MARCH, size=3, again="The list was wrong.")
    office.app.service.do_office(again, by="qam", now=at("2026-01-28 15:00"))
    app = App(office.url, NOW)
    ((month,), _) = ask(app, "qa3", months)
    assert month.attempts == 2
    completion = ask(app, "qa3", round_page, MARCH).completion
    assert month.to_hold == completion.to_hold == completion.drawn == 3


@pytest.mark.parametrize(("given", "late"), [("2026-01-29 10:00", 0), ("2026-02-04 10:00", 3)])
def test_how_late_a_distributed_round_was_is_on_the_month_s_own_page(
    office: Office, given: str, late: int
) -> None:
    for n in (1, 2, 3):
        office.do(scheduling.Distribute(audit=f"2026-03-00{n}", auditor="aud3"), "qa3", given)
    assert "0 of 3 All" in words_of(shown(office, "qa3", "/rounds")[1])
    with closing(App(office.url, NOW)) as app:
        assert ask(app, "qa3", round_page, MARCH).late_by == late
    assert ("working days late" in shown(office, "qa3", "/rounds/2026-03")[1]) == bool(late)


@pytest.mark.only("sqlite")
def test_earlier_months_are_on_further_pages(tmp_path: Path) -> None:
    made = Office(tmp_path)
    drawn = [f"{2026 + n // 12}-{n % 12 + 1:02d}" for n in range(2, 16)]
    for month in drawn:
        made.draw(month, DRAWN, size=1)
    address, seen = "/rounds", list[list[str]]()
    while address:
        page = shown(made, "qa1", address)[1]
        seen.append(re.findall(r'href="/rounds/([-0-9]+)"', page))
        said = re.search(r'href="([^"]+)" rel="next"', page)
        address = said[1] if said else ""
    assert seen == [drawn[:1:-1], drawn[1::-1]]
    assert "No month before March 2026 was drawn" in shown(made, "qa1", "/rounds?before=2026-03")[1]
    assert shown(made, "qa1", "/rounds?before=soon")[0] == 404
    made.app.close()


@pytest.mark.parametrize("address", PAGES)
def test_a_restricted_reference_is_for_those_cleared(office: Office, address: str) -> None:
    assert SECRET not in shown(office, "qa1", address)[1]
    assert SECRET not in shown(office, "board", address)[1]
    if address != "/rounds":
        assert SECRET in shown(office, "qa3", address)[1]
        assert "(restricted)" in shown(office, "qa1", address)[1]
        assert OPEN in shown(office, "qa1", address)[1]


def test_a_board_reader_is_told_for_whom_the_lists_are(office: Office) -> None:
    # The QA Team may have passed on an address of theirs.
    status, page = shown(office, "board", "/rounds/2026-03?audits=2")
    assert status == 200
    assert "is for the QA Team to see" in words_of(page)
    assert OPEN not in page
    assert "/proof" not in page
    status, page = shown(office, "board", "/rounds/2026-03/proof")
    assert status == 403
    assert OPEN not in page


@pytest.mark.only("sqlite")
def test_references_and_teams_are_shown_as_text(office: Office) -> None:
    with office.app.store.writing() as connection:
        cases, audits = tables.cases, tables.audits
        this = cases.c.reference == OPEN
        connection.execute(update(cases).where(this).values(reference=HOSTILE, team=HOSTILE))
        connection.execute(update(audits).values(team=HOSTILE))
    for address in PAGES[1:]:
        _, page = shown(office, "qa3", address)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert "\u202e" not in page


@pytest.mark.only("sqlite")
def test_the_proof_says_when_something_does_not_agree(office: Office) -> None:
    assert "it is the same list" in shown(office, "qa3", PAGES[2])[1]
    with office.app.store.writing() as connection:
        connection.execute(text("DROP TRIGGER rounds_no_update"))
        connection.execute(update(tables.rounds).values(seed="another"))
    page = shown(office, "qa3", PAGES[2])[1]
    assert "Something does not agree" in page
    assert "auditflow round proof 2026-03" in page


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("month", ["2026-13", "soon", "2031-01"])
def test_a_month_that_is_none_or_not_drawn_is_not_found(office: Office, month: str) -> None:
    assert shown(office, "qa3", f"/rounds/{month}")[0] == 404


@pytest.mark.only("sqlite")
def test_before_the_first_draw_the_list_says_so(tmp_path: Path) -> None:
    made = Office(tmp_path)
    assert "No month was drawn yet" in shown(made, "qa1", "/rounds")[1]
    made.app.close()


@pytest.mark.only("sqlite")
def test_a_long_table_is_shown_in_parts_that_leave_nothing_out(tmp_path: Path) -> None:
    made = Office(tmp_path)
    cases = [Case(f"OPEN-{n:03d}", "child_in_need", "Able", "kw") for n in range(120)]
    made.draw("2026-03", DRAWN, size=110, cases=cases)
    address, seen = "/rounds/2026-03", list[str]()
    while address:
        page = shown(made, "qa1", address)[1]
        seen += re.findall(r'href="/audits/(2026-03-\d+)"', page)
        said = re.search(r'href="([^"]+)" rel="next"', page)
        address = said[1].partition("#")[0].replace("&amp;", "&") if said else ""
    assert sorted(seen) == [f"2026-03-{n:03d}" for n in range(1, 111)]
    assert "101 to 110 of 110." in page
    for wrong in ("0", "x", "9" * 20):
        status, page = shown(made, "qa1", f"/rounds/2026-03?audits={wrong}")
        assert (status, "audits must be the number of a part" in page) == (400, True)
    assert "101 to 110 of 110." in shown(made, "qa1", "/rounds/2026-03?audits=4")[1]
    odd = "_external=1&_anchor=x&endpoint=y&month=2020-01&reserves=1"
    page = shown(made, "qa1", f"/rounds/2026-03?{odd}")[1]
    assert f'href="/rounds/2026-03?{odd.replace("&", "&amp;")}&amp;audits=2#audits"' in page
    made.app.close()


@pytest.mark.only("sqlite")
def test_list_and_pages_agree_of_every_month_whatever_happened_in_it(tmp_path: Path) -> None:
    with closing(App(everywhere(tmp_path), EVERYWHERE)) as app:
        found, _ = ask(app, "quinn", months)
        pages = [ask(app, "quinn", round_page, m.month) for m in found]
        for month, page in zip(found, pages, strict=True):
            done = page.completion
            assert (month.held, month.to_hold) == (done.held, done.to_hold), page.month
            assert (month.waiting, month.distribute_by) == (page.waiting, page.distribute_by)
            assert month.late_by == (page.late_by if page.waiting else 0)
            left = done.withdrawn + done.exempted + done.voided
            assert done.to_hold == done.drawn + done.substituted - left
            assert done.held <= done.to_hold
        for name in ("withdrawn", "exempted", "voided", "held"):
            assert sum(getattr(p.completion, name) for p in pages), f"no month has any {name}"
        assert any(m.held < m.to_hold for m in found)
        with app.store.reading() as connection:
            audits = [h.audit for m in found for h in Rounds(connection).audits_of(m.month)]
        for audit in audits:
            assert audit.took_place == (audit.held_on is not None and not audit.set_aside)
