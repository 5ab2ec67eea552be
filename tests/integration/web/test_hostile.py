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
from sqlalchemy import update

from auditflow.application import App
from auditflow.persistence import tables
from auditflow.web import Look, site
from support.everywhere import NOW, everywhere
from support.hostile import FORMULA, MARK, TEXT, pages_of, spoil

HERE = "http://127.0.0.1"
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
        spoil(opened.store)
        yield opened


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
