"""Settings as they hold: the command line wins, then the environment, a file, secrets, defaults."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import SecretStr, ValidationError

from auditflow.errors import BadInput
from auditflow.settings.address import masked
from auditflow.settings.model import FIELDS, OTHERS, PREFIX, Settings, name_of
from auditflow.settings.sources import Environment, SecretFiles, SettingsFile, Source, Typed

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
        for field in Settings.model_fields:
            value = _shown(getattr(self.settings, field))
            yield Shown(name_of(field), value, self.origins.get(field, "default"))


def read(**typed: str | None) -> Known:
    """The settings; what was typed on the command line is given by field. BadInput says all."""
    path = os.environ.get(FILE)
    file = SettingsFile(Path(path)) if path else None
    sources: list[Source] = [Typed(**typed), Environment(), *([file] if file else [])]
    found = _found(sources)
    secrets = _found([SecretFiles(_secret_folders(found))])
    found = {**secrets, **found}
    return Known(
        _validated({f: given.value for f, given in found.items()}, found),
        {field: given.origin for field, given in found.items()},
        tuple(_unknown(file)),
    )


class _Given(NamedTuple):
    value: Any
    origin: str
    called: str


def _found(sources: list[Source]) -> dict[str, _Given]:
    """What is set by field; an earlier source wins."""
    found: dict[str, _Given] = {}
    for source in reversed(sources):
        for field, value in source().items():
            found[field] = _Given(value, source.origin(field), source.called(field))
    return found


def _secret_folders(found: Mapping[str, _Given]) -> Iterator[Path]:
    given = found.get("secrets_dir")
    named = given.value if given else None
    yield from (Path(folder) for folder in (named, os.environ.get(CREDENTIALS)) if folder)


def _validated(values: Mapping[str, Any], found: Mapping[str, _Given]) -> Settings:
    try:
        return Settings(**values)
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        given, wanted = found[field], Settings.model_fields[field].description
        secret = Settings.model_fields[field].annotation == SecretStr | None
        value = "" if secret else f" “{masked(str(given.value))[:60]}”"
        raise BadInput(f"{given.called}{value} will not do. Give {wanted}.") from error


def _shown(value: object) -> str:
    return "" if value is None else masked(str(value))


def _unknown(file: SettingsFile | None) -> Iterator[str]:
    known = {*FIELDS, *OTHERS}
    for name in sorted(n for n in os.environ if n.startswith(PREFIX) and n not in known):
        yield _no_setting(name, name)
    if file is not None:
        for name in (n for n in file.lines if n not in known):
            yield _no_setting(f"{name} in {file.path}", name)


def _no_setting(where: str, name: str) -> str:
    words = {variable.removeprefix(PREFIX): variable for variable in FIELDS}
    near = get_close_matches(name.removeprefix(PREFIX), words, n=1)
    meant = f"Did you mean {words[near[0]]}?" if near else "See them all: auditflow config show"
    return f"{where} is no setting, so it does nothing. {meant}"
