"""Who each role is, what it may do and see; what is refused to whom, in the words it is refused."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, get_args

from msgspec.structs import replace

from auditflow.audits import Level, Role, Trigger
from auditflow.commands import why_not
from auditflow.commands.office import OfficeCommand
from auditflow.drawing.labels import plain, roles
from auditflow.handbook.escalating import standing
from auditflow.handbook.markup import table
from auditflow.handbook.permission_table import ROLES, lines, person_of, samples, starts
from auditflow.machines.charts import CHARTS
from auditflow.machines.engine import words
from auditflow.policy import SETTINGS

_SEES: Final = {"all": "every audit", "own": "their own audits", "-": "none"}
#: References to the framework's working papers, which its readers do not have.
_CODES: Final = re.compile(r" \((?:[A-Z]{1,2}\d+|\d[\d.]*)(?:[,;] (?:[A-Z]{1,2}\d+|\d[\d.]*))*\)")


def sees(role: str) -> str:
    """Which audits a role sees; nothing for one that no person takes."""
    line = next(line for line in lines() if line.asked.event == "read")
    return _SEES[line.cell(Role(role))] if role in ROLES else ""


def does(role: str) -> str:
    """What a role brings to the charts."""
    rows = (row for chart in CHARTS.values() for row in chart.rows)
    return ", ".join(dict.fromkeys(plain(row.event) for row in rows if Role(role) in row.by))


def office() -> str:
    """What is done about the office rather than one audit, and by whom."""
    commands = sorted(get_args(OfficeCommand), key=lambda c: str(c.name))
    rows = ((words(c.name), without_codes(_first_line(c)), roles(c.by)) for c in commands)
    return table(("What", "What it is", "Who"), rows)


def _first_line(command: type) -> str:
    return str(command.__doc__).strip().split("\n")[0]


def without_codes(text: str) -> str:
    """The text without references such as “(TR4, D3)”."""
    return _CODES.sub("", text)


def denied() -> str:
    """Three things that people must not do, and what they are told."""
    return table(("Who tries what", "What is said"), _denied())


def _denied() -> Iterator[Sequence[str]]:
    own, _ = samples()
    manager, team = person_of(Role.RESPONSIBLE_MANAGER), person_of(Role.QA_TEAM)
    yield (
        "The responsible manager marks an action done, and then verifies the audit.",
        why_not(manager, "verify", replace(own, state=starts("audit", "verify"))),
    )
    yield (
        "Somebody of the QA Team accepts the answer they gave.",
        why_not(
            team,
            "accept",
            standing(Trigger.T3, Level.L2, "in_words", team.id),
            "escalation",
            1,
        ),
    )


def settings() -> str:
    """Everything a council may set beside the limits, with what holds until it does."""
    return table(("Setting", "Holds now", "Unit", "What it is"), _settings())


def _settings() -> Iterable[Sequence[str]]:
    for s in SETTINGS:
        yield s.name, s.default.replace("_", " "), s.unit.replace("_", " "), without_codes(s.says)
