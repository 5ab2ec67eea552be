"""Bringing a store to the newest schema, all of it or nothing, by Alembic and its migrations."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from auditflow.persistence.database import Mode
from auditflow.persistence.store import Store

MIGRATIONS = Path(__file__).parent / "migrations"


def config_for(connection: Connection) -> Config:
    """Alembic's settings, with the connection it is to use."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(store: Store, to: str = "head") -> None:
    """Bring the store up to a revision, in one transaction."""
    with store.writing(Mode.WHOLE, patient=True) as connection:
        upgrade_in(connection, to)


def upgrade_in(connection: Connection, to: str = "head") -> None:
    """Bring the store of this connection up to a revision, within its transaction."""
    command.upgrade(config_for(connection), to)


def downgrade(store: Store, to: str = "base") -> None:
    """Take the store down to a revision, in one transaction."""
    with store.writing(Mode.WHOLE, patient=True) as connection:
        command.downgrade(config_for(connection), to)
