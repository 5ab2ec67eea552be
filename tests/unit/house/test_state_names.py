"""No state is named outside the charts and what is typed beside them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from auditflow.machines.charts import CHARTS

HOME: Final = Path(__file__).parents[3] / "src" / "auditflow"
NAMES: Final = {name for chart in CHARTS.values() for name in chart.states}
#: The charts themselves, and the schema as it once was.
APART: Final = ("machines/audit.py", "machines/action.py", "machines/escalation.py", "migrations/")
#: Words of everyday that are names of states too, with what else they mean there.
OTHERWISE: Final = {
    "audits/facts.py": {"done": "moderation"},
    "audits/part_facts.py": {"done": "moderation"},
    "audits/parts.py": {"done": "an answer"},
    "cli/rounds.py": {"distributed": "a key of the answer"},
    "commands/escalations.py": {"done": "moderation"},
    "commands/follow_up.py": {"done": "moderation"},
    "exchange/cases.py": {"closed": "a case, as the list has it"},
    "machines/effects.py": {"done": "an answer"},
    "notices/__init__.py": {"distributed": "a notice", "resolved": "a notice"},
    "persistence/register.py": {"open": "a statement"},
    "persistence/statements.py": {"open": "a statement"},
    "persistence/tables/office.py": {"closed": "a case, as the list has it"},
    "reports/escalations.py": {"open": "a word of the table", "resolved": "the same"},
    "reports/follow_up.py": {"open": "a figure of the table"},
    "reports/people.py": {"closed": "a case, as the list has it"},
    "sampling/eligibility.py": {"closed": "a case, as the list has it"},
    "service/import_warnings.py": {"closed": "a case, as the list has it"},
    "service/office_commands.py": {"closed": "a case", "open": "a figure of the answer"},
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(HOME.rglob("*.py")):
        name = path.relative_to(HOME).as_posix()
        if not any(part in name for part in APART):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def texts(tree: ast.AST) -> set[str]:
    found = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant))
    return {value for value in found if isinstance(value, str)}


def test_no_state_is_named_elsewhere() -> None:
    elsewhere = {
        (name, text)
        for name, tree in modules()
        for text in texts(tree) & NAMES
        if text not in OTHERWISE.get(name, {})
    }
    assert elsewhere == set()


def test_no_word_is_excused_that_is_not_there() -> None:
    there = {name: texts(tree) for name, tree in modules()}
    excused = {(name, word) for name, words in OTHERWISE.items() for word in words}
    assert {(name, word) for name, word in excused if word not in there.get(name, set())} == set()


def test_no_state_is_compared_with_a_name() -> None:
    """Whatever it is compared with: `.state == "closed"`, `state in (…)`, `match audit.state:`."""
    compared = [
        f"{name}:{node.lineno}"
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare | ast.Match) and _of_a_state(node)
    ]
    assert compared == []


def _of_a_state(node: ast.Compare | ast.Match) -> bool:
    asked = [node.left, *node.comparators] if isinstance(node, ast.Compare) else [node.subject]
    states = any(
        (isinstance(n, ast.Attribute) and n.attr == "state")
        or (isinstance(n, ast.Name) and n.id == "state")
        for n in asked
    )
    named = isinstance(node, ast.Match) or any(texts(n) for n in asked)
    return states and named


@pytest.mark.parametrize("kind", ["templates", "static"])
def test_no_page_names_a_state(kind: str) -> None:
    told = {"in_audit", "post_audit", "awaiting_verification", "meeting_booked"}
    told |= {f"level_{n}" for n in range(1, 6)}
    for path in (HOME / "web" / kind).rglob("*.*"):
        if path.suffix in (".html", ".js", ".css"):
            text = path.read_text(encoding="utf-8")
            assert not [name for name in told if name in text], path
