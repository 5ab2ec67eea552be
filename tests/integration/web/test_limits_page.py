"""Calendar and limits, help, the accessibility statement: what holds, and what is typed amiss."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from auditflow.audits import Level, Trigger
from auditflow.calendar import plain_date
from auditflow.queries import calendar_in_force, policy_history, policy_in_force
from auditflow.web import Look, site
from support.asking import ask
from support.office import Office, at

pytestmark = pytest.mark.only("sqlite")

HERE = "http://127.0.0.1"
NOW = at("2026-04-02 12:00")
LONG = 5000


@pytest.fixture
def client(office: Office) -> FlaskClient:
    return site(office.app.store, "qa1", now=NOW).test_client()


def page_of(client: FlaskClient, address: str, **typed: str) -> str:
    answer = client.get(f"{address}?{urlencode(typed)}", base_url=HERE)
    assert answer.status_code == 200
    return answer.text


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.mark.parametrize(
    ("rule", "n", "says"),
    [("working_days", "5", "Mon 13 April 2026"), ("months", "01", "Tue 5 May 2026")],
)
def test_a_deadline_is_worked_out_in_words(
    client: FlaskClient, rule: str, n: str, says: str
) -> None:
    page = page_of(client, "/limits", **{"from": "2026-04-02", "rule": rule, "n": n})
    assert f"→ {says}" in words_of(page)
    assert ("skipping Fri 3 (Good Friday)" in words_of(page)) == (rule == "working_days")
    assert "govuk-error-summary" not in page
    assert f'value="{rule}" selected' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("n", "0"),
        ("n", "-1"),
        ("n", "1000"),
        ("n", "0" * LONG + "9" * LONG),
        ("n", "0001" + "9" * LONG),
        ("n", "\u0665"),
        ("n", "1e3"),
        ("n", ""),
        ("from", "02/04/2026"),
        ("from", "0001-01-01"),
        ("from", "9999-12-31"),
        ("rule", "weeks"),
    ],
)
def test_what_is_typed_amiss_is_said_and_kept(client: FlaskClient, field: str, value: str) -> None:
    typed = {"from": "2026-04-02", "rule": "working_days", "n": "5", field: value}
    page = page_of(client, "/limits", **typed)
    assert "<title>Error: " in page
    assert f'href="#{field}"' in page
    assert f'id="{field}-error"' in page
    assert page.count("govuk-error-message") == 1
    assert all(f'value="{typed[name]}"' in unescape(page) for name in ("from", "n"))


def test_what_is_typed_is_shown_as_text(client: FlaskClient) -> None:
    page = page_of(client, "/limits", **{"from": '"><script>x</script>\u202e', "n": "<b>"})
    assert "<script>x" not in page
    assert "<b>" not in page
    assert "\u202e" not in page


def test_each_number_and_each_change_of_one_is_shown(office: Office, client: FlaskClient) -> None:
    office.set("arrange_meeting", "10 working days", "2026-02-02 10:00")
    page = words_of(page_of(client, "/limits"))
    history = ask(office.app, "qam", policy_history)
    for setting in policy_in_force(history).settings:
        assert f"{setting.says} {setting.source}" in page
    first, last = history
    told = page[page.index("How the numbers were changed") :]
    assert told.index(last.value) < told.index(first.name.replace("_", " ").capitalize())
    assert told.count("The council says so.") == len((first, last))


def test_the_closed_days_run_from_this_year_to_where_the_list_ends(
    office: Office, client: FlaskClient
) -> None:
    page = words_of(page_of(client, "/limits"))
    with office.app.store.reading() as connection:
        calendar = calendar_in_force(connection)
    ahead = [h for h in calendar.holidays if h.day.year >= NOW.year]
    assert ahead[0].day.year == NOW.year
    told = page[page.index("Days that do not count") :]
    assert told.count("Good Friday") == sum(h.words == "Good Friday" for h in ahead) > 1
    assert plain_date(calendar.last) in told
    assert f"{NOW.year - 1}" not in told


def test_help_has_every_trigger_and_the_council_s_own_titles(
    office: Office, client: FlaskClient
) -> None:
    office.set("level_2", "Practice Lead", "2026-02-02 10:00")
    page = words_of(page_of(client, "/help"))
    assert all(f"{t.value} {t.title}" in page for t in Trigger)
    assert all(level.holder.title in page for level in Level)
    assert "Practice Lead" in page
    assert "tell the Quality Assurance Team" in page


def test_the_accessibility_statement_claims_no_more_than_was_done(client: FlaskClient) -> None:
    page = words_of(page_of(client, "/accessibility"))
    for said in ("version 2.2", "not yet tested by people who use assistive technology"):
        assert said in page
    assert "full compliance is not claimed" in page
    assert "Quality Assurance Team." in page
    assert all(body in page for body in ("(EHRC)", "(EASS)"))


def test_the_accessibility_statement_says_how_the_council_is_reached(office: Office) -> None:
    look = Look(council="Able Council", contact="qa@able.example or 01632 960001")
    client = site(office.app.store, "qa1", now=NOW, look=look).test_client()
    page = words_of(page_of(client, "/accessibility"))
    assert "Able Council’s Quality Assurance Team: qa@able.example or 01632 960001." in page
