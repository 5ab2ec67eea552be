"""What a refusal tells people to type is there to be typed."""

from __future__ import annotations

import re

import click
import pytest

from auditflow.cli.audits import action, audit
from auditflow.machines.charts import CHARTS
from auditflow.machines.engine import engine, words
from auditflow.machines.rows import Row


def command(group: str, name: str) -> click.Command:
    return {"audit": audit, "action": action}[group].commands[name]


def options(one: click.Command) -> set[str]:
    return {word for parameter in one.params for word in parameter.opts}


HINTS = [
    (row.event, name)
    for row in CHARTS["audit"].rows
    for name, wanted in row.guards
    if wanted and CHARTS["audit"].guards[name].hint
]


@pytest.mark.parametrize(("event", "guard"), HINTS)
def test_each_hint_names_commands_and_options_that_are_there(event: str, guard: str) -> None:
    (row, *_) = (r for r in CHARTS["audit"].rows if r.event == event)
    assert guard in {name for r in CHARTS["audit"].rows if r.event == event for name, _ in r.guards}
    hint = CHARTS["audit"].guards[guard].hint
    named = re.findall(r"auditflow (\w+) ([\w-]+)", hint)
    assert all(command(group, name) for group, name in named)
    given = re.findall(r"(?<=\s)--[\w-]+", hint)
    assert set(given) <= options(command("audit", row.event.replace("_", "-")))
    # Some hints say whom to ask, and nothing that is typed.
    assert named or given or hint.startswith(("Choose", "A longer one"))


GUARDS = [
    (kind, ("" if wanted else "not ") + name)
    for kind, chart in CHARTS.items()
    for name, wanted in dict.fromkeys(guard for row in chart.rows for guard in row.guards)
]


@pytest.mark.parametrize(("kind", "guard"), GUARDS)
def test_each_guard_says_what_is_needed_as_part_of_a_sentence(kind: str, guard: str) -> None:
    said = engine(CHARTS[kind]).explain((guard,))
    name = guard.removeprefix("not ")
    assert said not in (words(name), words(guard))
    assert not said.startswith(("not ", "it must"))
    assert said[0].islower()
    assert not said.endswith(".")
    assert "\n" not in said


def test_the_rows_hold_guards_of_both_kinds() -> None:
    rows: list[Row] = [row for chart in CHARTS.values() for row in chart.rows]
    assert {wanted for row in rows for _, wanted in row.guards} == {True, False}
