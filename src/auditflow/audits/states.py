"""Where an audit, an action or an escalation can be, and what its chart says of each such state.

The charts stand above the facts, yet facts ask them (has it taken place? is it over?): so each
chart enters its states here as it is put together, and here they are asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

from auditflow.audits.roles import Role


@dataclass(frozen=True, eq=False)
class State:
    """A box: where something can be, and the role that holds it there (the swimlane)."""

    title: str
    holder: Role = Role.SYSTEM
    initial: bool = False
    #: The process ends here, though it may be taken up again where something leaves it.
    ended: bool = False
    #: It ended, and nothing leaves it.
    final: bool = False
    #: The meeting of auditor and key worker was held.
    took_place: bool = False
    #: It is to count neither as done nor as missed.
    set_aside: bool = False
    #: The level of the ladder at which an escalation stands here; 0 where it is none.
    level: int = 0
    #: Why nobody owes anything here, where that is so.
    no_duty_because: str = ""
    #: The chart that each of its parts follows meanwhile; drawn as one card.
    parts: str = ""
    name: str = ""

    @property
    def live(self) -> bool:
        """Whether it is under way here: begun, and not ended."""
        return not self.initial and not self.ended


_STATES: dict[str, Mapping[str, State]] = {}


def enter(kind: str, states: Mapping[str, State]) -> None:
    """The states of the chart of that kind: “audit”, “action” or “escalation”."""
    _STATES[kind] = states


def state_of(kind: str, name: str) -> State:
    """A state by its name; KeyError where the chart has none of that name."""
    return _STATES[kind][name]


def initial(kind: str) -> str:
    """The name of the state in which everything of that kind begins."""
    return next(s.name for s in _STATES[kind].values() if s.initial)


def states_that(kind: str, attribute: str) -> tuple[str, ...]:
    """The names of the states of which the chart says that (`ended`, `took_place`), in ABC order.

    In that order they are written into the conditions of the store's indexes.
    """
    says = attrgetter(attribute)
    return tuple(sorted(s.name for s in _STATES[kind].values() if says(s)))


def standing_at(level: int) -> State:
    """The state in which an escalation stands at a level, 1 to 5."""
    return next(s for s in _STATES["escalation"].values() if s.level == level)
