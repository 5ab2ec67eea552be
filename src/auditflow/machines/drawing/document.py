"""The same facts as plain data, for JSON and for the tables."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from auditflow.audits import State
from auditflow.machines.drawing.facts import Card, Sheet, sheet
from auditflow.machines.drawing.hints import LANES
from auditflow.machines.drawing.overlay import Marks, Overlay, marks
from auditflow.machines.drawing.words import kind, late_in_full, listed, only_when, plain, said
from auditflow.machines.rows import Row


def document(name: str, over: Overlay | None = None) -> dict[str, Any]:
    """One chart with its states, arrows, duties and notes, each with its sources, as plain data."""
    drawn, laid = sheet(name), marks(name, over)
    return {
        "chart": name,
        "title": drawn.title,
        "stamp": drawn.stamp,
        "states": [_state(drawn, s, laid) for s in drawn.states.values()],
        "arrows": [_arrow(r, laid) for r in drawn.rows],
        "duties": [_duty(drawn, c, laid) for c in drawn.cards],
        "questions": [asdict(d) for d in drawn.diamonds],
        "notes": [{"says": n.says, "solid": n.solid} for n in drawn.notes],
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
        **({"now": laid.states[state.name]} if state.name in laid.states else {}),
    }


def _arrow(row: Row, laid: Marks) -> dict[str, Any]:
    now = laid.events.get((row.start, row.event), "")
    return {
        "from": row.start,
        "event": row.event,
        "to": row.end,
        "by": [role.value for role in row.by],
        "only_when": only_when(row.guards),
        "question": row.question,
        "raises": str(row.raises) if row.raises else None,
        "source": kind(row.source),
        "says": said(row.source),
        **({"now": now} if now else {}),
        **({"on_the_way": True} if laid.walked([row]) else {}),
    }


def _duty(drawn: Sheet, card: Card, laid: Marks) -> dict[str, Any]:
    duty = card.duty
    now, _ = laid.cards.get(card.name, ("", False))
    return {
        "name": card.name,
        "title": card.title,
        "while": listed((drawn.states[s].title for s in card.states), "and"),
        "lane": LANES[drawn.name][card.lane].title,
        "by": card.who,
        "within": card.limit,
        "only_when": only_when(duty.guards),
        "met_by": listed(plain(e) for e in duty.met_by),
        "if_late": late_in_full(duty),
        "source": kind(duty.source),
        "says": said(duty.source),
        **({"now": now} if now else {}),
    }
