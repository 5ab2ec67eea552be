"""The staff list: who works where, in which roles, and who is whose line manager."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Final

from auditflow.audits import Person, Role
from auditflow.errors import BadInput
from auditflow.exchange.spreadsheet import Row, read_rows
from auditflow.exchange.values import Problems, filled, flag, line_of_text, quoted

REQUIRED: Final = ("id", "name", "roles", "team")
OPTIONAL: Final = ("email", "service", "line manager", "trained", "cleared")

_NOT_LISTED: Final = ("line_manager", "owner", "holder", "judge", "reader", "system")

ROLES: Final = tuple(role for role in Role if role not in _NOT_LISTED)
"""The roles a person may have, as the list writes them; the others come with an audit."""

_ID: Final = re.compile(r"[a-z0-9._-]{1,40}")
_EMAIL: Final = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]+\.[^\s@<>,;\".]+")


def read_people(path: Path, *, known: Collection[str] = ()) -> list[Person]:
    """Read a staff list from CSV or XLSX; BadInput tells up to 20 problems at once.

    `known` are ids on record already, who may be line managers without standing in this file.
    """
    problems = Problems(path)
    rows = read_rows(path, required=REQUIRED, optional=OPTIONAL)
    people = [_person(row, problems) for row in rows]
    lines: dict[str, int] = {}
    for row, who in zip(rows, (person.id for person in people), strict=True):
        first = lines.setdefault(who, row.line)
        if who and first != row.line:
            problems.note(row.line, f"{quoted(who)} stands in row {first} too.")
    above = {person.id: next(iter(person.line), None) for person in reversed(people)}
    settled: set[str] = set()
    for row, person in zip(rows, people, strict=True):
        for manager in (m for m in person.line if m not in above and m not in known):
            said = f"there is no {quoted(manager)}; add a row for them."
            problems.note(row.line, f"line manager: {said}")
        if circle := _circle(person.id, above, settled):
            said = f"{' → '.join(circle)} goes round in a circle."
            problems.note(row.line, f"line manager: {said}")
    problems.refuse_if_any()
    return people


def _person(row: Row, problems: Problems) -> Person:
    return Person(
        id=problems.read(row, "id", _identity, ""),
        name=problems.read(row, "name", _name, ""),
        email=problems.read(row, "email", _email, ""),
        roles=problems.read(row, "roles", _roles, frozenset()),
        team=problems.read(row, "team", line_of_text, ""),
        service=problems.read(row, "service", line_of_text, ""),
        line=problems.read(row, "line manager", _line, ()),
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


def _line(text: str) -> tuple[str, ...]:
    return (_identity(text),) if text else ()


def _name(text: str) -> str:
    name = filled(text, 80)
    if not any(character.isalpha() for character in name):
        raise BadInput(f"{quoted(name)} is not a name.")
    return name


def _email(text: str) -> str:
    if text and not _EMAIL.fullmatch(text):
        raise BadInput(f"{quoted(text)} is not an e-mail address, such as sam@example.gov.uk.")
    return text


def _roles(text: str) -> frozenset[Role]:
    said = [part.strip() for part in re.split(r"[;,]", text) if part.strip()]
    roles = {re.sub(r"[\s-]+", "_", part.casefold()): part for part in said}
    unknown = [part for role, part in roles.items() if role not in ROLES]
    if unknown or not roles:
        what = f"{quoted(unknown[0])} is not a role" if unknown else "no role is given"
        raise BadInput(f"{what}; what would do, one or more: {', '.join(ROLES)}.")
    return frozenset(map(Role, roles))


def _circle(start: str, above: dict[str, str | None], settled: set[str]) -> list[str]:
    """Follow the line upwards; give the circle it ends in, each circle only once."""
    path: dict[str, None] = {}
    at: str | None = start
    while at in above and at not in settled and at not in path:
        path[at] = None
        at = above[at]
    settled.update(path)
    if at is None or at not in path:
        return []
    steps = list(path)
    return [*steps[steps.index(at) :], at]
