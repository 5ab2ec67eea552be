"""Role by action by own or other audit: the table of permissions, asked of `can` cell by cell."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple, get_args

from auditflow.audits import Action, Answer, Audit, Escalation, Level, Person, Role, Trigger
from auditflow.commands.office import OfficeCommand
from auditflow.commands.permission import can, may_do_office
from auditflow.handbook.markup import table, text
from auditflow.machines.charts import CHARTS
from auditflow.machines.engine import words

#: The roles of section 10 that a person takes; holder and judge of an escalation follow from them.
ROLES = (
    Role.QA_TEAM,
    Role.QA_MANAGER,
    Role.AUDITOR,
    Role.KEY_WORKER,
    Role.RESPONSIBLE_MANAGER,
    Role.OWNER,
    Role.LINE_MANAGER,
    Role.MODERATOR,
    Role.HEAD_OF_SERVICE,
    Role.ASSISTANT_DIRECTOR,
    Role.EXECUTIVE_DIRECTOR,
    Role.PERFORMANCE_ANALYST,
    Role.BOARD_READER,
    Role.ADMINISTRATOR,
)

_DAY = date(2026, 5, 1)


def starts(chart: str, event: str) -> str:
    """The first state from which an event of a chart leads."""
    return next(row.start for row in CHARTS[chart].rows if row.event == event)


class Asked(NamedTuple):
    """One action the table has a line for: an event of a part of the sample audit, or `read`."""

    chart: str
    event: str
    #: Which action or escalation, where that decides: “immediate”, “level 2”, “T1”.
    which: str = ""
    n: int = 0

    @property
    def key(self) -> str:
        """As the line is named in files."""
        return f"{self.event} {self.which}".strip()


@dataclass(frozen=True)
class PermissionRow:
    """The roles that may, in an audit of their own and in any other."""

    asked: Asked
    own: frozenset[Role]
    other: frozenset[Role]

    def cell(self, role: Role) -> str:
        """`all`, `own` or `-`; `other` would be a fault of the rules."""
        found = {(True, True): "all", (True, False): "own", (False, False): "-"}
        return found.get((role in self.own, role in self.other), "other")


#: The escalations of the sample audit: trigger, level, and the answer that waits, if any.
_STANDING: Final[dict[str, tuple[Trigger, Level, Answer]]] = {
    "level 1": (Trigger.T5, Level.L1, ""),
    "level 2": (Trigger.T4, Level.L2, ""),
    "level 3": (Trigger.T4, Level.L3, ""),
    "level 4": (Trigger.T4, Level.L4, ""),
    "level 5": (Trigger.T4, Level.L5, ""),
    "level 3, T2": (Trigger.T2, Level.L3, ""),
    "level 3, T8": (Trigger.T8, Level.L3, ""),
    "level 3, T6": (Trigger.T6, Level.L3, ""),
    "T1": (Trigger.T1, Level.L2, "advice"),
    "T3, new date": (Trigger.T3, Level.L2, "new_date"),
    "others": (Trigger.T4, Level.L2, "in_words"),
    "T1 at level 4": (Trigger.T1, Level.L4, ""),
    "T1 at level 5": (Trigger.T1, Level.L5, ""),
}
_NUMBER = {name: n for n, name in enumerate(_STANDING, start=1)}
_OF_HOLDER = tuple(name for name in _STANDING if name.startswith("level"))
_WHICH = {
    "acknowledge": _OF_HOLDER,
    "answer": _OF_HOLDER,
    "accept": ("T1", "T3, new date", "others"),
    "reject": ("T1", "T3, new date", "others"),
    "decide": ("T1 at level 4", "T1 at level 5"),
}


def audit_of(whose: str, number: int, *, moderation: bool) -> Audit:
    """A sample audit of `whose` team and service, each place in it taken by whoever has the role.

    `own` names its people by their roles; any other name makes people of its own.
    """

    def place(role: Role) -> str:
        return role.value if whose == "own" else f"{whose}.{role.value}"

    manager, owner = place(Role.RESPONSIBLE_MANAGER), place(Role.OWNER)
    return Audit(
        id=number,
        case=number,
        kind="random",
        month=_DAY,
        hold_by=date(2026, 5, 31),
        stratum="child_in_need",
        team=whose,
        service=whose,
        state=starts("audit", "moderate"),
        auditor=place(Role.AUDITOR),
        auditor_team=f"beside {whose}",
        auditor_service=whose,
        auditor_trained=True,
        line_manager=place(Role.LINE_MANAGER),
        key_worker=place(Role.KEY_WORKER),
        responsible_manager=manager,
        moderation="pending" if moderation else "not_required",
        moderation_asked_on=_DAY,
        actions=(_action(1, manager, immediate=True), _action(2, owner, immediate=False)),
        escalations=tuple(escalation_of(n, *_STANDING[name]) for name, n in _NUMBER.items()),
    )


def _action(n: int, owner: str, *, immediate: bool) -> Action:
    return Action(
        n=n,
        state=starts("action", "complete"),
        immediate=immediate,
        owner=owner,
        due_on=_DAY,
        what="a",
        success="b",
        achievable="c",
        realistic="d",
        added_on=_DAY,
        original_due_on=_DAY,
    )


def escalation_of(
    n: int, trigger: Trigger, level: Level, answer: Answer = "", by: str = "somebody"
) -> Escalation:
    """A sample escalation of this trigger at this level, answered or not."""
    return Escalation(
        n=n,
        state=level.state,
        trigger=trigger,
        cause=f"sample {n}",
        action=1 if trigger is Trigger.T3 else 0,
        about=0,
        enters=level,
        raised_on=_DAY,
        overdue_since=None,
        answer=answer,
        answered_by=by if answer else "",
    )


def person_of(role: Role) -> Person:
    """The one person of a role: of the team and service `own`, but an auditor of another team."""
    team = "beside own" if role is Role.AUDITOR else "own"
    return Person(
        id=role.value,
        name=role.title,
        roles=frozenset({role}),
        team=team,
        service="own",
        trained=True,
    )


def samples() -> tuple[Audit, Audit]:
    """An audit in which each role has its place, and one in which others have."""
    return audit_of("own", 1, moderation=True), audit_of("other", 2, moderation=False)


def lines() -> Iterator[PermissionRow]:
    """Every line of the table that is about an audit."""
    own, other = samples()
    people = {role: person_of(role) for role in ROLES}
    for asked in actions():
        chart = "audit" if asked.event == "read" else asked.chart
        allowed = [
            frozenset(r for r, p in people.items() if can(p, asked.event, audit, chart, asked.n))
            for audit in (own, other)
        ]
        yield PermissionRow(asked, *allowed)


def actions() -> Iterator[Asked]:
    """`read`, then every event of the three charts in their order."""
    yield Asked("audit", "read")
    for chart in CHARTS:
        for event in dict.fromkeys(row.event for row in CHARTS[chart].rows):
            yield from _asked(chart, event)


def _asked(chart: str, event: str) -> Iterator[Asked]:
    if chart == "audit":
        yield Asked(chart, event)
    elif chart == "action" and event == "complete":
        yield Asked(chart, event, "immediate", 1)
        yield Asked(chart, event, "agreed", 2)
    elif chart == "action":
        yield Asked(chart, event, "", 2)
    elif event in _WHICH:
        yield from (Asked(chart, event, name, _NUMBER[name]) for name in _WHICH[event])
    else:
        yield Asked(chart, event, "", _NUMBER["level 2"])


def office_lines() -> Iterator[PermissionRow]:
    """Every line about the office; it is one office, so own and other are alike."""
    for command in sorted(get_args(OfficeCommand), key=lambda c: str(c.name)):
        may = frozenset(r for r in ROLES if may_do_office(person_of(r), command.by))
        yield PermissionRow(Asked("office", command.name), may, may)


def document() -> list[dict[str, Any]]:
    """The table as data."""
    return [
        {
            "about": line.asked.chart,
            "action": line.asked.key,
            **{role.value: line.cell(role) for role in ROLES},
        }
        for line in (*lines(), *office_lines())
    ]


def page() -> str:
    """The table as a page of Markdown."""
    found = [*lines(), *office_lines()]
    about = dict.fromkeys(line.asked.chart for line in found)
    return text("permissions").format(
        **{kind: _table(line for line in found if line.asked.chart == kind) for kind in about}
    )


def _table(found: Iterable[PermissionRow]) -> str:
    headings = ("Action", *(role.title for role in ROLES))
    return table(headings, ((_action_of(line), *map(line.cell, ROLES)) for line in found))


def _action_of(line: PermissionRow) -> str:
    which = f" ({line.asked.which})" if line.asked.which else ""
    return f"{words(line.asked.event)}{which}"
