"""Which cases may be drawn, and to whom each may be given: asked of the code with examples."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from msgspec.structs import replace

from auditflow.audits import Person, Role
from auditflow.calendar import Calendar, long_day
from auditflow.drawing.labels import listed
from auditflow.policy import Policy
from auditflow.sampling import Candidate, ToAllocate, exclusion, ruled_out

_AS_AT: Final = date(2025, 12, 1)
_AUDITOR: Final = Person("a", "Ana", frozenset({Role.AUDITOR}), team="other", trained=True)
_CASE: Final = ToAllocate(reference="C1", team="own", line=("m",), key_worker="k")


def edge(field: str) -> str:
    """The last day on which a case is left out and the first on which not, as the draw says."""
    policy = Policy()
    recent = field == "last_audited"
    months = Calendar.add_months(_AS_AT, -policy.repeat_gap_months)
    day = months if recent else _AS_AT - timedelta(weeks=policy.new_case_weeks)
    said = "; ".join(_says(field, d) for d in (day + timedelta(days=1), day))
    return f"list as at {long_day(_AS_AT)}: {field.replace('_', ' ')} {said}"


def _says(field: str, day: date) -> str:
    given: dict[str, Any] = {"reference": "C1", "stratum": "", field: day}
    case = Candidate(**given)
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
