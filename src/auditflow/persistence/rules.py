"""The rules in force as the store knows them: the calendar with the days added, the policy."""

from auditflow.calendar import Calendar, bundled
from auditflow.machines.charts import DUTIES
from auditflow.machines.duties import Rules
from auditflow.persistence.office import Office
from auditflow.persistence.register import Versions
from auditflow.policy import Policy, policy_of

#: The time limits of the charts, by the names of their duties.
LIMITS = {name: duty.within for name, duty in DUTIES.items()}


class RulesCache:
    """Keeps the rules of the newest versions, and works them out anew when they change."""

    def __init__(self) -> None:
        self._known: tuple[Versions, Rules] | None = None

    def at(self, versions: Versions, office: Office) -> Rules:
        """The rules of these versions."""
        # Read at once and kept at once: readings of several moments may ask side by side.
        known = self._known
        if known is None or versions != known[0]:
            policy = policy_at(office, versions.policy)
            known = self._known = versions, Rules(calendar_of(office, policy), policy)
        return known[1]


def policy_at(office: Office, version: int) -> Policy:
    """The policy of a version: of what was set for a name by then, the newest."""
    values = {row.name: row.value for row in office.policy_rows(version)}
    return policy_of(values, LIMITS, version)


def calendar_of(office: Office, policy: Policy) -> Calendar:
    """The bundled holidays are the floor; what was added never takes any away (TR2)."""
    rows = office.holidays()
    calendar = bundled()
    if rows:
        through = max((r.through for r in rows if r.through), default=None)
        calendar = calendar.with_days({r.day: r.title for r in rows}, through=through)
    if policy.closure_days:
        closed = dict.fromkeys(policy.closure_days, "the council is closed")
        calendar = calendar.with_days(closed, source="council")
    return calendar
