"""Overlays to draw: one audit's place, or the counts of all."""

from __future__ import annotations

from datetime import date
from typing import Final

from auditflow.drawing import Counts, OneAudit, Overlay, Room, Step
from auditflow.machines.charts import CHARTS, DUTIES

OVERLAYS: Final = ("plain", "one", "counts", "room")


def one(name: str, reference: str = "Case 4711") -> OneAudit:
    """It took the first step of its chart; one duty is open and one overdue."""
    first = next(r for r in CHARTS[name].rows if CHARTS[name].states[r.start].initial)
    due, late = (duty.name for duty in CHARTS[name].duties[:2])
    way = (Step(first.event, first.end, date(2026, 3, 10)),)
    days = {due: date(2026, 4, 10)}, {late: date(2026, 3, 17)}
    return OneAudit(reference, first.end, way, *days)


def counts(name: str) -> Counts:
    """Figures in every box and on every move."""
    chart = CHARTS[name]
    moves = {(r.start, r.event): (123, 19.5) for r in chart.rows if r.start != r.end}
    return Counts(
        dict.fromkeys(chart.states, 123),
        dict.fromkeys(DUTIES, 45),
        dict.fromkeys(DUTIES, 12),
        dict.fromkeys(chart.states, 19.5),
        moves,
    )


def laid_over(name: str, kind: str) -> Overlay | None:
    """The overlay of that kind; none for a plain drawing."""
    found: dict[str, Overlay] = {"one": one(name), "counts": counts(name), "room": Room()}
    return found.get(kind)
