"""Every guard, step, role, trigger and flag has its sentence, and no sentence is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

import pytest

from auditflow import handbook
from auditflow.audits import Audit, GradeStatus, Role, Trigger
from auditflow.handbook import cases, conditions, escalating, people, steps
from auditflow.handbook.beside import GRADE, HELD
from auditflow.handbook.explained import guards
from auditflow.handbook.merged import FROM
from auditflow.machines.charts import CHARTS, DUTIES
from auditflow.policy import NAMED
from auditflow.sampling import Why

NAMES = tuple(CHARTS)
Asked = set[tuple[str, bool]]


def asked(chart: str) -> Asked:
    rows = {guard for row in CHARTS[chart].rows for guard in row.guards}
    return rows | {guard for duty in CHARTS[chart].duties for guard in duty.guards}


@pytest.mark.parametrize("chart", NAMES)
def test_every_guard_has_its_sentence_and_no_sentence_is_left_over(chart: str) -> None:
    known = conditions.CONDITIONS[chart]
    assert set(guards(chart)) == set(known)
    for name, condition in known.items():
        assert condition.holds, name
        assert condition.means.endswith("."), name
        # A phrase for what must not hold is there exactly where a line asks for that.
        assert bool(condition.fails) is ((name, False) in asked(chart)), name


@pytest.mark.parametrize("chart", NAMES)
def test_two_conditions_never_read_alike(chart: str) -> None:
    """Rows are joined by how they read, so alike must mean the same."""
    different = set(conditions.CONDITIONS[chart].values())
    phrases = [p for c in different for p in (c.holds, c.fails) if p]
    assert len(phrases) == len(set(phrases))


@pytest.mark.parametrize("chart", NAMES)
def test_every_step_has_its_sentence_and_no_sentence_is_left_over(chart: str) -> None:
    assert set(steps.STEPS[chart]) == {row.event for row in CHARTS[chart].rows}


def test_every_role_trigger_status_and_reason_has_its_sentence() -> None:
    assert set(people.WHO) == set(Role)
    assert set(escalating.DONE_MEANS) == set(escalating.WHY_THERE) == set(Trigger)
    assert set(GRADE) == set(get_args(GradeStatus))
    assert set(cases.EDGES) == set(Why)


def test_what_is_held_beside_the_state_is_held() -> None:
    assert set(HELD) <= set(Audit.__struct_fields__)


def test_every_moment_a_duty_counts_from_is_named() -> None:
    moments = {m for d in DUTIES.values() for m in (d.since, d.at_least, d.instead) if m}
    assert moments == set(FROM)


def sentences() -> Iterator[str]:
    """Every sentence that is typed rather than worked out, but for the pages' own texts."""
    for known in conditions.CONDITIONS.values():
        for condition in known.values():
            yield from (condition.holds, condition.fails, condition.means)
    for told in steps.STEPS.values():
        yield from told.values()
    yield from people.WHO.values()
    yield from (*escalating.DONE_MEANS.values(), *escalating.WHY_THERE.values())
    yield from cases.EDGES.values()
    yield from (cell for row in (*GRADE.values(), *HELD.values()) for cell in row)


def test_no_number_of_a_setting_or_limit_is_typed_into_a_sentence() -> None:
    number = re.compile(r"\b[0-9]+ (?:working days?|days?|weeks?|months?|%|per cent)")
    assert [s for s in sentences() if number.search(s)] == []


def test_every_setting_named_is_a_setting() -> None:
    named = {name for s in sentences() for name in re.findall(r"setting (\w+_\w+)", s)}
    assert named
    assert named <= set(NAMED)


@pytest.mark.parametrize("chart", NAMES)
def test_a_page_is_drawn_also_before_a_new_line_has_its_sentence(
    chart: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(conditions.CONDITIONS, chart, {})
    monkeypatch.setitem(steps.STEPS, chart, {})
    page = handbook.page(chart)
    assert all(guard.replace("_", " ") in page for guard in guards(chart))
