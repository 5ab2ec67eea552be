"""Role by action by own or other audit: the table of permissions, asked of `can` cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, get_args

from auditflow.audits import Action, Audit, Escalation, Level, Person, Role, Trigger
from auditflow.commands.office import OfficeCommand
from auditflow.commands.permission import can, may_do_office
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
_STANDING: dict[str, tuple[Trigger, Level, str]] = {
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
        escalations=tuple(_escalation(n, name) for name, n in _NUMBER.items()),
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


def _escalation(n: int, name: str) -> Escalation:
    trigger, level, answer = _STANDING[name]
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
        answer=answer,  # type: ignore[arg-type]
        answered_by="somebody" if answer else "",
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


_TITLES = {
    "audit": "About an audit",
    "action": "About an action of the plan",
    "escalation": "About an escalation",
    "office": "About the office",
}

_INTRODUCTION = """# Who may do what

Made from the code by `auditflow people permissions`; do not edit by hand. A test asks every cell
of the table again, and of the running service, and compares it with what was typed from the
roles of the framework.

**all**: in every audit. **own**: only where the person has the place (auditor, key worker,
responsible manager, action owner, auditor's line manager), heads the case's service (for T6 and T7
the auditor's service), or, for a moderator, where there is something to moderate. **-**: never.
What no role may do, only auditflow itself does: it raises, reminds and counts; it never grades,
accepts or closes.

Whatever the table says:

- Who verifies owns none of the actions and did none of them; who moderates is not the auditor;
  nobody judges an answer of their own; who decides a disputed grade is neither auditor nor key
  worker. For a deputy each rule looks at both, the deputy and the person stood in for.
- Where a council lets the QA Team's advice on a grade be final (`grade_decided_by`), the QA Team
  decides it at level 2, by its answer.
- The auditor is not of the case's team nor in its line, nor is the auditor's deputy; the auditor
  stands in for nobody of the case.
- A restricted record is seen and acted on only by people cleared for such records, or with a
  place in its audit; a deputy needs that for themselves.
- A person who has left may do nothing, and is given nothing.
- Each denial is a line in the access log.
"""


def page() -> str:
    """The table as a page of Markdown."""
    parts = [_INTRODUCTION]
    found = [*lines(), *office_lines()]
    for chart, title in _TITLES.items():
        parts.append(f"\n## {title}\n\n")
        parts += _table([line for line in found if line.asked.chart == chart])
    return "".join(parts)


def _table(found: list[PermissionRow]) -> Iterator[str]:
    yield f"| Action | {' | '.join(r.title for r in ROLES)} |\n"
    yield f"| --- |{' --- |' * len(ROLES)}\n"
    for line in found:
        which = f" ({line.asked.which})" if line.asked.which else ""
        cells = " | ".join(line.cell(r) for r in ROLES)
        yield f"| {words(line.asked.event)}{which} | {cells} |\n"
