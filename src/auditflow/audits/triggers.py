"""What raises an escalation (domain text, section 8.2) and the levels it climbs (8.1)."""

from enum import IntEnum

from auditflow.audits.roles import Role
from auditflow.audits.states import standing_at, state_of
from auditflow.audits.words import Titled


class Trigger(Titled):
    """One of the nine triggers of Flow Chart 2."""

    T1 = "T1", "Grade not agreed in the meeting"
    T2 = "T2", "Immediate safeguarding concern"
    T3 = "T3", "Immediate action not done in time"
    T4 = "T4", "Supervision review not held in time"
    T5 = "T5", "Agreed action late, or done but not filed"
    T6 = "T6", "Audit not held by the end of its month"
    T7 = "T7", "Audit tool not submitted in time"
    T8 = "T8", "Graded Inadequate"
    T9 = "T9", "Moderation, verification or judging late"


class Level(IntEnum):
    """A level of the ladder; its title is a setting, its holder is a role."""

    L1 = 1
    L2 = 2
    L3 = 3
    L4 = 4
    L5 = 5

    @property
    def state(self) -> str:
        """The state of Flow Chart 2 in which an escalation stands at this level."""
        return standing_at(self).name

    @property
    def holder(self) -> Role:
        """The role that must answer at this level (8.1)."""
        return standing_at(self).holder


def level_of(state: str) -> Level | None:
    """The level at which an escalation stands in a state of Flow Chart 2; None where at none."""
    level = state_of("escalation", state).level
    return Level(level) if level else None


#: Where each trigger enters (8.2). T5 enters one lower unless its owner is the responsible manager.
ENTRY = {
    Trigger.T1: Level.L2,
    Trigger.T2: Level.L3,
    Trigger.T3: Level.L2,
    Trigger.T4: Level.L2,
    Trigger.T5: Level.L1,
    Trigger.T6: Level.L2,
    Trigger.T7: Level.L2,
    Trigger.T8: Level.L3,
    Trigger.T9: Level.L2,
}

#: Who is told besides the holder when it is raised (8.2); T2 and T8 have a joint addressee.
COPIES: dict[Trigger, tuple[Role, ...]] = {
    Trigger.T1: (Role.RESPONSIBLE_MANAGER,),
    Trigger.T2: (Role.RESPONSIBLE_MANAGER, Role.QA_TEAM),
    Trigger.T3: (Role.RESPONSIBLE_MANAGER,),
    Trigger.T4: (Role.RESPONSIBLE_MANAGER,),
    Trigger.T5: (),
    Trigger.T6: (Role.LINE_MANAGER,),
    Trigger.T7: (Role.LINE_MANAGER,),
    Trigger.T8: (Role.QA_TEAM, Role.ASSISTANT_DIRECTOR),
    Trigger.T9: (),
}

#: The joint addressee beside the Head of Service (8.4): may acknowledge and answer too.
JOINT = {Trigger.T2: Level.L1, Trigger.T8: Level.L2}
