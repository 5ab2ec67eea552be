"""Which cases may be drawn: each reason at its very edge, and which is told where several hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from auditflow.policy import Policy
from auditflow.sampling import Candidate, Why, exclusion

AS_AT = date(2025, 12, 1)


def why(by_hand: str = "", policy: Policy | None = None, **facts: Any) -> Why | None:
    case = Candidate(reference="C1", **{"stratum": "child_in_need", **facts})
    found = exclusion(case, AS_AT, policy or Policy(), by_hand)
    return found.why if found else None


EDGES: list[tuple[dict[str, Any], Why | None]] = [
    ({}, None),
    ({"last_audited": date(2024, 12, 2)}, Why.RECENT),
    ({"last_audited": date(2024, 12, 1)}, None),  # twelve months are complete
    ({"opened": date(2025, 11, 3)}, None),  # four weeks to the day
    ({"opened": date(2025, 11, 4)}, Why.NEW),
    ({"closed": date(2025, 12, 1)}, Why.CLOSED),
    ({"closed": date(2025, 12, 2)}, None),  # still open on the day of the list
    ({"stratum": "closed"}, Why.CLOSED),
    ({"live_audit": "2025-11-001"}, Why.LIVE),
    ({"restricted": True}, Why.RESTRICTED),
    ({"restricted": True, "cleared_auditor": True}, None),
    ({"by_hand": "A complaint is open."}, Why.BY_HAND),
]


@pytest.mark.parametrize(("facts", "expected"), EDGES, ids=lambda x: str(x)[:60])
def test_each_reason_at_its_edge(facts: dict[str, Any], expected: Why | None) -> None:
    assert why(**facts) is expected


def test_months_are_counted_back_to_the_end_of_a_short_one() -> None:
    case = Candidate(reference="C1", stratum="closed_not", last_audited=date(2023, 2, 28))
    leap = Policy(repeat_gap_months=12)
    assert exclusion(case, date(2024, 2, 29), leap) is None
    later = Candidate(reference="C1", stratum="closed_not", last_audited=date(2023, 3, 1))
    found = exclusion(later, date(2024, 2, 29), leap)
    assert found is not None
    assert found.detail == "Wed 1 March 2023"


def test_the_council_may_set_both_spans() -> None:
    six = Policy(repeat_gap_months=6, new_case_weeks=8)
    assert why(policy=six, last_audited=date(2025, 6, 1)) is None
    assert why(policy=six, last_audited=date(2025, 6, 2)) is Why.RECENT
    assert why(policy=six, opened=date(2025, 10, 7)) is Why.NEW


def test_where_several_reasons_hold_the_first_that_cannot_change_is_told() -> None:
    both: dict[str, Any] = {"live_audit": "2025-11-001", "last_audited": date(2025, 11, 3)}
    assert why(**both) is Why.LIVE
    assert why(**both, closed=date(2025, 11, 28)) is Why.CLOSED
    assert why("x", last_audited=date(2025, 11, 3)) is Why.BY_HAND


def test_every_reason_has_words() -> None:
    assert all(w.title for w in Why)
