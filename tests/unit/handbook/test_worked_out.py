"""Dates, judges and refusals on the pages, against what the scenarios and roles say."""

from __future__ import annotations

import pytest

from auditflow.handbook import cases, escalating, examples, people, smart

#: A date of an acceptance scenario, and the example that must come to it.
SCENARIOS = (
    ("S1 distribution", examples.ordinary, "| Distribute the case by | Fri 30 January 2026 |"),
    ("S1 booking", examples.ordinary, "| Arrange the meeting by | Wed 4 February 2026 |"),
    ("S1 hold by", examples.ordinary, "| Hold the audit by | Tue 31 March 2026 |"),
    ("S1 immediate", examples.ordinary, "immediate action by | Tue 17 March 2026 |"),
    ("S1 supervision", examples.ordinary, "| Review in supervision by | Fri 10 April 2026 |"),
    ("S1 cap", examples.ordinary, "(the cap) | Thu 30 April 2026 |"),
    ("S1 verify", examples.ordinary, "| Verify and close by | Fri 8 May 2026 |"),
    ("S2 late", examples.lateness, "| Tue 30 December 2025 | Tue 6 January 2026 | 4 |"),
    ("S3 level 2", examples.climb, "Wed 31 December 2025 | T3 is raised at level 2"),
    ("S3 level 3", examples.climb, "| Fri 9 January 2026 | passed up to level 3"),
    ("S3 level 4", examples.climb, "| Mon 19 January 2026 | passed up to level 4"),
    ("S3 level 5", examples.climb, "| Tue 27 January 2026 | passed up to level 5"),
    ("S5", examples.sums, "Mon 4 January 2027 |"),
    ("S6", examples.sums, "Mon 13 April 2026 |"),
    ("S6 month", examples.sums, "Tue 5 May 2026 |"),
    ("S7", examples.last_moments, "2027-03-31T22:59:59Z"),
    ("S8", examples.last_moments, "2026-10-26T23:59:59Z"),
    ("S9", examples.sums, "Mon 2 March 2026 |"),
    ("S9 end", examples.sums, "Fri 28 March 2025 |"),
    ("S10 recent", cases.exclusions, "Mon 2 December 2024, left out; Sun 1 December 2024, may"),
    ("S14 re-audit", examples.reaudit, "Fri 5 June 2026"),
    ("S15", examples.concern, "level 4 at 00:00 of Sat 4 July 2026"),
    ("S15 act", examples.concern, "by the end of Mon 6 July 2026"),
    ("S16 late", examples.lateness, "| Fri 10 July 2026 | Thu 30 July 2026 | 14 |"),
    ("S17 cap", examples.cap, "the cap is Fri 14 November 2025"),
    ("S20", examples.six_months, "from Mon 8 December 2025 to Mon 8 June 2026"),
    ("S21", examples.recorded_late, "raised on Wed 18 March 2026"),
    ("S21 late", examples.recorded_late, "late by 6"),
    ("S22 refused", examples.past_the_end, "The calendar ends on 31 December 2027."),
    ("S22", examples.beyond_it, "Wed 5 January 2028"),
    ("S23", examples.new_holiday, "due Thu 18 June 2026"),
)


@pytest.mark.parametrize(
    ("made", "says"), [s[1:] for s in SCENARIOS], ids=[s[0] for s in SCENARIOS]
)
def test_the_examples_come_to_the_dates_of_the_scenarios(made: object, says: str) -> None:
    assert callable(made)
    assert says in made()


def test_who_judges_is_told_for_each_trigger_and_kind_of_answer() -> None:
    rows = escalating.settled().splitlines()
    team = "Quality Assurance Team or QA manager"
    others = [r.split(" | ") for r in rows[2:] if not r.endswith(f"| {team} |")]
    assert [(r[0], r[1], r[3].partition(";")[0]) for r in others] == [
        ("| T1", "with the grade advised", "both Auditor and Key worker"),
        ("| T3", "with a new date", "Head of Service, Assistant Director or Executive Director |"),
    ]
    assert "at level 4 the Assistant Director decides, and nobody need accept" in others[0][3]


def test_joint_addressees_stand_apart_from_those_who_are_only_told() -> None:
    found = escalating.triggers()
    assert "to Head of Service (level 3) and Responsible manager (level 1) together" in found
    assert "to Head of Service (level 3) and Quality Assurance Team (level 2) together" in found
    assert "moderates each Inadequate | Assistant Director |" in found


def test_the_top_level_has_no_window() -> None:
    *_, level_4, level_5 = escalating.answering().splitlines()
    assert level_4.endswith("| 5 working days | up to level 5 |")
    assert level_5.endswith("| none; it stays open, on every board report | stays |")


def test_what_is_shown_as_refused_is_refused() -> None:
    for made in (people.denied, smart.refused, smart.doubted):
        rows = made().splitlines()[2:]
        assert rows
        assert all(row.split(" | ")[-1].removesuffix(" |").strip() for row in rows)


def test_codes_of_working_papers_are_left_out() -> None:
    assert people.without_codes("End of the day (TR6, D5).") == "End of the day."
    assert people.without_codes("When notices go out (8.3).") == "When notices go out."
    assert people.without_codes("A title (in words).") == "A title (in words)."
