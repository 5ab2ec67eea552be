"""The charts' names in the words of the drawings and tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from auditflow.audits import ENTRY, JOINT, Level, Role, Trigger
from auditflow.calendar import By, Limit, Months, plain_date
from auditflow.guidance.citation import Source
from auditflow.machines.notation import ChartClass
from auditflow.machines.rows import Duty, Up

_EVENTS: Final = {"draw_reaudit": "draw re-audit"}
#: Names of roles that are said often on a sheet where room is dear.
_SHORT: Final = {Role.QA_TEAM: "QA Team", Role.LINE_MANAGER: "line manager"}


@dataclass(frozen=True)
class InForce:
    """Whose rules a drawing shows: a council's on a day, or what holds where none has set any.

    `limits` holds what was set for a duty, by its name; `holders` the title that was set for who
    holds a state, by the state's name.
    """

    council: str = ""
    on: date | None = None
    limits: Mapping[str, Limit] = field(default_factory=dict)
    holders: Mapping[str, str] = field(default_factory=dict)

    @property
    def says(self) -> str:
        """The same for a corner of the sheet."""
        if not self.council or self.on is None:
            return "Limits as they are until a council sets its own."
        return f"Rules of {self.council} in force on {plain_date(self.on)}."


DEFAULTS: Final = InForce()


def plain(name: str) -> str:
    """A name of the charts in words: `book_meeting` is “book meeting”."""
    return _EVENTS.get(name, name.replace("_", " "))


def way(start: str, event: str, end: str) -> str:
    """The name by which a page finds the arrow of a row in its drawing."""
    return f"way-{start}-{event}-{end}"


def listed(words: Iterable[str], last: str = "or") -> str:
    """“a”, “a or b”, “a, b or c”."""
    found = list(dict.fromkeys(words))
    if len(found) < 2:  # noqa: PLR2004 - a list begins with two
        return "".join(found)
    return f"{', '.join(found[:-1])} {last} {found[-1]}"


def roles(by: Sequence[Role]) -> str:
    """Who, in words."""
    return listed(role.title for role in by)


def short(role: Role) -> str:
    """The role as a sheet says it."""
    return _SHORT.get(role, role.title)


def limit(chart: ChartClass, duty: Duty, rules: InForce = DEFAULTS) -> str:
    """The time limit with the moment it counts from, as a card says it."""
    since, within = chart.moments[duty.since].since, rules.limits.get(duty.name, duty.within)
    match within:
        case By() if duty.any_day:
            words = f"by midnight of {chart.moments[duty.since].title}"
        case By():
            words = f"by {since}"
        case Months(n) if n < 0:
            words = f"{within.words} {since}"
        case _:
            words = f"{within.words} from {since}"
    if duty.any_day and not isinstance(within, By):
        words += ", any day"
    if duty.at_least:
        words += f", not before {chart.moments[duty.at_least].since}"
    return words


def late(duty: Duty) -> str:
    """What becomes of it when it is missed, and who is told, as its card says it."""
    match duty.missed:
        case Trigger():
            return f"If late → {receivers(duty.missed)}, {duty.missed}"
        case Up(trigger) if trigger:
            above = Level(ENTRY[trigger] + 1)
            return f"If late → {short(above.holder)}, {trigger} level {above}"
        case Up():
            return "If late → the next level up"
    return "If late: reminder only"


def receivers(trigger: Trigger) -> str:
    """Who answers it first, with the joint addressee where there is one."""
    levels = [ENTRY[trigger], *([JOINT[trigger]] if trigger in JOINT else [])]
    return listed((short(level.holder) for level in levels), "and")


def late_in_full(duty: Duty) -> str:
    """The same as a sentence of the table."""
    if isinstance(duty.missed, Trigger):
        return f"raises {duty.missed}: {duty.missed.title}"
    if isinstance(duty.missed, Up):
        trigger = duty.missed.trigger
        return f"moves {trigger} up to level 4" if trigger else "moves it up one level"
    return f"only a reminder. {duty.missed.because}"


def conditions(chart: ChartClass, guards: Iterable[tuple[str, bool]]) -> tuple[str, ...]:
    """Guards in words, as each must be."""
    return tuple(chart.guards[name].words(wanted) for name, wanted in guards)


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


def cited(sources: Iterable[Source]) -> str:
    """The items of the guidance among them: “Prior, 1; Grading, 1 to 3”."""
    numbers: dict[str, list[str]] = {}
    for source in sources:
        if source.item is not None:
            section, _, number = source.citation.rpartition(", ")
            numbers.setdefault(section, []).append(number)
    return "; ".join(f"{section}, {runs(found)}" for section, found in numbers.items())


def runs(numbers: Sequence[str], dash: str = " to ") -> str:
    """“1 to 5” for a run of three or more, otherwise each."""
    first, last = int(numbers[0]), int(numbers[-1])
    if len(numbers) > 2 and last - first == len(numbers) - 1:  # noqa: PLR2004 - a run is three
        return f"{first}{dash}{last}"
    return ", ".join(numbers)
