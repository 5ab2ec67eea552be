"""Who may act: posts a person holds, and places a person takes in one audit."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec


class Role(StrEnum):
    """A role of the framework (section 10). Some are posts, some are places in one audit."""

    QA_TEAM = "qa_team"
    QA_MANAGER = "qa_manager"
    AUDITOR = "auditor"
    KEY_WORKER = "key_worker"
    RESPONSIBLE_MANAGER = "responsible_manager"
    LINE_MANAGER = "line_manager"
    MODERATOR = "moderator"
    HEAD_OF_SERVICE = "head_of_service"
    ASSISTANT_DIRECTOR = "assistant_director"
    EXECUTIVE_DIRECTOR = "executive_director"
    PERFORMANCE_ANALYST = "performance_analyst"
    BOARD_READER = "board_reader"
    ADMINISTRATOR = "administrator"
    OWNER = "owner"
    HOLDER = "holder"
    JUDGE = "judge"
    READER = "reader"
    SYSTEM = "system"

    @property
    def title(self) -> str:  # type: ignore[override]
        """The role in words."""
        return TITLES[self]


TITLES = {
    Role.QA_TEAM: "Quality Assurance Team",
    Role.QA_MANAGER: "QA manager",
    Role.AUDITOR: "Auditor",
    Role.KEY_WORKER: "Key worker",
    Role.RESPONSIBLE_MANAGER: "Responsible manager",
    Role.LINE_MANAGER: "Auditor's line manager",
    Role.MODERATOR: "Moderator",
    Role.HEAD_OF_SERVICE: "Head of Service",
    Role.ASSISTANT_DIRECTOR: "Assistant Director",
    Role.EXECUTIVE_DIRECTOR: "Executive Director",
    Role.PERFORMANCE_ANALYST: "Performance analyst",
    Role.BOARD_READER: "Board reader",
    Role.ADMINISTRATOR: "Technical administrator",
    Role.OWNER: "Action owner",
    Role.HOLDER: "Holder of the level",
    Role.JUDGE: "Judge of the answer",
    Role.READER: "Anybody who may see it",
    Role.SYSTEM: "auditflow",
}

#: Posts held in the office; the others are places a person takes in one audit.
POSTS = frozenset(
    {
        Role.QA_TEAM,
        Role.QA_MANAGER,
        Role.MODERATOR,
        Role.HEAD_OF_SERVICE,
        Role.ASSISTANT_DIRECTOR,
        Role.EXECUTIVE_DIRECTOR,
    }
)


class Person(msgspec.Struct, frozen=True):
    """One member of staff, as the people list gives them."""

    id: str
    name: str
    roles: frozenset[Role]
    team: str = ""
    service: str = ""
    email: str = ""
    #: The chain of line managers above, nearest first.
    line: tuple[str, ...] = ()
    trained: bool = False
    cleared: bool = False
    #: The day from which they are no longer here; they may do nothing and are given nothing.
    left_on: date | None = None

    def here(self, on: date) -> bool:
        """Whether they work here on a day."""
        return self.left_on is None or on < self.left_on


class Deputyship(msgspec.Struct, frozen=True):
    """One person stands in for another from one day until another, both included."""

    deputy: str
    person: str
    since: date
    until: date


#: The clock. It raises and reminds; it never grades, accepts or closes.
SYSTEM = Person(id="system", name="auditflow", roles=frozenset({Role.SYSTEM}))
