"""The settings in force: what every part of auditflow asks instead of a number of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Final, Literal

from auditflow.calendar import Limit, Months, Roll

#: Digits of the shortest telephone number, such as 999.
_SHORTEST_NUMBER: Final = 3


@dataclass(frozen=True)
class Policy:
    """The settings in force. `limits` holds only those duties whose limit was changed."""

    version: int = 1
    limits: Mapping[str, Limit] = field(default_factory=dict)
    cutoff: time | None = None
    month_roll: Roll = "next"
    notice_roll: Roll = "previous"
    distribution_from: Literal["month", "meeting"] = "month"
    immediate_from: Literal["held_on", "submitted_on"] = "held_on"
    extension_days: int = 7
    reaudit_months: int = 3
    reaudit_from: Literal["meeting", "close"] = "meeting"
    inadequate_by: Literal["overall", "element"] = "overall"
    action_cap_months: int = 1
    action_cap_from: Literal["supervision", "audit"] = "supervision"
    grade_decided_by: Literal["ladder", "qa_advice"] = "ladder"
    grade_elements: Literal["optional", "required"] = "optional"
    repeat_gap_months: int = 12
    new_case_weeks: int = 4
    moderation_share: int = 10
    file_check_blocks: bool = False
    file_check_reminder_days: int = 2
    closure_days: tuple[date, ...] = ()
    due_soon_days: int = 2
    many_actions: int = 5
    least_words: int = 15
    level_1: str = "Responsible manager"
    level_2: str = "Quality Assurance Team"
    level_3: str = "Head of Service"
    level_4: str = "Assistant Director"
    level_5: str = "Executive Director"
    notices_from: time = time(8)
    daytime_route: str = "the council's safeguarding duty team"
    daytime_until: time = time(17)
    emergency_route: str = "the council's emergency duty team"
    enforce_from: date | None = None

    def limit(self, name: str, chart: Limit) -> Limit:
        """The time limit of a duty: the council's where it set one, else the chart's line."""
        found = self.limits.get(name, chart)
        if isinstance(found, Months) and found == Months(found.n):
            return self.months(found.n)
        return found

    def ahead(self, name: str, chart: int) -> int:
        """How many working days before a duty's date the clock reminds of it; 0 is not before."""
        return self.file_check_reminder_days if name == "check_file" else chart

    def months(self, n: int) -> Months:
        """A month's limit, rolled as the council rolls months, or months of notice (TR4, TR5)."""
        return Months(n, self.month_roll if n > 0 else self.notice_roll)

    def level_title(self, level: int) -> str:
        """Who answers at this level, in the council's words (8.1)."""
        return str(getattr(self, f"level_{level}"))

    def duty_route(self, at: time, *, working_day: bool) -> str:
        """Whom to turn to for a child at risk at that time of a day, and by which number."""
        by_day = working_day and self.notices_from <= at < self.daytime_until
        return _with_number(self.daytime_route if by_day else self.emergency_route)

    @property
    def duty_routes(self) -> str:
        """Whom to turn to for a child at risk, by day and out of hours."""
        by_day, at_night = map(_with_number, (self.daytime_route, self.emergency_route))
        return f"by day {by_day}; out of hours {at_night}"

    @property
    def routes_not_set(self) -> tuple[str, ...]:
        """The settings of duty routes that lack a telephone number."""
        routes = ("daytime_route", "emergency_route")
        return tuple(name for name in routes if not has_number(getattr(self, name)))

    def passes_over(self, due: date) -> bool:
        """Whether what was due then is from before the council began to enforce."""
        return self.enforce_from is not None and due < self.enforce_from


def has_number(route: str) -> bool:
    """Whether a duty route says a telephone number."""
    return sum(map(str.isdigit, route)) >= _SHORTEST_NUMBER


def _with_number(route: str) -> str:
    return route if has_number(route) else f"{route} (no telephone number is set)"
