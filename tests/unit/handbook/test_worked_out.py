"""Dates, judges and refusals on the pages, against what the scenarios and roles say."""

from __future__ import annotations

import re
from functools import cache

import pytest

from auditflow import handbook
from auditflow.handbook import escalating, people, smart

#: A date of an acceptance scenario, and the page whose example must come to it.
SCENARIOS = (
    ("S1 distribution", "reading", "| Distribute the case by | Fri 30 January 2026 |"),
    ("S1 booking", "reading", "| Arrange the meeting by | Wed 4 February 2026 |"),
    ("S1 hold by", "reading", "| Hold the audit by | Tue 31 March 2026 |"),
    ("S1 immediate", "reading", "immediate action by | Tue 17 March 2026 |"),
    ("S1 supervision", "reading", "| Review in supervision by | Fri 10 April 2026 |"),
    ("S1 cap", "reading", "(the cap) | Thu 30 April 2026 |"),
    ("S1 verify", "reading", "| Verify and close by | Fri 8 May 2026 |"),
    ("S2 late", "reading", "| Tue 30 December 2025 | Tue 6 January 2026 | 4 |"),
    ("S3 level 2", "escalation", "Wed 31 December 2025 | T3 is raised at level 2"),
    ("S3 level 3", "escalation", "| Fri 9 January 2026 | passed up to level 3"),
    ("S3 level 4", "escalation", "| Mon 19 January 2026 | passed up to level 4"),
    ("S3 level 5", "escalation", "| Tue 27 January 2026 | passed up to level 5"),
    ("S5", "reading", "Mon 4 January 2027 |"),
    ("S6", "reading", "Mon 13 April 2026 |"),
    ("S6 month", "reading", "Tue 5 May 2026 |"),
    ("S7", "reading", "2027-03-31T22:59:59Z"),
    ("S8", "reading", "2026-10-26T23:59:59Z"),
    ("S9", "reading", "Mon 2 March 2026 |"),
    ("S9 end", "reading", "Fri 28 March 2025 |"),
    ("S10 recent", "audit", "Mon 2 December 2024, left out; Sun 1 December 2024, may"),
    ("S14 re-audit", "audit", "Fri 5 June 2026"),
    ("S15", "escalation", "level 4 at 00:00 of Sat 4 July 2026"),
    ("S15 act", "escalation", "by the end of Mon 6 July 2026"),
    ("S16 late", "reading", "| Fri 10 July 2026 | Thu 30 July 2026 | 14 |"),
    ("S17 cap", "action", "the cap is Fri 14 November 2025"),
    ("S20", "reading", "from Mon 8 December 2025 to Mon 8 June 2026"),
    ("S21", "reading", "raised on Wed 18 March 2026"),
    ("S21 late", "reading", "late by 6"),
    ("S22 refused", "reading", "The calendar ends on 31 December 2027."),
    ("S22", "reading", "Wed 5 January 2028"),
    ("S23", "reading", "due Thu 18 June 2026"),
)


@cache
def page(name: str) -> str:
    return handbook.whole()[name] if name == "reading" else handbook.page(name)


@pytest.mark.parametrize(
    ("name", "says"), [s[1:] for s in SCENARIOS], ids=[s[0] for s in SCENARIOS]
)
def test_the_examples_come_to_the_dates_of_the_scenarios(name: str, says: str) -> None:
    assert says in page(name)


def rows_of(name: str, heading: str) -> list[str]:
    return page(name).partition(f"| {heading} |")[2].partition("\n\n")[0].splitlines()[2:]


def test_who_judges_is_told_for_each_trigger_and_kind_of_answer() -> None:
    team = "Quality Assurance Team or QA manager"
    rows = rows_of("escalation", "Trigger | Answered")
    others = [r.split(" | ") for r in rows if not r.endswith(f"| {team} |")]
    assert [(r[0], r[1], r[3].partition(";")[0]) for r in others] == [
        ("| T1", "with the grade advised", "both Auditor and Key worker"),
        ("| T3", "with a new date", "Head of Service, Assistant Director or Executive Director |"),
    ]
    assert "at level 4 the Assistant Director decides, and nobody need accept" in others[0][3]


def test_joint_addressees_stand_apart_from_those_who_are_only_told() -> None:
    found = page("escalation")
    assert "to Head of Service (level 3) and Responsible manager (level 1) together" in found
    assert "to Head of Service (level 3) and Quality Assurance Team (level 2) together" in found
    assert "moderates each Inadequate | Assistant Director |" in found


def test_the_top_level_has_no_window() -> None:
    *_, level_4, level_5 = escalating.answering().splitlines()
    assert level_4.endswith("| 5 working days | up to level 5 |")
    assert level_5.endswith("| none; it stays open, on every board report | stays |")


def test_what_is_shown_as_refused_is_refused() -> None:
    texts = page("action").split("## The SMART test")[1].partition("## ")[0]
    tables = (people.denied(), *re.findall(r"(?:^\|.*\n)+", texts, re.MULTILINE))
    assert len(tables) == 3
    for made in tables:
        rows = made.splitlines()[2:]
        assert rows
        assert all(row.split(" | ")[-1].removesuffix(" |").strip() for row in rows)


def test_an_answer_that_passes_is_shown_with_nothing_said() -> None:
    assert smart.refused("what", "Arrange", "a", "visit", "this", "week").endswith(" | ")


def test_codes_of_working_papers_are_left_out() -> None:
    assert people.without_codes("End of the day (TR6, D5).") == "End of the day."
    assert people.without_codes("When notices go out (8.3).") == "When notices go out."
    assert people.without_codes("A title (in words).") == "A title (in words)."
