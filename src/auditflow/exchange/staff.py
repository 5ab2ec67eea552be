"""The staff list: who works where, in which roles, and who is whose line manager."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from auditflow.errors import BadInput
from auditflow.exchange.spreadsheet import Row, read_rows
from auditflow.exchange.values import Problems, filled, flag, line_of_text, quoted

REQUIRED: Final = ("id", "name", "roles", "team")
OPTIONAL: Final = ("email", "service", "line manager", "trained", "cleared")

ROLES: Final = (
    "qa_team",
    "qa_manager",
    "auditor",
    "key_worker",
    "responsible_manager",
    "moderator",
    "head_of_service",
    "assistant_director",
    "executive_director",
    "performance_analyst",
    "board_reader",
    "administrator",
)
"""The roles a person may have, as the list writes them."""

_ID: Final = re.compile(r"[a-z0-9._-]{1,40}")
_EMAIL: Final = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]+\.[^\s@<>,;\".]+")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person as listed; `trained` as an auditor, `cleared` for restricted records."""

    line: int
    id: str
    name: str
    email: str
    roles: frozenset[str]
    team: str
    service: str
    line_manager: str | None
    trained: bool
    cleared: bool


def read_people(path: Path, *, known: Collection[str] = ()) -> list[PersonRow]:
    """Read a staff list from CSV or XLSX; BadInput tells up to 20 problems at once.

    `known` are ids on record already, who may be line managers without standing in this file.
    """
    problems = Problems(path)
    rows = read_rows(path, required=REQUIRED, optional=OPTIONAL)
    people = [_person(row, problems) for row in rows]
    by_id: dict[str, PersonRow] = {}
    for person in people:
        first = by_id.setdefault(person.id, person)
        if person.id and first is not person:
            problems.note(person.line, f"{quoted(person.id)} stands in row {first.line} too.")
    _check_lines(people, by_id, known, problems)
    problems.refuse_if_any()
    return people


def _person(row: Row, problems: Problems) -> PersonRow:
    return PersonRow(
        line=row.line,
        id=problems.read(row, "id", _identity, ""),
        name=problems.read(row, "name", _name, ""),
        email=problems.read(row, "email", _email, ""),
        roles=problems.read(row, "roles", _roles, frozenset()),
        team=problems.read(row, "team", line_of_text, ""),
        service=problems.read(row, "service", line_of_text, ""),
        line_manager=problems.read(row, "line manager", _manager, None),
        trained=problems.read(row, "trained", flag, instead=False),
        cleared=problems.read(row, "cleared", flag, instead=False),
    )


def _identity(text: str) -> str:
    if not _ID.fullmatch(text):
        raise BadInput(
            f"{quoted(text)} is not an id; use 1 to 40 small letters, digits, dots, dashes and "
            "underscores, such as sam.okafor."
        )
    return text


def _manager(text: str) -> str | None:
    return _identity(text) if text else None


def _name(text: str) -> str:
    name = filled(text, 80)
    if not any(character.isalpha() for character in name):
        raise BadInput(f"{quoted(name)} is not a name.")
    return name


def _email(text: str) -> str:
    if text and not _EMAIL.fullmatch(text):
        raise BadInput(f"{quoted(text)} is not an e-mail address, such as sam@example.gov.uk.")
    return text


def _roles(text: str) -> frozenset[str]:
    said = [part.strip() for part in re.split(r"[;,]", text) if part.strip()]
    roles = {re.sub(r"[\s-]+", "_", part.casefold()): part for part in said}
    unknown = [part for role, part in roles.items() if role not in ROLES]
    if unknown or not roles:
        what = f"{quoted(unknown[0])} is not a role" if unknown else "no role is given"
        raise BadInput(f"{what}; what would do, one or more: {', '.join(ROLES)}.")
    return frozenset(roles)


def _check_lines(
    people: Iterable[PersonRow],
    by_id: dict[str, PersonRow],
    known: Collection[str],
    problems: Problems,
) -> None:
    settled: set[str] = set()
    for person in people:
        manager = person.line_manager
        if manager is not None and manager not in by_id and manager not in known:
            problems.note(
                person.line, f"line manager: there is no {quoted(manager)}; add a row for them."
            )
        if circle := _circle(person.id, by_id, settled):
            problems.note(
                person.line, f"line manager: {' → '.join(circle)} goes round in a circle."
            )


def _circle(start: str, by_id: dict[str, PersonRow], settled: set[str]) -> list[str]:
    """Follow the line upwards; give the circle it ends in, each circle only once."""
    path: dict[str, None] = {}
    at: str | None = start
    while at in by_id and at not in settled and at not in path:
        path[at] = None
        at = by_id[at].line_manager
    settled.update(path)
    if at is None or at not in path:
        return []
    steps = list(path)
    return [*steps[steps.index(at) :], at]
