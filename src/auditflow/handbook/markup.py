"""Markdown: the pages' texts as written, and tables and lists made of plain text."""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

_MARKS: Final = str.maketrans(
    {c: f"\\{c}" for c in "\\`*_[]|#"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
)


@cache
def text(name: str) -> str:
    """The text of the page of that name, with its blanks."""
    return files("auditflow.handbook").joinpath("texts", f"{name}.md").read_text(encoding="utf-8")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; what is in a cell is text, never markup."""
    lines = [headings, ["---"] * len(headings), *([safe(c) for c in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def bullets(items: Iterable[tuple[str, str]]) -> str:
    """A list; each item begins with its name in bold."""
    return "\n".join(f"- **{safe(name)}**: {safe(says)}" for name, says in items)


def safe(text: str) -> str:
    """The text with what Markdown would take for markup made harmless."""
    return text.translate(_MARKS)
