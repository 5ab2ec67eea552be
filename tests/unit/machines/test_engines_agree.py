"""Two libraries read the same rows: both lead to the same place, or both refuse, everywhere."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from types import SimpleNamespace
from typing import cast

import pytest

from auditflow.errors import Refused
from auditflow.machines.charts import CHARTS
from auditflow.machines.engine import Engine, engine
from auditflow.machines.notation import ChartClass
from auditflow.machines.replay import lead
from auditflow.machines.rows import Row

Cell = tuple[str, str, dict[str, bool]]


def cells(chart: ChartClass) -> Iterator[Cell]:
    """Each state × event × combination of the guards that this event asks in this state."""
    events = dict.fromkeys(row.event for row in chart.rows)
    for state, event in product(chart.states, events):
        here = [r for r in chart.rows if (r.start, r.event) == (state, event)]
        names = sorted({name for row in here for name, _ in row.guards})
        for answers in product((False, True), repeat=len(names)):
            yield state, event, dict(zip(names, answers, strict=True))


def fired(runs: Engine, cell: Cell) -> str | None:
    state, event, answers = cell
    try:
        return runs.fire(state, event, SimpleNamespace(**answers)).row.end
    except Refused:
        return None


def at_most_one(chart: ChartClass, cell: Cell) -> bool:
    """Of an exclusive family one guard holds at most, so other combinations never arise."""
    return all(sum(cell[2].get(name, False) for name in family) <= 1 for family in chart.exclusive)


def differences(kind: str, runs: Engine) -> list[Cell]:
    chart = CHARTS[kind]
    return [
        cell
        for cell in cells(chart)
        if at_most_one(chart, cell) and fired(runs, cell) != lead(kind, *cell)
    ]


def doctored(kind: str, event: str, change: Callable[[Row], Row]) -> Engine:
    """The running engine with a planted fault in each row of `event`."""
    chart = CHARTS[kind]
    rows = tuple(change(r) if r.event == event else r for r in chart.rows)
    fake = SimpleNamespace(rows=rows, states=chart.states, guards=chart.guards)
    return Engine(cast("ChartClass", fake))


@pytest.mark.parametrize("kind", CHARTS)
def test_both_engines_agree_in_every_cell(kind: str) -> None:
    assert differences(kind, engine(CHARTS[kind])) == []


@pytest.mark.parametrize("kind", CHARTS)
def test_every_arrow_is_taken_by_both_in_some_cell(kind: str) -> None:
    chart = CHARTS[kind]
    taken = {
        (state, event, end)
        for state, event, answers in cells(chart)
        if (end := lead(kind, state, event, answers)) is not None
    }
    assert taken == {(r.start, r.event, r.end) for r in chart.rows}


def test_a_row_that_leads_elsewhere_is_seen() -> None:
    wrong = doctored("audit", "verify", lambda r: replace(r, end="post_audit"))
    assert differences("audit", wrong) == [
        ("awaiting_verification", "verify", {"verifier_independent": True})
    ]


def test_a_guard_left_out_is_seen() -> None:
    wrong = doctored("audit", "all_done", lambda r: replace(r, guards=r.guards[1:]))
    assert [(s, e) for s, e, _ in differences("audit", wrong)] == [("post_audit", "all_done")]


def test_a_guard_read_the_other_way_is_seen() -> None:
    wrong = doctored("escalation", "resume", lambda r: replace(r, guards=(("held", False),)))
    assert len(differences("escalation", wrong)) == 2 * 5


def test_a_row_that_is_missing_is_seen() -> None:
    wrong = doctored("action", "file", lambda r: replace(r, event="lose"))
    with pytest.raises(Refused):
        wrong.fire("done", "file", SimpleNamespace())
    assert differences("action", wrong) == [("done", "file", {})]


@pytest.mark.parametrize(
    ("event", "saw"),
    [
        ("answer", {}),
        ("answer_by_doing", {"answered": True}),
        ("pass_unanswered", {"answered": False}),
        ("hold", {"held": False}),
    ],
)
def test_an_answer_that_was_not_noted_refuses(event: str, saw: dict[str, bool]) -> None:
    assert lead("escalation", "level_2", event, saw) is None


@pytest.mark.parametrize(
    ("state", "event"),
    [
        ("nowhere", "answer"),
        ("level_2", "remind"),
        ("level_2", "answer.again"),
        ("level_2", ""),
        ("resolved", "answer"),
        ("level_2", "*"),
    ],
)
def test_what_the_chart_does_not_know_is_refused(state: str, event: str) -> None:
    assert lead("escalation", state, event, {"answered": False}) is None


def test_a_final_state_or_a_refusal_spoils_nothing_that_follows() -> None:
    for _ in range(3):
        assert lead("audit", "closed", "void", {}) == "voided"
        assert lead("audit", "voided", "reopen", {}) is None
        assert lead("audit", "awaiting_verification", "verify", {}) is None
        assert lead("audit", "closed", "reopen", {}) == "post_audit"


def test_threads_do_not_disturb_each_other() -> None:
    some = [("escalation", *cell) for cell in cells(CHARTS["escalation"]) if cell[1] == "reject"]
    some += [("audit", *cell) for cell in cells(CHARTS["audit"]) if cell[1] == "submit"]
    expected = [lead(*cell) for cell in some]
    found: list[list[str | None]] = []

    def work() -> None:
        found.append([lead(*cell) for _ in range(5) for cell in some])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected * 5] * 4
