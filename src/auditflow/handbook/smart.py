"""What the SMART test says of an action as typed: each answer is its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from auditflow.errors import BadInput
from auditflow.guidance.smart import problems, timescale
from auditflow.handbook.markup import table
from auditflow.policy import Policy

#: An action that passes; each example changes one of its answers.
GOOD: Final = {
    "what": "Complete the chronology from 2019",
    "success": "The last court date is in it",
    "resources": "yes",
    "realistic": "yes",
    "owner": "Ana",
}
_LABELS: Final = {
    "what": "What is to be done",
    "success": "How it is known that it worked",
    "resources": "What is needed for it",
    "realistic": "Whether it can be done in the time",
    "owner": "Who does it",
    "due": "Due",
}
_REFUSED: Final = (
    ("what", "Chronology"),
    ("success", "Complete the chronology from 2019"),
    ("success", "tbc"),
    ("resources", "no"),
    ("realistic", "no"),
    ("owner", "the team"),
    ("owner", "Ana and Ben"),
    ("due", "ASAP"),
    ("due", "next supervision"),
    ("due", "end of May"),
    ("due", "31 May"),
)
_DOUBTED: Final = (
    ("what", "Consider a referral to CAMHS"),
    ("what", "Ensure good practice"),
    ("what", "Chronology to be completed"),
)


def refused() -> str:
    """What is refused, each in the words of the refusal."""
    return table(("Asked", "Typed", "What is said"), map(_said, _REFUSED))


def doubted() -> str:
    """What is taken with a warning."""
    return table(("Asked", "Typed", "The warning"), _doubts())


def _said(typed: tuple[str, str]) -> Sequence[str]:
    field, text = typed
    return _LABELS[field], text, _date(text) if field == "due" else " ".join(_asked(typed).refused)


def _date(text: str) -> str:
    try:
        timescale(text)
    except BadInput as refusal:
        return str(refusal)
    return ""


def _doubts() -> Iterator[Sequence[str]]:
    for typed in _DOUBTED:
        yield _LABELS[typed[0]], typed[1], " ".join(_asked(typed).doubts)
    crowded = Policy().many_actions
    doubts = _asked(("owner", "Ana"), same_day=crowded).doubts
    yield _LABELS["due"], f"a day on which Ana has {crowded} others due", " ".join(doubts)


def _asked(typed: tuple[str, str], same_day: int = 0) -> Any:
    policy = Policy()
    return problems(
        **(GOOD | dict([typed])),
        same_day=same_day,
        shortest=policy.least_words,
        crowded=policy.many_actions,
    )
