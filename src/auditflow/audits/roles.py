"""Who may act: posts a person holds, and places a person takes in one audit."""

from datetime import date

import msgspec

from auditflow.audits.words import Titled


class Role(Titled):
    """A role of the framework (section 10). Some are posts, some are places in one audit."""

    QA_TEAM = "qa_team", "Quality Assurance Team"
    QA_MANAGER = "qa_manager", "QA manager"
    AUDITOR = "auditor", "Auditor"
    KEY_WORKER = "key_worker", "Key worker"
    RESPONSIBLE_MANAGER = "responsible_manager", "Responsible manager"
    LINE_MANAGER = "line_manager", "Auditor's line manager"
    MODERATOR = "moderator", "Moderator"
    HEAD_OF_SERVICE = "head_of_service", "Head of Service"
    ASSISTANT_DIRECTOR = "assistant_director", "Assistant Director"
    EXECUTIVE_DIRECTOR = "executive_director", "Executive Director"
    PERFORMANCE_ANALYST = "performance_analyst", "Performance analyst"
    BOARD_READER = "board_reader", "Board reader"
    ADMINISTRATOR = "administrator", "Technical administrator"
    OWNER = "owner", "Action owner"
    HOLDER = "holder", "Holder of the level"
    JUDGE = "judge", "Judge of the answer"
    READER = "reader", "Anybody who may see it"
    SYSTEM = "system", "auditflow"


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


#: The places a person takes in one audit, by the names of its fields; owning an action is one more.
PLACES = (Role.AUDITOR, Role.KEY_WORKER, Role.RESPONSIBLE_MANAGER, Role.LINE_MANAGER)


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
