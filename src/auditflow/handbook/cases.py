"""Which cases may be drawn, and to whom each may be given: asked of the code with examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from msgspec.structs import replace

from auditflow.audits import Person, Role
from auditflow.calendar import Calendar, long_day
from auditflow.drawing.labels import listed
from auditflow.handbook.blanks import filled
from auditflow.handbook.markup import table
from auditflow.policy import Policy
from auditflow.sampling import Candidate, ToAllocate, Why, exclusion, ruled_out

#: Exactly when a case is left out, for each reason, in the order in which they are asked.
EDGES: Final = {
    Why.CLOSED: "The list says closed, or it closed on the list's as-at day or before.",
    Why.LIVE: "An earlier audit of it has neither been closed nor left by an exit.",
    Why.RESTRICTED: "Its record is restricted, and nobody who may audit this very case is cleared"
    " for such records.",
    Why.BY_HAND: "The QA manager leaves it out and says why.",
    Why.RECENT: "Its last audit meeting lies less than {settings[repeat_gap_months]} months before"
    " the as-at day.",
    Why.NEW: "It was opened less than {settings[new_case_weeks]} weeks before the as-at day.",
}
_AS_AT: Final = date(2025, 12, 1)
_AUDITOR: Final = Person("a", "Ana", frozenset({Role.AUDITOR}), team="other", trained=True)
_CASE: Final = ToAllocate(reference="C1", team="own", line=("m",), key_worker="k")


def exclusions() -> str:
    """Each reason for leaving a case out, exactly, with both sides of its edge."""
    return table(("Left out as", "When exactly", "For example"), map(_exclusion, Why))


def _exclusion(why: Why) -> Sequence[str]:
    return why.title, filled(EDGES.get(why, "")), _example(why)


def _example(why: Why) -> str:
    """The last day that is left out and the first that is not, as the draw itself says."""
    policy = Policy()
    edge = {
        Why.RECENT: ("last_audited", Calendar.add_months(_AS_AT, -policy.repeat_gap_months)),
        Why.NEW: ("opened", _AS_AT - timedelta(weeks=policy.new_case_weeks)),
    }.get(why)
    if edge is None:
        return ""
    field, day = edge
    word = field.replace("_", " ")
    said = [_says(field, d) for d in (day + timedelta(days=1), day)]
    return f"list as at {long_day(_AS_AT)}: {word} {'; '.join(said)}"


def _says(field: str, day: date) -> str:
    last_audited, opened = (day, None) if field == "last_audited" else (None, day)
    case = Candidate(reference="C1", stratum="", last_audited=last_audited, opened=opened)
    left_out = exclusion(case, _AS_AT, Policy())
    return f"{long_day(day)}, {'left out' if left_out else 'may be drawn'}"


def not_given() -> str:
    """Why an auditor may not take a case, each in the words of the allocation."""
    return listed(_ruled_out())


def _ruled_out() -> Iterator[str]:
    restricted = ToAllocate(reference="C1", team="own", restricted=True)
    held = ToAllocate(reference="C1", team="own", held_by=frozenset("a"))
    yield ruled_out(replace(_AUDITOR, trained=False), _CASE)
    yield ruled_out(replace(_AUDITOR, team="own"), _CASE)
    yield ruled_out(replace(_AUDITOR, id="m"), _CASE)
    yield ruled_out(replace(_AUDITOR, id="k"), _CASE)
    yield ruled_out(_AUDITOR, held)
    yield ruled_out(_AUDITOR, restricted)
