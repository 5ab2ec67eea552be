"""The lists as people ask them: who sees what, counts that agree, pages that miss nothing."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import urlencode

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, update

from auditflow.application import App
from auditflow.commands import can
from auditflow.errors import BadInput
from auditflow.persistence import tables
from auditflow.queries import Reading, lists, work
from auditflow.queries.lists import Asked, Found, export, look_up
from auditflow.queries.team import coming, team
from auditflow.web import site
from support.asking import ask, everybody
from support.everywhere import NOW

HERE = "http://127.0.0.1"
LISTS = {
    "audits": ("due", "newest", "reference", "team", "state"),
    "actions": ("due", "newest", "owner", "team"),
    "escalations": ("oldest", "newest", "level", "team"),
}


def client_of(app: App, person: str) -> FlaskClient:
    return site(app.store, person, now=NOW).test_client()


def key(row: object) -> tuple[object, ...]:
    return tuple(getattr(row, n) for n in ("reference", "n") if hasattr(row, n))


def all_of(app: App, person: str, name: str, *, show: str = "", sort: str = "") -> list[object]:
    """Every row, two on a page."""
    rows: list[object] = []
    after = ""
    while True:
        found = ask(app, person, look_up, name, Asked(show, sort=sort, limit=2, after=after))
        rows += found.rows
        if not found.next:
            return rows
        after = found.next


def some_restricted(app: App) -> list[str]:
    """Every audit there is; each fourth becomes a restricted one."""
    every = ask(app, "quinn", look_up, "audits", Asked("all", limit=999)).rows
    references = [str(r.reference) for r in every]
    facts = tables.audits.c.facts
    secret = func.replace(facts, '"id":', '"restricted":true,"id":')
    some = tables.audits.c.reference.in_(references[::4])
    with app.store.writing() as connection:
        connection.execute(update(tables.audits).where(some).values(restricted=1, facts=secret))
    return references


def test_everybody_sees_what_they_may_read_and_nothing_else(app: App) -> None:
    qam = "quinn"
    references = some_restricted(app)
    audits = {reference: ask(app, qam, Reading.audit, reference) for reference in references}
    assert any(a.restricted for a in audits.values())
    for person in everybody(app):
        for show in ("live", "all"):
            found = ask(app, person, look_up, "audits", Asked(show, limit=999))
            theirs = {r for r, a in audits.items() if can(person, "read", a)}
            live = {r for r in theirs if audits[r].state not in
                    ("closed", "exempted", "voided", "withdrawn")}  # fmt: skip
            assert {r.reference for r in found.rows} == (live if show == "live" else theirs), person
        for name in ("actions", "escalations"):
            rows = ask(app, person, look_up, name, Asked("all", limit=999)).rows
            assert {r.reference for r in rows} <= theirs


def test_what_is_hidden_is_neither_counted_nor_found(app: App) -> None:
    references = some_restricted(app)
    hidden = 0
    for person in everybody(app):
        for name in LISTS:
            found = ask(app, person, look_up, name, Asked(limit=999))
            assert found.total == len(found.rows)
            for group in ("state", "level", "trigger", "team", "month", "kind"):
                if group in found.choices:
                    assert sum(c.count or 0 for c in found.choices[group]) == found.total
        seen = {
            r.reference: r
            for r in ask(app, person, look_up, "audits", Asked("all", limit=999)).rows
        }
        for reference in references:
            shown = ask(app, person, look_up, "audits", Asked(search=reference))
            assert (shown.total, len(shown.rows)) == (int(reference in seen),) * 2
            hidden += reference not in seen
    assert hidden > 50


def test_what_is_hidden_is_not_found_by_its_case(app: App) -> None:
    secret = some_restricted(app)[0]
    case = ask(app, "quinn", look_up, "audits", Asked(search=secret)).rows[0].case
    found = {p: ask(app, p, look_up, "audits", Asked(search=case)).rows for p in ("quinn", "idris")}
    assert secret in {r.reference for r in found["quinn"]}
    assert secret not in {r.reference for r in found["idris"]}
    answer = client_of(app, "idris").get(f"/audits?q={case}", base_url=HERE)
    assert (answer.status_code, secret in answer.text) == (200, False)


def test_a_team_with_the_longest_name_is_filtered_by_and_paged(app: App) -> None:
    team = "w" * 114 + "~é\u200d <b"
    assert len(team) == 120
    with app.store.writing() as connection:
        connection.execute(update(tables.audits).values(team=team))
    by_team = ask(app, "quinn", look_up, "audits", Asked(sort="team", limit=2))
    client = client_of(app, "quinn")
    of_team = client.get(f"/audits?{urlencode({'team': team})}", base_url=HERE)
    query = urlencode({"sort": "team", "after": by_team.next})
    next_page = client.get(f"/audits?{query}", base_url=HERE)
    for page, count in ((of_team, by_team.total), (next_page, (by_team.total or 0) - 2)):
        assert page.status_code == 200
        assert len(set(re.findall(r'href="/audits/([0-9-]+)"', page.text))) == count


def test_what_comes_next_is_in_my_place_and_waits_for_another(app: App) -> None:
    some = 0
    for person in everybody(app):
        rows = ask(app, person, coming)
        assert len({c.reference for c in rows}) == len(rows)
        assert [c.due for c in rows] == sorted(c.due for c in rows)
        for row in rows:
            audit = ask(app, "quinn", Reading.audit, row.reference)
            assert person.id in audit.placed
            assert can(person, "read", audit)
            first = min(o.due for o in audit.duties)
            assert row.due == first
            assert any(o.due == first and o.owner != person.id for o in audit.duties)
        some += len(rows)
    assert some > 5


@pytest.mark.parametrize("name", LISTS)
def test_pages_in_every_order_hold_each_row_once(app: App, name: str) -> None:
    person = "quinn"
    for sort in LISTS[name]:
        whole = ask(app, person, look_up, name, Asked(sort=sort, limit=999)).rows
        rows = all_of(app, person, name, sort=sort)
        assert [key(r) for r in rows] == [key(r) for r in whole], sort
        assert len({key(r) for r in rows}) == len(rows) > 2
    assert len(all_of(app, person, name, show="all")) >= len(whole)


@pytest.mark.parametrize("name", LISTS)
def test_the_count_beside_a_filter_is_how_many_it_shows(app: App, name: str) -> None:
    person = "tess"
    first = ask(app, person, look_up, name, Asked(limit=999))
    assert first.total == len(first.rows)
    assert first.choices
    for filter_, choices in first.choices.items():
        for choice in choices:
            asked = Asked(filters={filter_: choice.value}, limit=999)
            found = ask(app, person, look_up, name, asked)
            assert len(found.rows) == choice.count == found.total, (filter_, choice)
            demand_counts_that_agree(app, person, name, asked, found)


def demand_counts_that_agree(app: App, person: str, name: str, asked: Asked, found: Found) -> None:
    """With one filter set, what stands beside the others is what they would show then."""
    for other, choices in found.choices.items():
        for choice in choices:
            both = Asked(filters={**asked.filters, other: choice.value}, limit=999)
            assert len(ask(app, person, look_up, name, both).rows) == choice.count


def test_a_reference_is_found_wherever_it_is(app: App) -> None:
    person = "quinn"
    over = ask(app, person, look_up, "audits", Asked("all", {"state": "closed"}, limit=1)).rows[0]
    by_audit = ask(app, person, look_up, "audits", Asked(search=over.reference))
    by_case = ask(app, person, look_up, "audits", Asked(search=over.case.lower()))
    assert [r.reference for r in by_audit.rows] == [over.reference]
    assert over.reference in {r.reference for r in by_case.rows}


@pytest.mark.parametrize(
    "address",
    [
        "/audits?colour=red", "/audits?state=gone", "/audits?month=soon", "/audits?sort=size",
        "/audits?late=yes", "/audits?after=nonsense", "/actions?kind=7", "/audits?duty=none",
        "/escalations?level=level_9", "/audits?show=some", "/audits?q=%00", "/actions?after=x~y~z",
        "/actions?after=2026-01-01~99999999999999999999~1", "/audits?month=20260501",
        "/actions?after=2026-01-01~1~3000000000", "/audits?month=2026-W01-1",
    ],
)  # fmt: skip
def test_what_a_list_does_not_know_is_told(app: App, address: str) -> None:
    answer = client_of(app, "quinn").get(address, base_url=HERE)
    assert answer.status_code == 400
    assert "was not understood" in answer.text


def test_a_file_holds_what_is_on_screen_in_its_order(app: App) -> None:
    client = client_of(app, "quinn")
    page = client.get("/audits?late=1&sort=team", base_url=HERE).text
    on_screen = re.findall(r'href="/audits/([0-9-]+)"', page)
    text = client.get("/audits.csv?late=1&sort=team", base_url=HERE).data.decode("utf-8-sig")
    sheet = client.get("/audits.xlsx?late=1&sort=team", base_url=HERE).data
    book = openpyxl.load_workbook(io.BytesIO(sheet)).active
    assert on_screen
    assert [row["Audit"] for row in csv.DictReader(io.StringIO(text))] == on_screen
    assert book is not None
    assert [row[0].value for row in list(book.rows)[1:]] == on_screen


def logged(app: App) -> list[tuple[str, str, int]]:
    with app.store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT person, what, denied FROM access_log ORDER BY id")
        return [(r[0], r[1], r[2]) for r in rows if r[1].startswith("export")]


def test_taking_out_is_for_the_manager_and_is_logged(app: App) -> None:
    assert client_of(app, "quinn").get("/actions.csv?late=1", base_url=HERE).status_code == 200
    refused = client_of(app, "tess").get("/audits.csv", base_url=HERE)
    assert refused.status_code == 403
    assert "/audits.csv" not in client_of(app, "tess").get("/audits", base_url=HERE).text
    assert logged(app) == [("quinn", "export actions late=1", 0), ("tess", "export audits ", 1)]


def test_more_than_a_file_holds_is_not_cut_but_refused(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST", 3)
    with pytest.raises(BadInput, match="3 rows at most"):
        ask(app, "quinn", export, "audits", Asked(), "")


def test_a_team_owes_what_its_people_owe(app: App) -> None:
    hana = "hana"
    members = ask(app, hana, team)
    below = {p.id for p in everybody(app) if "hana" in p.line and p.left_on is None}
    assert {m.id for m in members} == below
    assert any(m.owes for m in members)
    for member in members:
        jobs = ask(app, hana, work, member.id)
        assert member.owes <= len(jobs)
        assert member.overdue <= sum(j.overdue for j in jobs)
    assert client_of(app, "hana").get("/team/quinn", base_url=HERE).status_code == 404


def test_a_board_reader_is_shown_no_case(app: App) -> None:
    with app.store.writing() as connection:
        connection.exec_driver_sql("UPDATE people SET roles = 'board_reader' WHERE id = 'ada'")
    client = client_of(app, "ada")
    pages = [client.get(p, base_url=HERE) for p in ("/where", "/audits?show=all", "/actions", "/")]
    assert {p.status_code for p in pages} == {200}
    for page in pages:
        assert not re.search(r"20\d\d-\d\d-\d{3}", page.text)


def test_nothing_is_shown_to_nobody(app: App) -> None:
    for page in ("/", "/help", "/charts/audit", "/limits", "/where"):
        answer = client_of(app, "stranger").get(page, base_url=HERE)
        assert answer.status_code == 403, page
    answer = client_of(app, "quinn").get("/", base_url="http://evil.example")
    assert (answer.status_code, "Quinn" in answer.text) == (400, False)
