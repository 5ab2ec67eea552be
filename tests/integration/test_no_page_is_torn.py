"""A page is of one moment: whatever colleagues save while it is made, it shows none of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from auditflow.application import App
from auditflow.calendar import utc_text
from auditflow.commands import DrawRound, SetPolicy, meeting
from auditflow.persistence.database import Mode
from auditflow.persistence.store import Store
from auditflow.queries import Reading
from auditflow.reports import REPORTS
from auditflow.web import site
from support.asking import ask, listed
from support.everywhere import NOW, everywhere
from support.long import daily
from support.office import SMART
from support.shell import Shell

#: Each day where a transaction must ask for its one moment; on SQLite every one has it.
pytestmark = pytest.mark.only(*daily(("postgres",), long=("sqlite", "postgres")))

HERE: Final = "http://127.0.0.1"
#: Drawn again and again by whoever writes in between.
MONTH: Final = date(2027, 1, 1)
#: The address of each page, who looks, and how many statements it may send at most.
PAGES: Final = {
    "work.mine": ("/", "quinn", 3),
    "team.mine": ("/team", "hana", 3),
    "team.one": ("/team/{manager}", "hana", 5),
    "audit.one": ("/audits/{audit}", "quinn", 11),
    "audits.listed": ("/audits", "quinn", 6),
    "audits.taken": ("/audits.csv", "quinn", 5),
    "actions.listed": ("/actions", "quinn", 6),
    "actions.taken": ("/actions.csv", "quinn", 5),
    "escalations.listed": ("/escalations", "quinn", 6),
    "escalations.taken": ("/escalations.csv", "quinn", 5),
    "where.board": ("/where", "quinn", 10),
    "rounds.listed": ("/rounds", "quinn", 7),
    "rounds.one": ("/rounds/2027-01", "quinn", 8),
    "rounds.proof": ("/rounds/2027-01/proof", "quinn", 5),
    "limits.shown": ("/limits", "quinn", 4),
    "help.shown": ("/help", "quinn", 2),
    "help.accessibility": ("/accessibility", "quinn", 1),
    "charts.index": ("/charts", "quinn", 1),
    "charts.one": ("/charts/audit", "quinn", 1),
    "charts.download": ("/charts/audit.svg", "quinn", 1),
}
#: Pages that show nothing of the store.
FIXED: Final = {"help.accessibility", "charts.index", "charts.one", "charts.download"}
#: What is read of one audit, or taken out, is noted.
NOTED: Final = {"audit.one", "audits.taken", "actions.taken", "escalations.taken"}
COMMANDS: Final = (
    ("audit", "show", "{audit}"),
    ("audit", "tool", "{audit}"),
    ("audit", "list"),
    ("where",),
    ("work",),
    ("round", "show", "2027-01"),
    ("round", "proof", "2027-01"),
    ("policy", "show"),
    ("policy", "history"),
    *(("report", name) for name in REPORTS),
)


class Colleague:
    """Somebody else at the same store, who changes what every page shows."""

    def __init__(self, url: str) -> None:
        self.app = App(url, NOW)
        self.url = self.app.store.url
        found = (r.reference for r in listed(self.app, "quinn", state="post_audit"))
        audits = {ref: ask(self.app, "quinn", Reading.audit, ref) for ref in found}
        of_hana = ((ref, a) for ref, a in audits.items() if a.service == "Help and Protection")
        self.reference, self.audit = next(of_hana)
        self.times = 0

    def write(self) -> None:
        """A concern, an action, another title, another draw."""
        self.times += 1
        n, do, office = self.times, self.app.service.do, self.app.service.do_office
        concern = meeting.RaiseConcern(audit=self.reference, says=f"Concern {n}.")
        do(concern, by=self.audit.auditor, now=NOW)
        owner = self.audit.responsible_manager
        add = meeting.AddAction(
            audit=self.reference, owner=owner, due="2026-11-30", because="Agreed.", **SMART
        )
        do(add, by=owner, now=NOW)
        office(
            SetPolicy(setting="level_1", value=f"Level of {n}", reason="So."), by="quinn", now=NOW
        )
        again = f"For the {n}th time." if n > 1 else ""
        office(DrawRound(month=MONTH, size=1, again=again), by="quinn", now=NOW)


class Statements:
    """What is sent to the store by others than the colleague, who may write in between."""

    def __init__(self, colleague: Colleague) -> None:
        self.colleague = colleague
        self.sent: list[str] = []
        self.between: Callable[[], None] | None = None

    def hear(self, connection: Any, _: Any, statement: str, values: Any, *_more: Any) -> None:
        if (
            connection.engine.url.database != self.colleague.url.database
            or connection.engine is self.own
        ):
            return
        if statement.startswith("INSERT"):
            return  # That it was read is noted when all is read.
        self.sent.append(f"{statement} {values}")
        if self.between and len(self.sent) > 1:
            self.between()

    @property
    def own(self) -> Engine:
        return self.colleague.app.store.engine

    @contextmanager
    def heard(self, between: Callable[[], None] | None = None) -> Iterator[list[str]]:
        self.sent, self.between = [], between
        event.listen(Engine, "before_cursor_execute", self.hear)
        try:
            yield self.sent
        finally:
            event.remove(Engine, "before_cursor_execute", self.hear)


@pytest.fixture
def colleague(tmp_path: Path) -> Iterator[Colleague]:
    made = Colleague(everywhere(tmp_path))
    made.write()
    yield made
    made.app.close()


def page_of(flask: Flask, address: str) -> str:
    with closing(flask.test_client().get(address, base_url=HERE)) as answer:
        assert answer.status_code == 200, address
        # The token that guards a form is another each time.
        return re.sub(r'name="csrf_token" value="[^"]*"', "", answer.text)


def pages(colleague: Colleague, store: Store) -> Iterator[tuple[str, Callable[[], str]]]:
    """Each page there is, to be looked at."""
    known = {"audit": colleague.reference, "manager": colleague.audit.responsible_manager}
    sites = {who: site(store, who, now=NOW) for who in ("quinn", "hana")}
    rules = sites["quinn"].url_map.iter_rules()
    shown = {r.endpoint for r in rules if "GET" in (r.methods or ())}
    assert PAGES.keys() == {e for e in shown if not e.startswith(("assets.", "ops."))}
    for name, (address, who, _) in PAGES.items():
        yield name, partial(page_of, sites[who], address.format(**known))


def test_no_page_is_torn(colleague: Colleague) -> None:
    statements = Statements(colleague)
    with closing(Store(colleague.url.render_as_string(hide_password=False))) as store:
        for name, look in pages(colleague, store):
            before = look()
            with statements.heard(between=colleague.write):
                assert look() == before, name
            changed = look() != before
            assert changed or name in FIXED, name


def test_no_answer_of_a_command_is_torn(colleague: Colleague, tmp_path: Path) -> None:
    shell = Shell(tmp_path, url=colleague.url.render_as_string(hide_password=False))
    statements, same = Statements(colleague), set()
    for words in COMMANDS:
        typed = [w.format(audit=colleague.reference) for w in words]
        before = shell.says("quinn", utc_text(NOW), *typed)
        with statements.heard(between=once(colleague.write)):
            assert shell.says("quinn", utc_text(NOW), *typed) == before, words
        if shell.says("quinn", utc_text(NOW), *typed) == before:
            same.add(words)
    assert {what for what, *_ in same} == {"report"}
    assert len(same) < len(REPORTS)


def once(write: Callable[[], None]) -> Callable[[], None]:
    """Behind the first statement; whatever began later than that would show it."""
    left = [write]
    return lambda: left.pop()() if left else None


class Transactions:
    """What each transaction of a store is begun for."""

    def __init__(self, store: Store, patch: pytest.MonkeyPatch) -> None:
        self.modes: list[Mode] = []
        begin = store.database.begin

        def begun(connection: Any, mode: Mode, **more: Any) -> Any:
            self.modes.append(mode)
            return begin(connection, mode, **more)

        patch.setattr(store.database, "begin", begun)


def test_a_page_is_one_transaction_and_one_more_where_it_is_noted(
    colleague: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements = Statements(colleague)
    with closing(Store(colleague.url.render_as_string(hide_password=False))) as store:
        begun = Transactions(store, monkeypatch)
        for name, look in pages(colleague, store):
            look()
            begun.modes.clear()
            with statements.heard() as sent:
                look()
            noted = [Mode.NOTE] if name in NOTED else []
            assert begun.modes == [Mode.READ, *noted], name
            # A server is asked for the time as well.
            assert len(sent) <= PAGES[name][2] + (store.path is None), (name, sent)
            assert Counter(sent).most_common(1)[0][1] == 1, "the same is asked twice"
