"""Audits: the list with its filters, and one audit."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template

from auditflow.web.desk import desk

PAGE: Final = Blueprint("audits", __name__)


@PAGE.get("/audits/<reference>")
def one(reference: str) -> str:
    """One audit; that it was read goes to the access log."""
    page = desk().app.show(desk().person, reference)
    return render_template("audit.html", audit=page)
