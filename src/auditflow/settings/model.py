"""Every setting with its default, what it is for and what will do for it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, DirectoryPath, Field, FilePath, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from auditflow.settings.address import with_password

PREFIX = "AUDITFLOW_"
_SCHEMES = ("sqlite", "postgresql", "postgresql+psycopg", "postgres")


def _number(value: object) -> object:
    """Plain digits; `int` would take 1_000 and digits of other scripts too."""
    if isinstance(value, str) and not re.fullmatch("[0-9]{1,6}", value):
        raise ValueError
    return value


def _address(value: str) -> str:
    scheme, sign, _ = value.partition("://")
    if sign and scheme not in _SCHEMES:
        raise ValueError
    return value


#: A dark blue; white words on it have a contrast of 10 to 1.
BLUE = "#12436d"
_READABLE = 4.5
#: Below it sRGB is linear.
_LINEAR = 0.04045


def _dark(value: str) -> str:
    """A colour on which white words can be read (WCAG 1.4.3)."""
    if not re.fullmatch("#[0-9a-fA-F]{6}", value):
        raise ValueError
    parts = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    light = [c / 12.92 if c <= _LINEAR else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    if 1.05 / (luminance + 0.05) < _READABLE:
        raise ValueError
    return value.lower()


def _picture(value: Path) -> Path:
    if value.suffix.lower() not in (".svg", ".png", ".jpg", ".jpeg"):
        raise ValueError
    return value


def _word(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


Seconds = Annotated[int, BeforeValidator(_number)]


class Settings(BaseSettings):
    """How auditflow runs; `title` says what a setting is for, `description` what will do for it."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    db: Annotated[str, AfterValidator(_address)] = Field(
        default="auditflow.db",
        title="Where the store is",
        description="a file, or postgresql+psycopg://USER@HOST/NAME",
    )
    person: str = Field(
        default="",
        validation_alias=f"{PREFIX}AS",
        title="Who acts and asks",
        description="the id of a person on the people list",
    )
    secrets_dir: DirectoryPath | None = Field(
        default=None,
        title="Where secrets lie, each in a file of its setting's name",
        description="a folder that is there",
    )
    db_password: SecretStr | None = Field(
        default=None,
        title="The password for the store's server, where its address has none",
        description="the password in a file db_password in secrets_dir",
    )
    pg_bin: DirectoryPath | None = Field(
        default=None,
        title="Where pg_dump and pg_restore lie; looked for where not set",
        description="a folder that is there",
    )
    stalled_seconds: Seconds = Field(
        default=30,
        ge=10,
        le=3600,
        title="How long a worker may be silent before another takes over its job",
        description="a whole number of seconds from 10 to 3600",
    )
    sweep_seconds: Seconds = Field(
        default=60,
        ge=1,
        le=3600,
        title="How often what has fallen due is raised",
        description="a whole number of seconds from 1 to 3600",
    )
    council: str = Field(
        default="",
        max_length=60,
        title="The council's name, on its pages",
        description="a name of 60 letters at most",
    )
    contact: str = Field(
        default="",
        max_length=200,
        title="How the QA Team is reached, on the pages' accessibility statement",
        description="an address or a number, 200 letters at most",
    )
    colour: Annotated[str, AfterValidator(_dark)] = Field(
        default=BLUE,
        title="The council's colour, on its pages",
        description="#rrggbb, dark enough for white words on it (a contrast of 4.5 to 1)",
    )
    logo: Annotated[FilePath, AfterValidator(_picture)] | None = Field(
        default=None,
        title="The council's logo, on its pages",
        description="an svg, png or jpg file that is there",
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_word)] = (
        Field(
            default="info",
            title="The least of what unattended commands log",
            description="debug, info, warning or error",
        )
    )
    log_format: Annotated[Literal["auto", "json", "console"], BeforeValidator(_word)] = Field(
        default="auto",
        title="How they log it: auto is console on a terminal and json elsewhere",
        description="auto, json or console",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `reading` gathered, which also keeps where each value came from."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    @property
    def url(self) -> str:
        """The store's address, with its password."""
        if self.db_password is None:
            return self.db
        return with_password(self.db, self.db_password.get_secret_value())


#: The field that each variable sets.
FIELDS = {
    str(field.validation_alias or f"{PREFIX}{name.upper()}"): name
    for name, field in Settings.model_fields.items()
}
#: Variables that are no settings, but auditflow's all the same.
OTHERS = frozenset(f"{PREFIX}{n}" for n in ("SETTINGS", "TRACEBACK", "LONG", "TEST_POSTGRES_URL"))


def variable_of(field: str) -> str:
    """The variable that sets a field."""
    return next(variable for variable, name in FIELDS.items() if name == field)


def name_of(field: str) -> str:
    """A setting's name as people type it: `as`, `db_password`."""
    return variable_of(field).removeprefix(PREFIX).lower()
