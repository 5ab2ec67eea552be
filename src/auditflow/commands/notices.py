"""The form about notices: letting go what a restore held back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from auditflow.audits import Role


@dataclass(frozen=True, kw_only=True)
class ReleaseNotices:
    """Let the notices go again that were held back when a backup was restored."""

    reason: str
    name: ClassVar[str] = "release_notices"
    by: ClassVar[tuple[Role, ...]] = (Role.QA_MANAGER, Role.ADMINISTRATOR)
