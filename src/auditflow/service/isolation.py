"""What ails one audit sets only that one aside; what ails the store ends the work."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from auditflow.errors import AuditflowError, StoreTrouble


@contextmanager
def setting_aside(failed: MutableMapping[str, str], audit_id: int) -> Iterator[None]:
    """Note in `failed` what stopped this audit, and go on.

    StoreTrouble is raised: each of the others would wait for the store as long again.
    """
    try:
        yield
    except StoreTrouble:
        raise
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the others go on
        failed[f"#{audit_id}"] = what_ails(error)


def what_ails(error: Exception) -> str:
    """What stopped an audit, without any of what it holds: a database tells whole rows."""
    if isinstance(error, AuditflowError):
        return str(error)
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlstate", None) or ""
    return " ".join(filter(None, (type(cause).__name__, code)))
