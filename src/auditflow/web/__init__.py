"""The web pages: where every audit sits, for people who never open a terminal."""

from auditflow.web.branding import Look
from auditflow.web.factory import site
