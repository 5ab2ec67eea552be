"""Where settings are read from: the command line, the environment, one file, files of secrets."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from auditflow.errors import BadInput
from auditflow.settings.model import FIELDS, SETTINGS, name_of, variable_of


class Given(NamedTuple):
    """What is set, where it came from, and what it is called if it will not do."""

    value: str
    origin: str
    called: str


def typed(options: Mapping[str, str | None]) -> dict[str, Given]:
    """What was typed on the command line, by field."""
    return {f: Given(v, "command line", f"--{name_of(f)}") for f, v in options.items() if v}


def environment() -> dict[str, Given]:
    """Each variable that is set to something, by field; in small letters it is taken too."""
    found = {name.upper(): value for name, value in os.environ.items() if value}
    return {
        field: Given(found[variable], f"environment ({variable})", variable)
        for variable, field in FIELDS.items()
        if variable in found
    }


def settings_file(path: str, lines: Mapping[str, str]) -> dict[str, Given]:
    """Each line of a settings file that sets something, by field."""
    return {
        field: Given(lines[variable], f"settings file {path}", f"{variable} in {path}:")
        for variable, field in FIELDS.items()
        if lines.get(variable)
    }


def secrets(folders: Iterable[Path]) -> dict[str, Given]:
    """What files named like settings hold, by field; BadInput where everybody may read one."""
    paths = [(f, folder / name_of(f)) for folder in folders for f in SETTINGS]
    first = {field: path for field, path in reversed(paths) if path.is_file()}
    held = {field: (path, _secret(path)) for field, path in first.items()}
    return {f: Given(v, f"secret {p}", f"The secret {p}:") for f, (p, v) in held.items() if v}


def _secret(path: Path) -> str:
    if path.stat().st_mode & stat.S_IROTH:
        raise BadInput(f"The secret {path} may be read by everybody. Type: chmod o= {path}")
    return _text(path, "secret").strip()


def lines_of(path: Path) -> dict[str, str]:
    """The lines KEY=VALUE of a settings file, as systemd's EnvironmentFile has them."""
    lines = dict(_lines(path))
    password = variable_of("db_password")
    if password in lines:
        raise BadInput(
            f"{password} does not belong in {path}: many may read that. "
            "Put the password alone into a file db_password in secrets_dir."
        )
    return lines


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
    """What a file holds; Windows' editors put a mark before it, which is no part of it."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"The {what} {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"The {what} {path} is no text in UTF-8. Save it as such.") from error
