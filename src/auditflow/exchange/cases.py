"""The case list: Ofsted's Annex A List 6, with three optional columns of our own.

We take in little: reference, status, team, worker, need and dates. Birth dates, gender, ethnicity
and whatever else the list holds are never read on, and a reference that looks like a name is
refused.
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Final

from auditflow.errors import BadInput
from auditflow.exchange.values import (
    Column,
    Problems,
    filled,
    flag,
    headings,
    line_of_text,
    optional_day,
    quoted,
    read_list,
)

STATUSES: Final = {
    "looked_after": ("a", "looked after child", "looked after", "lac", "cla"),
    "child_protection": (
        "b",
        "child protection",
        "child protection plan",
        "subject of a child protection plan",
        "subject to a child protection plan",
        "cp",
        "cpp",
    ),
    "child_in_need": ("c", "child in need", "child in need plan", "cin"),
    "open_assessment": ("d", "open assessment"),
    "closed": ("e", "closed", "closed episode", "closed case"),
    "care_leaver": ("care leaver", "care leavers"),
}
"""Each status code with the words that lists use for it."""

_STATUS: Final = re.compile(r"(?:([a-e])[).:]\s*)?(.*)")
_BY_WORDS: Final = {words: code for code, all_words in STATUSES.items() for words in all_words}
_LONGEST_REFERENCE: Final = 40
_PART_OF_NAME: Final = re.compile(r"['’.-]*(?:[^\W\d_]['’.-]*)+")


def read_reference(text: str) -> str:
    """Read a case reference: 1 to 40 printable characters that are no name and no formula."""
    if not text:
        raise BadInput("is empty; each case needs its reference.")
    if len(text) > _LONGEST_REFERENCE or not text.isprintable():
        raise BadInput(
            f"{quoted(text)} is not a reference of 1 to {_LONGEST_REFERENCE} printable characters."
        )
    if text[0] in "=+-@":
        raise BadInput(f"{quoted(text)} looks like a formula; references begin with no sign.")
    parts = text.replace(",", " ").split()
    if len(parts) > 1 and all(_PART_OF_NAME.fullmatch(part) for part in parts):
        raise BadInput(f"{quoted(text)} looks like a name; auditflow holds references only.")
    return text


def _status(text: str) -> str:
    match = _STATUS.fullmatch(" ".join(text.casefold().split()))
    letter, words = match.groups() if match else (None, "")
    code = _BY_WORDS.get(words or letter or "")
    if code is None or (letter and _BY_WORDS[letter] != code):
        raise BadInput(
            f"{quoted(text)} is not a status; write a) Looked after child, b) Child protection "
            "plan, c) Child in need, d) Open assessment, e) Closed episode, or Care leaver."
        )
    return code


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One open or closed case as listed; `line` is its row in the file."""

    line: int
    reference: Annotated[str, Column("Child Unique ID", read_reference, required=True)]
    status: Annotated[str, Column("Case Status", _status, required=True)]
    team: Annotated[str, Column("Allocated Team", filled, required=True)]
    worker: Annotated[str, Column("Allocated Worker", line_of_text, required=True)]
    need: Annotated[str, Column("Primary Need Code", line_of_text)]
    opened: Annotated[date | None, Column("CIN Start Date", optional_day, None)]
    closed: Annotated[date | None, Column("CIN Closure Date", optional_day, None)]
    service: Annotated[str, Column("Service", line_of_text)]
    restricted: Annotated[bool, Column("Restricted", flag, instead=False)]
    last_audited: Annotated[date | None, Column("Last audited", optional_day, None)]


REQUIRED: Final = headings(CaseRow, required=True)
OPTIONAL: Final = headings(CaseRow, required=False)


def read_cases(path: Path) -> list[CaseRow]:
    """Read a case list from CSV or XLSX; BadInput tells up to 20 problems at once."""
    problems = Problems(path)
    cases = read_list(path, CaseRow, problems)
    seen: dict[str, CaseRow] = {}
    for case in cases:
        first = seen.setdefault(case.reference.casefold(), case)
        if case.reference and first is not case:
            problems.note(
                case.line, f"{quoted(case.reference)} stands in row {first.line} too; keep one."
            )
        if case.opened and case.closed and case.closed < case.opened:
            words = f"it closed on {case.closed}, before it opened on {case.opened}."
            problems.note(case.line, words)
    problems.refuse_if_any()
    return cases
