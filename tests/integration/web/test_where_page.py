"""Where each audit sits, as a page: each figure leads to its list, and a board sees no case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from auditflow.commands import ImportPeople, scheduling
from auditflow.commands.office import Case
from auditflow.web import site
from support.office import CAST, Office, at, planned

pytestmark = pytest.mark.only("sqlite")

BASE: Final = "http://127.0.0.1"
DRAWN: Final = "2026-01-28"
NOW: Final = at("2026-03-20 12:00")
HOSTILE: Final = '<script>alert("1")</script>'


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Six audits wait for an auditor, three have one; one is after its audit, escalated."""
    made = Office(tmp_path)
    made.app.service.do_office(ImportPeople(people=CAST), by="qa1", now=at("2026-01-03 09:00"))
    made.set("level_2", HOSTILE, "2026-01-03 10:00")
    made.submitted("2026-02", "2026-02-10", "2026-01-05", planned("kw", "2026-03-02"))
    cases = [Case(f"{HOSTILE[:8]}{n}", "child_in_need", "Able", "kw") for n in range(9)]
    made.draw("2026-03", f"{DRAWN} 09:00", size=9, cases=cases)
    for n in (1, 2, 3):
        given = scheduling.Distribute(audit=f"2026-03-00{n}", auditor="aud")
        made.do(given, "qa1", f"{DRAWN} 10:00")
    made.sweep("2026-03-20 11:00")
    yield made
    made.app.close()


def opened(office: Office, who: str) -> FlaskClient:
    return site(office.url, who, now=NOW).test_client()


def text(client: FlaskClient, address: str = "/where") -> str:
    answer = client.get(address, base_url=BASE)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def tree(html: str) -> ET.Element:
    """The page's content, which is well-formed but for the attributes that need no value."""
    inside = html[html.index("<main") : html.index("</main>") + len("</main>")]
    for void in ("br", "img", "input"):
        assert f"<{void} " not in inside
    return ET.fromstring(inside.replace(" data-af-quiet", "").replace("&nbsp;", " "))


def links(html: str) -> dict[str, str]:
    """Where each link to a list leads, and what it is called."""
    found = (a for a in tree(html).iter() if a.tag.rpartition("}")[2] == "a")
    return {
        a.attrib["href"]: a.get("aria-label") or " ".join("".join(a.itertext()).split())
        for a in found
        if a.attrib["href"].startswith(("/audits", "/actions", "/escalations"))
    }


def test_each_figure_leads_to_a_list_that_opens(office: Office) -> None:
    client = opened(office, "qa1")
    found = links(text(client))
    assert found["/audits"] == "10 audits under way"
    assert found["/audits?late=1"].endswith("have something overdue")
    assert {"/audits?state=selected", "/audits?duty=distribute", "/actions?state=open"} <= set(
        found
    )
    assert any(a.startswith("/escalations?trigger=T") for a in found)
    for address in found:
        text(client, address)


def test_a_box_of_the_chart_says_what_its_list_holds(office: Office) -> None:
    client = opened(office, "qa1")
    html = text(client)
    assert 'aria-label="Selected: 6 audits, 6 overdue"' in html
    assert 'aria-label="Distribute the case: 6 owed, 6 overdue"' in html
    assert "6 audits." in text(client, "/audits?state=selected&late=1")
    listed = text(client, "/audits?late_duty=distribute")
    assert "Late with: Distribute the case" in listed
    assert "6 audits." in listed


def test_who_sees_few_audits_is_shown_the_figures_of_those(office: Office) -> None:
    found = links(text(opened(office, "aud")))
    assert found["/audits"] == "4 audits under way"
    assert "/audits?state=selected" not in found


def test_a_board_and_an_analyst_see_figures_and_no_link_to_a_case(office: Office) -> None:
    for who, few, all_of_them in (("board", "under 5", "8 or more"), ("analyst", "3", "10")):
        html = text(opened(office, who))
        assert links(html) == {}
        assert f"Distributed: {few} audits" in html
        assert f">{all_of_them}</span> audits under way" in html
        assert "single audits are not shown to you" in html
        assert ("reads “under 5”" in html) == (who == "board")
        assert "2026-03-0" not in html
        assert "…" not in html


def test_who_has_no_audit_is_told_so_in_figures(office: Office) -> None:
    html = text(opened(office, "admin"))
    assert links(html) == {}
    assert "Nothing is owed." in html
    assert "No escalation is open." in html


def test_what_a_council_typed_stays_text(office: Office) -> None:
    html = text(opened(office, "qa1"))
    assert "alert(&#34;1&#34;)" in html
    assert "<script>alert" not in html


def test_it_refreshes_itself_until_it_is_told_not_to(office: Office) -> None:
    client = opened(office, "qa1")
    assert 'hx-trigger="every 60s"' in text(client)
    still = text(client, "/where?still=1")
    assert "hx-" not in still
    assert "htmx" not in still.replace("htmx-config", "")
    for html in (text(client), still):
        assert "aria-live" not in html
