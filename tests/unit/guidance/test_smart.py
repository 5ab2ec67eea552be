"""The SMART test of an action: what is refused, what is doubted, what passes."""

from datetime import date

import pytest

from auditflow.errors import BadInput
from auditflow.guidance.smart import Findings, problems, timescale

GOOD = {
    "what": "Complete the chronology from 2019 to today",
    "success": "Every move and significant event since 2019 is on Mosaic",
    "resources": "Yes",
    "realistic": "Half a day is set aside on 12 March",
    "owner": "Sam Okafor",
}


def judge(same_day: int = 0, **changes: str) -> Findings:
    texts = GOOD | changes
    return problems(
        what=texts["what"],
        success=texts["success"],
        resources=texts["resources"],
        realistic=texts["realistic"],
        owner=texts["owner"],
        same_day=same_day,
    )


def test_a_smart_action_passes_without_a_word() -> None:
    assert judge() == Findings([], [])


def test_a_timescale_is_a_date() -> None:
    assert timescale(" 2026-03-17 ", "due date") == date(2026, 3, 17)


@pytest.mark.parametrize(
    "text",
    [
        "ASAP",
        "asap",
        "A.S.A.P.",
        "a.s.a.p",
        "ＡＳＡＰ",
        "as soon as possible",
        "urgent",
        "Urgently",
        "immediately",
        "ongoing",
        "On-going",
        "TBC",
        "tba",
        "in due course",
        "next supervision",
        "soon",
        "end of month",
        "by the end of March",
        "asap, by 2026-03-17",
    ],
)
def test_words_in_place_of_a_date_are_refused_with_the_guidance(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        timescale(text, "due date")
    words = str(refusal.value)
    assert "'ASAP' (SMART, 5)" in words
    assert "2026-03-17" in words
    assert "due date" in words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "17/03/2026",
        "26-03-17",
        "2026-3-17",
        "2026-02-30",
        "20260317",
        "٢٠٢٦-٠٣-١٧",
        "March",
        "2026-03-17T00:00",
        "2026-W12-2",
        "x" * 10_000,
    ],
)
def test_what_is_no_day_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        timescale(text, "due date")
    assert len(str(refusal.value)) < 300


@pytest.mark.parametrize("what", ["", "   ", "Chronology", "Update file", "x" * 40])
def test_an_action_too_short_to_be_specific_is_refused(what: str) -> None:
    assert [words[:9] for words in judge(what=what).refused] == ["Specific:"]


@pytest.mark.parametrize(
    ("what", "doubt"),
    [
        ("Consider a referral to CAMHS", "“consider”"),
        ("Improve recording", "“improve recording” alone is vague"),
        ("Ensure good practice.", "“ensure good practice” alone"),
        ("The chronology needs completing", "“the” does not look like a doing word"),
    ],
)
def test_vague_actions_are_doubted_but_not_refused(what: str, doubt: str) -> None:
    findings = judge(what=what)
    assert findings.refused == []
    assert any(doubt in words for words in findings.doubts)


@pytest.mark.parametrize(
    "success",
    ["", " ", "tbc", "N/A", "-", "complete the CHRONOLOGY, from 2019 to today!"],
)
def test_success_must_be_measured_by_something_else_than_the_action(success: str) -> None:
    (words,) = judge(success=success).refused
    assert words.startswith("Measurable:")


@pytest.mark.parametrize("answer", ["", "no", "TBC", "?", "not sure"])
def test_resources_and_realism_must_be_answered(answer: str) -> None:
    (words,) = judge(resources=answer).refused
    assert words.startswith("Achievable:")
    (words,) = judge(realistic=answer).refused
    assert words.startswith("Realistic:")


def test_needing_no_resources_is_an_answer() -> None:
    assert judge(resources="None").refused == []
    assert len(judge(realistic="None").refused) == 1


@pytest.mark.parametrize(
    "owner",
    ["", "The team", "ALL", "everyone", "tbc", "n/a", "Sam Okafor and Jo Lee", "SW/TM", "Jo & Sam"],
)
def test_an_action_belongs_to_one_named_person(owner: str) -> None:
    (words,) = judge(owner=owner).refused
    assert words.startswith("Timescales:")


@pytest.mark.parametrize("owner", ["Smith, Jane", "Alexandra Sandford", "Ann-Marie O’Neil"])
def test_names_that_look_like_more_are_names(owner: str) -> None:
    assert judge(owner=owner).refused == []


def test_a_sixth_action_on_one_day_is_doubted() -> None:
    assert judge(same_day=4).doubts == []
    (words,) = judge(same_day=5).doubts
    assert "6 actions due that day" in words


def test_everything_wrong_is_said_at_once() -> None:
    findings = judge(what="", success="", resources="", realistic="", owner="")
    letters = [words.partition(":")[0] for words in findings.refused]
    assert letters == ["Specific", "Measurable", "Achievable", "Realistic", "Timescales"]
