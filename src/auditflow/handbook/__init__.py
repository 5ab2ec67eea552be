"""The charts as pages: who reads only these can follow every case through, to the date."""

from auditflow.handbook.files import draw, stale
from auditflow.handbook.pages import page, whole
