"""The made-up council of the demo: its staff and its case list. Nobody here exists."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

TEAMS = {
    "Assessment East": "Help and Protection",
    "Assessment West": "Help and Protection",
    "Children in Care": "Corporate Parenting",
    "Leaving Care": "Corporate Parenting",
}

_FIRST = (
    ("Amara", "Bethan", "Callum", "Dipa"),
    ("Elliot", "Farah", "Gwen", "Hassan"),
    ("Imogen", "Jonah", "Keziah", "Liam"),
    ("Mina", "Noor", "Owen", "Priya"),
)
_LAST = ("Ashdown", "Birch", "Carraway", "Dunmore")

HEADINGS = ("id", "name", "email", "roles", "team", "service", "line manager", "trained", "cleared")


def staff() -> list[dict[str, str]]:
    """The people list: four teams with managers and auditors, the QA Team, directors."""
    people = [
        _person("quinn", "Quinn Marlow", "qa_manager", cleared="Y"),
        _person("tess", "Tess Alder", "qa_team", line="quinn", cleared="Y"),
        _person("idris", "Idris Vale", "qa_team", line="quinn"),
        _person("morgan", "Morgan Peel", "moderator", line="quinn"),
        _person("ada", "Ada Thorne", "executive_director"),
        _person("bram", "Bram Kessler", "assistant_director", line="ada"),
    ]
    for service, head in (("Help and Protection", "hana"), ("Corporate Parenting", "hugo")):
        name = f"{head.title()} Castell"
        people.append(_person(head, name, "head_of_service", service=service, line="bram"))
    for i, (team, service) in enumerate(TEAMS.items()):
        people += _team(i, team, "hana" if service == "Help and Protection" else "hugo", service)
    return people


def _team(i: int, team: str, head: str, service: str) -> list[dict[str, str]]:
    first = _FIRST[i]
    names = [f"{f} {_LAST[(i + k) % 4]}" for k, f in enumerate(first)]
    ids = [f.lower() for f in first]
    manager = _person(ids[0], names[0], "responsible_manager", team, service, head)
    workers = [_person(ids[k], names[k], "key_worker", team, service, ids[0]) for k in (1, 2)]
    auditor = _person(ids[3], names[3], "auditor; key_worker", team, service, ids[0], trained="Y")
    return [manager, *workers, auditor]


def _person(
    id_: str,
    name: str,
    roles: str,
    team: str = "",
    service: str = "",
    line: str = "",
    trained: str = "N",
    cleared: str = "N",
) -> dict[str, str]:
    values = (id_, name, f"{id_}@example.org", roles, team, service, line, trained, cleared)
    return dict(zip(HEADINGS, values, strict=True))


CASE_HEADINGS = ("Child Unique ID", "Case Status", "Primary Need Code", "CIN Start Date",
                 "CIN Closure Date", "Allocated Team", "Allocated Worker", "Service")  # fmt: skip


def cases(count: int = 120) -> list[dict[str, str]]:
    """A case list with Annex A headings; the same each time."""
    chance = Random("auditflow demo")  # noqa: S311 - made-up data, no secret
    workers: dict[str, list[str]] = {}
    for person in staff():
        if "key_worker" in person["roles"]:
            workers.setdefault(person["team"], []).append(person["id"])
    rows = []
    for n in range(count):
        team = list(TEAMS)[n % len(TEAMS)]
        status = chance.choice(_STATUS[TEAMS[team]])
        closed = "01/06/2025" if status.startswith("e)") else ""
        values = (f"CF-{10_000 + n * 37}", status, f"N{chance.randint(1, 9)}", "14/02/2025", closed,
                  team, chance.choice(workers[team]), TEAMS[team])  # fmt: skip
        rows.append(dict(zip(CASE_HEADINGS, values, strict=True)))
    return rows


_STATUS = {
    "Help and Protection": (
        "b) Child Protection plan",
        "c) Child in need plan",
        "d) Open assessment",
        "c) Child in need plan",
        "e) Closed episode",
    ),
    "Corporate Parenting": (
        "a) Looked after child",
        "a) Looked after child",
        "c) Child in need plan",
    ),
}


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    """The rows as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0].keys())
        out.writeheader()
        out.writerows(rows)
    return path
