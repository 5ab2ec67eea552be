"""The world as the store knows it: the calendar with the days added, the policy in force."""

from __future__ import annotations

from auditflow.calendar import Calendar, bundled
from auditflow.machines.owing import World
from auditflow.persistence.office import Office
from auditflow.persistence.register import Versions
from auditflow.policy import Policy


class Worlds:
    """Keeps the world of the newest versions, and works it out anew when they change."""

    def __init__(self) -> None:
        self._versions: Versions | None = None
        self._world: World | None = None

    def at(self, versions: Versions, office: Office) -> World:
        """The world of these versions."""
        if self._world is None or versions != self._versions:
            self._world = World(calendar_of(office), Policy(version=versions.policy))
            self._versions = versions
        return self._world


def calendar_of(office: Office) -> Calendar:
    """The bundled holidays are the floor; what was added never takes any away."""
    rows = office.holidays()
    if not rows:
        return bundled()
    through = max((r.through for r in rows if r.through), default=None)
    return bundled().with_days({r.day: r.title for r in rows}, through=through)
