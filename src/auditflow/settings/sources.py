"""Where settings are read from: the command line, the environment, one file, files of secrets."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource, PydanticBaseSettingsSource

from auditflow.errors import BadInput
from auditflow.settings.model import FIELDS, Settings, name_of, variable_of


class Source(Protocol):
    """One place where settings may stand."""

    def __call__(self) -> dict[str, Any]:
        """What is set there, by field."""

    def origin(self, field: str) -> str:
        """Where a value came from, for people."""

    def called(self, field: str) -> str:
        """What a value that will not do is called in the refusal."""


class Typed:
    """What was typed on the command line."""

    def __init__(self, **given: str | None) -> None:
        self._given = given

    def __call__(self) -> dict[str, Any]:
        """Each option that was given."""
        return {field: value for field, value in self._given.items() if value}

    def origin(self, field: str) -> str:
        """The command line, whichever option."""
        del field
        return "command line"

    def called(self, field: str) -> str:
        """The option."""
        return f"--{name_of(field)}"


class Environment(EnvSettingsSource):
    """The environment's variables."""

    def __init__(self) -> None:
        super().__init__(Settings)

    def __call__(self) -> dict[str, Any]:
        """Each variable that is set to something."""
        return {FIELDS.get(key, key): value for key, value in super().__call__().items()}

    def origin(self, field: str) -> str:
        """The variable."""
        return f"environment ({variable_of(field)})"

    def called(self, field: str) -> str:
        """The variable."""
        return variable_of(field)


class _ByName(PydanticBaseSettingsSource):
    """A place asked for each field by its name."""

    def __init__(self) -> None:
        super().__init__(Settings)

    def __call__(self) -> dict[str, Any]:
        """Each field that is set to something."""
        asked = ((n, self.get_field_value(f, n)[0]) for n, f in Settings.model_fields.items())
        return {name: value for name, value in asked if value}


class SettingsFile(_ByName):
    """One file of lines KEY=VALUE, as systemd's EnvironmentFile has them."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.lines = dict(_lines(path))
        if variable_of("db_password") in self.lines:
            raise BadInput(
                f"{variable_of('db_password')} does not belong in {path}: many may read that. "
                "Put the password alone into a file db_password in secrets_dir."
            )

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The value of a field's line."""
        del field
        return self.lines.get(variable_of(field_name)), field_name, False

    def origin(self, field: str) -> str:
        """The file."""
        del field
        return f"settings file {self.path}"

    def called(self, field: str) -> str:
        """The line."""
        return f"{variable_of(field)} in {self.path}:"


class SecretFiles(_ByName):
    """Folders in which each file is named like a setting and holds its value."""

    def __init__(self, folders: Iterable[Path]) -> None:
        super().__init__()
        self._folders = tuple(folders)

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """What a field's file holds; BadInput where everybody may read it."""
        del field
        path = self._file(field_name)
        return (_secret(path) if path else None), field_name, False

    def _file(self, field: str) -> Path | None:
        paths = (folder / name_of(field) for folder in self._folders)
        return next((path for path in paths if path.is_file()), None)

    def origin(self, field: str) -> str:
        """The file."""
        return f"secret {self._file(field)}"

    def called(self, field: str) -> str:
        """The file."""
        return f"The secret {self._file(field)}:"


def _secret(path: Path) -> str:
    if path.stat().st_mode & stat.S_IROTH:
        raise BadInput(f"The secret {path} may be read by everybody. Type: chmod o= {path}")
    return _text(path, "secret").strip()


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Each line KEY=VALUE; a value may stand in quotes, and nothing in it is filled in."""
    for number, raw in enumerate(_text(path, "settings file").splitlines(), start=1):
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        key, sign, value = (part.strip() for part in line.partition("="))
        if not sign or not key:
            raise BadInput(
                f"Line {number} of {path} is no setting. Write it as {variable_of('db')}=VALUE, "
                "or begin it with # to leave it out."
            )
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        yield key, value[1:-1] if quoted else value


def _text(path: Path, what: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(f"The {what} {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"The {what} {path} is no text in UTF-8. Save it as such.") from error
