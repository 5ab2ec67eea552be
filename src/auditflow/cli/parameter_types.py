"""Values of forms that are more than one word: pairs typed KEY=VALUE, and files."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeVar

from auditflow.cli.base import Parsed
from auditflow.commands import PlannedAction
from auditflow.errors import BadInput
from auditflow.exchange.spreadsheet import read_rows
from auditflow.exchange.tool_file import answer_of, read_tool, yes_or_no
from auditflow.guidance.tool import Answer

T = TypeVar("T")


def _named(read: Callable[[str], T]) -> Callable[[str, str], T]:
    """The same reader, whose refusal names the field."""

    def parse(text: str, field: str) -> T:
        try:
            return read(text)
        except BadInput as error:
            raise BadInput(f"{field}: {error}") from error

    return parse


def _pair(read: Callable[[str], T]) -> Callable[[str, str], tuple[str, T]]:
    def parse(text: str, field: str) -> tuple[str, T]:
        key, sign, value = text.partition("=")
        if not sign:
            raise BadInput(f"{field} “{text[:40]}” has no “=”. Write it as KEY=VALUE.")
        return key.strip(), _named(read)(value, field)

    return parse


YES_OR_NO = Parsed("yes or no", _named(yes_or_no))
"""Yes or no, in words."""

PAIRS: Mapping[Any, Parsed[Any]] = {
    tuple[tuple[str, str], ...]: Parsed("key=text", _pair(str)),
    tuple[tuple[str, Answer], ...]: Parsed("key=answer", _pair(answer_of)),
}
"""How a field that takes several pairs is read, by its type."""


def _plan(path: Path) -> tuple[PlannedAction, ...]:
    names = [f.name for f in fields(PlannedAction)]
    required = [f.name for f in fields(PlannedAction) if f.default is MISSING]
    optional = [n for n in names if n not in required]
    rows = read_rows(path, required=required, optional=optional)
    return tuple(_planned(row.cells) for row in rows)


def _planned(cells: dict[str, str]) -> PlannedAction:
    """One row of the file; `immediate` is yes or no."""
    given: dict[str, Any] = {name: said for name, said in cells.items() if said}
    given["immediate"] = cells.get("immediate", "").casefold() in ("y", "yes")
    return PlannedAction(**given)


FILES: Mapping[str, Callable[[Path], Any]] = {"plan": _plan, "file": read_tool}
"""How a field that takes a file is read, by its name."""
