"""How auditflow runs: read from the environment, with defaults that need nothing set."""

from __future__ import annotations

import os
from dataclasses import dataclass

DEFAULT_STORE = "auditflow.db"


@dataclass(frozen=True)
class Settings:
    """Where the store is and who is asking, unless the command line says otherwise."""

    db: str = DEFAULT_STORE
    person: str = ""


def from_environment() -> Settings:
    """`AUDITFLOW_DB` and `AUDITFLOW_AS`, where they are set."""
    return Settings(
        db=os.environ.get("AUDITFLOW_DB", DEFAULT_STORE), person=os.environ.get("AUDITFLOW_AS", "")
    )
