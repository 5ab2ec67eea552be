"""Who counts all audits without opening one sees what they come to, a board no small figure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from auditflow import queries
from auditflow.application import App
from auditflow.commands import ImportPeople, scheduling
from auditflow.machines.charts import CHARTS
from auditflow.queries import Board
from auditflow.queries.lists import Asked, look_up
from auditflow.queries.suppression import MASK, SMALL, masked, total
from support.asking import ask
from support.office import CAST, Office, at, planned

ONCE = {duty.name for duty in CHARTS["audit"].duties}
DRAWN = "2026-01-28"
#: A week after the six meetings were to be arranged, and some actions were to be done.
NOW = at("2026-03-20 12:00")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Six audits wait for an auditor, three have one; one is after its audit, with an action."""
    made = Office(tmp_path)
    made.app.service.do_office(ImportPeople(people=CAST), by="qa1", now=at("2026-01-03 09:00"))
    made.submitted("2026-02", "2026-02-10", "2026-01-05", planned("kw", "2026-03-02"))
    made.draw("2026-03", f"{DRAWN} 09:00", size=9)
    for n in (1, 2, 3):
        given = scheduling.Distribute(audit=f"2026-03-00{n}", auditor="aud")
        made.do(given, "qa1", f"{DRAWN} 10:00")
    yield made
    made.app.close()


def seen_by(office: Office, who: str) -> tuple[App, Board]:
    app = App(office.app.store, NOW)
    return app, ask(app, who, queries.board)


def audits(board: Board) -> dict[str, object]:
    return {p.state: p.audits for p in board.places if p.audits}


def test_a_board_sees_what_audits_come_to_and_nothing_under_five(office: Office) -> None:
    _, board = seen_by(office, "board")
    assert audits(board) == {"selected": 6, "distributed": MASK, "post_audit": MASK}
    assert (board.totals.live, board.lists, board.masked) == ("8 or more", False, True)
    assert board.owed["distribute"] == 6
    assert board.overdue["distribute"] == 6
    figures = [*board.owed.values(), *board.overdue.values(), *board.actions.values()]
    figures += [f for p in board.places for f in (p.overdue, p.due_soon)]
    assert [f for f in figures if isinstance(f, int) and 0 < f < SMALL] == []
    assert MASK in figures


def test_of_few_escalations_a_board_is_not_told_since_when(office: Office) -> None:
    office.sweep("2026-03-20 11:00")
    _, everything = seen_by(office, "qa1")
    _, board = seen_by(office, "board")
    assert {s.oldest for s in everything.escalations} > {None} - {None}
    assert [(s.trigger, s.escalations, s.oldest) for s in board.escalations] == [
        (s.trigger, MASK, None) for s in everything.escalations
    ]
    assert set(board.levels.values()) == {MASK}


def test_an_analyst_counts_exactly_and_opens_no_list(office: Office) -> None:
    app, board = seen_by(office, "analyst")
    assert audits(board) == {"selected": 6, "distributed": 3, "post_audit": 1}
    assert (board.totals.live, board.lists, board.masked) == (10, False, False)
    assert ask(app, "analyst", look_up, "audits", Asked()).total == 0


def test_each_figure_is_what_its_list_holds(office: Office) -> None:
    office.sweep("2026-03-20 11:00")
    for who in ("qa1", "aud", "kw", "hos", "admin"):
        app, board = seen_by(office, who)

        def of(page: str, app: App = app, who: str = who, **filters: str) -> int | None:
            return ask(app, who, look_up, page, Asked(filters=filters)).total

        assert board.totals.live == of("audits")
        assert board.totals.overdue == of("audits", late="1")
        assert board.totals.due_soon == of("audits", soon="1")
        assert board.totals.escalations == of("escalations")
        for p in board.places:
            assert not p.live or p.audits == of("audits", state=p.state)
            assert p.overdue == of("audits", state=p.state, late="1")
        # An audit owes each of its own duties once; one of an action, once for each action.
        for duty in board.owed.keys() & ONCE:
            assert board.owed[duty] == of("audits", duty=duty)
            assert board.overdue.get(duty, 0) == of("audits", late_duty=duty)
        for state, n in board.actions.items():
            assert n == of("actions", state=state)
        for level, n in board.levels.items():
            assert n == of("escalations", level=level)


def test_what_was_hidden_then_is_hidden_when_asked_for_later(office: Office) -> None:
    then = App(office.app.store, NOW + timedelta(days=30), NOW)
    assert audits(ask(then, "board", queries.board))["distributed"] == MASK


def test_no_masked_figure_follows_from_the_total() -> None:
    """Whatever else the masked figures may have been, the board would look the same."""
    looks: dict[tuple[object, ...], set[tuple[int, ...]]] = {}
    for figures in product(range(8), repeat=3):
        shown = tuple(map(masked, figures))
        looks.setdefault((*shown, total(shown)), set()).add(figures)
    for look, behind in looks.items():
        assert len(behind) == (SMALL - 1) ** look[:3].count(MASK)
