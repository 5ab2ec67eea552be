"""Which column of its lane each card stands in: side by side where they share a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from auditflow.machines.drawing.facts import Card, Sheet
from auditflow.machines.drawing.frame import GAP
from auditflow.machines.drawing.hints import Lane

_AIR: Final = 2.0


@dataclass(frozen=True)
class Placed:
    """A card with its left edge and width, and the left edge and width of its lane."""

    card: Card
    left: float
    wide: float
    lane: tuple[float, float]


def packed(sheet: Sheet, lanes: Sequence[Lane], left: float, room: float) -> list[Placed]:
    """Share the room between the lanes' columns, and place each card."""
    columns = [_columns(sheet, [c for c in sheet.cards if c.lane == n]) for n in range(len(lanes))]
    shares = [lane.share for lane in lanes]
    whole = sum(count * share for (_, count), share in zip(columns, shares, strict=True))
    unit = (room - GAP * (len(lanes) - 1)) / whole
    placed, x = [], left
    for (found, count), share in zip(columns, shares, strict=True):
        pitch = unit * share
        lane = (x, pitch * count)
        for card, (at, span) in found:
            place = x + at * pitch + _AIR, span * pitch - 2 * _AIR
            placed.append(Placed(card, *place, lane))
        x += pitch * count + GAP
    return placed


def _columns(sheet: Sheet, cards: list[Card]) -> tuple[list[tuple[Card, tuple[int, int]]], int]:
    taken: list[set[str]] = []
    at: dict[str, int] = {}
    for card in sorted(cards, key=lambda c: (sheet.spine.index(c.states[0]), -len(c.states))):
        states = set(card.states)
        free = next((n for n, used in enumerate(taken) if not used & states), len(taken))
        if free == len(taken):
            taken.append(set())
        taken[free] |= states
        at[card.name] = free
    spans = {c.name: _span(set(c.states), at[c.name], taken) for c in cards}
    return [(c, (at[c.name], spans[c.name])) for c in cards], max(len(taken), 1)


def _span(states: set[str], column: int, taken: list[set[str]]) -> int:
    """A card takes the columns right of it that nobody else needs in its rows."""
    span = 1
    while column + span < len(taken) and not taken[column + span] & states:
        span += 1
    return span
