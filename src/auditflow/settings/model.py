"""Every setting with its default, what it is for and what will do for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple, get_type_hints

from auditflow.settings.address import with_password

PREFIX: Final = "AUDITFLOW_"
_SCHEMES: Final = ("sqlite", "postgresql", "postgresql+psycopg", "postgres")
_PICTURES: Final = (".svg", ".png", ".jpg", ".jpeg")
#: A dark blue; white words on it have a contrast of 10 to 1.
BLUE: Final = "#12436d"
_READABLE: Final = 4.5
#: Below it sRGB is linear.
_LINEAR: Final = 0.04045


class Secret:
    """A password, which nothing that prints or logs it shows."""

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "*" * 10


class Setting(NamedTuple):
    """What a setting is for, which text will do for it, and what is made of that text."""

    title: str
    wanted: str
    will_do: Callable[[str], bool] = lambda _: True
    kind: Callable[[str], object] = str
    #: As people type it, where that is not the field's own name.
    name: str = ""


def _text(title: str, wanted: str, longest: int) -> Setting:
    return Setting(title, wanted, lambda given: len(given) <= longest)


def _seconds(title: str, least: int, most: int) -> Setting:
    def will_do(given: str) -> bool:
        # `int` would take 1_000 and digits of other scripts too.
        return bool(re.fullmatch("[0-9]{1,6}", given)) and least <= int(given) <= most

    return Setting(title, f"a whole number of seconds from {least} to {most}", will_do, int)


def _one_of(title: str, *words: str) -> Setting:
    wanted = f"{', '.join(words[:-1])} or {words[-1]}"
    return Setting(title, wanted, lambda given: given.casefold() in words, str.casefold)


def _folder(title: str) -> Setting:
    return Setting(title, "a folder that is there", lambda given: Path(given).is_dir(), Path)


def _address(given: str) -> bool:
    scheme, sign, _ = given.partition("://")
    return not sign or scheme in _SCHEMES


def _dark(given: str) -> bool:
    """Whether white words can be read on this colour (WCAG 1.4.3)."""
    if not re.fullmatch("#[0-9a-fA-F]{6}", given):
        return False
    parts = [int(given[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    light = [c / 12.92 if c <= _LINEAR else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    return 1.05 / (luminance + 0.05) >= _READABLE


def _picture(given: str) -> bool:
    return Path(given).suffix.lower() in _PICTURES and Path(given).is_file()


@dataclass(frozen=True)
class Settings:
    """How auditflow runs."""

    db: Annotated[
        str,
        Setting("Where the store is", "a file, or postgresql+psycopg://USER@HOST/NAME", _address),
    ] = "auditflow.db"
    person: Annotated[
        str, Setting("Who acts and asks", "the id of a person on the people list", name="as")
    ] = ""
    secrets_dir: Annotated[
        Path | None, _folder("Where secrets lie, each in a file of its setting's name")
    ] = None
    db_password: Annotated[
        Secret | None,
        Setting(
            "The password for the store's server, where its address has none",
            "the password in a file db_password in secrets_dir",
            kind=Secret,
        ),
    ] = None
    pg_bin: Annotated[
        Path | None, _folder("Where pg_dump and pg_restore lie; looked for where not set")
    ] = None
    stalled_seconds: Annotated[
        int, _seconds("How long a worker may be silent before another takes over its job", 10, 3600)
    ] = 30
    sweep_seconds: Annotated[int, _seconds("How often what has fallen due is raised", 1, 3600)] = 60
    council: Annotated[
        str, _text("The council's name, on its pages", "a name of 60 letters at most", 60)
    ] = ""
    contact: Annotated[
        str,
        _text(
            "How the QA Team is reached, on the pages' accessibility statement",
            "an address or a number, 200 letters at most",
            200,
        ),
    ] = ""
    colour: Annotated[
        str,
        Setting(
            "The council's colour, on its pages",
            "#rrggbb, dark enough for white words on it (a contrast of 4.5 to 1)",
            _dark,
            str.lower,
        ),
    ] = BLUE
    logo: Annotated[
        Path | None,
        Setting(
            "The council's logo, on its pages",
            "an svg, png or jpg file that is there",
            _picture,
            Path,
        ),
    ] = None
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        _one_of("The least of what unattended commands log", "debug", "info", "warning", "error"),
    ] = "info"
    log_format: Annotated[
        Literal["auto", "json", "console"],
        _one_of(
            "How they log it: auto is console on a terminal and json elsewhere",
            "auto",
            "json",
            "console",
        ),
    ] = "auto"

    @property
    def url(self) -> str:
        """The store's address, with its password."""
        if self.db_password is None:
            return self.db
        return with_password(self.db, self.db_password.value)


#: Each setting by its field, in the order in which they are shown.
SETTINGS: Final[dict[str, Setting]] = {
    field: hint.__metadata__[0]
    for field, hint in get_type_hints(Settings, include_extras=True).items()
}
#: The field that each variable sets.
FIELDS: Final = {f"{PREFIX}{(s.name or field).upper()}": field for field, s in SETTINGS.items()}
#: Variables that are no settings, but auditflow's all the same.
OTHERS: Final = frozenset(
    f"{PREFIX}{n}" for n in ("SETTINGS", "TRACEBACK", "LONG", "TEST_POSTGRES_URL")
)


def name_of(field: str) -> str:
    """A setting's name as people type it: `as`, `db_password`."""
    return SETTINGS[field].name or field


def variable_of(field: str) -> str:
    """The variable that sets a field."""
    return f"{PREFIX}{name_of(field).upper()}"
