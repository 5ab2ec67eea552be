"""Each guard of the charts in plain words: as the tables say it, and what exactly it means.

Blanks such as `{settings[extension_days]}` are filled in from the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Condition:
    """A guard: in a few words where it must hold, where it must not, and in full."""

    holds: str
    means: str
    #: In a few words where the guard must not hold; empty where no line asks for that.
    fails: str = ""


AUDIT: Final = {
    "pool_dated": Condition(
        "the case list has its as-at date",
        "The list that cases are drawn from says as at which day it was made.",
    ),
    "reaudit_linked": Condition(
        "the audit to repeat is named", "A re-audit names the audit of which it is the repeat."
    ),
    "auditor_trained": Condition(
        "the auditor is trained", "The people list says of the auditor: trained."
    ),
    "auditor_independent": Condition(
        "the auditor is independent of the case",
        "The auditor is not of the case's team, is neither its responsible manager nor a manager"
        " above, and is not its key worker.",
    ),
    "declined": Condition(
        "the auditor declined it",
        "The auditor gave a reason. It waits on the QA Team's list until another auditor has it, or"
        " until this one books a meeting after all.",
        "nobody declined it",
    ),
    "key_worker_named": Condition(
        "a key worker is named",
        "The case list names the case's worker, or the auditor names one in booking.",
    ),
    "meeting_in_limit": Condition(
        "the day lies in the audit month or its extension",
        "From the 1st of the audit month to its last day, or to the day it was extended to. Once"
        " T6 stands (the audit was not held in time) a later day is taken as well; T6 goes on.",
    ),
    "extension_in_gift": Condition(
        "the extension is theirs to give",
        "The auditor's line manager: to {settings[extension_days]} days after the last day of the"
        " audit month and no further, however often it is asked for. Further: the QA manager only.",
    ),
    "file_checked": Condition(
        "the file check is confirmed",
        "Confirmed by the key worker for the meeting that is booked; a meeting called off takes the"
        " confirmation with it.",
        "the file check is not confirmed yet",
    ),
    "checked_before_meeting": Condition(
        "the file was checked by the day of the meeting",
        "The day of the check is the day of the meeting or an earlier one.",
    ),
    "meeting_day_reached": Condition(
        "the day of the meeting has come",
        "The audit is held on the day booked for the meeting, or later.",
    ),
    "both_present": Condition(
        "auditor and key worker are both there", "The audit is done in partnership, never alone."
    ),
    "file_check_settled": Condition(
        "the file check is confirmed or not demanded",
        "A missing file check does not stop the meeting; it is a finding. Only where the council"
        " sets that it blocks (setting file_check_blocks) must it be confirmed first.",
    ),
    "plan_smart": Condition(
        "each action is SMART",
        "Each action answers the five SMART questions; the checks are listed in the chart of one"
        " action.",
    ),
    "grade_with_impact": Condition(
        "a grade is given, with its impact on the child",
        "One of the four grades, and in words what the work has changed for the child.",
    ),
    "both_positions_given": Condition(
        "both grades are given, and they differ",
        "The auditor's grade and the key worker's, each with its reason.",
    ),
    "elements_done": Condition(
        "each element has a finding", "All {elements} audited elements of the tool."
    ),
    "grading_recorded": Condition(
        "a grade is agreed, or both positions are recorded",
        "A disputed grade does not hold up the submission.",
    ),
    "plan_valid": Condition(
        "the plan is complete",
        "It has actions, and the QA Team has approved each date beyond the cap; or it has none and"
        " says why.",
    ),
    "inadequate": Condition(
        "the grade is Inadequate",
        "The overall grade, also while it is provisional (the auditor's, while auditor and key"
        " worker disagree). A council may set that one Inadequate element counts as much (setting"
        " inadequate_by).",
        "the grade is not Inadequate",
    ),
    "moderation_asked": Condition(
        "moderation was asked for",
        "Moderation because the grade is Inadequate is meant, not being drawn for the sample.",
        "moderation was not asked for yet",
    ),
    "moderation_pending": Condition(
        "moderation is awaited",
        "It was asked for (for an Inadequate grade, or for the sample), and nobody moderated yet.",
        "no moderation is awaited",
    ),
    "moderator_independent": Condition(
        "the moderator is not the auditor", "Nobody moderates an audit of their own."
    ),
    "agreed_actions_dated": Condition(
        "each agreed action has an owner", "One named person, beside the date every action has."
    ),
    "actions_ended": Condition(
        "each action is filed or cancelled", "Being done is not enough: it must be on the file."
    ),
    "dates_approved": Condition(
        "no date waits for approval",
        "The QA Team has approved each date beyond the cap; cancelled actions do not count.",
    ),
    "supervised": Condition(
        "it was reviewed in supervision",
        "The responsible manager has recorded the review.",
        "it was not reviewed in supervision yet",
    ),
    "grade_final": Condition("the grade is final", "It can change no more; see “The grade”."),
    "escalation_open": Condition(
        "an escalation is open",
        "One is open while it stands at a level, be it answered or not.",
        "no escalation is open",
    ),
    "verifier_independent": Condition(
        "who verifies owns none of the actions",
        "Nor have they done one of them, nor does the person they stand in for own one.",
    ),
}

ACTION: Final = {
    "smart": Condition("it is SMART", "It answers the five SMART questions; see “The SMART test”."),
    "needs_approval": Condition(
        "its date waits for approval",
        "The date lies beyond the cap, with a reason, and the QA Team has not approved it yet.",
    ),
    "immediate": Condition(
        "it is an immediate action",
        "Whoever adds the action says so. Every other action is an agreed one.",
        "it is an agreed action",
    ),
    "evidence_given": Condition(
        "day and evidence are given",
        "The day it was done, and in words what was done and where on Mosaic that can be seen.",
    ),
}

_BYPASS: Final = Condition(
    "the level named is a higher one", "Level 2, 3, 4 or 5, and above the level it stands at."
)

ESCALATION: Final = {
    "advice_final": Condition(
        "the council lets the QA Team's advice be final",
        "The setting grade_decided_by was qa_advice when the dispute was raised, and it stands at"
        " level 2; otherwise the dispute goes up the levels, and the Assistant Director decides.",
    ),
    "enters_level_1": Condition(
        "it starts at level 1", "T5 of an action that the responsible manager does not own."
    ),
    "enters_level_2": Condition(
        "it starts at level 2",
        "T1, T3, T4, T6, T7 and T9, and T5 of the responsible manager's own action.",
    ),
    "enters_level_3": Condition("it starts at level 3", "T2 and T8."),
    "answered": Condition(
        "there is an answer to judge",
        "An answer given at this level and not rejected. For T8 words alone are none while the"
        " moderation is awaited.",
        "there is no answer yet",
    ),
    "done_unnoted": Condition(
        "what it is about was done since",
        "See “Done means” in the table of triggers. It counts as an answer once.",
    ),
    "judge_independent": Condition(
        "the answer is not their own",
        "Nobody judges an answer they gave, nor one given by or for a person they stand in for. A"
        " thing done late is the answer of whoever did it.",
    ),
    "all_accepted": Condition(
        "all who must accept it have",
        "For T1 both auditor and key worker, in either order; for every other trigger one judge.",
        "another must still accept it",
    ),
    "grade_dispute": Condition("it is about a disputed grade (T1)", "The trigger is T1."),
    "grade_decided": Condition("the decision names a grade", "One of the four."),
    "window_passed": Condition(
        "the level's window has passed",
        "auditflow noted it on the first working day after; for T2, at 00:00 of the next day.",
    ),
    **dict.fromkeys(("bypass_to_2", "bypass_to_3", "bypass_to_4", "bypass_to_5"), _BYPASS),
    "concern": Condition(
        "it is a safeguarding concern (T2)",
        "The trigger is T2.",
        "it is no safeguarding concern (T2)",
    ),
    "held": Condition(
        "its window is paused",
        "The QA manager holds it until a review date that has not come.",
        "its window is not paused",
    ),
    "audit_ended": Condition(
        "the audit has left the process", "It was withdrawn, exempted or voided."
    ),
    "acknowledged": Condition(
        "it is acknowledged",
        "Any of its addressees may acknowledge it, at each level anew; an answer does so too.",
        "nobody has acknowledged it yet",
    ),
}

CONDITIONS: Final = {"audit": AUDIT, "action": ACTION, "escalation": ESCALATION}


def phrase(chart: str, guard: str, *, wanted: bool) -> str:
    """The guard in a few words, as it must be; by its name where nothing is written yet."""
    found = CONDITIONS[chart].get(guard)
    said = found and (found.holds if wanted else found.fails)
    return said or ("" if wanted else "not ") + guard.replace("_", " ")
