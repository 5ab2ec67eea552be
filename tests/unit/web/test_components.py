"""What the templates hand to GOV.UK's components, and that they type none of these by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Undefined
from markupsafe import Markup

from auditflow.web.components import as_written, error_lines, facts

TEMPLATES = sorted((Path(__file__).parents[3] / "src/auditflow/web/templates").rglob("*.html"))
#: Of each the library has a macro; `parts/forms.html` says why it types two others itself.
MADE_BY_MACROS = re.compile(
    r'class="govuk-(?:back-link|button|details|error-message|error-summary|input|inset-text|'
    r"pagination|service-navigation|skip-link|summary-list|tag|warning-text)\b"
)


def test_a_row_takes_as_markup_only_what_a_template_made() -> None:
    pairs = [("Case", "<b>1</b>"), None, ("Said", as_written("<i>\nx")), ("Drawn", 0)]
    assert facts(pairs) == [
        {"key": {"text": "Case"}, "value": {"text": "<b>1</b>"}},
        {
            "key": {"text": "Said"},
            "value": {"html": Markup('<span class="af-said">&lt;i&gt;\nx</span>')},
        },
        {"key": {"text": "Drawn"}, "value": {"text": 0}},
    ]


def test_a_pair_that_a_template_leaves_out_makes_no_row() -> None:
    assert facts([Undefined(), ("Team", "Able")]) == [  # type: ignore[list-item]
        {"key": {"text": "Team"}, "value": {"text": "Able"}}
    ]


def test_what_people_wrote_turns_no_line_round() -> None:
    assert "\u202e" not in as_written("a\u202eb")


def test_each_line_of_an_error_summary_leads_to_its_field() -> None:
    assert error_lines({"n": "Give a number."}) == [{"text": "Give a number.", "href": "#n"}]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_what_govuk_has_a_component_for_is_not_typed_by_hand(path: Path) -> None:
    assert MADE_BY_MACROS.findall(path.read_text(encoding="utf-8")) == []
