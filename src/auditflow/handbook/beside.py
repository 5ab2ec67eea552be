"""What is held beside the state: the grade's life, and facts that move no box of a chart."""

from __future__ import annotations

from typing import Final, NamedTuple

from auditflow.audits import GradeStatus
from auditflow.handbook.blanks import filled
from auditflow.handbook.markup import table


class Row(NamedTuple):
    """Two cells of a table."""

    first: str
    second: str


#: Each status of the grade: what it means, and what comes next.
GRADE: Final[dict[GradeStatus, Row]] = {
    "none": Row(
        "There is no grade yet. The tool cannot be submitted.",
        "agreed by “agree grade”; disputed by “record disagreement”",
    ),
    "agreed": Row(
        "Auditor and key worker agree. Until the submission it may be agreed or disputed anew.",
        "final with the submission; an Inadequate one only once it is moderated",
    ),
    "disputed": Row(
        "Both grades are on record, the auditor's stands provisionally, and T1 is open. It may be"
        " submitted all the same, and every limit runs. Moderation leaves it disputed.",
        "final by the grade advised, once both accept it; advised, if that grade is Inadequate and"
        " not moderated yet; final by the decision of the Assistant Director; agreed, if they"
        " agree before the submission after all",
    ),
    "advised": Row(
        "The grade is settled but for its moderation: both accepted an Inadequate grade as advised"
        " before it was moderated, or the moderation of a sample found Inadequate, which the Head"
        " of Service must see.",
        "final by “moderate”",
    ),
    "final": Row(
        "It can change no more, but for the moderation of an audit drawn for the sample.",
        "nothing; T8 and the re-audit fall away where it is another grade than Inadequate",
    ),
}

#: What is held of an audit: the field of the code, what it is called, and what it means.
HELD: Final = {
    "kind": Row("kind", "random (drawn, or a reserve), or a re-audit."),
    "month": Row(
        "audit month",
        "The month it was drawn for. It stays, whatever is extended and whenever it is held: it"
        " governs the heading on the file and every count.",
    ),
    "hold_by": Row(
        "hold by",
        "The last day for holding it: the audit month's last day, be it a Sunday or a holiday, or"
        " the day it was extended to.",
    ),
    "short_notice": Row(
        "short notice",
        "Distributed after its last day on time, or a reserve that took a withdrawn audit's place."
        " It moves no limit.",
    ),
    "extended": Row("extended", "How often the month was extended."),
    "rebooked": Row("meetings changed", "How often the meeting was moved or called off."),
    "file_checked_on": Row(
        "file checked", "The day the key worker confirmed the check of the file."
    ),
    "restricted": Row(
        "restricted record",
        "For people cleared for such records, and those with a place in this audit.",
    ),
    "grade_status": Row(
        "status of the grade",
        "See the table above. Until it is final the grade is provisional.",
    ),
    "moderation": Row("moderation", "Not required, pending or done."),
    "sampled": Row("sampled", "Drawn to be moderated as one of the sample, not for its grade."),
    "reaudit_due_on": Row(
        "re-audit due", "The day whose month the case is to be audited again in."
    ),
    "repeats": Row("re-audit of", "The audit whose Inadequate grade it follows."),
    "substitutes": Row("in place of", "The withdrawn audit whose place it took."),
    "supervised_on": Row("supervised", "The day of the review in supervision."),
    "duties": Row(
        "what is owed",
        "Each duty with its last day on time. Overdue is worked out from that day and is no"
        " state; once it was raised it is marked missed, so that it is raised once.",
    ),
    "escalations": Row("escalations", "Each with its trigger, its level and its answer."),
}


def grade_life() -> str:
    """Each status of the grade, what it means, what follows."""
    rows = ((name, filled(means), filled(then)) for name, (means, then) in GRADE.items())
    return table(("Status", "What it means", "What follows"), rows)


def held_beside() -> str:
    """What is held of an audit beside its state."""
    return table(("Held", "What it means"), HELD.values())
