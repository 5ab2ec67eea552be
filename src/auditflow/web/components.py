"""What templates hand to the components of GOV.UK: rows of facts, lines of an error summary."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from markupsafe import Markup

from auditflow.web.filters import harmless


def facts(pairs: Iterable[tuple[str, object] | None]) -> list[dict[str, Any]]:
    """Rows of a summary list: a title and what it says; where there is no pair there is no row.

    Only what a template made itself, and so has escaped, is taken as markup.
    """
    return [
        {"key": {"text": title}, "value": {_kind(says): says}}
        for title, says in filter(None, pairs)
    ]


def _kind(says: object) -> str:
    return "html" if isinstance(says, Markup) else "text"


def as_written(words: str) -> Markup:
    """Words that people wrote, with their lines, for where a component takes no markup of ours."""
    return Markup('<span class="af-said">{}</span>').format(harmless(words))


def error_lines(errors: Mapping[str, str]) -> list[dict[str, str]]:
    """The lines of an error summary, each leading to its field."""
    return [{"text": says, "href": f"#{field}"} for field, says in errors.items()]


FILTERS: Final = {"as_written": as_written, "error_lines": error_lines, "facts": facts}
