"""The audit tool as a file: written with its prompts to be filled in, and read back in."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from auditflow.audits import YesNo
from auditflow.commands.findings import ElementFinding, ToolParts
from auditflow.errors import BadInput
from auditflow.exchange.safe import csv_of, unsafe
from auditflow.exchange.spreadsheet import Row, read_rows
from auditflow.exchange.values import Problems, quoted
from auditflow.guidance.tool import (
    ELEMENTS,
    FEEDBACK,
    GOOD_PRACTICE,
    INDICATORS,
    RECORD_POINTS,
    SIGNS_OF_SAFETY,
    Answer,
    Grade,
)

_ALSO: Final = ("Strengths", "What needs to change", "Grade")
COLUMNS: Final = ("Part", "Item", "Asks", "Answer", *_ALSO)

ELEMENT, RECORD, INDICATOR = "element", "record quality", "indicator"


def yes_or_no(text: str) -> YesNo:
    """Read yes or no (y or n will do); BadInput for anything else."""
    match text.strip().casefold():
        case "yes" | "y":
            return "yes"
        case "no" | "n":
            return "no"
    raise BadInput(f"{quoted(text)} is neither yes nor no.")


ALONE: Final[dict[str, tuple[str, str, Callable[[str], str]]]] = {
    "feedback explored": (
        "feedback_explored",
        "Was it asked whether the child or family gave feedback? (yes or no)",
        yes_or_no,
    ),
    "feedback": ("feedback", FEEDBACK.asks, str),
    "signs of safety": (
        "signs_of_safety",
        f"{SIGNS_OF_SAFETY.asks} (yes or no: seen or not)",
        yes_or_no,
    ),
    "good practice": ("good_practice", GOOD_PRACTICE.asks, str),
}
"""The parts that have one row: each with the field it fills, what it asks, and its reader."""


def tool_csv(parts: ToolParts) -> str:
    """The tool as CSV: a row for each thing it asks, filled in as far as it is."""
    return csv_of(COLUMNS, _rows(parts))


def _rows(parts: ToolParts) -> Iterator[tuple[str, ...]]:
    found = {e.element: e for e in parts.elements}
    for element in ELEMENTS:
        e = found.get(element.key)
        asks = f"{element.title}. {' '.join(element.prompts)}"
        said = (e.evidence, e.strengths, e.change, e.grade.title if e.grade else "") if e else ()
        yield (ELEMENT, element.key, asks, *(said or ("",) * 4))
    remarks, answers = dict(parts.record_quality), dict(parts.indicators)
    for point in RECORD_POINTS:
        yield (RECORD, point.key, point.asks, remarks.get(point.key, ""), "", "", "")
    for one in INDICATORS:
        answer = answers.get(one.key)
        asks = f"{one.asks} ({', '.join(a.value for a in Answer)})"
        yield (INDICATOR, one.key, asks, answer.value if answer else "", "", "", "")
    for part, (name, asks, _) in ALONE.items():
        yield (part, "", asks, getattr(parts, name), "", "", "")


def read_tool(path: Path) -> ToolParts:
    """Read a filled-in tool from CSV or XLSX; rows left empty say nothing.

    BadInput tells up to 20 problems at once.
    """
    problems = Problems(path)
    given: dict[str, Any] = {"elements": (), "record_quality": (), "indicators": ()}
    for row in read_rows(path, required=("Part", "Item", "Answer"), optional=_ALSO):
        _take(Row(row.line, {c: unsafe(said) for c, said in row.cells.items()}), given, problems)
    problems.refuse_if_any()
    parts = ToolParts(**given)
    if not parts:
        raise BadInput(f"{quoted(path.name)} is not filled in; write into the column “Answer”.")
    return parts


def _take(row: Row, given: dict[str, Any], problems: Problems) -> None:
    if not any(row.cells[c] for c in ("Answer", *_ALSO)):
        return
    part = " ".join(row.cells["Part"].casefold().split())
    if part == ELEMENT:
        grade = problems.read(row, "Grade", _grade, None)
        given["elements"] += (_element(row, grade, problems),)
    elif part == RECORD:
        given["record_quality"] += ((_item(row), row.cells["Answer"]),)
    elif part == INDICATOR:
        answer = problems.read(row, "Answer", answer_of, Answer.NO)
        given["indicators"] += ((_item(row), answer),)
    elif part in ALONE:
        name, _, read = ALONE[part]
        given[name] = problems.read(row, "Answer", read, "")
    else:
        known = ", ".join((ELEMENT, RECORD, INDICATOR, *ALONE))
        problems.note(row.line, f"Part: {quoted(row.cells['Part'])} is none of: {known}.")


def _element(row: Row, grade: Grade | None, problems: Problems) -> ElementFinding:
    if not row.cells["Answer"]:
        problems.note(row.line, "Answer: is empty; write the evidence there.")
    return ElementFinding(
        element=_item(row),
        evidence=row.cells["Answer"],
        strengths=row.cells["Strengths"],
        change=row.cells["What needs to change"],
        grade=grade,
    )


def _item(row: Row) -> str:
    """The key of what the row is about; a title of an element will do."""
    said = " ".join(row.cells["Item"].casefold().split())
    return {e.title.casefold(): e.key for e in ELEMENTS}.get(said, said.replace(" ", "_"))


def _grade(text: str) -> Grade | None:
    return Grade.parse(text) if text else None


def answer_of(text: str) -> Answer:
    """Read yes, partly, no or not applicable (n/a will do); BadInput for anything else."""
    said = text.strip().casefold().replace(" ", "_")
    said = Answer.NOT_APPLICABLE.value if said in ("n/a", "na") else said
    if said not in {a.value for a in Answer}:
        raise BadInput(f"{quoted(text)} is no answer; write yes, partly, no or not applicable.")
    return Answer(said)
