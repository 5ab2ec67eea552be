"""What a council sets about its pages: name, colour, logo and contact."""

from dataclasses import dataclass
from pathlib import Path

from auditflow.settings.model import BLUE


@dataclass(frozen=True)
class Look:
    """The council's name (none where it is empty), its colour as #rrggbb, its logo's file."""

    council: str = ""
    colour: str = BLUE
    logo: Path | None = None
    #: How the QA Team is reached, in words.
    contact: str = ""
