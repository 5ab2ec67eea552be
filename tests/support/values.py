"""What may be typed for each setting and each time limit, drawn from one generator."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Final

from auditflow.calendar import Months
from auditflow.machines.charts import DUTIES

#: What may be typed for each setting; the days of closing and enforcing are drawn near today.
VALUES: Final[dict[str, tuple[str, ...]]] = {
    "cutoff": ("17:00", "12:00", "end_of_day"),
    "month_roll": ("next", "none", "previous"),
    "notice_roll": ("next", "none", "previous"),
    "distribution_from": ("month", "meeting"),
    "immediate_from": ("held_on", "submitted_on"),
    "extension_days": ("3", "7", "14"),
    "reaudit_months": ("1", "1", "3"),
    "reaudit_from": ("meeting", "close"),
    "inadequate_by": ("overall", "element"),
    "action_cap_months": ("1", "2", "3"),
    "action_cap_from": ("supervision", "audit"),
    "grade_decided_by": ("ladder", "qa_advice"),
    "grade_elements": ("optional", "required"),
    "repeat_gap_months": ("1", "6", "12"),
    "new_case_weeks": ("0", "4"),
    "moderation_share": ("0", "10", "50", "100"),
    "file_check_blocks": ("yes", "no"),
    "file_check_reminder_days": ("1", "2", "5"),
    "closure_days": (),
    "due_soon_days": ("1", "5"),
    "many_actions": ("1", "5"),
    "least_words": ("1", "15"),
    "level_1": ("Team manager",),
    "level_2": ("Practice Improvement",),
    "level_3": ("Service manager",),
    "level_4": ("Director",),
    "level_5": ("Chief Executive",),
    "notices_from": ("08:00", "09:30"),
    "daytime_route": ("the hub, 020 7946 0000",),
    "daytime_until": ("16:30", "18:00"),
    "emergency_route": ("the duty team, 020 7946 0999",),
    "enforce_from": (),
}
#: Set more often than the others, for they change what the clock does with all that is owed.
OFTEN: Final = ("cutoff", "enforce_from", "enforce_from", "closure_days", "reaudit_months")


def typed_for(name: str, random: Random, today: date) -> str:
    """A plausible value of this setting or limit."""
    if name == "closure_days":
        return ", ".join(str(_near(today, random, -3, 30)) for _ in range(3))
    if name == "enforce_from":
        return str(_near(today, random, -5, 30))
    if name in VALUES:
        return random.choice(VALUES[name])
    within = DUTIES[name].within
    if isinstance(within, Months) and within.n < 0:
        return random.choice(("1 month before", "2 months before"))
    days = f"{random.choice((1, 2, 3, 5, 10, 20))} working days"
    return random.choice((days, days, "1 month", "2 months"))


def _near(today: date, random: Random, first: int, last: int) -> date:
    return today + timedelta(days=random.randint(first, last))
