"""The filters of a list that somebody keeps: by a form, for themselves, and within bounds."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from auditflow.application import App
from auditflow.errors import BadInput
from auditflow.persistence.saved_filters import View
from auditflow.queries.lists import saved_views
from auditflow.service.saved_filters import keep_view
from auditflow.web import site
from support.asking import ask
from support.everywhere import NOW

HERE = "http://127.0.0.1"
HOSTILE = "<b>x</b>\"'{{7*7}}"


class Form:
    """One person's list of audits, and the forms on it."""

    def __init__(self, app: App, person: str) -> None:
        self.client: FlaskClient = site(app.store, person, now=NOW).test_client()
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.page())
        assert found
        self.token = found[1]

    def page(self) -> str:
        return self.client.get("/audits", base_url=HERE).text

    def send(self, to: str, **fields: str) -> tuple[int, str]:
        """The status, and where it leads."""
        data = {"page": "audits", "csrf_token": self.token, **fields}
        answer = self.client.post(to, data=data, base_url=HERE)
        return answer.status_code, answer.headers.get("Location", "")


def kept(app: App, person: str) -> list[View]:
    return ask(app, person, saved_views, "audits")


def test_a_view_is_kept_replaced_and_removed(app: App) -> None:
    form = Form(app, "idris")
    late = form.send("/views", name="Mine", query="late=1&sort=team")
    assert late == (303, "/audits?late=1&sort=team")
    assert kept(app, "idris") == [View("audits", "Mine", "late=1&sort=team")]
    assert form.send("/views", name=" Mine ", query="soon=1") == (303, "/audits?soon=1")
    assert kept(app, "idris") == [View("audits", "Mine", "soon=1")]
    assert 'href="/audits?soon=1">Mine</a>' in form.page()
    assert form.send("/views/remove", name="Mine") == (303, "/audits")
    assert kept(app, "idris") == []


def test_nobody_sees_or_removes_another_persons_view(app: App) -> None:
    Form(app, "idris").send("/views", name="Of Idris", query="late=1")
    other = Form(app, "quinn")
    assert "Of Idris" not in other.page()
    assert other.send("/views/remove", name="Of Idris") == (303, "/audits")
    assert kept(app, "idris") == [View("audits", "Of Idris", "late=1")]


def test_a_form_that_is_not_ours_keeps_and_removes_nothing(app: App) -> None:
    form = Form(app, "idris")
    form.send("/views", name="Mine", query="late=1")
    for token in ("", "another"):
        form.token = token
        assert form.send("/views", name="Theirs", query="")[0] == 400
        assert form.send("/views/remove", name="Mine")[0] == 400
    assert [v.name for v in kept(app, "idris")] == ["Mine"]


def test_a_view_holds_no_place_in_the_list_and_its_name_is_text(app: App) -> None:
    form = Form(app, "idris")
    query = "q=%3Cb%3E&after=2026-05-01~2026-05-001"
    assert form.send("/views", name=HOSTILE, query=query) == (303, "/audits?q=%3Cb%3E")
    page = form.page()
    assert (HOSTILE in page, "&lt;b&gt;x&lt;/b&gt;&#34;&#39;{{7*7}}" in page) == (False, True)
    assert form.send("/views/remove", name=HOSTILE) == (303, "/audits")
    assert kept(app, "idris") == []


@pytest.mark.parametrize(
    "query", ["late=1\r\nX-Other: 1", "late=1\0", "q=%00", "q=%E2%80%AE", "colour=red", "late=2",
              "q=" + "q" * 201],
)  # fmt: skip
def test_what_the_list_does_not_understand_is_not_kept(app: App, query: str) -> None:
    assert Form(app, "idris").send("/views", name="Odd", query=query)[0] == 400
    assert kept(app, "idris") == []


def test_a_name_is_kept_as_it_is_shown(app: App) -> None:
    form = Form(app, "idris")
    assert form.send("/views", name="a\0b\u202e", query="late=1")[0] == 303
    assert [v.name for v in kept(app, "idris")] == ["a\ufffdb\ufffd"]
    assert form.send("/views/remove", name="a\0b\u202e")[0] == 303
    assert kept(app, "idris") == []
    assert form.send("/views", name="x", query="", page="people\0")[0] == 400


def test_views_have_their_bounds(app: App) -> None:
    for name, query in (("", "late=1"), ("n" * 61, "late=1"), ("n", "q" * 1001), ("n", "a\0")):
        with pytest.raises(BadInput):
            keep_view(app.store, "hana", "audits", name, query)
    for n in range(50):
        keep_view(app.store, "hana", "audits", f"view {n}", "late=1")
    with pytest.raises(BadInput, match="50 views"):
        keep_view(app.store, "hana", "audits", "one more", "")
    keep_view(app.store, "hana", "audits", "view 7", "soon=1")
    assert len(kept(app, "hana")) == 50
