"""Where the charts that run and what was typed beside them by hand part, each in a sentence."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from auditflow.commands import FORMS
from auditflow.handbook import paper, permission_table
from auditflow.machines.engine import words

_PERMISSIONS: Final = "permissions.csv"


def disagreements(paper_folder: Path, scenario_folder: Path) -> list[str]:
    """What the charts' paper, the permissions' paper and the scenarios lack or say otherwise."""
    return [
        *paper.differences(paper_folder),
        *_permissions(paper_folder / _PERMISSIONS),
        *_untold(scenario_folder),
    ]


def _permissions(path: Path) -> Iterator[str]:
    """Each line of the table of permissions that the paper lacks, or in which a cell differs."""
    typed = paper.read(path, ("about", "action", "all", "own"))
    if isinstance(typed, str):
        yield typed
        return
    cells = {
        (r["about"], r["action"]): (set(r["all"].split()), set(r["own"].split())) for r in typed
    }
    for line in permission_table.document():
        about, action = line.pop("about"), line.pop("action")
        if (about, action) not in cells:
            yield f"{path.name}: “{about}: {action}” is missing: type who may."
            continue
        for role, cell in line.items():
            said = _cell(role, *cells[about, action])
            if said != cell:
                yield (
                    f"{path.name}: “{about}: {action}”: of {role} the paper says “{said}”, the "
                    f"code “{cell}”: correct the one that misreads the framework."
                )


def _cell(role: str, everywhere: set[str], own: set[str]) -> str:
    return "all" if role in everywhere else "own" if role in own else "-"


def _untold(folder: Path) -> Iterator[str]:
    """Each event of people that no scenario brings."""
    told = "".join(p.read_text(encoding="utf-8") for p in sorted(folder.glob("test_scenario_*.py")))
    for (kind, event), form in FORMS.items():
        if not re.search(rf"\b{form.__name__}\(", told):
            yield (
                f"No scenario brings “{words(event)}” to an {kind}: tell one in "
                f"{folder}/test_scenario_*.py with {form.__name__}."
            )
