"""What ails one audit sets only that one aside; what ails the store ends the work."""

from __future__ import annotations

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
    except (DBAPIError, AuditflowError) as error:
        failed[f"#{audit_id}"] = str(error)
