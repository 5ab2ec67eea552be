"""Forms about the office rather than one audit: people, case lists, rounds, rules, notices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from auditflow.audits import Person, Role
from auditflow.commands.base import Form


@dataclass(frozen=True)
class Case:
    """A case as the case list gives it: a reference and what the draw needs, nothing more."""

    reference: str
    stratum: str
    team: str
    worker: str
    service: str = ""
    need: str = ""
    opened: date | None = None
    closed: date | None = None
    restricted: bool = False
    last_audited: date | None = None


class ImportPeople(Form):
    """Take in the people list: new people are added, known ones brought up to date."""

    people: tuple[Person, ...]
    name: ClassVar[str] = "import_people"
    by: ClassVar[tuple[Role, ...]] = (Role.QA_TEAM, Role.ADMINISTRATOR)


class ImportCases(Form):
    """Take in a case list as at a date."""

    cases: tuple[Case, ...]
    as_at: date
    name: ClassVar[str] = "import_cases"
    by: ClassVar[tuple[Role, ...]] = (Role.QA_TEAM, Role.PERFORMANCE_ANALYST)


class DrawRound(Form):
    """Draw one month's cases at random (A1): so many of all, or a quota of each stratum."""

    month: date
    size: int | None = None
    #: Stratum to how many of it are drawn.
    quotas: Mapping[str, int] = field(default_factory=dict)
    #: How many more of each stratum stand by, to take the place of one that is withdrawn.
    reserves: int = 0
    #: Case reference to why the QA manager leaves it out.
    exclude: Mapping[str, str] = field(default_factory=dict)
    #: Given only to repeat a draw; otherwise one is made and stored.
    seed: str = ""
    #: Why it is drawn again; only while nothing of the month is distributed.
    again: str = ""
    name: ClassVar[str] = "draw_round"
    by: ClassVar[tuple[Role, ...]] = (Role.QA_TEAM,)


class ImportCalendar(Form):
    """Add bank holidays; none ever vanishes. Deadlines not yet missed are worked out anew (TR9)."""

    days: Mapping[date, str]
    through: int | None
    source: str
    name: ClassVar[str] = "import_calendar"
    by: ClassVar[tuple[Role, ...]] = (Role.QA_MANAGER, Role.ADMINISTRATOR)


class AppointDeputy(Form):
    """One person stands in for another, both days included. Given again, it sets another end."""

    person: str
    deputy: str
    since: date
    until: date
    name: ClassVar[str] = "appoint_deputy"
    by: ClassVar[tuple[Role, ...]] = (Role.QA_MANAGER,)


class Leave(Form):
    """A person leaves: from that day they may do nothing, and are given nothing from now on."""

    person: str
    on: date
    reason: str
    name: ClassVar[str] = "leave"
    by: ClassVar[tuple[Role, ...]] = (Role.QA_TEAM, Role.ADMINISTRATOR)


class Return(Form):
    """A person who left is here again."""

    person: str
    reason: str
    name: ClassVar[str] = "return"
    by: ClassVar[tuple[Role, ...]] = (Role.QA_TEAM, Role.ADMINISTRATOR)


class HandOver(Form):
    """Every place and named duty of one person in live audits goes to another."""

    giver: str
    taker: str
    reason: str
    name: ClassVar[str] = "hand_over"
    by: ClassVar[tuple[Role, ...]] = (Role.QA_TEAM,)


class SetPolicy(Form):
    """Set one number, title or level; deadlines not yet missed are worked out anew (TR9)."""

    setting: str
    value: str
    reason: str
    #: Only say what it would move.
    dry_run: bool = False
    name: ClassVar[str] = "set_policy"
    by: ClassVar[tuple[Role, ...]] = (Role.QA_MANAGER,)


class Correct(Form):
    """Set a wrong entry right by a second event; the first line stays (a date, or a grade)."""

    audit: str
    field: str
    value: str
    reason: str
    #: The action whose entry it is; 0 is the audit's own.
    action: int = 0
    #: The audited element whose grade it is.
    element: str = ""
    name: ClassVar[str] = "correct"
    by: ClassVar[tuple[Role, ...]] = (Role.QA_MANAGER,)


class ReleaseNotices(Form):
    """Let the notices go again that were held back when a backup was restored."""

    reason: str
    name: ClassVar[str] = "release_notices"
    by: ClassVar[tuple[Role, ...]] = (Role.QA_MANAGER, Role.ADMINISTRATOR)


OfficeCommand = (
    ImportPeople
    | ImportCases
    | DrawRound
    | ImportCalendar
    | AppointDeputy
    | Leave
    | Return
    | HandOver
    | SetPolicy
    | Correct
    | ReleaseNotices
)
