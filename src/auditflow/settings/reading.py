"""Settings as they hold: the command line wins, then the environment, a file, secrets, defaults."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from auditflow.errors import BadInput
from auditflow.settings import sources
from auditflow.settings.address import masked
from auditflow.settings.model import FIELDS, OTHERS, PREFIX, SETTINGS, Settings, name_of
from auditflow.settings.sources import Given

#: Names the settings file, so that one machine can serve a council from each.
FILE = f"{PREFIX}SETTINGS"
#: Where systemd puts what a unit's LoadCredential names.
CREDENTIALS = "CREDENTIALS_DIRECTORY"


class Shown(NamedTuple):
    """One setting for people: no password is in it; it is empty where nothing is set."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True)
class Known:
    """The settings in force, where each came from, and what was set to no effect."""

    settings: Settings
    origins: Mapping[str, str]
    #: A sentence for each variable that is none of auditflow's.
    warnings: tuple[str, ...]

    def shown(self) -> Iterator[Shown]:
        """Each setting as it may be shown."""
        for field in SETTINGS:
            value = _shown(getattr(self.settings, field))
            yield Shown(name_of(field), value, self.origins.get(field, "default"))


def read(**typed: str | None) -> Known:
    """The settings; what was typed on the command line is given by field. BadInput says all."""
    path = os.environ.get(FILE, "")
    lines = sources.lines_of(Path(path)) if path else {}
    found = {
        **sources.settings_file(path, lines),
        **sources.environment(),
        **sources.typed(typed),
    }
    found = {**sources.secrets(_secret_folders(found)), **found}
    # In the order of the settings, so that of two faults it is always the same that is told.
    values: dict[str, Any] = {f: _value(f, found[f]) for f in SETTINGS if f in found}
    origins = {field: given.origin for field, given in found.items()}
    return Known(Settings(**values), origins, tuple(_unknown(path, lines)))


def _secret_folders(found: Mapping[str, Given]) -> list[Path]:
    named = found["secrets_dir"].value if "secrets_dir" in found else None
    return [Path(folder) for folder in (named, os.environ.get(CREDENTIALS)) if folder]


def _value(field: str, given: Given) -> object:
    setting = SETTINGS[field]
    if not setting.will_do(given.value):
        shown = masked(given.value)[:60]
        raise BadInput(f"{given.called} “{shown}” will not do. Give {setting.wanted}.")
    return setting.kind(given.value)


def _shown(value: object) -> str:
    return "" if value is None else masked(str(value))


def _unknown(path: str, lines: Iterable[str]) -> Iterator[str]:
    known = {*FIELDS, *OTHERS}
    for name in sorted(n for n in os.environ if n.startswith(PREFIX) and n not in known):
        yield _no_setting(name, name)
    for name in (n for n in lines if n not in known):
        yield _no_setting(f"{name} in {path}", name)


def _no_setting(where: str, name: str) -> str:
    words = {variable.removeprefix(PREFIX): variable for variable in FIELDS}
    near = get_close_matches(name.removeprefix(PREFIX), words, n=1)
    meant = f"Did you mean {words[near[0]]}?" if near else "See them all: auditflow config show"
    return f"{where} is no setting, so it does nothing. {meant}"
