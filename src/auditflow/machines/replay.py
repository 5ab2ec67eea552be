"""The second opinion: python-statemachine walks the same rows, apart from the engine that runs.

`lead` says where an event leads when the guards answer as the journal noted. A machine is no
good to two threads at once, and none after a final state: so each thread has its own for each
chart, and builds a new one when the last has ended.
"""

import threading
from collections.abc import Mapping

from statemachine import StateMachine
from statemachine.exceptions import TransitionNotAllowed

from auditflow.machines.charts import CHARTS
from auditflow.machines.notation import ChartClass


class _Unanswered(Exception):
    """A guard was asked that the journal's line says nothing of."""


class _Noted:
    """What a machine moves: a state, and as attributes what the guards answered."""

    state: str | None = None
    saw: Mapping[str, bool] | None = None


class _Desk(threading.local):
    """The machines of one thread, by chart."""

    def __init__(self) -> None:
        self.machines: dict[str, tuple[StateMachine, _Noted]] = {}


_DESK = _Desk()
#: The library parses guards as it builds a machine, and Python 3.11 does not parse well in two
#: threads at once (gh-106905: "AST constructor recursion depth mismatch").
_BUILDING = threading.Lock()
_EVENTS = {kind: {row.event for row in chart.rows} for kind, chart in CHARTS.items()}


def lead(kind: str, state: str, event: str, saw: Mapping[str, bool]) -> str | None:
    """
    The state to which chart `kind` goes from `state` by `event` when its guards answer `saw`.

    None where the chart refuses: no such state or arrow, a guard that says no, or a guard that is
    asked and has no answer in `saw`, for what was not noted cannot be vouched for. Safe over
    threads. "remind" is no event of any chart; skip such lines. KeyError for an unknown `kind`.
    """
    chart = CHARTS[kind]
    if state not in chart.native.states_map or event not in _EVENTS[kind]:
        return None
    kept = _DESK.machines
    machine, noted = kept.pop(kind) if kind in kept else _built(chart)
    noted.saw = saw
    machine.current_state_value = state
    try:
        machine.send(event)
    except (TransitionNotAllowed, _Unanswered):
        reached = None
    else:
        reached = noted.state
    if not machine.is_terminated:
        kept[kind] = machine, noted
    return reached


def _built(chart: ChartClass) -> tuple[StateMachine, _Noted]:
    names = {name for row in chart.rows for name, _ in row.guards}
    model = type("Noted", (_Noted,), {name: _guard(name) for name in names})()
    with _BUILDING:
        return chart.native(model), model


def _guard(name: str) -> property:
    def ask(noted: _Noted) -> bool:
        if noted.saw is None:  # the library looks at each guard once as it builds the machine
            return False
        if name not in noted.saw:
            raise _Unanswered(name)
        return bool(noted.saw[name])

    return property(ask)
