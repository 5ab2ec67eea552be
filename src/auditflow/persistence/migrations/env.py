"""How Alembic reaches the store: by the connection it is handed, in one transaction."""

from alembic import context

from auditflow.persistence.tables import metadata


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a thing in the database is auditflow's own and not the job library's."""
    return kind != "table" or not (name or "").startswith("procrastinate")


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
    include_name=_ours,
    autogenerate_plugins=["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
)
context.run_migrations()
