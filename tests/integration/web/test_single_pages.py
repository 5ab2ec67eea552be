"""Single pages: what they say, what they note, and what they do without."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, update

from auditflow.application import App
from auditflow.machines.charts import CHARTS
from auditflow.persistence import tables
from auditflow.queries import audit_detail
from auditflow.queries.lists import Asked, look_up
from auditflow.queries.months import months
from auditflow.queries.rounds import round_page
from auditflow.web import site
from support.asking import ask
from support.everywhere import NOW

HERE = "http://127.0.0.1"
BLOCKED = """
import sys
from datetime import datetime
sys.modules["graphviz"] = sys.modules["pygraphviz"] = None
from auditflow.web import site
client = site(sys.argv[1], "quinn", now=datetime.fromisoformat(sys.argv[2])).test_client()
for path in ("/where", "/charts", "/charts/audit", "/charts/escalation.svg", "/charts/action.png",
             "/audits/" + sys.argv[3]):
    answer = client.get(path, base_url="http://127.0.0.1")
    assert answer.status_code == 200, (path, answer.text)
    answer.close()
"""


def client_of(app: App, person: str) -> FlaskClient:
    return site(app.store, person, now=NOW).test_client()


def escalated(app: App) -> str:
    asked = Asked(filters={"escalated": "1", "late": "1"})
    return str(ask(app, "quinn", look_up, "audits", asked).rows[0].reference)


def reads(app: App) -> list[tuple[str, int]]:
    log = tables.access_log
    with app.store.reading() as connection:
        rows = connection.execute(log.select().where(log.c.what == "show").order_by(log.c.id))
        return [(r.person, r.denied) for r in rows]


def test_an_audit_says_who_owes_what_by_when_and_what_stops_it(app: App) -> None:
    reference = escalated(app)
    page = client_of(app, "tess").get(f"/audits/{reference}", base_url=HERE).text
    shown = ask(app, "tess", audit_detail, reference)
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("&#39;", "'")
    for owed in shown.owed:
        assert owed.what in words
        assert owed.who in words
        assert owed.sum[1:] in words.replace("&gt;", ">")
    for step in shown.next:
        assert all(missing[1:] in words for missing in step.missing)
    for escalation in shown.escalations:
        assert escalation.next[1:] in words
    assert "You are here" in words
    assert page.count("af-timeline__item") == len(shown.timeline) + page.count(
        "af-timeline__item--"
    )


def test_each_reading_is_noted_once_and_a_denied_one_too(app: App) -> None:
    reference = escalated(app)
    before = len(reads(app))
    assert client_of(app, "tess").get(f"/audits/{reference}", base_url=HERE).status_code == 200
    assert reads(app)[before:] == [("tess", 0)]
    facts = tables.audits.c.facts
    secret = func.replace(facts, '"id":', '"restricted":true,"id":')
    this = tables.audits.c.reference == reference
    with app.store.writing() as connection:
        connection.execute(update(tables.audits).where(this).values(restricted=1, facts=secret))
    hidden = client_of(app, "idris").get(f"/audits/{reference}", base_url=HERE)
    unknown = client_of(app, "idris").get("/audits/1999-01-001", base_url=HERE)
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert hidden.text.replace(reference, "X") == unknown.text.replace("1999-01-001", "X")
    assert client_of(app, "tess").get(f"/audits/{reference}", base_url=HERE).status_code == 200


def test_each_figure_of_the_board_leads_to_as_many_audits(app: App) -> None:
    client = client_of(app, "quinn")
    page = client.get("/where", base_url=HERE).text
    figures = re.findall(r'href="(/audits\?[^"]+)">(\d+)</a>', page)
    assert len(figures) > 10
    for address, n in figures:
        if "duty=" in address:
            continue
        listed = client.get(address.replace("&amp;", "&"), base_url=HERE).text
        assert len(set(re.findall(r'href="/audits/([0-9-]+)"', listed))) == int(n), address


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("name", ["audit", "escalation", "action"])
def test_a_chart_has_its_facts_beside_it_and_its_files(app: App, name: str) -> None:
    client = client_of(app, "quinn")
    page = client.get(f"/charts/{name}", base_url=HERE).text
    for state in CHARTS[name].states.values():
        assert state.initial or state.title in page
    for ending, begins in (("svg", b"<?xml"), ("pdf", b"%PDF"), ("png", b"\x89PNG"), ("dot", b""),
                           ("mmd", b"")):  # fmt: skip
        with client.get(f"/charts/{name}.{ending}", base_url=HERE) as file:
            assert (file.status_code, file.data[: len(begins)]) == (200, begins)
            assert file.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"/charts/{name}?zoom=9", base_url=HERE).status_code == 400


@pytest.mark.only("sqlite")
def test_no_page_needs_graphviz(app: App) -> None:
    words = [sys.executable, "-c", BLOCKED, app.store.url.render_as_string(), NOW.isoformat()]
    done = subprocess.run([*words, escalated(app)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.only("sqlite")
def test_a_round_is_shown_with_its_proof_to_those_who_may_see_it(app: App) -> None:
    (last, *_), _ = ask(app, "tess", months)
    month = f"{last.month:%Y-%m}"
    client = client_of(app, "tess")
    assert ask(app, "tess", round_page, last.month).seed in (
        client.get(f"/rounds/{month}", base_url=HERE).text
    )
    proof = client.get(f"/rounds/{month}/proof", base_url=HERE).text
    assert "it is the same list" in proof
    worker = client_of(app, "dipa")
    shown = worker.get(f"/rounds/{month}", base_url=HERE).text
    assert "is for the QA Team to see" in shown
    assert not re.search(r"CF-\d+", shown)
    assert worker.get(f"/rounds/{month}/proof", base_url=HERE).status_code == 403
    assert client.get("/rounds/soon", base_url=HERE).status_code == 404
