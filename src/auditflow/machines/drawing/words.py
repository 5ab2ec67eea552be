"""The charts' names in the words of the drawings and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from auditflow.audits import Role, Trigger
from auditflow.calendar import By, Months
from auditflow.guidance.citation import Source
from auditflow.machines.charts import moment_of
from auditflow.machines.rows import Duty, Row, Up

_EVENTS: Final = {"draw_reaudit": "draw re-audit"}


def plain(name: str) -> str:
    """A name of the charts in words: `book_meeting` is “book meeting”."""
    return _EVENTS.get(name, name.replace("_", " "))


def way(row: Row) -> str:
    """The name by which a page finds the arrow of a row in its drawing."""
    return f"way-{row.start}-{row.event}-{row.end}"


def listed(words: Iterable[str], last: str = "or") -> str:
    """“a”, “a or b”, “a, b or c”."""
    found = list(dict.fromkeys(words))
    if len(found) < 2:  # noqa: PLR2004 - a list begins with two
        return "".join(found)
    return f"{', '.join(found[:-1])} {last} {found[-1]}"


def roles(by: Sequence[Role]) -> str:
    """Who, in words."""
    return listed(role.title for role in by)


def limit(duty: Duty) -> str:
    """The time limit with the moment it counts from, as a card says it."""
    since = moment_of(duty, duty.since).since
    match duty.within:
        case By() if duty.any_day:
            words = "by midnight of the day the level is told"
        case By():
            words = f"by {since}"
        case Months(n) if n < 0:
            words = f"{duty.within.words} {since}"
        case _:
            words = f"{duty.within.words} from {since}"
    if duty.any_day and not isinstance(duty.within, By):
        words += ", any day"
    if duty.at_least:
        words += f", not before {moment_of(duty, duty.at_least).since}"
    return words


def late(duty: Duty) -> str:
    """What becomes of it when it is missed, as its badge says it."""
    if isinstance(duty.missed, Trigger):
        return f"If late → {duty.missed}"
    if isinstance(duty.missed, Up):
        return f"If late → {duty.missed.trigger} level 4" if duty.missed.trigger else _UP
    return "If late: reminder"


_UP: Final = "If late → level up"


def late_in_full(duty: Duty) -> str:
    """The same as a sentence of the table."""
    if isinstance(duty.missed, Trigger):
        return f"raises {duty.missed}: {duty.missed.title}"
    if isinstance(duty.missed, Up):
        trigger = duty.missed.trigger
        return f"moves {trigger} up to level 4" if trigger else "moves it up one level"
    return f"only a reminder. {duty.missed.because}"


def only_when(guards: Iterable[tuple[str, bool]]) -> str:
    """Guards in words."""
    return " and ".join(("" if wanted else "not ") + plain(name) for name, wanted in guards)


def solid(sources: Iterable[Source]) -> bool:
    """Whether the guidance says it; otherwise it is drawn dashed."""
    return any(source.kind == "guidance" for source in sources)


def kind(sources: Iterable[Source]) -> str:
    """What kind of line it is drawn with, and why."""
    found = tuple(sources)
    return "solid" if solid(found) else f"dashed ({found[0].kind})"


def said(sources: Iterable[Source]) -> str:
    """Each source as a sentence."""
    return " ".join(source.words for source in sources)
