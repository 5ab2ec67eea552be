"""Of several arrows of one event from one state one at most applies, and none is missing.

A gap is a combination of answers for which no arrow applies although every guard that all the
arrows share is satisfied: the decision would then have no answer for a case that may arise.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import pytest

from auditflow.machines.charts import CHARTS
from auditflow.machines.engine import holds
from auditflow.machines.notation import ChartClass
from auditflow.machines.rows import Row

Answers = dict[str, bool]


def decisions(chart: ChartClass) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in chart.rows:
        found[row.start, row.event].append(row)
    return {key: rows for key, rows in found.items() if len(rows) > 1}


def combinations(chart: ChartClass, rows: list[Row]) -> Iterator[Answers]:
    """Every combination of the guards that can arise: of a family one at most holds."""
    names = sorted({name for row in rows for name, _ in row.guards})
    for answers in product((False, True), repeat=len(names)):
        saw = dict(zip(names, answers, strict=True))
        if all(sum(saw.get(n, False) for n in family) <= 1 for family in chart.exclusive):
            yield saw


def applying(rows: list[Row], saw: Answers) -> list[str]:
    return [row.end for row in rows if holds(row, saw)]


def of_one_family(chart: ChartClass, rows: list[Row]) -> bool:
    """Whether each arrow asks another guard of one family: none need hold, then it is refused."""
    asked = {name for row in rows for name, _ in row.guards}
    return any(asked <= set(family) for family in chart.exclusive)


ALL = [(kind, *key) for kind, chart in CHARTS.items() for key in decisions(chart)]


def test_the_decisions_are_these() -> None:
    named = {
        (kind, event): len([1 for k, _, e in ALL if (k, e) == (kind, event)])
        for kind, _, event in ALL
    }
    assert named == {
        ("action", "complete"): 1,
        ("escalation", "raise"): 1,
        ("escalation", "accept"): 5,
        ("escalation", "bypass"): 3,
    }


@pytest.mark.parametrize(("kind", "state", "event"), ALL)
def test_at_most_one_arrow_applies(kind: str, state: str, event: str) -> None:
    chart = CHARTS[kind]
    rows = decisions(chart)[state, event]
    twice = [s for s in combinations(chart, rows) if len(applying(rows, s)) > 1]
    assert twice == []


@pytest.mark.parametrize(("kind", "state", "event"), ALL)
def test_each_arrow_applies_to_some_answers(kind: str, state: str, event: str) -> None:
    chart = CHARTS[kind]
    rows = decisions(chart)[state, event]
    taken = {end for s in combinations(chart, rows) for end in applying(rows, s)}
    assert taken == {row.end for row in rows}


@pytest.mark.parametrize(("kind", "state", "event"), ALL)
def test_there_is_no_gap_beside_the_shared_guards(kind: str, state: str, event: str) -> None:
    chart = CHARTS[kind]
    rows = decisions(chart)[state, event]
    shared = set.intersection(*(set(row.guards) for row in rows))
    family = of_one_family(chart, rows)
    gaps = [
        saw
        for saw in combinations(chart, rows)
        if not applying(rows, saw)
        and all(saw[name] is wanted for name, wanted in shared)
        and (any(saw.values()) or not family)
    ]
    assert gaps == []


def test_a_question_stands_on_each_decision_of_people() -> None:
    asked = {
        (kind, event): {r.question for r in decisions(CHARTS[kind])[state, event]}
        for kind, state, event in ALL
    }
    assert asked == {
        ("action", "complete"): {"Immediate or agreed?"},
        ("escalation", "raise"): {"Who missed it?"},
        ("escalation", "accept"): {"Have all accepted?"},
        ("escalation", "bypass"): {"Straight to which level?"},
    }
