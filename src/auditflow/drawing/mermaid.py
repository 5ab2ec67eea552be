"""A chart as Mermaid text, for pages that draw it themselves."""

from collections import defaultdict
from collections.abc import Iterable

from auditflow.drawing.labels import plain
from auditflow.drawing.model import Sheet, sheet
from auditflow.drawing.overlay import Marks, Overlay, marks
from auditflow.machines.rows import Row


def mermaid(name: str, over: Overlay | None = None) -> str:
    """The chart of that name: states, arrows, and each card with the trigger it raises if late."""
    drawn, laid = sheet(name), marks(name, over)
    lines = ["flowchart TD", f"  %% {drawn.title}. {drawn.stamp}"]
    lines += [_state(drawn, state, laid) for state in drawn.states]
    lines += [*_arrows(drawn, laid), *_cards(drawn, laid)]
    if laid.here:
        lines += [
            "  classDef here fill:#ffdd00,stroke:#0b0c0c,stroke-width:4px",
            f"  class {laid.here}_ here",
        ]
    return "\n".join(lines) + "\n"


def _state(drawn: Sheet, name: str, laid: Marks) -> str:
    state = drawn.states[name]
    here = ["YOU ARE HERE"] if laid.here == name else []
    words = _lines([*here, state.title, *_now(laid, name)])
    if state.initial:
        return f'  {name}_(("{words}"))'
    shape = f'(["{words}"])' if state.final or state.ended else f'["{words}"]'
    return f"  {name}_{shape}"


def _now(laid: Marks, name: str) -> list[str]:
    return [laid.boxes[name].words] if name in laid.boxes else []


def _arrows(drawn: Sheet, laid: Marks) -> list[str]:
    pairs: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in drawn.rows:
        pairs[row.start, row.end].append(row)
    found = []
    for (start, end), rows in pairs.items():
        words = _lines(dict.fromkeys(_words(r, laid) for r in rows))
        line = "-->" if any(r.solid for r in rows) else "-.->"
        found.append(f'  {start}_ {line}|"{words}"| {end}_')
    return found


def _words(row: Row, laid: Marks) -> str:
    counted = laid.arrows.get((row.start, row.event), "")
    raised = f" raises {row.raises}" if row.raises else ""
    return plain(row.event) + raised + (f" ({counted})" if counted else "")


def _cards(drawn: Sheet, laid: Marks) -> list[str]:
    found = []
    for card in drawn.cards:
        label = _lines([card.title, card.who, card.limit, card.late, *_now(laid, card.name)])
        found.append(f'  {card.name}_duty>"{label}"]')
        line = "---" if card.solid else "-.-"
        found += [f"  {state}_ {line} {card.name}_duty" for state in card.states]
    return found


def _lines(words: Iterable[str]) -> str:
    return "<br/>".join(map(_safe, words))


def _safe(text: str) -> str:
    return "".join(c if c.isalnum() or c in " .,:;?!()-→×'’“”–/" else f"#{ord(c)};" for c in text)
