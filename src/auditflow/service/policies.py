"""Setting one number, title or level: a new version of the policy, and the deadlines it moves."""

from __future__ import annotations

from auditflow.calendar import number_of
from auditflow.commands import SetPolicy, validate_text
from auditflow.errors import BadInput, NotFound, Refused
from auditflow.machines.duties import Rules
from auditflow.persistence.register import Versions
from auditflow.persistence.rules import LIMITS, calendar_of
from auditflow.policy import DEFAULT, NAMED, Policy, policy_of, reading
from auditflow.service.reschedule import move_deadlines
from auditflow.service.unit_of_work import Desk, OfficeDone


def set_policy(desk: Desk, command: SetPolicy) -> OfficeDone:
    """Make the next version of the policy, or with `dry_run` only say what it would move."""
    name, value = command.setting, " ".join(command.value.split())
    reason = validate_text(command.reason, "The reason")
    if not reason:
        raise BadInput("The reason is empty. Say in a sentence why it is set.")
    values = {row.name: row.value for row in desk.office.policy_rows()}
    was = values.get(name, DEFAULT)
    policy = _with(values, name, value, desk.versions.policy + 1)
    if was == value:
        raise Refused(f"{name} is “{value}” already. Nothing was changed.")
    rules = Rules(calendar_of(desk.office, policy), policy)
    versions = Versions(policy.version, desk.versions.calendar)
    moved = move_deadlines(desk, rules, versions, dry_run=command.dry_run)
    figures = {
        "name": name,
        "was": was,
        "value": value,
        "version": policy.version,
        "dry_run": command.dry_run,
    }
    if not command.dry_run:
        desk.office.set_policy(name, value, reason, desk.person, desk.now)
        said = {**figures, "moved": moved.all, "reason": reason}
        desk.office.write("set_policy", desk.person, desk.now, {"changed": said})
    says = _says(command.dry_run, name, value, policy, len(moved.all))
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


def _says(dry_run: bool, name: str, value: str, policy: Policy, moved: int) -> str:  # noqa: FBT001
    deadlines = number_of(moved, "deadline")
    if dry_run:
        return f"{name} would be “{value}”; {deadlines} would move. Nothing was changed."
    return f"{name} is “{value}” from now on (version {policy.version}); {deadlines} moved."
