from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[3] / "src" / "auditflow" / "web" / "static"
CSS = STATIC / "auditflow.css"
SHIPPED = sorted(p.name for p in STATIC.iterdir() if p.name != "LICENCES.txt")


@pytest.mark.parametrize("name", ["GDS Transport", "crest", "crown", "@font-face", "@import"])
def test_the_style_sheet_has_nothing_that_is_not_ours_to_show(name: str) -> None:
    assert name.lower() not in CSS.read_text(encoding="utf-8").lower()


def test_the_style_sheet_fetches_nothing() -> None:
    css = CSS.read_text(encoding="utf-8")
    assert "url(" not in css
    # A selector may name a kind of link; a style may not name a place.
    without_selectors = re.sub(r'\[href\^="?https?://"?\]', "", css)
    assert re.findall(r"https?://[^\s;})]*", without_selectors) == []


def test_every_letter_is_in_a_font_that_machines_have() -> None:
    families = set(re.findall(r"font-family:([^;}]*)", CSS.read_text(encoding="utf-8")))
    assert families == {"Arial,Helvetica,sans-serif"}


def test_a_councils_colour_reaches_what_the_design_system_draws() -> None:
    css = CSS.read_text(encoding="utf-8")
    colours = re.findall(r"--govuk-brand-colour:\s*([^;}]*)", css)
    assert colours[-1] == "var(--af-brand)"


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_file_has_its_licence_beside_it(name: str) -> None:
    assert re.search(rf"\b{re.escape(name)}\b", (STATIC / "LICENCES.txt").read_text("utf-8"))


def test_what_only_tests_need_is_not_shipped() -> None:
    assert not [name for name in SHIPPED if "axe" in name]


@pytest.mark.parametrize("name", [n for n in SHIPPED if n.endswith(".js")])
def test_no_script_names_a_map_that_is_not_shipped(name: str) -> None:
    assert "sourceMappingURL" not in (STATIC / name).read_text(encoding="utf-8")
