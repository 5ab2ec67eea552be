"""The same facts as plain data, for JSON and for the tables."""

from typing import Any

from auditflow.audits import State
from auditflow.drawing.labels import conditions, kind, late_in_full, listed, plain, said
from auditflow.drawing.model import Arrow, Card, Sheet, sheet
from auditflow.drawing.overlay import Marks, Overlay, marks
from auditflow.machines.rows import Row


def document(name: str, over: Overlay | None = None) -> dict[str, Any]:
    """One chart with its states, arrows and duties, each with its sources, as plain data."""
    drawn, laid = sheet(name), marks(name, over)
    rows = {row: arrow for arrow in drawn.arrows for row in arrow.rows}
    return {
        "chart": name,
        "title": drawn.title,
        "stamp": drawn.stamp,
        "states": [_state(drawn, state, laid) for state in drawn.states.values()],
        "arrows": [_arrow(drawn, rows[row], row, laid) for row in drawn.rows],
        "duties": [_duty(drawn, card, laid) for card in drawn.cards],
        **({"laid_over": laid.headline} if laid.headline else {}),
    }


def _state(drawn: Sheet, state: State, laid: Marks) -> dict[str, Any]:
    return {
        "name": state.name,
        "title": state.title,
        "holder": state.holder.value,
        "initial": state.initial,
        "final": state.final,
        "end": state.ended or state.final,
        "solid": drawn.arrived_by_guidance(state.name),
        **({"no_duty_because": state.no_duty_because} if state.no_duty_because else {}),
        **({"here": True} if state.name == laid.here else {}),
        **_now(laid, state.name),
    }


def _arrow(drawn: Sheet, arrow: Arrow, row: Row, laid: Marks) -> dict[str, Any]:
    now = laid.arrows.get((row.start, row.event))
    return {
        "number": arrow.number,
        "from": row.start,
        "event": row.event,
        "to": row.end,
        "by": [role.value for role in row.by],
        "only_when": " and ".join(conditions(drawn.chart, row.guards)),
        "question": row.question,
        "answers": row.answers,
        "raises": str(row.raises) if row.raises else None,
        "source": kind(row.source),
        "says": said(row.source),
        **({"now": now} if now else {}),
        **({"on_the_way": True} if (row.start, row.event, row.end) in laid.way else {}),
    }


def _duty(drawn: Sheet, card: Card, laid: Marks) -> dict[str, Any]:
    duty = card.duty
    return {
        "name": card.name,
        "title": card.title,
        "while": listed((drawn.states[s].title for s in card.states), "and"),
        "by": card.who,
        "within": card.limit,
        "only_when": " and ".join(conditions(card.chart, duty.guards)),
        "met_by": listed(plain(event) for event in duty.met_by),
        "if_late": late_in_full(duty),
        "source": kind(duty.source),
        "says": said(duty.source),
        **_now(laid, card.name),
    }


def _now(laid: Marks, name: str) -> dict[str, str]:
    return {"now": laid.boxes[name].words} if name in laid.boxes else {}
