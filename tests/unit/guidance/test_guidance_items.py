"""The numbered guidance: what can be cited, and that every citation holds."""

import re
import subprocess
import sys

import pytest

from auditflow.guidance.citation import Source, chosen, cite, inferred
from auditflow.guidance.items import ITEMS, NOT_A_STEP, SECTIONS, find

CITED_BY_THE_CHARTS = [
    *(f"Prior, {n}" for n in range(1, 5)),
    *(f"During, {n}" for n in range(1, 6)),
    *(f"Post, {n}" for n in range(1, 4)),
    *(f"SMART, {n}" for n in range(1, 6)),
    *(f"Grading, {n}" for n in range(1, 6)),
]


def test_every_section_numbers_its_items_from_one_without_a_gap() -> None:
    for section in SECTIONS:
        numbers = [item.number for item in ITEMS if item.section == section]
        assert numbers == list(range(1, len(numbers) + 1))
        assert numbers
    assert {item.section for item in ITEMS} == set(SECTIONS)


def test_each_item_is_a_sentence_and_said_once() -> None:
    for item in ITEMS:
        assert re.fullmatch(r"[A-Z][^\n]+\.", item.says), item
        assert "  " not in item.says
    assert len({item.says for item in ITEMS}) == len(ITEMS)


def test_an_item_is_a_step_to_cite_or_says_why_not() -> None:
    assert {item.citation for item in ITEMS} == set(CITED_BY_THE_CHARTS) | set(NOT_A_STEP)
    assert not set(CITED_BY_THE_CHARTS) & set(NOT_A_STEP)
    assert all(reason.endswith(".") for reason in NOT_A_STEP.values())


@pytest.mark.parametrize(
    ("citation", "word"),
    [
        ("Prior, 1", "random"),
        ("Prior, 2", "arranges a meeting"),
        ("Prior, 3", "Mosaic"),
        ("Prior, 4", "What Good Looks Like"),
        ("During, 4", "feedback"),
        ("During, 5", "SMART"),
        ("Post, 1", "5 working days"),
        ("Post, 2", "1 month"),
        ("Post, 3", "Audit Action Plan - 'Month'"),
        ("SMART, 5", "ASAP"),
        ("Grading, 3", "in the audit itself"),
        ("Grading, 4", "advice"),
        ("Grading, 5", "four grades"),
    ],
)
def test_a_citation_finds_what_it_is_cited_for(citation: str, word: str) -> None:
    assert word in find(citation).says
    assert find(citation).citation == citation


def test_a_citation_that_does_not_exist_says_what_does() -> None:
    with pytest.raises(LookupError, match=r"no “Post, 4”; Post has Post, 1; Post, 2; Post, 3\."):
        find("Post, 4")
    with pytest.raises(LookupError, match="sections are Purpose, Prior, During"):
        find("After, 1")
    with pytest.raises(LookupError):
        find("")


def test_a_source_is_the_guidance_or_has_a_reason() -> None:
    said = cite("Post, 1")
    assert (said.kind, said.citation) == ("guidance", "Post, 1")
    assert said.words.startswith("Post, 1: The responsible manager")
    assert inferred("other councils do").words == "Inferred: other councils do"
    assert chosen("child first").citation == "chosen"
    with pytest.raises(ValueError, match="reason"):
        inferred(" ")
    with pytest.raises(ValueError, match="exactly when"):
        Source("guidance", reason="no item")
    with pytest.raises(ValueError, match="exactly when"):
        Source("chosen", item=find("Post, 1"))


def test_the_charts_sources_load_without_the_rest_of_the_package() -> None:
    code = (
        "import sys, auditflow.guidance.citation, auditflow.guidance.tool;"
        "print([m for m in sys.modules if m.startswith('auditflow')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(re.findall(r"'([\w.]+)'", done.stdout))
    own = {"", ".errors", ".guidance", ".guidance.citation", ".guidance.items", ".guidance.tool"}
    assert loaded == {f"auditflow{name}" for name in own}
