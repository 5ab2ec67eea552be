"""Every setting of how auditflow runs: its default, what it is for, what will do for it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, get_args, get_type_hints

from auditflow import logs
from auditflow.settings import kinds
from auditflow.settings.address import with_password
from auditflow.settings.kinds import Secret, Setting

PREFIX: Final = "AUDITFLOW_"
#: A dark blue; white words on it have a contrast of 10 to 1.
BLUE: Final = "#12436d"


@dataclass(frozen=True)
class Settings:
    """How auditflow runs."""

    db: Annotated[str, Setting("Where the store is", "a file, or postgresql+psycopg://USER@HOST/NAME", kinds.is_address)] = "auditflow.db"
    person: Annotated[str, Setting("Who acts and asks", "the id of a person on the people list", name="as")] = ""
    secrets_dir: Annotated[Path | None, kinds.folder("Where secrets lie, each in a file of its setting's name")] = None
    db_password: Annotated[Secret | None, Setting("The password for the store's server, where its address has none", "the password in a file db_password in secrets_dir", kind=Secret)] = None
    pg_bin: Annotated[Path | None, kinds.folder("Where pg_dump and pg_restore lie; looked for where not set")] = None
    stalled_seconds: Annotated[int, kinds.seconds("How long a worker may be silent before another takes over its job", 10, 3600)] = 30
    sweep_seconds: Annotated[int, kinds.seconds("How often what has fallen due is raised", 1, 3600)] = 60
    council: Annotated[str, kinds.text("The council's name, on its pages", "a name of 60 letters at most", 60)] = ""
    contact: Annotated[str, kinds.text("How the QA Team is reached, on the pages' accessibility statement", "an address or a number, 200 letters at most", 200)] = ""
    colour: Annotated[str, Setting("The council's colour, on its pages", "#rrggbb, dark enough for white words on it (a contrast of 4.5 to 1)", kinds.is_dark, str.lower)] = BLUE
    logo: Annotated[Path | None, Setting("The council's logo, on its pages", "an svg, png or jpg file that is there", kinds.is_picture, Path)] = None
    log_level: Annotated[logs.Level, kinds.one_of("The least of what unattended commands log", *get_args(logs.Level))] = "info"
    log_format: Annotated[logs.Form, kinds.one_of("How they log it: auto is console on a terminal and json elsewhere", *get_args(logs.Form))] = "auto"

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
