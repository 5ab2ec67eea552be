"""Every setting with its default, unit and source (domain text, sections 4, 7, 8, 11 and 13).

The time limits of duties are settings too: each is named as its duty is, and its default stands
in the chart's line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Final

from auditflow.calendar import Limit
from auditflow.guidance.citation import Source, chosen, cite, inferred


@dataclass(frozen=True)
class Setting:
    """One thing a council may set, with what holds until it does."""

    name: str
    default: str | int | None
    unit: str
    says: str
    source: Source


@dataclass(frozen=True)
class Policy:
    """The settings in force. `limits` holds only those duties whose limit was changed."""

    version: int = 1
    limits: Mapping[str, Limit] = field(default_factory=dict)
    cutoff: time | None = None
    extension_days: int = 7
    reaudit_months: int = 3
    action_cap_months: int = 1
    repeat_gap_months: int = 12
    new_case_weeks: int = 4
    moderation_share: int = 10
    due_soon_days: int = 2
    many_actions: int = 5


_CHILD_FIRST = chosen("Decided while the council has not (domain text, section 13).")

SETTINGS: Final = (
    Setting(
        "cutoff",
        None,
        "time of day",
        "End of the due date, or an office hour such as 17:00 (TR6, D5).",
        chosen("Dodds v Walker speaks of midnight; an office hour is local."),
    ),
    Setting(
        "month_roll",
        "next",
        "next, none or previous",
        "Where a month ends on a closed day (TR4, D3).",
        inferred("The ICO rolls one month on to the next working day."),
    ),
    Setting(
        "notice_roll",
        "previous",
        "next, none or previous",
        "Where a month's notice falls on a closed day (TR5).",
        inferred("CPR 2.8: a period before an event keeps its full length."),
    ),
    Setting(
        "distribution_from",
        "month",
        "month or meeting",
        "What “one month prior” counts back from (D1).",
        cite("Prior, 1"),
    ),
    Setting(
        "immediate_from",
        "held_on",
        "held_on or submitted_on",
        "What the 5 working days count from (D4).",
        cite("Post, 1"),
    ),
    Setting(
        "extension_days",
        7,
        "calendar days",
        "How far a line manager may extend the month (A6).",
        inferred("Child's journey guidance: up to one week."),
    ),
    Setting(
        "reaudit_months",
        3,
        "months",
        "When an Inadequate case is audited again (A15, D10).",
        inferred("Haringey re-audits each quarter."),
    ),
    Setting(
        "inadequate_by",
        "overall",
        "overall or element",
        "What counts as Inadequate (D10).",
        _CHILD_FIRST,
    ),
    Setting(
        "action_cap_months",
        1,
        "months after supervision",
        "How late an agreed action may be due (A17, D2).",
        cite("Post, 2"),
    ),
    Setting(
        "grade_elements",
        "optional",
        "optional or required",
        "Whether each element is graded (D7).",
        _CHILD_FIRST,
    ),
    Setting(
        "grade_decided_by",
        "assistant_director",
        "role",
        "Who decides when advice fails (D6).",
        inferred("West Sussex and Haringey: director level."),
    ),
    Setting(
        "repeat_gap_months",
        12,
        "months",
        "How long a case is left after an audit (7.3, D8).",
        inferred("Kirklees: not audited in the last 12 months."),
    ),
    Setting(
        "new_case_weeks",
        4,
        "weeks",
        "How long a case must be open to be drawn (7.3).",
        chosen("There is little to audit before."),
    ),
    Setting(
        "moderation_share",
        10,
        "per cent of submitted audits",
        "How many audits are moderated as a sample (7.4).",
        inferred("Durham and Bexley moderate a sample."),
    ),
    Setting(
        "file_check_blocks",
        "no",
        "yes or no",
        "Whether a missing file check stops the meeting (D12).",
        _CHILD_FIRST,
    ),
    Setting(
        "closure_days",
        "none",
        "dates",
        "Local closing days that do not count (TR2, D13).",
        _CHILD_FIRST,
    ),
    Setting(
        "due_soon_days",
        2,
        "working days",
        "What counts as due soon, and when reminders go out (8.3).",
        inferred("Mawidabp reminds before, on and after."),
    ),
    Setting(
        "many_actions",
        5,
        "actions",
        "How many of one owner due on one day make a warning (11).",
        cite("SMART, 4"),
    ),
    Setting(
        "least_words",
        15,
        "characters",
        "The shortest action that can be specific (11).",
        cite("SMART, 1"),
    ),
    Setting(
        "level_1",
        "Responsible manager",
        "title",
        "Who answers at level 1 (8.1, D9, D11).",
        cite("Post, 1"),
    ),
    Setting(
        "level_2",
        "Quality Assurance Team",
        "title",
        "Who answers at level 2 (8.1, D9).",
        cite("Grading, 4"),
    ),
    Setting(
        "level_3",
        "Head of Service",
        "title",
        "Who answers at level 3 (8.1, D9).",
        inferred("The alerts protocol, stage 2."),
    ),
    Setting(
        "level_4",
        "Assistant Director",
        "title",
        "Who answers at level 4 (8.1, D9).",
        inferred("The alerts protocol, stage 3."),
    ),
    Setting(
        "level_5",
        "Executive Director",
        "title",
        "With whom it stays open (8.1, D9).",
        inferred("The alerts protocol, stage 4."),
    ),
    Setting(
        "notices_from",
        "08:00",
        "time of day on working days",
        "When notices go out; T2 at once (8.3).",
        chosen("Nobody is written to at night but for a child at risk."),
    ),
    Setting(
        "retention",
        None,
        "years",
        "How long audits are kept (D14).",
        chosen("No source answers it; ask information governance."),
    ),
)
