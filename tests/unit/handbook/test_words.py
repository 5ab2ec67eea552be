"""Every guard, step, role, trigger and flag has its sentence, and no sentence is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

import pytest

from auditflow.audits import Audit, GradeStatus, Role, Trigger
from auditflow.handbook.explained import guards
from auditflow.handbook.markup import text
from auditflow.machines.charts import CHARTS
from auditflow.policy import NAMED
from auditflow.sampling import Why

NAMES = tuple(CHARTS)
#: What the page says is held beside the state, and the field that holds it.
HELD = {
    "kind": "kind",
    "audit month": "month",
    "hold by": "hold_by",
    "short notice": "short_notice",
    "extended": "extended",
    "meetings changed": "rebooked",
    "file checked": "file_checked_on",
    "restricted record": "restricted",
    "status of the grade": "grade_status",
    "moderation": "moderation",
    "sampled": "sampled",
    "re-audit due": "reaudit_due_on",
    "re-audit of": "repeats",
    "in place of": "substitutes",
    "supervised": "supervised_on",
    "what is owed": "duties",
    "escalations": "escalations",
}
Asked = set[tuple[str, bool]]


def asked(chart: str) -> Asked:
    rows = {guard for row in CHARTS[chart].rows for guard in row.guards}
    return rows | {guard for duty in CHARTS[chart].duties for guard in duty.guards}


@pytest.mark.parametrize("chart", NAMES)
def test_every_guard_says_what_it_means_and_what_is_so_where_it_does_not_hold(chart: str) -> None:
    for name in guards(chart):
        said = CHARTS[chart].guards[name]
        assert said.means.endswith("."), name
        # A phrase for what must not hold is there exactly where a line asks for that.
        assert bool(said.otherwise) is ((name, False) in asked(chart)), name


@pytest.mark.parametrize("chart", NAMES)
def test_two_conditions_never_read_alike(chart: str) -> None:
    """Rows are joined by how they read, so alike must mean the same."""
    different = {CHARTS[chart].guards[name] for name in guards(chart)}
    phrases = [p for c in different for p in (c.holds, c.otherwise) if p]
    assert len(phrases) == len(set(phrases))


@pytest.mark.parametrize("chart", NAMES)
def test_no_words_are_left_over(chart: str) -> None:
    """A guard that no line of the chart asks is none."""
    assert set(CHARTS[chart].guards) == set(guards(chart))


def test_every_role_trigger_status_and_reason_has_its_sentence() -> None:
    assert first_cells("audit", "Status") == list(get_args(GradeStatus))
    assert first_cells("audit", "Left out as") == [f"{{left_out[{why.value}]}}" for why in Why]
    assert first_cells("escalation", "Trigger") == [f"{{trigger:{t}}}" for t in Trigger]
    assert set(first_cells("reading", "Role")) == {f"{{roles[{role.value}]}}" for role in Role}


def test_each_trigger_says_who_judges_an_answer_of_each_kind() -> None:
    judged = re.findall(r"^\| (T.) \|.+\{judged:(T.) (\w+)\} \|$", text("escalation"), re.MULTILINE)
    assert all(first == asked for first, asked, _ in judged)
    kinds = {t: {kind for _, asked, kind in judged if asked == t} for t in Trigger}
    assert kinds.pop(Trigger.T1) == {"advice"}
    for t, found in kinds.items():
        assert found == {"in_words"} | ({"new_date"} if t in {Trigger.T3, Trigger.T5} else set())


def first_cells(page: str, heading: str) -> list[str]:
    """What the rows of a table of a page's text begin with."""
    table = text(page).partition(f"| {heading} |")[2].partition("\n\n")[0]
    return re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)[1:]


def test_what_is_held_beside_the_state_is_held() -> None:
    assert first_cells("audit", "Held") == list(HELD)
    assert set(HELD.values()) <= set(Audit.__struct_fields__)


def sentences() -> Iterator[str]:
    """Every sentence that the charts say of themselves."""
    for chart in CHARTS.values():
        for said in chart.guards.values():
            yield from (said.holds, said.otherwise, said.means)
        yield from (row.says for row in chart.rows)


def test_no_number_of_a_setting_or_limit_is_typed_into_a_sentence() -> None:
    number = re.compile(r"\b[0-9]+ (?:working days?|days?|weeks?|months?|%|per cent)")
    assert [s for s in sentences() if number.search(s)] == []


def test_every_setting_named_is_a_setting() -> None:
    said = (*sentences(), *map(text, (*NAMES, "reading")))
    named = {name for s in said for name in re.findall(r"setting (\w+_\w+)", s)}
    assert named
    assert named <= set(NAMED)
