"""Setting one number, title or level: a new version of the policy, and the deadlines it moves."""

from __future__ import annotations

from auditflow.calendar import number_of
from auditflow.commands import SetPolicy, checked
from auditflow.errors import BadInput, NotFound, Refused
from auditflow.machines.duties import World
from auditflow.persistence.register import Versions
from auditflow.policy import DEFAULT, NAMED, Policy, policy_of, reading
from auditflow.service.reschedule import rederive
from auditflow.service.rules import LIMITS, calendar_of
from auditflow.service.unit_of_work import Desk, Settled


def set_policy(desk: Desk, command: SetPolicy) -> Settled:
    """Make the next version of the policy, or with `dry_run` only say what it would move."""
    name, value = command.setting, " ".join(command.value.split())
    reason = checked(command.reason, "The reason")
    if not reason:
        raise BadInput("The reason is empty. Say in a sentence why it is set.")
    values = {row.name: row.value for row in desk.office.policy_rows()}
    was = values.get(name, DEFAULT)
    policy = _with(values, name, value, desk.versions.policy + 1)
    if was == value:
        raise Refused(f"{name} is “{value}” already. Nothing was changed.")
    world = World(calendar_of(desk.office, policy), policy)
    versions = Versions(policy.version, desk.versions.calendar)
    moved = rederive(desk, world, versions, dry_run=command.dry_run)
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
    return Settled(says, {**figures, **moved.told})


def _with(values: dict[str, str], name: str, value: str, version: int) -> Policy:
    """The policy with one more thing set; every value in it is read, so that none can be wrong."""
    if name not in NAMED and name not in LIMITS:
        raise NotFound(f"There is no setting “{name[:60]}”. See them: auditflow policy list")
    if value == DEFAULT and name in LIMITS:
        reading.demand_settable(name, LIMITS[name])
    return policy_of({**values, name: value}, LIMITS, version)


def _says(dry_run: bool, name: str, value: str, policy: Policy, moved: int) -> str:  # noqa: FBT001
    deadlines = number_of(moved, "deadline")
    if dry_run:
        return f"{name} would be “{value}”; {deadlines} would move. Nothing was changed."
    return f"{name} is “{value}” from now on (version {policy.version}); {deadlines} moved."
