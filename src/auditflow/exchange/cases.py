"""The case list: Ofsted's Annex A List 6, with three optional columns of our own.

We take in little: reference, status, team, worker, need and dates. Birth dates, gender, ethnicity
and whatever else the list holds are never read on, and a reference that looks like a name is
refused.
"""

import re
from pathlib import Path
from typing import Final

from auditflow.commands.office import Case
from auditflow.errors import BadInput
from auditflow.exchange.spreadsheet import Row, read_rows
from auditflow.exchange.values import Problems, filled, flag, line_of_text, optional_day, quoted

REQUIRED: Final = ("Child Unique ID", "Case Status", "Allocated Team", "Allocated Worker")
OPTIONAL: Final = (
    "Primary Need Code",
    "CIN Start Date",
    "CIN Closure Date",
    "Service",
    "Restricted",
    "Last audited",
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


def read_cases(path: Path) -> list[Case]:
    """Read a case list from CSV or XLSX; BadInput tells up to 20 problems at once."""
    problems = Problems(path)
    rows = read_rows(path, required=REQUIRED, optional=OPTIONAL)
    cases = [_case(row, problems) for row in rows]
    lines: dict[str, int] = {}
    for row, reference in zip(rows, (case.reference for case in cases), strict=True):
        first = lines.setdefault(reference.casefold(), row.line)
        if reference and first != row.line:
            problems.note(row.line, f"{quoted(reference)} stands in row {first} too; keep one.")
    problems.refuse_if_any()
    return cases


def _case(row: Row, problems: Problems) -> Case:
    opened = problems.read(row, "CIN Start Date", optional_day, None)
    closed = problems.read(row, "CIN Closure Date", optional_day, None)
    if opened and closed and closed < opened:
        problems.note(row.line, f"it closed on {closed}, before it opened on {opened}.")
    return Case(
        reference=problems.read(row, "Child Unique ID", read_reference, ""),
        stratum=problems.read(row, "Case Status", _status, ""),
        team=problems.read(row, "Allocated Team", filled, ""),
        worker=problems.read(row, "Allocated Worker", line_of_text, ""),
        need=problems.read(row, "Primary Need Code", line_of_text, ""),
        service=problems.read(row, "Service", line_of_text, ""),
        opened=opened,
        closed=closed,
        restricted=problems.read(row, "Restricted", flag, instead=False),
        last_audited=problems.read(row, "Last audited", optional_day, None),
    )


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
