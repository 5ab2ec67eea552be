"""Whatever people write, and wherever it is shown, it is text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import literal, update

from auditflow.app import App
from auditflow.persistence import tables
from auditflow.web import Look, site
from support.everywhere import NOW, everywhere

HERE = "http://127.0.0.1"
MARK = "HOSTILE"
TEXT = (
    f"<script>alert('{MARK}')</script><b onclick=\"x()\">{MARK}</b> \\ ' \" {{{{7*7}}}} ]]> &amp; "
    "\u202eevol\u202c \x1b[31m " + "w" * 200
)
FORMULA = f'=HYPERLINK("http://evil.example","{MARK}")'
PEOPLE = ("quinn", "idris", "hassan", "hana", "amara")


class Parsed(HTMLParser):
    """Every element with its attributes, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A store in which every word that people could write is hostile."""
    with closing(App(everywhere(tmp_path), NOW)) as opened:
        with opened.store.writing() as connection:
            for table, columns in {
                tables.people: ("name", "team"),
                tables.texts: ("body",),
                tables.audits: ("team",),
                tables.cases: ("reference", "team"),
                tables.holidays: ("title",),
                tables.views: ("name",),
            }.items():
                values = {c: literal(TEXT) + table.c[c] for c in columns}
                connection.execute(update(table).values(values))
        yield opened


def pages_of(flask: Flask, app: App) -> Iterator[str]:
    """An address for each page there is."""
    values = {
        "reference": [r.reference for r in app.listed(app.who("quinn"), limit=999)][::4],
        "person": ["quinn", "amara"],
        "month": ["2026-05", "2026-06"],
        "name": ["audit", "escalation"],
    }
    for rule in flask.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.startswith(("assets", "charts.down")):
            continue
        if rule.endpoint.endswith("taken"):
            continue
        wanted = rule.arguments & values.keys()
        if not wanted:
            yield rule.rule
        for name in wanted:
            for value in values[name]:
                yield (
                    f"/charts/{value}" if name == "name" else rule.rule.replace(f"<{name}>", value)
                )
    yield from ("/audits?show=all", "/audits?late=1&sort=team", "/actions?show=all")
    yield from ("/escalations?show=all", f"/audits?auditor={MARK}<b>", "/limits?from=<b>&n=<i>")


@pytest.mark.only("sqlite")
def test_every_page_shows_it_as_text(app: App) -> None:
    seen = 0
    for who in PEOPLE:
        flask = site(app.store, who, now=NOW, look=Look(council=TEXT))
        client = flask.test_client()
        for address in pages_of(flask, app):
            answer = client.get(address, base_url=HERE)
            assert answer.status_code in (200, 400, 403, 404), address
            if not str(answer.mimetype).startswith("text/html"):
                continue
            page = Parsed(answer.text)
            for tag, attributes in page.elements:
                assert tag != "b", address
                assert tag != "script" or str(attributes.get("src")).startswith("/static/"), address
                assert not any(name.startswith("on") for name in attributes), (address, attributes)
                assert "style" not in attributes, (address, tag)
            assert "\u202e" not in answer.text
            assert "\x1b" not in answer.text
            assert "{{7*7}}" in page.text, address
            assert "49" not in page.text.split("{{7*7}}")[0][-3:]
            seen += page.text.count(f"alert('{MARK}')")
    assert seen > 500


@pytest.mark.only("sqlite")
def test_every_file_holds_it_as_text(app: App) -> None:
    with app.store.writing() as connection:
        connection.execute(update(tables.people).values(name=FORMULA))
        connection.execute(update(tables.audits).values(team=FORMULA))
    client = site(app.store, "quinn", now=NOW).test_client()
    for name in ("audits", "actions", "escalations"):
        text = client.get(f"/{name}.csv?show=all", base_url=HERE).data.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        assert any(FORMULA in cell for row in rows for cell in row)
        assert not any(cell.startswith("=") for row in rows for cell in row)
        file = client.get(f"/{name}.xlsx?show=all", base_url=HERE).data
        book = openpyxl.load_workbook(io.BytesIO(file))
        cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
        assert any(cell.value == FORMULA for cell in cells)
        assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)
