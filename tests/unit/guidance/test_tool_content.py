"""The audit tool's content: complete, with stable keys, and grades that read back."""

import pytest

from auditflow.errors import BadInput
from auditflow.guidance import tool
from auditflow.guidance.items import GUIDANCE_VERSION, ITEMS
from auditflow.guidance.tool import Answer, Grade


def test_the_tool_has_its_parts() -> None:
    assert len(tool.ELEMENTS) == 6
    assert len(tool.INDICATORS) == 7
    assert len(tool.RECORD_POINTS) == 4
    assert len(tool.SMART_QUESTIONS) == sum(item.section == "SMART" for item in ITEMS) == 5
    assert [answer.value for answer in Answer] == ["yes", "partly", "no", "not_applicable"]
    assert Answer.NOT_APPLICABLE.title == "Not applicable"
    assert tool.TOOL_VERSION.startswith(GUIDANCE_VERSION)


def test_keys_are_unique_and_fit_to_be_stored() -> None:
    questions = [*tool.INDICATORS, *tool.RECORD_POINTS, *tool.SMART_QUESTIONS]
    questions += [tool.FEEDBACK, tool.SIGNS_OF_SAFETY, tool.IMPACT, tool.GOOD_PRACTICE]
    keys = [question.key for question in questions] + [element.key for element in tool.ELEMENTS]
    assert len(set(keys)) == len(keys)
    assert all(key.replace("_", "").isalpha() and key.islower() for key in keys)
    assert all(len(element.prompts) >= 3 for element in tool.ELEMENTS)


def test_the_elements_bear_the_titles_of_the_guidance() -> None:
    assert [element.title for element in tool.ELEMENTS] == [
        "Identification of Risk & Need/Assessment",
        "Planning & Review",
        "Supervision, Decision Making & Management Oversight",
        "Child & family engagement",
        "Diversity & Identity",
        "Multi-agency working",
    ]


def test_there_are_four_grades_each_described() -> None:
    assert [grade.title for grade in Grade] == [
        "Outstanding",
        "Good",
        "Requires Improvement",
        "Inadequate",
    ]
    assert len({grade.descriptor for grade in Grade}) == 4


@pytest.mark.parametrize("grade", Grade)
def test_a_grade_reads_back_from_title_and_value(grade: Grade) -> None:
    assert Grade.parse(grade.value) is grade
    assert Grade.parse(grade.title.upper()) is grade
    assert Grade.parse(f"  {grade.title.lower().replace(' ', '  ')} ") is grade


@pytest.mark.parametrize("text", ["", "RI", "Requires", "goodd", "nan", "1", "good/outstanding"])
def test_what_is_no_grade_is_refused_with_the_four(text: str) -> None:
    four = "Outstanding, Good, Requires Improvement, Inadequate"
    with pytest.raises(BadInput, match=four):
        Grade.parse(text)
