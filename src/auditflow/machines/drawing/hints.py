"""What a chart's class does not say: which lane a role is drawn in, and where a question stands.

A question that the chart itself asks (its decisions) needs no hint; these are the others, where
two events of one state answer one question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from auditflow.audits import Role


@dataclass(frozen=True)
class Diamond:
    """A question on the spine below a state, and the events that answer it."""

    name: str
    asks: str
    below: str
    #: Event and answer for the way on down the spine.
    on: tuple[tuple[str, str], ...] = ()
    #: Event and answer for the way aside: to a trigger, or back up.
    aside: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Lane:
    """A column of cards: its heading and whose duties stand in it; the first gives its colour."""

    title: str
    roles: tuple[Role, ...]
    #: How wide its columns are, as a share of the others'.
    share: float = 1.0


AUDITOR: Final = Lane("Auditor", (Role.AUDITOR,), 1.06)
OWNER: Final = Lane("Key worker / action owner", (Role.OWNER, Role.KEY_WORKER), 1.2)
MANAGER: Final = Lane("Responsible manager", (Role.RESPONSIBLE_MANAGER,), 0.9)
QA: Final = Lane("QA Team", (Role.QA_TEAM, Role.MODERATOR))
HEAD: Final = Lane("Head of Service", (Role.HEAD_OF_SERVICE,), 1.03)

LANES: Final = {
    "audit": (AUDITOR, OWNER, MANAGER, QA, HEAD),
    "action": (OWNER, MANAGER),
    "escalation": (
        Lane("Owed by the level's holder", (Role.HOLDER,)),
        Lane("Owed by the judge", (Role.JUDGE,), 1.15),
    ),
}
#: How wide each drawing is, as a share of the page: a small chart is then printed larger.
WIDTH: Final = {"audit": 1.0, "action": 0.66, "escalation": 1.0}
#: Duties that the first of several owners does not place: filing is drawn with the worker.
LANE_OF_DUTY: Final = {"file_action": Role.OWNER}

DIAMONDS: Final = {
    "audit": (
        Diamond(
            "grade_agreed",
            "Grade agreed?",
            "in_audit",
            on=(("agree_grade", "yes"), ("submit", "either way")),
            aside=(("record_disagreement", "no"),),
        ),
        Diamond(
            "inadequate",
            "Inadequate?",
            "post_audit",
            on=(("all_done", "no, or moderated"),),
            aside=(("require_moderation", "yes"),),
        ),
        Diamond(
            "found_done",
            "Found done?",
            "awaiting_verification",
            on=(("verify", "yes"),),
            aside=(("return", "no"),),
        ),
    ),
    "action": (
        Diamond(
            "immediate_or_agreed",
            "Immediate?",
            "open",
            on=(("complete", ""),),
        ),
    ),
}
#: An event that may come at any time, and the state beside which it is drawn with its trigger.
AT_ANY_TIME: Final = {"audit": ("raise_concern", "in_audit")}
