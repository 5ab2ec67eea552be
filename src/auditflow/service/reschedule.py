"""New rules, a number set or a bank holiday added, and the deadlines that they move (TR9)."""

from dataclasses import dataclass, field
from typing import Any

from auditflow.audits import Audit, OpenDuty
from auditflow.calendar import number_of
from auditflow.commands import ImportCalendar, SetPolicy, require_text
from auditflow.errors import NotFound, Refused
from auditflow.machines.duties import Rules
from auditflow.persistence.register import Versions
from auditflow.persistence.rules import LIMITS, calendar_of
from auditflow.policy import DEFAULT, NAMED, Policy, policy_of, reading
from auditflow.service.redaction import not_shown, sees
from auditflow.service.unit_of_work import OfficeDone, UnitOfWork


@dataclass
class Moved:
    """The deadlines that moved, and those of them that who asks is told of one by one."""

    all: list[dict[str, Any]] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)
    #: The audits whose deadlines moved, but that are not theirs to see.
    hidden: list[Audit] = field(default_factory=list)

    @property
    def told(self) -> dict[str, Any]:
        """What is told of them."""
        return {"moved": self.shown, "not_shown": not_shown(self.hidden)}


def move_deadlines(unit: UnitOfWork, *, dry_run: bool = False) -> Moved:
    """Move each deadline that the rules now move, with a journal line on its audit (TR9).

    With `dry_run` they are only listed.
    """
    moved = Moved()
    for loaded in unit.register.with_open_duties():
        changes = unit.record_deadlines(loaded, dry_run=dry_run)
        if not changes:
            continue
        found: list[dict[str, Any]] = [
            {
                "audit": loaded.reference,
                **deadline(old, new),
                "late_from": new.overdue_from.isoformat(),
                "noticed_from": new.raise_from.isoformat(),
                "late_at_once": new.overdue_from <= unit.now,
            }
            for old, new in changes
        ]
        moved.all += found
        if sees(unit, loaded.audit):
            moved.shown += found
        else:
            moved.hidden.append(loaded.audit)
    return moved


def deadline(old: OpenDuty, new: OpenDuty) -> dict[str, str]:
    """A deadline that moved, for whoever is told of it."""
    days = {"from": old.due.isoformat(), "to": new.due.isoformat()}
    return {"duty": old.duty, "subject": old.subject, **days}


def import_calendar(unit: UnitOfWork, command: ImportCalendar) -> OfficeDone:
    """Add the days, then work out anew each deadline that stands and was not missed (TR9)."""
    unit.office.add_holidays(command.days, command.through, command.source, unit.now)
    rules = Rules(calendar_of(unit.office, unit.rules.policy), unit.rules.policy)
    unit.go_by(rules, Versions(unit.versions.policy, unit.versions.calendar + 1))
    moved = move_deadlines(unit)
    days = {d.isoformat(): t for d, t in command.days.items()}
    figures = {"added": days, "through": rules.calendar.last.isoformat()}
    said = {**figures, "moved": moved.all, "source": command.source}
    unit.record_office(command.name, said)
    added, deadlines = number_of(len(command.days), "day"), number_of(len(moved.all), "deadline")
    says = f"{added} added from {command.source}; {deadlines} moved."
    return OfficeDone(says, {**figures, **moved.told})


def set_policy(unit: UnitOfWork, command: SetPolicy) -> OfficeDone:
    """Make the next version of the policy, or with `dry_run` only say what it would move."""
    name, value = command.setting, " ".join(command.value.split())
    reason = require_text(command.reason, "The reason", "Say in a sentence why it is set.")
    values = {row.name: row.value for row in unit.office.policy_rows()}
    was = values.get(name, DEFAULT)
    policy = _with(values, name, value, unit.versions.policy + 1)
    if was == value:
        raise Refused(f"{name} is “{value}” already. Nothing was changed.")
    rules = Rules(calendar_of(unit.office, policy), policy)
    unit.go_by(rules, Versions(policy.version, unit.versions.calendar))
    moved = move_deadlines(unit, dry_run=command.dry_run)
    figures = {"name": name, "was": was, "value": value, "version": policy.version}
    figures |= {"dry_run": command.dry_run}
    deadlines = number_of(len(moved.all), "deadline")
    says = f"{name} would be “{value}”; {deadlines} would move. Nothing was changed."
    if not command.dry_run:
        says = f"{name} is “{value}” from now on (version {policy.version}); {deadlines} moved."
        unit.office.set_policy(name, value, reason, unit.person, unit.now)
        unit.record_office(command.name, {**figures, "moved": moved.all, "reason": reason})
    return OfficeDone(says, {**figures, **moved.told})


def _with(values: dict[str, str], name: str, value: str, version: int) -> Policy:
    """The policy with one more thing set; every value in it is read, so that none can be wrong."""
    if name not in NAMED and name not in LIMITS:
        raise NotFound(f"There is no setting “{name[:60]}”. See them: auditflow policy list")
    if value == DEFAULT and name in LIMITS:
        reading.demand_settable(name, LIMITS[name])
    if name in NAMED and value != DEFAULT and (typed := NAMED[name].typed):
        typed(value, name)
    return policy_of({**values, name: value}, LIMITS, version)
