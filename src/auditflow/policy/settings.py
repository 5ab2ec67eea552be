"""Every setting of the council with its default, unit and source (domain text, sections 4, 7, 8, 11 and 13).

The time limits of duties are settings too: each is named as its duty is, and its default stands
in the chart's line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from auditflow.calendar import Limit
from auditflow.guidance.citation import Source, chosen, cite, inferred
from auditflow.policy import reading
from auditflow.policy.inforce import Policy


@dataclass(frozen=True)
class Setting:
    """One thing a council may set, with what holds until it does."""

    name: str
    default: str
    unit: str
    says: str
    source: Source
    read: reading.Reader
    #: What a value typed now must also be; one that was set before stands as it is.
    typed: reading.Reader | None = None


_CHILD_FIRST = chosen("Decided while the council has not (domain text, section 13).")
_ROLL = reading.one_of("next", "none", "previous")

#: Of each level, from the lowest: who answers there unless a council names its post otherwise.
_LEVELS: Final = (
    ("Responsible manager", cite("Post, 1")),
    ("Quality Assurance Team", cite("Grading, 4")),
    ("Head of Service", inferred("The alerts protocol, stage 2.")),
    ("Assistant Director", inferred("The alerts protocol, stage 3.")),
    ("Executive Director", inferred("The alerts protocol, stage 4.")),
)


def _level(n: int, title: str, source: Source) -> Setting:
    return Setting(f"level_{n}", title, "title", f"Who answers at level {n} (8.1, D9).", source, reading.title)


SETTINGS: Final = (
    Setting("cutoff", "end_of_day", "time of day", "End of the due date, or an office hour such as 17:00 (TR6, D5).", chosen("Dodds v Walker speaks of midnight; an office hour is local."), reading.cutoff),
    Setting("month_roll", "next", "next, none or previous", "Where a month ends on a closed day (TR4, D3).", inferred("The ICO rolls one month on to the next working day."), _ROLL),
    Setting("notice_roll", "previous", "next, none or previous", "Where a month's notice falls on a closed day (TR5).", inferred("CPR 2.8: a period before an event keeps its full length."), _ROLL),
    Setting("distribution_from", "month", "month or meeting", "What a case is distributed a month before: the audit month, or its meeting (TR5, D1).", cite("Prior, 1"), reading.one_of("month", "meeting")),
    Setting("immediate_from", "held_on", "held_on or submitted_on", "What the 5 working days count from (D4).", cite("Post, 1"), reading.one_of("held_on", "submitted_on")),
    Setting("extension_days", "7", "calendar days", "How far a line manager may extend the month (A6).", inferred("Child's journey guidance: up to one week."), reading.whole(1, 366)),
    Setting("reaudit_months", "3", "months", "When an Inadequate case is audited again (A15, D10).", inferred("Haringey re-audits each quarter."), reading.whole(1, 60)),
    Setting("reaudit_from", "meeting", "meeting or close", "What those months count from (D10).", _CHILD_FIRST, reading.one_of("meeting", "close")),
    Setting("inadequate_by", "overall", "overall or element", "What counts as Inadequate (D10).", _CHILD_FIRST, reading.one_of("overall", "element")),
    Setting("action_cap_months", "1", "months after supervision", "How late an agreed action may be due (A17, D2).", cite("Post, 2"), reading.whole(1, 60)),
    Setting("action_cap_from", "supervision", "supervision or audit", "What an agreed action's cap counts from (A17, D2).", cite("Post, 2"), reading.one_of("supervision", "audit")),
    Setting("grade_decided_by", "ladder", "ladder or qa_advice", "Who decides a disputed grade: level 3, then 4; or the QA Team's advice is final (D6).", inferred("West Sussex and Haringey: a head of service, then director level."), reading.one_of("ladder", "qa_advice")),
    Setting("grade_elements", "optional", "optional or required", "Whether each element is graded (D7).", _CHILD_FIRST, reading.one_of("optional", "required")),
    Setting("repeat_gap_months", "12", "months", "How long a case is left after an audit (7.3, D8).", inferred("Kirklees: not audited in the last 12 months."), reading.whole(1, 120)),
    Setting("new_case_weeks", "4", "weeks", "How long a case must be open to be drawn (7.3).", chosen("There is little to audit before."), reading.whole(0, 520)),
    Setting("moderation_share", "10", "per cent of submitted audits", "How many audits are moderated as a sample (7.4).", inferred("Durham and Bexley moderate a sample."), reading.whole(0, 100)),
    Setting("file_check_blocks", "no", "yes or no", "Whether a missing file check stops the meeting (D12).", _CHILD_FIRST, reading.yes_or_no),
    Setting("file_check_reminder_days", "2", "working days before the meeting", "When the key worker is reminded of the file check (A7).", inferred("Mawidabp reminds before, on and after."), reading.whole(1, 60)),
    Setting("closure_days", "none", "dates", "Local closing days that do not count (TR2, D13).", _CHILD_FIRST, reading.days),
    Setting("due_soon_days", "2", "working days", "What counts as due soon (8.3).", inferred("Mawidabp reminds before, on and after."), reading.whole(1, 60)),
    Setting("many_actions", "5", "actions", "How many of one owner due on one day make a warning (11).", cite("SMART, 4"), reading.whole(1, 1000)),
    Setting("least_words", "15", "characters", "The shortest action that can be specific (11).", cite("SMART, 1"), reading.whole(1, 1000)),
    *(_level(n, *said) for n, said in enumerate(_LEVELS, start=1)),
    Setting("notices_from", "08:00", "time of day on working days", "When notices go out; T2 at once (8.3).", chosen("Nobody is written to at night but for a child at risk."), reading.clock_time),
    Setting("daytime_route", "the council's safeguarding duty team", "a few words with a telephone number", "Whom to turn to by day for a child at risk; told to whoever raises a concern (8.2, C1).", inferred("Torbay and the IRO Handbook: a child at risk does not wait for the office."), reading.title, reading.route),
    Setting("daytime_until", "17:00", "time of day on working days", "Until when the daytime route answers; from when, notices_from says (C1).", chosen("An office hour is local."), reading.clock_time),
    Setting("emergency_route", "the council's emergency duty team", "a few words with a telephone number", "Whom to turn to out of hours for a child at risk; shown with each T2 (8.2).", inferred("Torbay and the IRO Handbook: a child at risk does not wait for the office."), reading.title, reading.route),
    Setting("enforce_from", "none", "date or none", "What was due before it and is missed raises nothing, but for a child at risk.", chosen("Taking over old cases should escalate nothing from the past."), reading.day_or_none),
)

NAMED: Final = {s.name: s for s in SETTINGS}

#: What is typed to go back to what holds until a council sets something.
DEFAULT = "default"


def policy_of(values: Mapping[str, str], limits: Mapping[str, Limit], version: int) -> Policy:
    """The policy that these values set; `limits` are the charts' own, by the duties' names."""
    given = {n: v for n, v in values.items() if v != DEFAULT}
    return Policy(
        version=version,
        limits={n: reading.limit(v, n, limits[n]) for n, v in given.items() if n in limits},
        **{n: NAMED[n].read(v, n) for n, v in given.items() if n in NAMED},
    )
