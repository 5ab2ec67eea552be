"""What the documents name is there: modules, files and commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = ("docs/architecture.md", "docs/glossary.md", "CONTRIBUTING.md", "README.md")
#: A path in code quotes, below the package or the checkout.
_NAMED = re.compile(r"`([\w.*/-]+/[\w.*-]*|[\w/]+\.(?:py|csv|md))`")


def named(page: str) -> set[str]:
    found = set(_NAMED.findall((ROOT / page).read_text(encoding="utf-8")))
    return {path for path in found if not path.startswith(".")}  # what a run makes


def there(path: str) -> bool:
    homes = (ROOT, ROOT / "src" / "auditflow", *(ROOT / "src" / "auditflow").iterdir())
    return any(any(home.glob(path.rstrip("/"))) for home in homes if home.is_dir())


@pytest.mark.parametrize("page", PAGES)
def test_every_file_a_page_names_is_there(page: str) -> None:
    assert {path for path in named(page) if not there(path)} == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


def test_a_word_of_the_glossary_stands_in_it_once() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = [
        w
        for line in text.splitlines()
        for w in re.findall(r"\*\*([^*]+)\*\*", line.split("|")[1] if "|" in line else "")
    ]
    assert len(words) == len(set(words))
