"""The web pages: where every audit sits, for people who never open a terminal."""

from auditflow.web.looks import Look
from auditflow.web.site import site

__all__ = ["Look", "site"]
