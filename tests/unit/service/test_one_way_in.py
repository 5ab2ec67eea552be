"""An audit changes in one place: whoever made a way round it could forget to tell somebody."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import auditflow

SOURCE = Path(auditflow.__file__).parent
UNIT = SOURCE / "service" / "unit_of_work.py"
#: What moves an audit, and what tells of it, by the modules they are in.
HOMES = {"transition", "handover", "notices"}
STEPS = {"advance", "catch_up", "corrected", "recompute_deadlines", "record_handover", "notices_of"}
#: What writes it.
WRITES = {"record", "draw"}


def ways_round(text: str) -> Iterator[str]:
    """Each step that is imported or called here, and each writing of the register."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and _last(node.module or "") in HOMES:
            yield from (a.name for a in node.names if a.name in STEPS)
        if isinstance(node, ast.Attribute):
            of = _last(ast.unparse(node.value).lower())
            if (of in HOMES and node.attr in STEPS) or ("register" in of and node.attr in WRITES):
                yield node.attr


def _last(dotted: str) -> str:
    return dotted.rpartition(".")[2]


def test_no_module_goes_round_the_unit_of_work() -> None:
    # A font's letters advance, too.
    apart = {"machines", "drawing"}
    others = [p for p in SOURCE.rglob("*.py") if p != UNIT and not apart & set(p.parts)]
    assert {str(p): found for p in others if (found := list(ways_round(p.read_text())))} == {}


def test_the_unit_of_work_takes_every_step_and_writes() -> None:
    assert set(ways_round(UNIT.read_text())) == STEPS | WRITES


@pytest.mark.parametrize(
    "way",
    [
        "from auditflow.machines.transition import Event, advance",
        "transition.catch_up(audit, now, rules)",
        "from auditflow.notices import notices_of as told",
        "unit.register.record(steps, unit.versions)",
        "Register(connection).draw(new, versions)",
    ],
)
def test_a_way_round_is_seen(way: str) -> None:
    assert list(ways_round(way))
