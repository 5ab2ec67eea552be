"""The staff list: who works where, in which roles, and who is whose line manager."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from auditflow.audits import Role
from auditflow.errors import BadInput
from auditflow.exchange.values import (
    Column,
    Problems,
    filled,
    flag,
    headings,
    line_of_text,
    quoted,
    read_list,
)

#: What somebody is in one audit only, or nobody at all: the list gives these to nobody.
_NOT_LISTED = (Role.LINE_MANAGER, Role.OWNER, Role.HOLDER, Role.JUDGE, Role.READER, Role.SYSTEM)
ROLES: Final = tuple(role.value for role in Role if role not in _NOT_LISTED)
"""The roles a person may have, as the list writes them."""

_ID: Final = re.compile(r"[a-z0-9._-]{1,40}")
_EMAIL: Final = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]+\.[^\s@<>,;\".]+")


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


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person as listed; `trained` as an auditor, `cleared` for restricted records."""

    line: int
    id: Annotated[str, Column("id", _identity, required=True)]
    name: Annotated[str, Column("name", _name, required=True)]
    roles: Annotated[frozenset[str], Column("roles", _roles, frozenset(), required=True)]
    team: Annotated[str, Column("team", line_of_text, required=True)]
    email: Annotated[str, Column("email", _email)]
    service: Annotated[str, Column("service", line_of_text)]
    line_manager: Annotated[str | None, Column("line manager", _manager, None)]
    trained: Annotated[bool, Column("trained", flag, instead=False)]
    cleared: Annotated[bool, Column("cleared", flag, instead=False)]


REQUIRED: Final = headings(PersonRow, required=True)
OPTIONAL: Final = headings(PersonRow, required=False)


def read_people(path: Path, *, known: Collection[str] = ()) -> list[PersonRow]:
    """Read a staff list from CSV or XLSX; BadInput tells up to 20 problems at once.

    `known` are ids on record already, who may be line managers without standing in this file.
    """
    problems = Problems(path)
    people = read_list(path, PersonRow, problems)
    by_id: dict[str, PersonRow] = {}
    for person in people:
        first = by_id.setdefault(person.id, person)
        if person.id and first is not person:
            problems.note(person.line, f"{quoted(person.id)} stands in row {first.line} too.")
    _check_lines(people, by_id, known, problems)
    problems.refuse_if_any()
    return people


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
            words = f"there is no {quoted(manager)}; add a row for them."
            problems.note(person.line, f"line manager: {words}")
        if circle := _circle(person.id, by_id, settled):
            words = f"{' → '.join(circle)} goes round in a circle."
            problems.note(person.line, f"line manager: {words}")


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
