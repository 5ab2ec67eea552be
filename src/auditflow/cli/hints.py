"""What to type where the chart still needs something: by what each guard comes to hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from auditflow.errors import Refused

#: By the event that was refused, and the guard that refused it.
HINTS: Final = {
    ("book_meeting", "key_worker_named"): "Name one with --key-worker.",
    ("start_audit", "both_present"): "Say that the key worker is there: --key-worker-present.",
    ("start_audit", "meeting_day_reached"): "Say when it was held: --happened-at.",
    ("start_audit", "file_check_settled"): "Confirm it: auditflow audit confirm-file-checked.",
    ("submit", "elements_done"): "Record them: auditflow audit record-findings.",
    ("submit", "grading_recorded"): "Record it: auditflow audit agree-grade, or auditflow audit "
    "record-disagreement.",
    ("submit", "plan_valid"): "Add an action (auditflow audit add-action), have a date beyond the "
    "cap approved (auditflow action approve-date), or give --no-actions-because.",
}


@contextmanager
def hinting(event: str) -> Iterator[None]:
    """Add to a refusal what to type, where that is known."""
    try:
        yield
    except Refused as refusal:
        hints = [HINTS[event, guard] for guard in refusal.guards if (event, guard) in HINTS]
        raise Refused(" ".join([str(refusal), *hints]), refusal.guards) from refusal
